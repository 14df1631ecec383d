package rfb

import "testing"

func TestVersion(t *testing.T) {
	for in, want := range map[string]string{"RFB 003.008\n\x02\x02": "003.008", "RFB 004.001\n": "004.001", "RFB 00x.008\n": "", "SSH-2.0-xxxx": ""} {
		v, more := Version([]byte(in))
		if string(v) != want || more {
			t.Errorf("%q: %q %v", in, v, more)
		}
	}
	if _, more := Version([]byte("RFB 003")); !more {
		t.Error("half a version must ask for more")
	}
	if SecurityName(2) == "" || SecurityName(200) != "" {
		t.Error("names of security types")
	}
}

func FuzzVersion(f *testing.F) {
	f.Add([]byte("RFB 003.008\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, more := Version(b); more && v != nil {
			t.Fatal("both")
		}
	})
}
