package poct1a

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

var hello = AppendHello(nil, "1", Device{ID: "0012210000A0B0C1", Vendor: "ACM", Model: "Gluco 3", Serial: "S<1>", Software: "2.1"})

func read(b []byte, chunk int) string {
	var s Stream
	var out, pending []byte
	for len(b) > 0 {
		n := min(chunk, len(b))
		pending, b = append(pending, b[:n]...), b[n:]
		for {
			used, ev := s.Next(pending)
			switch ev {
			case Begin, End:
				out = fmt.Appendf(out, "[%s]", s.Name)
			case Value:
				out = fmt.Appendf(out, "%s=%s;", s.Name, s.Value)
			case Broken:
				return string(out) + "broken"
			}
			pending = pending[used:]
			if ev == NeedMore {
				break
			}
		}
	}
	return string(out)
}

func TestHello(t *testing.T) {
	b := append([]byte("<?xml version=\"1.0\"?>\r\n<!DOCTYPE HEL.R01 SYSTEM \"a>b\">"), hello...)
	b = append(b, AppendAck(nil, "2", "1")...)
	want := "[HEL.R01]HDR.message_type=HEL.R01;HDR.control_id=1;HDR.version_id=POCT1;DEV.device_id=0012210000A0B0C1;" +
		"DEV.vendor_id=ACM;DEV.model_id=Gluco 3;DEV.serial_id=S&lt;1&gt;;DEV.sw_version=2.1;[HEL.R01][ACK.R01]"
	for _, chunk := range []int{1, 10, 10000} {
		if got := read(b, chunk); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "[ACK.R01]") {
			t.Errorf("chunk %d: %s", chunk, got)
		}
	}
}

func TestRecognise(t *testing.T) {
	for s, want := range map[string]Verdict{
		string(hello): IsPOCT, "<?xml version='1.0'?><OBS.R02>": IsPOCT, "<HEL.R0": Unsure, "": Unsure, "<?xml": Unsure, "<html>": NotPOCT,
		"GET /": NotPOCT, "<HEL.R01x>": NotPOCT, "<hel.r01>": NotPOCT, "<?xml version='1.0'?><s:Envelope>": NotPOCT,
		"<!--" + strings.Repeat("x", 600): NotPOCT,
	} {
		if got := Recognise([]byte(s)); got != want {
			t.Errorf("%.20q: got %v, want %v", s, got, want)
		}
	}
}

func FuzzStream(f *testing.F) {
	f.Add(hello)
	f.Add([]byte("<?x?><OBS.R01><PT><PT.patient_id V='1'/></PT></OBS.R01 >"))
	f.Fuzz(func(t *testing.T, b []byte) {
		Recognise(b)
		var s Stream
		for {
			n, ev := s.Next(b)
			if ev == NeedMore || ev == Broken {
				return
			}
			if n == 0 {
				t.Fatal("used nothing")
			}
			b = b[n:]
		}
	})
}

func TestValueIsFoundAmongAttributes(t *testing.T) {
	if got := attribute([]byte(` SN="x=1" V = "y" T="z"`)); !bytes.Equal(got, []byte("y")) {
		t.Errorf("got %q", got)
	}
}
