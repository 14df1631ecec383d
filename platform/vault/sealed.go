package vault

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// A sealed value is
//
//	1 byte    format, 1
//	16 bytes  id of the key (a UUID)
//	4 bytes   version of the key, big endian
//	12 bytes  nonce
//	n bytes   ciphertext
//	16 bytes  tag
//
// The first 21 bytes are authenticated together with table, row and column.
const (
	format     = 1
	headerSize = 1 + 16 + 4
	overhead   = headerSize + 12 + 16
	maxPlain   = 16 << 20
)

// keyRef names one version of a key.
type keyRef struct {
	id      [16]byte
	version uint32
}

func (k keyRef) header() []byte {
	b := make([]byte, 0, headerSize)
	b = append(b, format)
	b = append(b, k.id[:]...)
	return binary.BigEndian.AppendUint32(b, k.version)
}

// uuid writes the id as the database keeps it.
func (k keyRef) uuid() string {
	h := hex.EncodeToString(k.id[:])
	return h[0:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func parseRef(uuid string, version int64) (keyRef, error) {
	var k keyRef
	b, err := hex.DecodeString(strings.ReplaceAll(uuid, "-", ""))
	if err != nil || len(b) != len(k.id) || version < 1 || version > 1<<31 {
		return k, errors.New("a key has a malformed id")
	}
	copy(k.id[:], b)
	k.version = uint32(version)
	return k, nil
}

// parse splits a sealed value into the key it needs and nonce, ciphertext and tag.
func parse(sealed []byte) (keyRef, []byte, error) {
	var k keyRef
	if len(sealed) < overhead || len(sealed) > overhead+maxPlain || sealed[0] != format {
		return k, nil, &ward.Error{Kind: ward.Invalid, Op: "vault.Open", Msg: "This is not a sealed value."}
	}
	copy(k.id[:], sealed[1:17])
	k.version = binary.BigEndian.Uint32(sealed[17:headerSize])
	return k, sealed[headerSize:], nil
}

// Place is where a sealed value stands. The value opens nowhere else.
type Place struct {
	Table  string
	Row    string // the row's key, as text
	Column string
	// Subject is whose value it is, an opaque id; it chooses the subject's own key. Empty takes
	// the table's key.
	Subject string
}

// bound is what is authenticated beside the value.
func (p Place) bound(header []byte) []byte {
	return append(header, place(p.Table, p.Row, p.Column)...)
}
