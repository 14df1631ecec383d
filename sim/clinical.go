package sim

import (
	"fmt"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/proto/hl7"
	"github.com/wardkeeper/wardkeeper/proto/wsd"
)

// This file holds the messages that bedside devices of several kinds use: device reports in HL7 v2
// (IHE PCD-01), and the discovery and self-description of IEEE 11073 SDC.

// eui is the 64-bit identifier of a device, made of its hardware address (RFC 4291 appendix A).
func (d *Device) eui() string {
	return fmt.Sprintf("%02X%02X%02XFFFE%02X%02X%02X", d.MAC[0], d.MAC[1], d.MAC[2], d.MAC[3], d.MAC[4], d.MAC[5])
}

// uuid is a name-based identifier of a device.
func (d *Device) uuid() string {
	return fmt.Sprintf("5eed%02x%02x-%04x-5%03x-8%03x-%012x", d.IP[14], d.IP[15], d.VLAN, d.Number, d.Zone.Subnet, d.MAC[:])
}

// stamp is the time of the stage as HL7 writes it.
func (s *stage) stamp() string { return s.now.UTC().Format("20060102150405") + "+0000" }

// exchangeHL7 plays messages over MLLP and their acknowledgements, on one connection.
func (s *stage) exchangeHL7(from, to *Device, messages ...[]byte) {
	c := s.dial(from.Port, to.Port, 2575)
	for _, m := range messages {
		fields := strings.Split(string(m[:strings.IndexByte(string(m), '\r')]), "|")
		kind, _, _ := strings.Cut(fields[8], "^")
		trigger := strings.TrimPrefix(fields[8], kind)
		if i := strings.LastIndexByte(trigger, '^'); i > 0 {
			trigger = trigger[:i]
		}
		ack := hl7.AppendSegment(nil, "MSH", fields[4], "HOSPITAL", fields[2], fields[3], s.stamp(), "", "ACK"+trigger+"^ACK", "A"+fields[9], "P", "2.6")
		ack = hl7.AppendSegment(ack, "MSA", "AA", fields[9])
		c.Send(hl7.AppendBlock(nil, m)).Answer(hl7.AppendBlock(nil, ack))
	}
	c.Close()
}

// reading is one measurement of a device: the term of IEEE 11073-10101, its value and its unit.
type reading struct{ code, value, unit string }

// report is a PCD-01 message that tells what a device is and what it measures. It is sent by the
// device itself or by a gateway. It says at which bed the device stands, and nothing of whom it serves.
func (s *stage) report(sender, d *Device, mds string, readings ...reading) []byte {
	id := sender.Host + "^" + sender.eui() + "^EUI-64"
	m := hl7.AppendSegment(nil, "MSH", id, "HOSPITAL", "ENGINE", "HOSPITAL", s.stamp(), "", "ORU^R01^ORU_R01",
		fmt.Sprintf("%s-%d", sender.Host, s.now.Unix()), "P", "2.6", "", "", "NE", "AL", "", "UNICODE UTF-8", "", "", "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO")
	m = hl7.AppendSegment(m, "PV1", "", "I", d.location())
	m = hl7.AppendSegment(m, "OBR", "1", d.Host+"-1", d.Host+"-2", "182777000^monitoring of patient^SCT", "", "", s.stamp())
	equipment := "^^" + d.eui() + "^EUI-64"
	m = hl7.AppendSegment(m, "OBX", "1", "", mds, "1.0.0.0", "", "", "", "", "", "", "X", "", "", s.stamp(), "", "", "", equipment)
	for i, spec := range [...]reading{
		{"531970^MDC_ID_MODEL_MANUFACTURER^MDC", d.Maker, ""}, {"531969^MDC_ID_MODEL_NUMBER^MDC", d.Model, ""},
		{"531972^MDC_ID_PROD_SPEC_SERIAL^MDC", d.Serial, ""}, {"531975^MDC_ID_PROD_SPEC_SW^MDC", d.Firmware, ""},
	} {
		m = hl7.AppendSegment(m, "OBX", fmt.Sprint(i+2), "ST", spec.code, fmt.Sprintf("1.0.0.%d", i+1), spec.value, "", "", "", "", "", "R", "", "", s.stamp())
	}
	for i, r := range readings {
		m = hl7.AppendSegment(m, "OBX", fmt.Sprint(i+6), "NM", r.code, fmt.Sprintf("1.1.1.%d", i+1), r.value, r.unit, "", "", "", "", "R", "", "", s.stamp())
	}
	return m
}

