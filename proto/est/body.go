package est

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
)

// ErrTooLarge says that a body is beyond MaxBody.
var ErrTooLarge = errors.New("est: the body is larger than 32 kB")

// lineLength is that of PEM (RFC 7468). RFC 8951 lets a sender break lines or not and makes every
// receiver ignore them; OpenSSL's own decoder wants short ones.
const lineLength = 64

// EncodeBody writes DER as the body of a message: base64 in short lines that end in LF.
func EncodeBody(der []byte) []byte {
	n := base64.StdEncoding.EncodedLen(len(der))
	text := make([]byte, n)
	base64.StdEncoding.Encode(text, der)
	out := make([]byte, 0, n+n/lineLength+1)
	for len(text) > 0 {
		k := min(lineLength, len(text))
		out = append(append(out, text[:k]...), '\n')
		text = text[k:]
	}
	return out
}

// DecodeBody reads the body of a message into DER. It ignores white space (RFC 8951, section 3.2),
// and takes what real clients send instead of base64: PEM, and bare DER, which can be told apart
// because DER begins with the octet 0x30 and a length that fits.
func DecodeBody(body []byte) ([]byte, error) {
	if len(body) > MaxBody {
		return nil, ErrTooLarge
	}
	if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("-----BEGIN ")) {
		block, _ := pem.Decode(body)
		if block == nil {
			return nil, errors.New("est: the PEM text is damaged")
		}
		return block.Bytes, nil
	}
	if len(body) > 2 && body[0] == 0x30 && body[1] >= 0x80 { // no base64 text holds such an octet
		return body, nil
	}
	text := make([]byte, 0, len(body))
	for _, c := range body {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			text = append(text, c)
		}
	}
	if len(text) == 0 {
		return nil, errors.New("est: the body is empty")
	}
	der := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(der, text)
	if err != nil {
		return nil, fmt.Errorf("est: the body is not base64: %w", err)
	}
	return der[:n], nil
}
