package lang

import (
	"testing"
	"time"
)

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1412: "1,412", -8: "−8", 1234567: "1,234,567"} {
		if got := Int(n); got != want {
			t.Errorf("Int(%d) = %q, want %q", n, got, want)
		}
	}
	if got := N(1, "device", "devices"); got != "1 device" {
		t.Error(got)
	}
	for n, want := range map[uint64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 41_000_000: "41 MB", 999_999: "1.0 MB", 2_100_000_000: "2.1 GB"} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	now := time.Date(2026, 11, 24, 20, 14, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{0: "now", 2 * time.Second: "2 s", 18 * time.Minute: "18 min", 5 * time.Hour: "5 h", 9 * 24 * time.Hour: "9 d"} {
		if got := Age(d); got != want {
			t.Errorf("Age(%s) = %q, want %q", d, got, want)
		}
	}
	for ago, want := range map[time.Duration]string{0: "20:14", 36 * time.Hour: "Mon 08:14", 30 * 24 * time.Hour: "25 Oct 20:14"} {
		if got := When(now.Add(-ago), now); got != want {
			t.Errorf("When(%s ago) = %q, want %q", ago, got, want)
		}
	}
	if got := Span(now.Add(-time.Hour), now, now); got != "19:14 to 20:14" {
		t.Error(got)
	}
	if got := Span(now.Add(-36*time.Hour), now.Add(-35*time.Hour), now); got != "Mon 08:14 to 09:14" {
		t.Error(got)
	}
}

func TestLists(t *testing.T) {
	if got := List([]string{"a", "b", "c"}); got != "a, b and c" {
		t.Error(got)
	}
	if Sure(.9) != "sure" || Sure(.7) != "likely" || Sure(.69) != "weak" {
		t.Error("the words of confidence have moved")
	}
}
