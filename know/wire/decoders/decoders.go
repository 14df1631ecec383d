// Package decoders lists every decoder there is. Adding one means adding it to the list of its
// own package: clinical, building or it.
package decoders

import (
	"slices"

	"github.com/wardkeeper/wardkeeper/know/wire/building"
	"github.com/wardkeeper/wardkeeper/know/wire/clinical"
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/it"
)

// All is every decoder, clinical ones first: where two formats both fit, the earlier wins.
func All() []decode.Decoder {
	return slices.Concat(clinical.Decoders(), building.Decoders(), it.Decoders())
}