// alarm is a PCD-04 message: a device says what it alarms about, where it stands, and not for whom.
func (s *stage) alarm(d *Device, mds, code, text string) []byte {
	id := d.Host + "^" + d.eui() + "^EUI-64"
	m := hl7.AppendSegment(nil, "MSH", id, "HOSPITAL", "ENGINE", "HOSPITAL", s.stamp(), "", "ORU^R40^ORU_R40",
		fmt.Sprintf("%s-A%d", d.Host, s.now.Unix()), "P", "2.6", "", "", "NE", "AL", "", "UNICODE UTF-8", "", "", "IHE_PCD_ACM_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.4.1^ISO")
	m = hl7.AppendSegment(m, "PV1", "", "I", d.location())
	m = hl7.AppendSegment(m, "OBR", "1", d.Host+"-1", d.Host+"-A", "196616^MDC_EVT_ALARM^MDC", "", "", s.stamp())
	equipment := "^^" + d.eui() + "^EUI-64"
	source := mds
	for i, r := range [...]reading{{"196616^MDC_EVT_ALARM^MDC", code + "^" + text + "^MDC", "ST"}, {"68480^MDC_ATTR_ALERT_SOURCE^MDC", source, "CWE"},
		{"68481^MDC_ATTR_EVENT_PHASE^MDC", "start", "ST"}, {"68482^MDC_ATTR_ALARM_STATE^MDC", "active", "ST"}} {
		m = hl7.AppendSegment(m, "OBX", fmt.Sprint(i+1), r.unit, r.code, fmt.Sprintf("1.0.0.0.%d", i+1), r.value, "", "", "PM~ST", "", "", "R", "", "", s.stamp(), "", "", "", equipment)
	}
	return m
}

// location is a place as PV1-3 writes it: ward, room, bed, facility.
func (d *Device) location() string {
	zone, bed, _ := strings.Cut(d.Bed, " bed ")
	return strings.TrimSpace(zone) + "^^" + bed + "^SYNTH"
}

// Namespaces of SDC.
const (
	spaceDPWS     = "http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01"
	spaceMEX      = "http://schemas.xmlsoap.org/ws/2004/09/mex"
	spaceMessage  = "http://standards.ieee.org/downloads/11073/11073-10207-2017/message"
	spacePart     = "http://standards.ieee.org/downloads/11073/11073-10207-2017/participant"
	soapType      = "application/soap+xml; charset=utf-8"
	sdcPort       = 6464
	discoveryPort = 3702
)

// hello announces a medical device on its segment.
func (s *stage) hello(d *Device) {
	zone, bed, _ := strings.Cut(d.Bed, " bed ")
	e := wsd.Endpoint{
		Address: "urn:uuid:" + d.uuid(),
		Types:   []wsd.QName{{Space: spaceDPWS, Local: "Device"}, {Space: wsd.NamespaceMDPWS, Local: "MedicalDevice"}},
		XAddrs:  []string{fmt.Sprintf("http://%s:%d/%s", d.IP, sdcPort, d.uuid())},
	}
	if d.Bed != "" {
		place := strings.ReplaceAll(zone, " ", "%20")
		e.Scopes = []string{"sdc.ctxt.loc:/sdc.ctxt.loc.detail/SYNTH%2F%2F%2F" + place + "%2F%2F" + bed + "?fac=SYNTH&poc=" + place + "&bed=" + bed}
	}
	m := wsd.Message{Action: wsd.Hello, MessageID: "urn:uuid:" + s.messageID(), Endpoints: []wsd.Endpoint{e}}
	s.group(d.Port, 239, 255, 255, 250, s.ephemeral(), discoveryPort, wsd.Append(nil, m))
}

