package atg

import (
	"fmt"
	"testing"
)

func read(b []byte) string {
	r, done, ok := Parse([]byte(b))
	if !ok {
		return "no"
	}
	return fmt.Sprintf("%s tanks %v software %q done %v", r.Code, r.Tanks, r.Software, done)
}

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"I20X00\r\nNOV 23, 2026 10:00 PM\r\n":                              "no",
		"\nI20100\n11/23/2026 22:00\n\nSTATION\n\n\n\nIN-TANK INVENTORY\n": `I20100 tanks true software "" done false`,
		"\x01I20100\r\n": "no", // the question
		"\r\n\x01I20100\r\nNOV 23, 2026 10:00 PM\r\n\r\nSTATION\r\n\r\nIN-TANK INVENTORY\r\n\r\nTANK PRODUCT\r\n\x03":                           `I20100 tanks true software "" done true`,
		"\x01I20100\r\nNOV 23, 2026 10:00 PM\r\n\r\n":                                                                                           `I20100 tanks false software "" done false`,
		"\x01I90200\r\nNOV 23, 2026 10:00 PM\r\n\r\nSOFTWARE REVISION LEVEL\r\nVERSION 131.02\r\nSOFTWARE# 346331-100-B\r\nCREATED\r\n\r\n\x03": `I90200 tanks false software "131.02" done true`,
		"GET / HTTP/1.1\r\n": "no",
	} {
		if got := read([]byte(in)); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestStarts(t *testing.T) {
	for in, want := range map[string]int{"": 0, "\r\n": 0, "\x01I2": 0, "\x01I20100": 1, "\x01X20100": -1, "\x01I2Z100": -1, "\x16": -1} {
		if got := Starts([]byte(in)); got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\x01I90200\r\nNOV 23, 2026 10:00 PM\r\n\r\nVERSION 131.02\r\n\x03"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		read(b)
		Starts(b)
	})
}
