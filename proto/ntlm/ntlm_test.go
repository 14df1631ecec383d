package ntlm

import "testing"

func TestChallenge(t *testing.T) {
	blob := append([]byte{0xa1, 0x81, 0x90, 0x30}, AppendChallenge(nil, "PACS1", "HOSPITAL", "pacs1.hospital.example", "hospital.example", [3]uint16{10, 0, 17763})...)
	var m Message
	if !Parse(Find(blob), &m) || m.Type != Challenge {
		t.Fatal("not read")
	}
	for got, want := range map[string]string{
		string(AppendUTF16(nil, m.ComputerName)): "PACS1",
		string(AppendUTF16(nil, m.DomainName)):   "HOSPITAL",
		string(AppendUTF16(nil, m.DNSComputer)):  "pacs1.hospital.example",
		string(AppendUTF16(nil, m.DNSDomain)):    "hospital.example",
		string(m.AppendVersion(nil)):             "10.0.17763",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestFieldsThatPointOutside(t *testing.T) {
	b := AppendChallenge(nil, "A", "B", "", "", [3]uint16{6, 1, 7601})
	b[44] = 0xff // offset of the target information
	var m Message
	if !Parse(b, &m) || m.ComputerName != nil {
		t.Errorf("%+v", m)
	}
	if Parse([]byte("NTLMSSP\x00\x02"), &m) || Find([]byte("nothing")) != nil {
		t.Error("took a torn message")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendChallenge(nil, "A", "B", "c", "d", [3]uint16{6, 1, 7601}))
	f.Add(append([]byte("NTLMSSP\x00\x03"), make([]byte, 80)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m Message
		if Parse(Find(b), &m) {
			m.AppendVersion(m.AppendText(nil, m.Workstation))
			AppendUTF16(nil, m.ComputerName)
		}
	})
}
