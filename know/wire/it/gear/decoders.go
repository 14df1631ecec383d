package gear

import "github.com/wardkeeper/wardkeeper/know/wire/decode"

// Decoders lists every decoder of this package in the order in which the wire offers traffic to
// them: cheap and common formats first.
func Decoders() []decode.Decoder {
	return []decode.Decoder{
		snmpMessages(), neighbours(), ciscoNeighbours(), spanningTree(), tickets(), logMessages(),
		clocks(), calls(), streams(), bootFiles(),
		secureShell(), terminal(), fileTransfer(), ftpListing(), mail(), desktops(), screens(), telemetryQueue(),
		voiceReports(), voice(),
	}
}
