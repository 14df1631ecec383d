package ads

import (
	"encoding/binary"
	"fmt"
	"testing"
)

func message(command, flags uint16, data []byte) []byte {
	b := make([]byte, headerLen, headerLen+len(data))
	binary.LittleEndian.PutUint32(b[2:], uint32(32+len(data)))
	copy(b[14:], []byte{5, 13, 117, 96, 1, 1})
	binary.LittleEndian.PutUint16(b[22:], command)
	binary.LittleEndian.PutUint16(b[24:], flags)
	binary.LittleEndian.PutUint32(b[26:], uint32(len(data)))
	return append(b, data...)
}

var described = message(Read, 5, append(make([]byte, 8), "<TcTargetDesc><TargetType>CX9999-CE</TargetType><TargetVersion><Version>2</Version><Revision>11</Revision>"+
	"<Build>1</Build></TargetVersion><Hardware><SerialNo>7</SerialNo></Hardware></TcTargetDesc>\x00"...))

func read(b []byte) string {
	m, ok := Parse(b)
	if !ok {
		return "no"
	}
	out := fmt.Sprintf("command %d", m.Command)
	if d, ok := ParseDescription(&m); ok {
		out += fmt.Sprintf(" %s %s.%s.%s %s [%s]", d.TargetType, d.Version, d.Revision, d.Build, d.Serial, d.OSName)
	}
	if d, ok := ParseDeviceInfo(&m); ok {
		out += fmt.Sprintf(" %s %d.%d.%d", d.Name, d.Major, d.Minor, d.Build)
	}
	return out
}

func TestParse(t *testing.T) {
	info := append([]byte{0, 0, 0, 0, 2, 11, 0xb4, 8}, "TwinCAT System\x00\x00"...)
	wrong := message(Read, 5, nil)
	wrong[30] = 1
	for _, c := range []struct {
		name, want string
		in         []byte
	}{
		{"description", "command 2 CX9999-CE 2.11.1 7 []", described},
		{"device info", "command 1 TwinCAT System 2.11.2228", message(ReadDeviceInfo, 5, info)},
		{"a question holds no description", "command 2", message(Read, 4, described[headerLen:])},
		{"error", "no", wrong},
		{"no ADS command", "no", message(Read, 1, nil)},
		{"cut", "no", described[:60]},
		{"zeros", "no", make([]byte, 64)},
	} {
		if got := read(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(described)
	f.Fuzz(func(_ *testing.T, b []byte) { read(b) })
}
