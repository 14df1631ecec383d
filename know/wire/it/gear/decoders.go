package gear

import "github.com/wardkeeper/wardkeeper/know/wire/decode"

// Decoders lists every decoder of this package in the order in which the wire offers traffic to
// them: cheap and common formats first.
func Decoders() []decode.Decoder {
	return []decode.Decoder{
		snmpMessages(), neighbours(), ciscoNeighbours(), spanningTree(), tickets(), logMessages(),
		secureShell(), terminal(), fileTransfer(), ftpListing(), telemetryQueue(),
	}
}
