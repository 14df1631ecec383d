package gear

import "github.com/wardkeeper/wardkeeper/know/wire/decode"

// Decoders lists every decoder of this package in the order in which the wire offers traffic to
// them: cheap and common formats first. dtls reads a datagram of DTLS for the protocols that run it
// on the ports on which they began in clear; nil leaves it unread.
func Decoders(dtls func(*decode.Packet, *decode.Out) bool) []decode.Decoder {
	return []decode.Decoder{
		snmpMessages(), neighbours(), ciscoNeighbours(), spanningTree(), tickets(), logMessages(),
		clocks(), calls(), streams(), bootFiles(), wirelessControl(dtls), accessAccounting(), ubiquiti(), tuyaThings(),
		plugs(), heatingCubes(), canonPrinters(), smallThings(), addressFinders(), directories(),
		secureShell(), terminal(), fileTransfer(), ftpListing(), mail(), desktops(), screens(), telemetryQueue(),
		printJobs(), remoteCalls(),
		voiceReports(), voice(),
	}
}
