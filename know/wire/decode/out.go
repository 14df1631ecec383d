package decode

import "github.com/wardkeeper/wardkeeper/ward"

// Out is where a decoder says what it read. The wire sets who sent the bytes and when before each
// call; everything is said of the sender unless another subject is named.
type Out struct {
	Notes *Notebook

	Sender, Peer ward.Subject // who sent the bytes at hand, and to whom
	Client       ward.Subject // who opened the conversation
	Server       ward.Subject
	Service      ward.Service
	Time         int64
	Frame        uint64
	Source       int
}

// Say notes the value of a field as the sender's own. Values are trimmed, cut at 256 bytes and
// stripped of control characters when they are first noted; an empty value is not noted.
func (o *Out) Say(f *ward.Field, value []byte) { o.Notes.note(o, o.Sender, f, value, "") }

// SayString is Say for a string.
func (o *Out) SayString(f *ward.Field, value string) { o.Notes.noteString(o, o.Sender, f, value, "") }

// SayOf notes the value of a field for another subject than the sender: the client a DHCP relay
// speaks for, the device behind a BACnet router.
func (o *Out) SayOf(s ward.Subject, f *ward.Field, value string) {
	o.Notes.noteString(o, s, f, value, "")
}

// SayBytesOf is SayOf for bytes.
func (o *Out) SayBytesOf(s ward.Subject, f *ward.Field, value []byte) {
	o.Notes.note(o, s, f, value, "")
}

// Flag notes that a field is itself a finding. detail says what was there, never a secret: for a
// password its length, not its text. The finding concerns the sender and its peer.
func (o *Out) Flag(kind ward.FindingKind, f *ward.Field, detail string) {
	o.Notes.noteString(o, o.Sender, f, detail, kind)
}

// FlagOf is Flag for a finding about one subject alone.
func (o *Out) FlagOf(s ward.Subject, kind ward.FindingKind, f *ward.Field, detail string) {
	peer := o.Peer
	o.Peer = ward.Subject{}
	o.Notes.noteString(o, s, f, detail, kind)
	o.Peer = peer
}

// Bind notes that an address belongs to a hardware address: "arp", "nd" or "dhcp".
func (o *Out) Bind(mac ward.MAC, ip ward.IP, how string) { o.Notes.bind(o, mac, ip, how) }

// Speaks notes a protocol that runs inside the one being decoded ("samr" in SMB2, "ipp" in HTTP)
// for both ends. The decoder's own name is noted by the wire.
func (o *Out) Speaks(protocol string) { o.Notes.speaks(o, protocol) }

// Carry notes one message for the interface catalogue. From is the client of the connection,
// To the server, whoever sent the bytes.
func (o *Out) Carry(c Carried) { o.Notes.carry(o, c) }

// Speaks is the reserved field under which the wire notes the protocols of a device.
var Speaks = ward.Field{Protocol: "", Name: "speaks"}
