package gear

import (
	"bytes"
	"encoding/binary"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/tftp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var tftpFile = ward.Field{Protocol: "tftp", Name: "asks for"}

// bootFiles reads the small files that devices ask for when they start. A name is kept only when
// it has the form in which telephones ask for their own configuration, which tells their kind.
func bootFiles() decode.Decoder {
	return decode.Decoder{Name: "tftp", UDPPorts: []uint16{69}, Datagram: readTFTP}
}

func readTFTP(p *decode.Packet, out *decode.Out) bool {
	b := p.Payload
	if len(b) < 4 || b[0] != 0 || b[1] == 0 || b[1] > tftp.OptionAck {
		return false
	}
	if _, file, ok := tftp.Request(b); ok {
		if own(file, out.Sender.MAC) {
			out.Say(&tftpFile, file)
		}
		return true
	}
	// The transfer itself goes between two other ports. It is taken by its first packet: a whole
	// first block, or the receipt with which a write begins.
	switch block := binary.BigEndian.Uint16(b[2:]); b[1] {
	case tftp.Data:
		return len(b) == 516 && block == 1 && p.SrcPort >= 1024 && p.DstPort >= 1024
	case tftp.Ack:
		return len(b) == 4 && block == 0 && p.SrcPort >= 1024 && p.DstPort >= 1024
	case tftp.Error:
		return len(b) >= 5 && block <= 8 && b[len(b)-1] == 0 && isText(b[4:len(b)-1])
	}
	return false
}

// own reports whether the name of a file holds the hardware address of the one who asks.
func own(file []byte, mac ward.MAC) bool {
	const hex = "0123456789abcdef"
	var digits [12]byte
	for i, c := range mac {
		digits[2*i], digits[2*i+1] = hex[c>>4], hex[c&15]
	}
	return !mac.IsZero() && bytes.Contains(bytes.ToLower(file), digits[:])
}
