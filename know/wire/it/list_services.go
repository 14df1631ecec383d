package it

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/it/gear"
)

// services lists the decoders of log-in, printing, voice, network gear and the like, which have a
// package of their own for their number.
func services() []decode.Decoder { return gear.Decoders((&dtlsPieces{}).read) }
