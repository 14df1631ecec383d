// Package ads reads Beckhoff's AMS/ADS (Automation Device Specification, Beckhoff TE1000) over TCP as
// far as a TwinCAT controller describes itself: its device information and the XML description that
// configuration tools fetch.
package ads

import (
	"bytes"
	"encoding/binary"
)

// headerLen is the AMS/TCP header and the AMS header.
const headerLen = 6 + 32

// Size tells how long the message at the start of b is: 0 when more bytes are needed to tell, -1
// when b does not start with a message.
func Size(b []byte) int {
	if len(b) > 0 && b[0] != 0 || len(b) > 1 && b[1] != 0 {
		return -1
	}
	if len(b) < headerLen {
		return 0
	}
	n := binary.LittleEndian.Uint32(b[2:])
	data := binary.LittleEndian.Uint32(b[26:])
	command, flags := binary.LittleEndian.Uint16(b[22:]), binary.LittleEndian.Uint16(b[24:])
	if n < 32 || n > 1<<20 || data != n-32 || command == 0 || command > 9 || flags&4 == 0 || flags > 0x1ff {
		return -1
	}
	return 6 + int(n)
}

// ADS commands.
const (
	ReadDeviceInfo = 1
	Read           = 2
)

// Message is one ADS command or answer.
type Message struct {
	Command  uint16
	Response bool
	Source   [6]byte // AMS net id of the sender
	Data     []byte
}

// Parse reads one whole message.
func Parse(b []byte) (Message, bool) {
	n := Size(b)
	if n <= 0 || n > len(b) {
		return Message{}, false
	}
	return Message{
		Command:  binary.LittleEndian.Uint16(b[22:]),
		Response: b[24]&1 != 0,
		Source:   [6]byte(b[14:20]),
		Data:     b[headerLen:n],
	}, binary.LittleEndian.Uint32(b[30:]) == 0
}

// Description is what a TwinCAT target says of itself in XML.
type Description struct {
	TargetType  []byte // "CX1020-CE"
	Version     []byte // of TwinCAT: version, revision and build are apart
	Revision    []byte
	Build       []byte
	Level       []byte // "PLC"
	Serial      []byte
	ImageDevice []byte // "CX1020"
	ImageLevel  []byte
	Image       []byte // version of the operating system image
	OSName      []byte
	OSVersion   []byte
}

// ParseDescription reads the description out of the answer to a read.
func ParseDescription(m *Message) (Description, bool) {
	if !m.Response || m.Command != Read || len(m.Data) < 8 || binary.LittleEndian.Uint32(m.Data) != 0 {
		return Description{}, false
	}
	xml := m.Data[8:]
	if !bytes.HasPrefix(xml, []byte("<TcTargetDesc>")) {
		return Description{}, false
	}
	return Description{
		TargetType: element(xml, "TargetType"), Version: element(xml, "Version"), Revision: element(xml, "Revision"), Build: element(xml, "Build"),
		Level: element(xml, "Level"), Serial: element(xml, "SerialNo"), ImageDevice: element(xml, "ImageDevice"), ImageLevel: element(xml, "ImageLevel"),
		Image: element(xml, "ImageVersion"), OSName: element(xml, "OsName"), OSVersion: element(xml, "OsVersion"),
	}, true
}

// element is the text of the first element of a name: the description is flat and has no attributes.
func element(xml []byte, name string) []byte {
	var room [32]byte
	tag := append(append(append(room[:0], '<'), name...), '>')
	i := bytes.Index(xml, tag)
	if i < 0 {
		return nil
	}
	rest := xml[i+len(tag):]
	end := bytes.IndexByte(rest, '<')
	if end < 0 || end > 64 {
		return nil
	}
	return rest[:end]
}

// DeviceInfo is the name and version of the software behind an ADS port.
type DeviceInfo struct {
	Major, Minor byte
	Build        uint16
	Name         []byte
}

// ParseDeviceInfo reads the answer to ReadDeviceInfo.
func ParseDeviceInfo(m *Message) (DeviceInfo, bool) {
	d := m.Data
	if !m.Response || m.Command != ReadDeviceInfo || len(d) < 24 || binary.LittleEndian.Uint32(d) != 0 {
		return DeviceInfo{}, false
	}
	name, _, _ := bytes.Cut(d[8:24], []byte{0})
	return DeviceInfo{d[4], d[5], binary.LittleEndian.Uint16(d[6:]), name}, true
}
