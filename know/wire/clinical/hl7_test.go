package clinical

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/hl7"
)

// shared finds the data that is not in the repository, or skips.
func shared(t testing.TB, path string) string {
	t.Helper()
	root := os.Getenv("WARDKEEPER_DATA")
	if root == "" {
		dir, _ := os.Getwd()
		for ; dir != "/"; dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				root = filepath.Join(dir, "..", "shared", "data")
				break
			}
		}
	}
	path = filepath.Join(root, path)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: no shared data (%v); set WARDKEEPER_DATA", err)
	}
	return path
}

func mllp(t *testing.T, message string) string {
	t.Helper()
	d := hl7Decoder()
	block := hl7.AppendBlock(nil, []byte(message))
	ack := hl7.AppendSegment(nil, "MSH", "ENGINE", "GH", "A", "B", "2026", "", "ACK^A01^ACK", "1", "P", "2.5")
	ack = hl7.AppendBlock(nil, hl7.AppendSegment(ack, "MSA", "AA", "1"))
	turns := []decodetest.Turn{{Dir: decode.Client, Data: block}, {Dir: decode.Server, Data: ack}}
	r := decodetest.Stream(&d, 9999, 0, turns...)
	if !r.OK {
		t.Errorf("not recognised: %.60q", message)
	}
	all := strings.Join(r.Lines, "\n")
	if got := strings.Join(decodetest.Stream(&d, 9999, 1, turns...).Lines, "\n"); got != all {
		t.Errorf("byte by byte it reads differently:\n%s\nthan\n%s", got, all)
	}
	return all
}

// messages parts a file of messages: by blank lines, or one message a file.
func messages(t *testing.T, path string) []string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n", "\r"), "\n", "\r")
	var out []string
	for _, m := range strings.Split(text, "\rMSH|") {
		if m = strings.Trim(m, "\r"); m != "" {
			out = append(out, "MSH|"+strings.TrimPrefix(m, "MSH|"))
		}
	}
	return out
}

// private lists the values of patient, next-of-kin, insurance and visit segments that must not
// come out, apart from the place (PV1-3) and values too short to be told from others.
func private(message string) (values []string) {
	for _, line := range strings.Split(message, "\r") {
		name, rest, _ := strings.Cut(line, "|")
		switch name {
		case "PID", "NK1", "IN1", "GT1", "PD1":
		default:
			continue
		}
		for _, f := range strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("|^~&", r) }) {
			if len(f) >= 4 {
				values = append(values, f)
			}
		}
	}
	return values
}

func TestSharedMessagesLeakNothing(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(shared(t, "clinical/hl7v2"), "*.hl7"))
	n := 0
	for _, f := range files {
		for _, m := range messages(t, f) {
			n++
			head, _, _ := strings.Cut(m, "\r")
			all := mllp(t, m)
			if !strings.Contains(all, "hl7 MSH-12 = 2.") {
				t.Errorf("%s: message %d says nothing", filepath.Base(f), n)
			}
			for _, v := range private(m) {
				if strings.Contains(all, v) && !strings.Contains(head, v) && !strings.Contains(m, "|"+v+"^MDC") && !isPlaceOf(m, v) {
					t.Errorf("%s: message %d lets %d bytes of a patient field out", filepath.Base(f), n, len(v))
				}
			}
		}
	}
	if n < 300 {
		t.Errorf("only %d messages", n)
	}
}

// isPlaceOf reports whether a word of a patient segment is also a word of the place.
func isPlaceOf(m, v string) bool {
	_, pv1, _ := strings.Cut(m, "\rPV1|")
	pv1, _, _ = strings.Cut(pv1, "\r")
	return strings.Contains(pv1, v)
}

func TestADT(t *testing.T) {
	got := mllp(t, "MSH|^~\\&|ADT1|GH|LAB|GH|20260101||ADT^A01^ADT_A01|7|P|2.5\rPID|1||CANARY1^^^MR||CANARY^NAME||19700101\rNK1|1|CANARY^KIN\rPV1||I|CANARYWARD^401^2\r")
	has(t, got,
		"client: hl7 MSH-3 = ADT1", "client: hl7 role = hl7 sender", "server: hl7 MSA-1 = hl7 interface engine",
		"client: finding phi in clear (hl7 PID = ADT^A01: PID-3, PID-5, PID-7 present)",
		"interface hl7 client -> server what=[ADT^A01] names=[receiving LAB sending ADT1] patient=true secured=false",
	)
	hasNot(t, got, "CANARY", "device gateway")
	quiet := mllp(t, "MSH|^~\\&|MFN1|GH|LAB|GH|20260101||MFN^M05|7|P|2.5\rMFI|LOC\r")
	hasNot(t, quiet, "phi in clear", "patient=true")
}

