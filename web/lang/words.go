package lang

import "github.com/wardkeeper/wardkeeper/ward"

// Kind is what a category is called on a page.
func Kind(c ward.Category) string {
	switch c {
	case ward.Medical:
		return "Medical"
	case ward.Building:
		return "Building"
	case ward.IoT:
		return "Connected things"
	case ward.IT:
		return "Office IT"
	case ward.Network:
		return "Network"
	}
	return "Unknown"
}

// Kinds are the categories in the order in which pages list them.
var Kinds = []ward.Category{ward.Medical, ward.Building, ward.IoT, ward.IT, ward.Network, ward.Unknown}

var attrs = map[ward.Attr]string{
	ward.OS: "operating system", ward.Hostname: "name", ward.UDI: "UDI", ward.UUID: "UUID", ward.AETitle: "AE title",
	ward.Calibrated: "last calibration",
}

// Attr is what an attribute is called inside a sentence.
func Attr(a ward.Attr) string {
	if s, ok := attrs[a]; ok {
		return s
	}
	return string(a)
}

var types = map[string]string{"pacs": "Image archive (PACS)", "nas": "Network storage", "ups": "Uninterruptible supply", "plc": "PLC",
	"dicom router": "DICOM router", "hl7 interface engine": "HL7 interface engine", "ip camera": "Camera", "voip phone": "IP phone",
	"iot hub": "IoT hub", "rtls tag": "Location tag", "hvac controller": "HVAC controller"}

// Type is what a claimed device type is called at the start of a cell.
func Type(t string) string {
	if s, ok := types[t]; ok {
		return s
	}
	return Title(t)
}

var protocols = map[string]string{"dicom": "DICOM", "hl7": "HL7 v2", "fhir": "FHIR", "http": "HTTP", "tls": "TLS", "dhcp": "DHCP", "arp": "ARP",
	"dns": "DNS", "mdns": "mDNS", "llmnr": "LLMNR", "nbns": "NetBIOS", "smb": "SMB", "ssdp": "SSDP", "snmp": "SNMP", "lldp": "LLDP", "cdp": "CDP",
	"ntp": "NTP", "rdp": "RDP", "vnc": "VNC", "ipp": "IPP", "mqtt": "MQTT", "coap": "CoAP", "radius": "RADIUS", "bacnet": "BACnet",
	"modbus": "Modbus", "s7": "S7", "opcua": "OPC UA", "ssh": "SSH", "ftp": "FTP", "sip": "SIP", "rtsp": "RTSP", "poct1a": "POCT1-A",
	"astm": "ASTM", "sdc": "SDC", "telnet": "Telnet", "icmp": "ICMP", "icmpv6": "ICMPv6", "dhcpv6": "DHCPv6", "syslog": "syslog",
	"kerberos": "Kerberos", "ntlm": "NTLM", "ldap": "LDAP", "oui": "Address block", "register": "Register", "ws-discovery": "WS-Discovery", "netbios": "NetBIOS", "smb2": "SMB 2",
	"s7comm": "S7", "poct1-a": "POCT1-A", "enip": "EtherNet/IP", "knx": "KNX", "ethernetip": "EtherNet/IP", "dtls": "DTLS", "nd": "ND", "stp": "STP"}

// Protocol is a protocol's name as its community writes it.
func Protocol(p string) string {
	if s, ok := protocols[p]; ok {
		return s
	}
	return p
}

// Severity is the word for a severity.
func Severity(s ward.Severity) string {
	switch s {
	case ward.Critical:
		return "Critical"
	case ward.High:
		return "High"
	case ward.Attention:
		return "Attention"
	}
	return "OK"
}

// Quality is the phrase for how well a subnet is seen.
func Quality(q ward.Quality) string {
	switch q {
	case ward.SeenWell:
		return "Seen well"
	case ward.SeenPoorly:
		return "Seen poorly"
	}
	return "Not seen"
}

var findings = map[ward.FindingKind]string{
	ward.PHIInClear: "patient data in clear text", ward.SMBv1: "SMB version 1", ward.LegacyOS: "system past its end", ward.DefaultSNMPCommunity: "default SNMP community",
	ward.ClearTextPassword: "password in clear text", ward.ClearTextProtocol: "clear-text protocol", ward.DefaultCredential: "default password",
}

// Finding is what a kind of finding is called at the start of a sentence.
func Finding(k ward.FindingKind) string {
	if s, ok := findings[k]; ok {
		return Title(s)
	}
	return Title(string(k))
}
