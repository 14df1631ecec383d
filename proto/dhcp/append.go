package dhcp

import "encoding/binary"

// Append writes m behind dst as a client, server or relay would send it and returns the longer
// slice. Options are written in ascending order, message type first.
func Append(dst []byte, m *Message) []byte {
	at := len(dst)
	dst = append(dst, make([]byte, fixed)...)
	h := dst[at:]
	h[0], h[1], h[2], h[3] = m.Op, 1, 6, m.Hops
	binary.BigEndian.PutUint32(h[4:], m.XID)
	copy(h[12:], m.Client[:])
	copy(h[16:], m.Your[:])
	copy(h[24:], m.Relay[:])
	copy(h[28:], m.Hardware[:])
	dst = binary.BigEndian.AppendUint32(dst, magic)
	if m.Type != None {
		dst = append(dst, 53, 1, byte(m.Type))
	}
	for _, o := range []struct {
		code  byte
		value []byte
	}{
		{3, m.Routers},
		{12, m.HostName},
		{43, m.Vendor43},
		{50, m.Requested},
		{54, m.ServerID},
		{55, m.ParameterList},
		{57, m.MaxSize},
		{60, m.VendorClass},
		{61, m.ClientID},
		{77, m.UserClass},
	} {
		dst = appendOption(dst, o.code, o.value)
	}
	if len(m.FQDN) > 0 {
		flags := byte(0)
		if m.FQDNEncoded {
			flags = 4
		}
		dst = appendOption(dst, 81, append([]byte{flags, 0, 0}, m.FQDN...))
	}
	dst = appendOption(dst, 82, appendOption(appendOption(nil, 1, m.CircuitID), 2, m.RemoteID))
	return append(dst, 255)
}

func appendOption(dst []byte, code byte, v []byte) []byte {
	if len(v) == 0 {
		return dst
	}
	v = v[:min(len(v), 255)]
	return append(append(dst, code, byte(len(v))), v...)
}