func (s *stage) messageID() string {
	n := s.noise(16)
	return fmt.Sprintf("%x-%x-4%03x-8%03x-%x", n[:4], n[4:6], int(n[6])<<4|int(n[7])>>4, int(n[8])<<4|int(n[9])>>4, n[10:])
}

// describe plays how another device asks one for its description: what DPWS calls metadata and,
// with a code of IEEE 11073-10101, its description as a medical device.
func (s *stage) describe(asker, d *Device, code string) {
	host := fmt.Sprintf("%s:%d", d.IP, sdcPort)
	c := s.dial(asker.Port, d.Port, sdcPort)
	ask := s.soap("http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", "urn:uuid:"+d.uuid(), "")
	c.Send(request("POST", "/"+d.uuid(), host, ask, "Content-Type: "+soapType))
	c.Answer(answer("200 OK", s.soap("http://schemas.xmlsoap.org/ws/2004/09/transfer/GetResponse", "", d.metadata()), "Content-Type: "+soapType))
	if code != "" {
		ask = s.soap(spaceMessage+"/GetService/GetMdib", "urn:uuid:"+d.uuid(), `<m:GetMdib xmlns:m="`+spaceMessage+`"/>`)
		c.Send(request("POST", "/"+d.uuid()+"/Get", host, ask, "Content-Type: "+soapType))
		c.Answer(answer("200 OK", s.soap(spaceMessage+"/GetService/GetMdibResponse", "", d.description(code)), "Content-Type: "+soapType))
	}
	c.Close()
}

func (s *stage) soap(action, to, body string) []byte {
	b := []byte(`<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header><a:Action>` +
		action + `</a:Action><a:MessageID>urn:uuid:` + s.messageID() + `</a:MessageID>`)
	if to != "" {
		b = append(b, "<a:To>"+to+"</a:To>"...)
	}
	return append(b, "</s:Header><s:Body>"+body+"</s:Body></s:Envelope>"...)
}

func (d *Device) metadata() string {
	return `<x:Metadata xmlns:x="` + spaceMEX + `" xmlns:p="` + spaceDPWS + `"><x:MetadataSection Dialect="` + spaceDPWS + `/ThisModel"><p:ThisModel><p:Manufacturer>` +
		d.Maker + `</p:Manufacturer><p:ModelName>` + d.Model + `</p:ModelName></p:ThisModel></x:MetadataSection><x:MetadataSection Dialect="` + spaceDPWS +
		`/ThisDevice"><p:ThisDevice><p:FriendlyName>` + d.Host + `</p:FriendlyName><p:FirmwareVersion>` + d.Firmware + `</p:FirmwareVersion><p:SerialNumber>` +
		d.Serial + `</p:SerialNumber></p:ThisDevice></x:MetadataSection></x:Metadata>`
}

func (d *Device) description(code string) string {
	return `<m:GetMdibResponse xmlns:m="` + spaceMessage + `" xmlns:p="` + spacePart + `" MdibVersion="1" SequenceId="urn:uuid:` + d.uuid() + `"><m:Mdib MdibVersion="1" SequenceId="urn:uuid:` + d.uuid() +
		`"><p:MdDescription><p:Mds Handle="mds0" SafetyClassification="MedB"><p:Type Code="` + code + `"/><p:MetaData><p:Manufacturer>` + d.Maker +
		`</p:Manufacturer><p:ModelName>` + d.Model + `</p:ModelName><p:SerialNumber>` + d.Serial + `</p:SerialNumber></p:MetaData></p:Mds></p:MdDescription></m:Mdib></m:GetMdibResponse>`
}

// often and seldom are the usual periods of reports and of everything else.
const (
	often  = 20 * time.Second
	seldom = 75 * time.Second
)
