package it

import "github.com/wardkeeper/wardkeeper/know/wire/decode"

// services lists the decoders of log-in, printing, voice, network gear and the like.
func services() []decode.Decoder {
	return []decode.Decoder{
		snmpMessages(), neighbours(), ciscoNeighbours(), spanningTree(), tickets(), logMessages(),
		secureShell(), terminal(), fileTransfer(), ftpListing(), telemetryQueue(),
	}
}
