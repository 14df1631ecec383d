// Package building turns the protocols of buildings and industry into evidence: one file per
// decoder, each with a pure codec in proto. The devices behind them cool theatres, open doors and
// feed generators; most say who they are to anyone who asks, none encrypts, and the one who asks is
// never described by the answer.
package building

import "github.com/wardkeeper/wardkeeper/know/wire/decode"

// Decoders lists the decoders of this package.
func Decoders() []decode.Decoder {
	return []decode.Decoder{
		adsDecoder(),
		atgDecoder(),
		bacnetDecoder(),
		enipDecoder(),
		finsDecoder(),
		foxDecoder(),
		hartDecoder(),
		knxDecoder(),
		modbusDecoder(),
		opcuaDecoder(),
		profinetDecoder(),
		s7Decoder(),
	}
}
