package ssh

import (
	"strings"
	"testing"
)

func TestIdentification(t *testing.T) {
	for _, c := range []struct {
		in, id string
		more   bool
	}{
		{"SSH-2.0-OpenSSH_9.6\r\nrest", "SSH-2.0-OpenSSH_9.6", false},
		{"SSH-1.99-Cisco-1.25\n", "SSH-1.99-Cisco-1.25", false},
		{"SSH-2.0-Open", "", true},
		{"SS", "", true},
		{"", "", true},
		{"HTTP/1.1 200\r\n", "", false},
		{"SSH-2.0-" + strings.Repeat("a", 300) + "\n", "", false},
	} {
		id, more := Identification([]byte(c.in))
		if string(id) != c.id || more != c.more {
			t.Errorf("%.20q: %q, %v", c.in, id, more)
		}
	}
}

func FuzzIdentification(f *testing.F) {
	f.Add([]byte("SSH-2.0-x\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if id, more := Identification(b); more && id != nil || len(id) > maxLine {
			t.Fatal("both a line and a wish for more, or too long")
		}
	})
}
