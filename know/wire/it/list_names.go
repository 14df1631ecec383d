package it

import "github.com/wardkeeper/wardkeeper/know/wire/decode"

// namesAndFiles lists the decoders of addresses, names, files, web and TLS.
func namesAndFiles() []decode.Decoder {
	return []decode.Decoder{
		addressResolution(), nd(), dhcpV4(), dhcpV6(), dnsUDPTCP(), mdns(), llmnr(),
		httpOne(), tlsStream(), dtlsDatagrams(),
		netbiosUDP(), smbOne(), smbTwo(), simpleDiscovery(), webDiscovery(),
	}
}
