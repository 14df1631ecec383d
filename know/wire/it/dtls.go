package it

import (
	"sync"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/tls"
	"github.com/wardkeeper/wardkeeper/ward"
)

// dtlsDatagrams reads the handshake of DTLS, bare or behind the preamble of CAPWAP (RFC 5415
// section 4.2), whose two ends show each other the certificates they were made with.
func dtlsDatagrams() decode.Decoder {
	pieces := &dtlsPieces{}
	return decode.Decoder{
		Name: "dtls", UDPPorts: []uint16{5246, 5684, 4433}, Encrypted: true,
		Datagram: pieces.read,
	}
}

const capwapDTLS = 0x01 // preamble: version 0, type 1

func (p *dtlsPieces) read(pk *decode.Packet, out *decode.Out) bool {
	b := pk.Payload
	if len(b) > 17 && b[0] == capwapDTLS && b[1]|b[2]|b[3] == 0 && tls.LooksDTLS(b[4:]) {
		b = b[4:]
		out.Speaks("capwap")
	}
	if !tls.LooksDTLS(b) {
		return false
	}
	var f tls.Fragment
	for rest, within, ok := tls.NextFragment(b, nil, &f); ok; rest, within, ok = tls.NextFragment(rest, within, &f) {
		fromServer := out.Sender.IP == out.Server.IP && pk.SrcPort == out.Service.Port
		if f.Type == tls.TypeServerHello {
			fromServer = true
		}
		if f.Whole() {
			sayHandshake(&fieldsDTLS, f.Type, f.Data, fromServer, out)
		} else if body := p.join(pk, &f); body != nil {
			sayHandshake(&fieldsDTLS, f.Type, body, fromServer, out)
		}
	}
	return true
}

// dtlsPieces keeps the pieces of a few handshake messages that did not fit in a datagram.
type dtlsPieces struct {
	mu   sync.Mutex
	slot [16]dtlsMessage
	next int
}

type dtlsMessage struct {
	src, dst         ward.IP
	srcPort, dstPort uint16
	sequence         uint16
	body             []byte
	have             int // bytes from the start that are in place
}

const maxDTLSMessage = 16 << 10

// join puts a piece in its place and returns the whole message with its last piece. Pieces must
// come in order, as senders send them; a message that is not completed is overwritten by a later one.
func (p *dtlsPieces) join(pk *decode.Packet, f *tls.Fragment) []byte {
	if f.Length > maxDTLSMessage || f.Type != tls.TypeCertificate && f.Type != tls.TypeClientHello {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var m *dtlsMessage
	for i := range p.slot {
		s := &p.slot[i]
		if s.src == pk.Src && s.dst == pk.Dst && s.srcPort == pk.SrcPort && s.dstPort == pk.DstPort &&
			s.sequence == f.Sequence && len(s.body) == f.Length {
			m = s
		}
	}
	if m == nil {
		if f.Offset != 0 {
			return nil
		}
		m = &p.slot[p.next]
		p.next = (p.next + 1) % len(p.slot)
		*m = dtlsMessage{
			src: pk.Src, dst: pk.Dst, srcPort: pk.SrcPort, dstPort: pk.DstPort,
			sequence: f.Sequence, body: make([]byte, f.Length),
		}
	}
	if f.Offset > m.have {
		return nil
	}
	copy(m.body[f.Offset:], f.Data)
	m.have = max(m.have, f.Offset+len(f.Data))
	if m.have < len(m.body) {
		return nil
	}
	body := m.body
	*m = dtlsMessage{}
	return body
}
