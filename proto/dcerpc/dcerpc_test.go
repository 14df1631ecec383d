package dcerpc

import "testing"

// bind asks for samr with one transfer syntax, put together from C706 section 12.6.4.3.
const bind = "\x05\x00\x0b\x03\x10\x00\x00\x00\x48\x00\x00\x00\x01\x00\x00\x00" +
	"\xd0\x16\xd0\x16\x00\x00\x00\x00\x01\x00\x00\x00" + "\x00\x00\x01\x00" +
	"\x78\x57\x34\x12\x34\x12\xcd\xab\xef\x00\x01\x23\x45\x67\x89\xac\x01\x00\x00\x00" +
	"\x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\x00\x2b\x10\x48\x60\x02\x00\x00\x00"

// bindAck accepts it; its secondary address is \PIPE\lsass.
const bindAck = "\x05\x00\x0c\x03\x10\x00\x00\x00\x44\x00\x00\x00\x01\x00\x00\x00" +
	"\xd0\x16\xd0\x16\x01\x00\x00\x00" + "\x0c\x00\\PIPE\\lsass\x00\x00\x00" + "\x01\x00\x00\x00" + "\x00\x00\x00\x00" +
	"\x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\x00\x2b\x10\x48\x60\x02\x00\x00\x00"

func TestInterfaces(t *testing.T) {
	var got []string
	for name := range Interfaces([]byte(bind)) {
		got = append(got, name)
	}
	if len(got) != 1 || got[0] != "samr" {
		t.Errorf("interfaces %q", got)
	}
	if typ, size, ok := Head([]byte(bind)); typ != Bind || size != len(bind) || !ok {
		t.Errorf("head %d %d of %d %v", typ, size, len(bind), ok)
	}
}

func TestAccepted(t *testing.T) {
	b := []byte(bindAck)
	if _, size, _ := Head(b); size != len(b) {
		t.Fatalf("the test's own length is wrong: %d of %d", size, len(b))
	}
	if !Accepted(b) {
		t.Error("an accepted bind")
	}
	b[44] = 2
	if Accepted(b) {
		t.Error("a refused bind")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(bind))
	f.Add([]byte(bindAck))
	f.Fuzz(func(_ *testing.T, b []byte) {
		Accepted(b)
		for range Interfaces(b) {
			continue
		}
	})
}
