// Package gear holds the decoders of network gear, printers, phones, small connected things and of
// the services for log-in, logs, time and messages.
//
// In comes one packet or the bytes of one connection, out go fields said of whoever sent them
// (package decode). One file per protocol; decoders.go lists them. Whoever asks is not described
// by the question, and what people type (names, passwords) never leaves a decoder.
package gear

// isText reports whether b holds only printable ASCII.
func isText(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return len(b) > 0
}
