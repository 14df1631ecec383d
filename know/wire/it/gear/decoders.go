package gear

import "github.com/wardkeeper/wardkeeper/know/wire/decode"

// Decoders lists every decoder of this package in the order in which the wire offers traffic to
// them: cheap and common formats first.
func Decoders() []decode.Decoder {
	return []decode.Decoder{
		snmpMessages(), neighbours(), ciscoNeighbours(), spanningTree(), tickets(), logMessages(),
		clocks(), calls(), streams(), bootFiles(), wirelessControl(), accessAccounting(), ubiquiti(), tuyaThings(),
		plugs(), heatingCubes(), canonPrinters(), smallThings(), addressFinders(), directories(),
		secureShell(), terminal(), fileTransfer(), ftpListing(), mail(), desktops(), screens(), telemetryQueue(),
		printJobs(), remoteCalls(),
		voiceReports(), voice(),
	}
}
