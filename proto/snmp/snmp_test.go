package snmp

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/proto/ber"
)

var sysDescr = EncodeOID(1, 3, 6, 1, 2, 1, 1, 1, 0)

func response() []byte {
	return Append(nil, V2c, "public", Response, 99,
		Binding{sysDescr, ber.OctetString, []byte("Linux ward4 5.10")},
		Binding{EncodeOID(1, 3, 6, 1, 2, 1, 1, 2, 0), ber.OID, EncodeOID(1, 3, 6, 1, 4, 1, 8072, 3, 2, 10)})
}

func TestAppendAndReadAgree(t *testing.T) {
	m, ok := Read(response())
	if !ok || m.Version != V2c || string(m.Community) != "public" || m.PDU != Response || m.RequestID != 99 {
		t.Fatalf("read %+v, %v", m, ok)
	}
	var got []string
	for b := range m.Bindings {
		if b.Tag == ber.OID {
			got = append(got, string(AppendOID(nil, b.Value)))
		} else {
			got = append(got, string(AppendOID(nil, b.OID))+"="+string(b.Value))
		}
	}
	if len(got) != 2 || got[0] != "1.3.6.1.2.1.1.1.0=Linux ward4 5.10" || got[1] != "1.3.6.1.4.1.8072.3.2.10" {
		t.Errorf("variables = %q", got)
	}
}

// TestReadV3 reads a discovery request put together from RFC 3414 section 4: no user, no engine.
func TestReadV3(t *testing.T) {
	usm := ber.Append(nil, ber.OctetString, []byte{0x80, 0, 0x1f, 0x88, 4})
	usm = ber.AppendInt(ber.AppendInt(usm, 1), 2)
	usm = ber.Append(usm, ber.OctetString, []byte("operator"))
	usm = ber.Append(ber.Append(usm, ber.OctetString, nil), ber.OctetString, nil)
	global := ber.AppendInt(ber.AppendInt(nil, 5), 65507)
	global = ber.AppendInt(ber.Append(global, ber.OctetString, []byte{4}), 3)
	body := ber.AppendInt(ber.AppendInt(ber.AppendInt(nil, 77), 0), 0)
	pdu := ber.Append(nil, Report, ber.Append(body, ber.Sequence, nil))
	scoped := ber.Append(ber.Append(nil, ber.OctetString, nil), ber.OctetString, nil)
	m := ber.Append(ber.AppendInt(nil, V3), ber.Sequence, global)
	m = ber.Append(m, ber.OctetString, ber.Append(nil, ber.Sequence, usm))
	m = ber.Append(m, ber.Sequence, append(scoped, pdu...))
	got, ok := Read(ber.Append(nil, ber.Sequence, m))
	if !ok || got.Version != V3 || string(got.User) != "operator" || len(got.EngineID) != 5 || got.PDU != Report || got.RequestID != 77 {
		t.Fatalf("read %+v, %v", got, ok)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, s := range map[string]string{
		"empty": "", "ldap": "0\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00",
		"version": "0\x0a\x02\x01\x07\x04\x06public\xa0\x00", "no pdu": "0\x0b\x02\x01\x01\x04\x06public",
	} {
		if _, ok := Read([]byte(s)); ok {
			t.Errorf("%s: taken for SNMP", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(response())
	f.Fuzz(func(_ *testing.T, b []byte) {
		m, ok := Read(b)
		if !ok {
			return
		}
		for v := range m.Bindings {
			AppendOID(nil, v.OID)
			AppendOID(nil, v.Value)
		}
	})
}
