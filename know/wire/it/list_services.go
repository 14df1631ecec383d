package it

import "github.com/wardkeeper/wardkeeper/know/wire/decode"

// services lists the decoders of log-in, printing, voice, network gear and the like.
func services() []decode.Decoder {
	return nil
}