func TestMonitorBehindGateway(t *testing.T) {
	got := mllp(t, "MSH|^~\\&|GW^080019FFFE3ED02D^EUI-64|Maker|||20260101||ORU^R01^ORU_R01|1|P|2.6|||AL|NE|||||PCD_DEC_001^IHE PCD\r"+
		"PID|||CANARY1\rPV1||I|4W^401^2^GH\rOBR|1\r"+
		"OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||^^0012210000A0B0C1^EUI-64\r"+
		"OBX|2|ST|531970^MDC_ID_MODEL_MANUFACTURER^MDC|1.0.0.1|Acme\rOBX|3|ST|531969^MDC_ID_MODEL_NUMBER^MDC|1.0.0.2|M540\r"+
		"OBX|4|ST|531972^MDC_ID_PROD_SPEC_SERIAL^MDC|1.0.0.3|S-77\rOBX|5|ST|531976^^MDC|1.0.0.4|VG3.2\r"+
		"OBX|6|NM|147842^MDC_ECG_CARD_BEAT_RATE^MDC|1.1.1.1|CANARY80\r")
	has(t, got,
		"192.0.2.1 (hl7 S-77): hl7 OBX-3 MDS = patient monitor", "192.0.2.1 (hl7 S-77): hl7 MDC_ID_MODEL_NUMBER = M540",
		"192.0.2.1 (hl7 S-77): hl7 MDC_ID_MODEL_MANUFACTURER = Acme", "192.0.2.1 (hl7 S-77): hl7 MDC_ID_PROD_SPEC_SERIAL = S-77",
		"192.0.2.1 (hl7 S-77): hl7 MDC_ID_PROD_SPEC_FW = VG3.2", "192.0.2.1 (hl7 S-77): hl7 OBX-18 unique id = 0012210000A0B0C1",
		"192.0.2.1 (hl7 S-77): hl7 PV1-3 = GH, 4W, 401, 2", "client: hl7 reports for devices = device gateway",
	)
	hasNot(t, got, "CANARY", "client: hl7 MDC_", "client: hl7 OBX")
}

func TestDeviceThatReportsItself(t *testing.T) {
	got := mllp(t, "MSH|^~\\&|VENT^0012210000A0B0C1^EUI-64|Maker|||20260101||ORU^R01^ORU_R01|1|P|2.6|||AL|NE|||||IHE_PCD_001\r"+
		"OBX|1||70001^MDC_DEV_SYS_PT_VENT_MDS^MDC|1.0.0.0|||||||X|||||||^^0012210000A0B0C1^EUI-64\r")
	has(t, got, "client: hl7 OBX-3 MDS = ventilator", "client: hl7 OBX-18 unique id = 0012210000A0B0C1")
	hasNot(t, got, "device gateway")
}

func TestParticipant(t *testing.T) {
	got := mllp(t, "MSH|^~\\&|GW|Maker|||20260101||ORU^R01^ORU_R01|1|P|2.9\rPID|||CANARY1\rOBR|1\r"+
		"PRT|1|UC||EQUIP||||||(01)00844588003288(21)A99||||||00844588003288|20250101|2026|LOT1|A99||69985^MDC_DEV_PUMP_INFUS_MDS^MDC\r")
	hasNot(t, got, "CANARY", "client: hl7 PRT")
	has(t, got, "192.0.2.1 (hl7 A99): hl7 PRT-20 = A99", "192.0.2.1 (hl7 A99): hl7 PRT-10 = (01)00844588003288(21)A99",
		"192.0.2.1 (hl7 A99): hl7 OBX-3 MDS = infusion pump")
}

func FuzzHL7(f *testing.F) {
	f.Add([]byte("\x0bMSH|^~\\&|GW^1^EUI-64||||2||ORU^R40|1|P|2.6\rPID|||1\rPV1||I|a^b^c\rOBX|1||69985^MDC_DEV_PUMP_INFUS_MDS^MDC|1.0.0.0|||||||X|||||||A^B^0012210000A0B0C1^EUI-64\rPRT|1|||||||||a\r\x1c\r"))
	d := hl7Decoder()
	f.Fuzz(func(_ *testing.T, b []byte) {
		decodetest.Stream(&d, 2575, 0, decodetest.Turn{Data: b}, decodetest.Turn{Dir: decode.Server, Data: b})
	})
}

func BenchmarkHL7(b *testing.B) {
	m := []byte("MSH|^~\\&|ADT1|GH|LAB|GH|20260101||ADT^A01^ADT_A01|7|P|2.5\rPID|1||77^^^MR||DOE^JANE||19700101\rPV1||I|4W^401^2\r")
	p := hl7.AppendBlock(nil, m)
	d := hl7Decoder()
	s := d.Open()
	out := &decode.Out{Notes: decode.NewNotebook(nil)}
	b.ReportAllocs()
	for b.Loop() {
		s.Read(decode.Client, p, out)
	}
}
