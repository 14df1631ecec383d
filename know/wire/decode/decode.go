// Package decode is the contract between the wire and its decoders: what a decoder is given, what
// it may say, and the notebook in which repetitions are counted instead of stored.
//
// A decoder recognises its protocol by structure, never by port alone, says only what the bytes
// prove, and says it of whoever sent the bytes. It never passes on a secret or a patient's value:
// for those it reports that the field was there and how long it was.
package decode

import "github.com/wardkeeper/wardkeeper/ward"

// Dir tells which side of a connection sent bytes.
type Dir uint8

// The two sides of a connection. The client is who opened it (sent the SYN; else the side with
// the higher port).
const (
	Client Dir = iota
	Server
)

// Packet is one frame or datagram as a decoder sees it. It is valid only during the call.
type Packet struct {
	Time      int64 // capture time, nanoseconds since 1970 UTC
	Frame     uint64
	Source    int
	SrcMAC    ward.MAC // zero when the link layer has none
	DstMAC    ward.MAC
	VLAN      uint16
	EtherType uint16 // for Frame hooks: the EtherType, or one of the LLC marks below
	Src, Dst  ward.IP
	SrcPort   uint16
	DstPort   uint16
	Transport uint8 // IP protocol number
	TTL       uint8
	Payload   []byte // what follows the UDP header, or the EtherType or LLC/SNAP header
}

// Marks for frames that carry LLC instead of an EtherType. SNAP frames of the Ethernet OUI
// (00-00-00) arrive under their EtherType.
const (
	LLCSpanningTree uint16 = 0x0042 // DSAP/SSAP 0x42 (IEEE 802.1D)
	LLCCisco        uint16 = 0x2000 // SNAP OUI 00-00-0C, protocol 0x2000: CDP
	LLCOther        uint16 = 0x0001
)

// Match is a decoder's answer to the first bytes of a direction.
type Match uint8

// The answers. More means "so far it fits, I need more bytes or the other side to be sure".
const (
	No Match = iota
	More
	Yes
)

// Decoder is one protocol. A decoder sets the hooks it needs and leaves the others nil.
type Decoder struct {
	Name string // the protocol as it is printed, lower case: "dicom"

	// Frame reads link-layer frames of the EtherTypes it names (values above, or EtherType
	// numbers). It reports whether the frame is its protocol.
	EtherTypes []uint16
	Frame      func(p *Packet, out *Out) bool

	// Datagram reads one UDP datagram and reports whether it is its protocol. UDPPorts are tried
	// first as a matter of speed; the decoder must decide by structure, because it is also
	// offered datagrams of every other port unless Strict is set.
	UDPPorts []uint16
	Strict   bool // the format is too weak to recognise away from its ports: offer only those
	Datagram func(p *Packet, out *Out) bool

	// ICMPv6 reads one ICMPv6 message (Payload begins with its type; the ports are zero) and
	// reports whether it is its protocol: neighbour discovery, multicast listeners.
	ICMPv6 func(p *Packet, out *Out) bool

	// Match looks at the first bytes one side of a TCP connection sent, in order. port is the
	// serving side's port: it may break a tie between formats, it may not be the only reason.
	// Open makes the state for one connection.
	TCPPorts []uint16
	Match    func(dir Dir, first []byte, port uint16) Match
	Open     func() Session

	// Limit is the most bytes it wants of each direction of a connection; 0 means DefaultLimit.
	Limit int
	// Encrypted marks protocols whose interior cannot be read (TLS, SSH).
	Encrypted bool
}

// DefaultLimit is how many bytes of each direction a session is given when it asks for no more.
const DefaultLimit = 16 << 10

// Session reads one TCP connection in both directions.
type Session interface {
	// Read is given the bytes of one direction that it has not used yet, in order and without
	// gaps, and returns how many of them it has used up; the rest come again with more behind
	// them. Returning Done ends this direction. The bytes are valid only during the call.
	Read(dir Dir, data []byte, out *Out) int
}

// Ender is a session that wants to know that its connection is over (closed, idle, evicted or the
// capture ended) and may then use up what is left. Gap is reported the same way: after a gap
// nothing more of that direction is given.
type Ender interface {
	End(out *Out)
}

// Done is returned by Session.Read when the direction holds nothing more of interest.
const Done = -1

// Carried describes a message on an interface that belongs in the catalogue.
type Carried struct {
	Protocol string // "dicom"
	What     string // "C-STORE CT Image Storage", "ADT^A01"
	Name     string // application names: "calling CT2", "called PACS"
	Secured  bool
	Patient  bool // the message holds patient data
}
