package bacnet

import (
	"encoding/binary"
	"math"
)

// begin appends the headers of a frame; finish sets the frame's length once it is complete.
func begin(dst []byte, function byte, network ...byte) (out []byte, start int) {
	start = len(dst)
	dst = append(dst, 0x81, function, 0, 0, 1)
	return append(dst, network...), start
}

func finish(dst []byte, start int) []byte {
	binary.BigEndian.PutUint16(dst[start+2:], uint16(len(dst)-start)) //nolint:gosec // frames are shorter than 64 KiB
	return dst
}

// everywhere addresses every device on every network: control, net 65535, no address, 255 hops.
var everywhere = [...]byte{0x20, 0xff, 0xff, 0, 0xff}

// AppendWhoIs appends a datagram that asks every device to make itself known.
func AppendWhoIs(dst []byte) []byte {
	dst, start := begin(dst, OriginalBroadcast, everywhere[:]...)
	return finish(append(dst, byte(UnconfirmedRequest)<<4, ServiceWhoIs), start)
}

// AppendIAm appends a datagram that announces a device.
func AppendIAm(dst []byte, m IAm) []byte {
	dst, start := begin(dst, OriginalBroadcast, everywhere[:]...)
	dst = append(dst, byte(UnconfirmedRequest)<<4, ServiceIAm)
	dst = appendObject(dst, TagObjectID, false, m.Device)
	dst = AppendUnsigned(dst, m.MaxAPDU)
	dst = append(dst, 0x91, byte(m.Segmentation))
	return finish(AppendUnsigned(dst, m.Vendor), start)
}

// AppendReadProperty appends a datagram that asks for one property.
func AppendReadProperty(dst []byte, invoke byte, o Object, property uint32) []byte {
	dst, start := begin(dst, OriginalUnicast, 0x04)
	dst = append(dst, byte(ConfirmedRequest)<<4, 0x05, invoke, ServiceReadProperty)
	dst = appendObject(dst, 0, true, o)
	return finish(appendContext(dst, 1, property), start)
}

// AppendReadPropertyAck appends the answer to AppendReadProperty. value is one or more values made
// by AppendUnsigned, AppendReal or AppendText.
func AppendReadPropertyAck(dst []byte, invoke byte, o Object, property uint32, value []byte) []byte {
	dst, start := begin(dst, OriginalUnicast, 0)
	dst = append(dst, byte(ComplexAck)<<4, invoke, ServiceReadProperty)
	dst = appendObject(dst, 0, true, o)
	dst = appendContext(dst, 1, property)
	dst = append(dst, 0x3e)
	dst = append(dst, value...)
	return finish(append(dst, 0x3f), start)
}

// Told is one property in a ReadPropertyMultiple answer, its value made by AppendUnsigned,
// AppendReal or AppendText.
type Told struct {
	Property uint32
	Value    []byte
}

// AppendReadPropertyMultipleAck appends an answer that tells several properties of one object.
func AppendReadPropertyMultipleAck(dst []byte, invoke byte, o Object, told []Told) []byte {
	dst, start := begin(dst, OriginalUnicast, 0)
	dst = append(dst, byte(ComplexAck)<<4, invoke, ServiceReadPropertyMultiple)
	dst = appendObject(dst, 0, true, o)
	dst = append(dst, 0x1e)
	for _, p := range told {
		dst = appendContext(dst, 2, p.Property)
		dst = append(dst, 0x4e)
		dst = append(dst, p.Value...)
		dst = append(dst, 0x4f)
	}
	return finish(append(dst, 0x1f), start)
}

// AppendUnsigned appends a whole number value.
func AppendUnsigned(dst []byte, n uint32) []byte {
	size := sizeOf(n)
	return appendInt(append(dst, TagUnsigned<<4|byte(size)), n, size)
}

// AppendReal appends a number value.
func AppendReal(dst []byte, v float32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, 0x44), math.Float32bits(v))
}

// AppendText appends a character string value in UTF-8; text must be shorter than 65,000 bytes.
func AppendText(dst []byte, text string) []byte {
	switch n := len(text) + 1; {
	case n < 5:
		dst = append(dst, TagCharacter<<4|byte(n))
	case n < 254:
		dst = append(dst, TagCharacter<<4|5, byte(n))
	default:
		dst = append(dst, TagCharacter<<4|5, 254, byte(n>>8), byte(n))
	}
	return append(append(dst, 0), text...)
}

func appendObject(dst []byte, tag byte, context bool, o Object) []byte {
	tag = tag<<4 | 4
	if context {
		tag |= 8
	}
	return binary.BigEndian.AppendUint32(append(dst, tag), uint32(o))
}

func appendContext(dst []byte, tag byte, n uint32) []byte {
	size := sizeOf(n)
	return appendInt(append(dst, tag<<4|8|byte(size)), n, size)
}

func sizeOf(n uint32) int {
	switch {
	case n < 1<<8:
		return 1
	case n < 1<<16:
		return 2
	case n < 1<<24:
		return 3
	}
	return 4
}

func appendInt(dst []byte, n uint32, size int) []byte {
	for i := size - 1; i >= 0; i-- {
		dst = append(dst, byte(n>>(8*i)))
	}
	return dst
}
