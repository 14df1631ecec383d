package building

import "github.com/wardkeeper/wardkeeper/know/wire/decode"

// framed is a session over messages that tell their own length.
type framed struct {
	// size is the length of the message at the start of b: 0 when more bytes are needed to tell, -1
	// when there is none.
	size func(b []byte) int
	// read is given one whole message.
	read func(dir decode.Dir, message []byte, out *decode.Out)
}

// Read hands on every whole message. Bytes that are no message end the direction: there is no way to
// find the next one for sure.
func (s framed) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	used := 0
	for used < len(data) {
		n := s.size(data[used:])
		if n < 0 {
			return decode.Done
		}
		if n == 0 || n > len(data)-used {
			break
		}
		s.read(dir, data[used:used+n], out)
		used += n
	}
	return used
}
