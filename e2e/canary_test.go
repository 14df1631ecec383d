package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/cli"
	"github.com/wardkeeper/wardkeeper/proto/astm"
	"github.com/wardkeeper/wardkeeper/proto/dicom"
	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/proto/hl7"
	"github.com/wardkeeper/wardkeeper/proto/kerberos"
	"github.com/wardkeeper/wardkeeper/proto/mqtt"
	"github.com/wardkeeper/wardkeeper/proto/netbios"
	"github.com/wardkeeper/wardkeeper/proto/poct1a"
	"github.com/wardkeeper/wardkeeper/proto/sip"
	"github.com/wardkeeper/wardkeeper/proto/snmp"
	"github.com/wardkeeper/wardkeeper/proto/syslog"
	"github.com/wardkeeper/wardkeeper/sim"
	"github.com/wardkeeper/wardkeeper/ward"
)

// canary begins every secret, name and value in the canary capture. It may appear nowhere: not as it
// stands, not in capitals, not in UTF-16, not in base64.
const canary = "Qzxkwv"

// leaks finds canaries in anything that was printed, sent or written.
func leaks(text []byte) []string {
	var found []string
	lower := bytes.Clone(text) // not ToLower: it changes the length of what is no UTF-8
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c | 0x20
		}
	}
	wide := func(s string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return string(b)
	}
	forms := map[string]string{"plain": "qzxkwv", "UTF-16": wide("qzxkwv"), "hex": "51 7a 78 6b 77 76", "hex joined": "517a786b7776"}
	forms["base64"] = strings.ToLower(base64.StdEncoding.EncodeToString([]byte(canary)))
	for name, form := range forms {
		for rest, at := lower, 0; ; {
			i := bytes.Index(rest[at:], []byte(form))
			if i < 0 {
				break
			}
			at += i
			found = append(found, fmt.Sprintf("%s: %q", name, text[max(0, at-60):min(len(text), at+40)]))
			at += len(form)
			if len(found) > 5 {
				return found
			}
		}
	}
	return found
}

// stageOf deals out a client and a server for every conversation of the canary capture.
type stageOf struct {
	*sim.Tape
	n byte
}

func (s *stageOf) pair() (client, server sim.Port) {
	s.n++
	client = sim.Port{MAC: ward.MAC{0x18, 0x66, 0xda, 7, 1, s.n}, IP: ward.IP4([]byte{10, 8, 1, s.n})}
	server = sim.Port{MAC: ward.MAC{0x00, 0x1e, 0xf6, 7, 2, s.n}, IP: ward.IP4([]byte{10, 8, 2, s.n})}
	return client, server
}

// talk plays a TCP conversation whose parts alternate, the server first when the first is empty.
func (s *stageOf) talk(port uint16, parts ...string) {
	client, server := s.pair()
	c := s.Dial(client, server, 40000+uint16(s.n), port)
	for i, p := range parts {
		if i%2 == 0 {
			c.Send([]byte(p))
		} else {
			c.Answer([]byte(p))
		}
	}
	c.Close()
}

func (s *stageOf) datagram(port uint16, question, answer string) {
	client, server := s.pair()
	s.UDP(client, server, 50000+uint16(s.n), port, []byte(question))
	if answer != "" {
		s.UDP(server, client, port, 50000+uint16(s.n), []byte(answer))
	}
}

// canaryCapture has patients and secrets in every protocol that can carry them.
func canaryCapture() []byte {
	var b bytes.Buffer
	s := &stageOf{Tape: newTape(&b)}
	canaryRecords(s)
	canaryWeb(s)
	canaryLogins(s)
	canaryNames(s)
	_ = s.Flush()
	return b.Bytes()
}

func canaryHL7() string {
	var m []byte
	m = hl7.AppendSegment(m, "MSH", "INFUSOMAT", "4WEST", "ENGINE", "MAIN", "20260301080000", "", "ORU^R01^ORU_R01", "77", "P", "2.6")
	m = hl7.AppendSegment(m, "PID", "1", "QzxkwvMrn55^^^HOSP^MR", "QzxkwvMrn56", "", "QzxkwvSurname^QzxkwvGiven^Q", "QzxkwvMaiden", "19500101", "F", "", "", "1 QzxkwvStreet^^Town", "", "555-Qzxkwv")
	m = hl7.AppendSegment(m, "NK1", "1", "QzxkwvKin^QzxkwvKinGiven", "SPO", "2 QzxkwvKinStreet")
	m = hl7.AppendSegment(m, "GT1", "1", "QzxkwvGuarantor", "QzxkwvGuarantor^Name")
	m = hl7.AppendSegment(m, "IN1", "1", "QzxkwvPlan", "QzxkwvInsurer", "QzxkwvInsurer Ltd")
	m = hl7.AppendSegment(m, "PV1", "1", "I", "4WEST^12^A", "", "", "", "QzxkwvDoctor^QzxkwvFirst", "QzxkwvRefer^R", "", "", "", "", "", "", "", "", "", "", "QzxkwvVisit9")
	m = hl7.AppendSegment(m, "OBR", "1", "QzxkwvOrder", "QzxkwvFiller", "1^Qzxkwv^99", "", "", "20260301", "", "", "QzxkwvCollector")
	m = hl7.AppendSegment(m, "OBX", "1", "ST", "8302-2^Body height^LN", "1", "QzxkwvValue", "", "", "", "", "", "F", "", "", "", "", "", "", "SN123^MODEL")
	m = hl7.AppendSegment(m, "NTE", "1", "", "QzxkwvNote about QzxkwvSurname")
	m = hl7.AppendSegment(m, "ZPT", "QzxkwvCustom", "QzxkwvMrn57")
	return string(hl7.AppendBlock(nil, m))
}

func canaryRecords(s *stageOf) {
	ack := string(hl7.AppendBlock(nil, []byte("MSH|^~\\&|ENGINE|MAIN|INFUSOMAT|4WEST|20260301||ACK^R01|78|P|2.6\rMSA|AA|77|QzxkwvSurname rejected\r")))
	s.talk(2575, canaryHL7(), ack)
	s.talk(17001, canaryHL7()+canaryHL7()[:150], ack)
	const find, ct, implicit = "1.2.840.10008.5.1.4.31", "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2"
	offers := []dicom.Offer{{ID: 1, Abstract: find, Transfer: []string{implicit}}, {ID: 3, Abstract: ct, Transfer: []string{implicit}}}
	ask := dicom.AppendAssociate(nil, dicom.AssociateRQ, "PACS", "CT1", offers, "1.2.3", "V1")
	identity := append([]byte{0x58, 0, 0, 0, 2, 1, 0, 10}, "QzxkwvUser"...) // user name and passcode, PS3.7 D.3.3.7
	identity = append(append(identity, 0, 10), "QzxkwvPass"...)
	binary.BigEndian.PutUint16(identity[2:], uint16(len(identity)-4)) //nolint:gosec // small
	ask = append(ask, identity...)
	binary.BigEndian.PutUint32(ask[2:], uint32(len(ask)-6)) //nolint:gosec // small
	if i := bytes.LastIndexByte(ask[:len(ask)-len(identity)], 0x50); i > 0 {
		binary.BigEndian.PutUint16(ask[i+2:], uint16(len(ask)-i-4)) //nolint:gosec // small
	}
	patient := func(b []byte) []byte {
		for tag := uint32(0x00100010); tag <= 0x00100050; tag += 0x10 {
			b = dicom.AppendElement(b, tag, "Qzxkwv^Patient")
		}
		return dicom.AppendElement(b, 0x00104000, "QzxkwvComment")
	}
	query := dicom.AppendData(dicom.AppendCommand(nil, 1, dicom.Command{Field: dicom.CFind, MessageID: 1, Class: []byte(find), DataSet: true}), 1, false, patient(nil))
	image := dicom.AppendElement(nil, 0x00080016, ct)
	image = dicom.AppendElement(dicom.AppendElement(image, 0x00080050, "QzxkwvAcc"), 0x00080070, "Orbis")
	image = dicom.AppendElement(image, 0x00080090, "Qzxkwv^Referrer")
	image = dicom.AppendElement(image, 0x00081050, "Qzxkwv^Performer")
	image = dicom.AppendElement(patient(image), 0x00180010, "QzxkwvContrast")
	image = dicom.AppendElement(image, 0x00321032, "Qzxkwv^Requester")
	image = dicom.AppendElement(image, 0x00400275, "QzxkwvRequest")
	store := dicom.AppendData(dicom.AppendCommand(nil, 3, dicom.Command{Field: dicom.CStore, MessageID: 2, Class: []byte(ct), Instance: []byte("1.2.3.4"), DataSet: true}), 3, false, image)
	for _, port := range []uint16{104, 17104} {
		s.talk(port, string(ask), string(dicom.AppendAssociate(nil, dicom.AssociateAC, "PACS", "CT1", offers, "1.2.4", "V2")), string(query)+string(store), "")
	}
	s.talk(1234, string(astm.AppendFrames(nil, `H|\^&|||Analyser^1.0^SN1|||||LIS||P|1394-97|20260301`, "P|1|QzxkwvMrn55|QzxkwvLab||QzxkwvSurname^QzxkwvGiven||19500101|F|||QzxkwvDoctor",
		"O|1|QzxkwvSample||^^^GLU|R||||||||||||QzxkwvPhysician", "R|1|^^^GLU|QzxkwvResult|mg/dL||N||F||QzxkwvOperator", "C|1|I|QzxkwvComment", "L|1|N")), "\x06\x06\x06\x06\x06\x06\x06")
	hello := string(poct1a.AppendHello(nil, "1", poct1a.Device{ID: "GM1", Vendor: "Ostia", Model: "G1", Serial: "1"}))
	s.talk(3001, hello, string(poct1a.AppendAck(nil, "1", "1")), `<OBS.R01><HDR><HDR.control_id V="2"/></HDR><SVC><PT><PT.patient_id V="QzxkwvMrn"/><PT.name V="Qzxkwv^Name"><GIV V="QzxkwvGiven"/></PT.name><OBS><OBS.value V="QzxkwvValue"/></OBS></PT><OPR><OPR.operator_id V="QzxkwvOperator"/><OPR.name V="QzxkwvOpName"/></OPR></SVC></OBS.R01>`)
}

func canaryWeb(s *stageOf) {
	post := func(path, kind, body string, headers ...string) string {
		return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: ehr.example\r\nUser-Agent: Agent/1.0\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n%s", path, kind, strings.Join(headers, ""), len(body), body)
	}
	ok := "HTTP/1.1 200 OK\r\nServer: Engine/2.1\r\nSet-Cookie: session=QzxkwvCookie\r\nContent-Length: 48\r\n\r\n{\"name\":\"QzxkwvSurname\",\"id\":\"QzxkwvMrn\",\"value\":\"Qzxkwv\"}"
	basic := "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("QzxkwvUser:QzxkwvPass")) + "\r\n"
	for _, m := range []string{
		post("/fhir/Patient", "application/fhir+json", `{"resourceType":"Patient","id":"QzxkwvMrn","identifier":[{"value":"QzxkwvMrn55"}],"name":[{"family":"QzxkwvSurname","given":["QzxkwvGiven"]}],"telecom":[{"value":"QzxkwvPhone"}],"address":[{"line":["QzxkwvStreet"]}]}`, basic),
		post("/fhir/Observation?subject=QzxkwvMrn", "application/fhir+json", `{"resourceType":"Observation","subject":{"reference":"Patient/QzxkwvMrn","display":"QzxkwvSurname"},"valueString":"QzxkwvValue","note":[{"text":"QzxkwvNote"}],"device":{"display":"QzxkwvSurname's cuff"}}`, "Cookie: s=QzxkwvCookie\r\n"),
		post("/fhir/", "application/fhir+xml", `<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Patient><name><family value="QzxkwvSurname"/></name></Patient></resource></entry></Bundle>`),
		"GET /fhir/Patient/QzxkwvMrn/$everything?name=QzxkwvSurname HTTP/1.1\r\nHost: ehr.example\r\nReferer: http://QzxkwvUser:QzxkwvPass@ehr.example/QzxkwvMrn\r\n" + basic + "\r\n",
		"GET http://QzxkwvUser:QzxkwvPass@device.example/login?user=QzxkwvUser&password=QzxkwvPass HTTP/1.1\r\nHost: device.example\r\nCookie: id=QzxkwvCookie\r\n\r\n",
		post("/login.cgi", "application/x-www-form-urlencoded", "username=QzxkwvUser&password=QzxkwvPass&pin=QzxkwvPin"),
		post("/login", "application/json", `{"user":"QzxkwvUser","password":"QzxkwvPass","token":"QzxkwvToken"}`),
		post("/up", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nQzxkwvPass\r\n--b--\r\n"),
		"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Digest username=\"QzxkwvUser\", realm=\"r\", nonce=\"n\", uri=\"/QzxkwvMrn\", response=\"QzxkwvHash\"\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer QzxkwvToken\r\nX-Api-Key: QzxkwvKey\r\nFrom: QzxkwvUser@a\r\n\r\n",
		post("/cgi-bin/measure", "application/x-www-form-urlencoded", "action=store&userid=QzxkwvUser&shortname=Qzxkwv&gender=0&birthdate=19500101&email=QzxkwvUser@x&weight=Qzxkwv"),
		post("/soap", "text/xml", `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Header><Security><UsernameToken><Username>QzxkwvUser</Username><Password>QzxkwvPass</Password></UsernameToken></Security></soap:Header><soap:Body><CommunicatePCDData>`+canaryHL7()+`</CommunicatePCDData></soap:Body></soap:Envelope>`),
		post("/hl7", "application/hl7-v2", strings.Trim(canaryHL7(), "\x0b\x1c\r")),
		post("/ipp/print", "application/ipp", "\x02\x00\x00\x02\x00\x00\x00\x01\x01\x47\x00\x12attributes-charset\x00\x05utf-8\x48\x00\x1battributes-natural-language\x00\x02en\x42\x00\x14requesting-user-name\x00\x0aQzxkwvUser\x42\x00\x08job-name\x00\x11QzxkwvSurname.pdf\x03"),
	} {
		s.talk(80, m, ok)
		s.talk(17080, m, ok)
	}
	s.talk(554, "DESCRIBE rtsp://QzxkwvUser:QzxkwvPass@cam/live RTSP/1.0\r\nCSeq: 1\r\n"+basic+"\r\n", "RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Cam/1.0\r\nContent-Length: 0\r\n\r\n")
}

func canaryLogins(s *stageOf) {
	s.talk(21, "", "220 ProFTPD ready\r\n", "USER QzxkwvUser\r\n", "331 Password for QzxkwvUser\r\n", "PASS QzxkwvPass\r\n", "230 Welcome QzxkwvUser\r\n", "STOR QzxkwvSurname.pdf\r\n", "150 QzxkwvSurname.pdf\r\n")
	s.talk(23, "", "\xff\xfd\x18\xff\xfd\x20login: ", "QzxkwvUser\r\n", "QzxkwvUser\r\nPassword: ", "QzxkwvPass\r\n", "\r\nWelcome QzxkwvUser\r\n# ", "cat QzxkwvSurname\r\n", "QzxkwvSurname QzxkwvMrn\r\n")
	s.talk(25, "", "220 mail.example ESMTP Postfix\r\n", "EHLO ws.example\r\n", "250-mail.example\r\n250 AUTH LOGIN PLAIN\r\n", "AUTH LOGIN\r\n", "334 VXNlcm5hbWU6\r\n",
		base64.StdEncoding.EncodeToString([]byte("QzxkwvUser"))+"\r\n", "334 UGFzc3dvcmQ6\r\n", base64.StdEncoding.EncodeToString([]byte("QzxkwvPass"))+"\r\n", "235 QzxkwvUser ok\r\n",
		"MAIL FROM:<QzxkwvUser@x>\r\nRCPT TO:<QzxkwvKin@x>\r\nDATA\r\nSubject: QzxkwvSurname\r\n\r\nQzxkwvNote\r\n.\r\n", "250 ok\r\n")
	s.talk(110, "", "+OK ready\r\n", "USER QzxkwvUser\r\n", "+OK\r\n", "PASS QzxkwvPass\r\n", "+OK QzxkwvUser\r\n")
	s.talk(143, "", "* OK IMAP ready\r\n", "a LOGIN QzxkwvUser QzxkwvPass\r\n", "a OK QzxkwvUser\r\n")
	s.talk(1883, string(mqtt.AppendConnect(nil, "QzxkwvSurname-band", "QzxkwvUser", "QzxkwvPass")), string(mqtt.AppendConnAck(nil)), string(mqtt.AppendPublish(nil, "ward/QzxkwvSurname/pulse", []byte(`{"patient":"QzxkwvMrn","v":"QzxkwvValue"}`))))
	s.talk(389, "\x30\x21\x02\x01\x01\x60\x1c\x02\x01\x03\x04\x0bcn=QzxkwvUs\x80\x0aQzxkwvPass", "\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00")
	s.talk(3389, "\x03\x00\x00\x32\x2d\xe0\x00\x00\x00\x00\x00Cookie: mstshash=QzxkwvUser\r\n\x01\x00\x08\x00\x0b\x00\x00\x00", "\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x00\x08\x00\x02\x00\x00\x00")
	s.talk(9100, "\x1b%-12345X@PJL JOB NAME=\"QzxkwvSurname.pdf\"\r\n@PJL SET USERNAME=\"QzxkwvUser\"\r\n@PJL INFO ID\r\n", "@PJL INFO ID\r\n\"LaserJet\"\r\n")
	s.talk(5060, string(sip.AppendRequest(nil, "REGISTER", "sip:pbx", "SIP/2.0", "From: \"Qzxkwv Surname\" <sip:QzxkwvUser@pbx>;tag=1", "To: <sip:QzxkwvUser@pbx>", "Call-ID: QzxkwvCall@a", "CSeq: 1 REGISTER", "User-Agent: Phone/1.0", "Authorization: Digest username=\"QzxkwvUser\", response=\"QzxkwvHash\"", "Contact: <sip:QzxkwvUser@10.8.1.1>")), "")
	for _, version := range []int{0, 1} {
		q := snmp.Append(nil, version, "QzxkwvPass", 0xa0, 1, snmp.Binding{OID: snmp.EncodeOID(1, 3, 6, 1, 2, 1, 1, 1, 0)})
		s.datagram(161, string(q), string(snmp.Append(nil, version, "QzxkwvPass", 0xa2, 1, snmp.Binding{OID: snmp.EncodeOID(1, 3, 6, 1, 2, 1, 1, 4, 0)})))
	}
	s.datagram(88, string(kerberos.AppendRequest(nil, "HOSPITAL.EXAMPLE", "QzxkwvUser")), string(kerberos.AppendAnswer(nil, "HOSPITAL.EXAMPLE", "QzxkwvUser", make([]byte, 96))))
	s.datagram(514, string(syslog.Append(nil, 38, "2026-03-01T08:00:00Z", "gw1", "sshd", "Accepted password for QzxkwvUser from 10.8.1.9; patient=QzxkwvSurname password=QzxkwvPass")), "")
	s.datagram(514, "<38>Mar  1 08:00:00 gw1 sshd[1]: Failed password for QzxkwvUser user=QzxkwvUser pass=QzxkwvPass mrn=QzxkwvMrn", "")
	s.datagram(1812, radiusRequest("QzxkwvUser"), "")
	s.datagram(1813, "\x04"+radiusRequest("QzxkwvUser")[1:], "")
	// BACnet: DeviceCommunicationControl and ReinitializeDevice, each with a password.
	s.datagram(47808, "\x81\x0a\x00\x19\x01\x04\x00\x05\x01\x11\x19\x01\x2d\x0b\x00QzxkwvPass", "")
	s.datagram(47808, "\x81\x0a\x00\x19\x01\x04\x00\x05\x01\x14\x09\x00\x1d\x0b\x00QzxkwvPass", "")
	s.datagram(5683, "\x40\x02\x00\x01\xbcQzxkwvMrn00\x07patient\xffQzxkwvValue", "")
	s.datagram(69, "\x00\x01QzxkwvSurname.cfg\x00octet\x00", "")
}

// radiusRequest is an Access-Request with a user, a password and where the user is.
func radiusRequest(user string) string {
	attr := func(t byte, v string) string { return string([]byte{t, byte(len(v) + 2)}) + v }
	body := attr(1, user) + attr(2, "QzxkwvPassQzxkwvPassXX") + attr(4, "\x0a\x08\x02\x01") + attr(31, "18-66-da-07-01-01") + attr(32, "switch1") + attr(40, "\x00\x00\x00\x01")
	head := []byte{1, 7, 0, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(20+len(body))) //nolint:gosec // small
	return string(head) + strings.Repeat("\x01", 16) + body
}

func canaryNames(s *stageOf) {
	for i, name := range []string{"QzxkwvSmith-iPhone", "QzxkwvSmith-PC", "Qzxkwvs-MacBook-Pro", "Qzxkwv", "QZXKWVSMITH-LAPTOP"} {
		asks(s.Tape, byte(100+i), name, "MSFT 5.0")
		client, _ := s.pair()
		group := sim.Port{IP: ward.IP4([]byte{224, 0, 0, 251})}
		m := dns.AppendHeader(nil, 0, 0x8400, 0, 1, 0, 0)
		s.UDP(client, group, 5353, 5353, dns.AppendRecord(m, name+".local", 1, 0x8001, 120, client.IP[12:]))
		m = dns.AppendHeader(nil, 0, 0x8400, 0, 1, 0, 0)
		s.UDP(client, group, 5353, 5353, dns.AppendRecord(m, "_airplay._tcp.local", 12, 1, 120, dns.AppendName(nil, name+"._airplay._tcp.local")))
		s.UDP(client, sim.Port{IP: ward.IP4([]byte{224, 0, 0, 252})}, 50000, 5355, dns.AppendQuestion(dns.AppendHeader(nil, 1, 0, 1, 0, 0, 0), name, 1, 1))
		s.UDP(client, group, 5353, 5353, dns.AppendQuestion(dns.AppendHeader(nil, 0, 0, 1, 0, 0, 0), name+".local", 1, 1))
		var n netbios.Name
		copy(n[:], strings.ToUpper(fmt.Sprintf("%-15.15s", name)))
		n[15] = 3 // the messenger service: a user's or a machine's name
		s.UDP(client, everyone, 137, 137, netbios.AppendRegistration(nil, 1, n, false, [4]byte(client.IP[12:])))
	}
	client, server := s.pair()
	s.UDP(client, server, 53000, 53, dns.AppendQuestion(dns.AppendHeader(nil, 9, 0x100, 1, 0, 0, 0), "qzxkwvsmith-iphone.hospital.example", 1, 1))
	type3 := ntlmAuthenticate("QzxkwvUser", "QZXKWVSMITH-PC")
	s.talk(80, "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: NTLM "+base64.StdEncoding.EncodeToString(type3)+"\r\n\r\n", "HTTP/1.1 200 OK\r\nServer: IIS/10.0\r\nContent-Length: 0\r\n\r\n")
}

// ntlmAuthenticate is the third message of an NTLM log-in (MS-NLMP 2.2.1.3).
func ntlmAuthenticate(user, workstation string) []byte {
	b := append([]byte("NTLMSSP\x00\x03\x00\x00\x00"), make([]byte, 60)...)
	field := func(at int, s string) {
		var wide []byte
		for _, u := range utf16.Encode([]rune(s)) {
			wide = binary.LittleEndian.AppendUint16(wide, u)
		}
		binary.LittleEndian.PutUint16(b[at:], uint16(len(wide)))   //nolint:gosec // small
		binary.LittleEndian.PutUint16(b[at+2:], uint16(len(wide))) //nolint:gosec // small
		binary.LittleEndian.PutUint32(b[at+4:], uint32(len(b)))    //nolint:gosec // small
		b = append(b, wide...)
	}
	field(12, "QzxkwvPassQzxkwvPassQzxkwvPass234")
	field(20, "QzxkwvPass")
	field(28, "DOMAIN")
	field(36, user)
	field(44, workstation)
	binary.LittleEndian.PutUint32(b[60:], 1)
	return b
}

// TestNoSecretIsPrinted scans the canary capture in every way there is.
func TestNoSecretIsPrinted(t *testing.T) {
	capture := canaryCapture()
	s := app.Scan{Input: bytes.NewReader(capture), InputName: "canaries"}
	doc, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	for _, leak := range leaks(text) {
		t.Errorf("the document holds a canary, %s", leak)
	}
	told := map[string]bool{}
	for i := range doc.Devices {
		for _, p := range doc.Devices[i].Protocols {
			told[p] = true
		}
	}
	// The trial means something only where the protocols were read.
	for _, p := range []string{"hl7", "dicom", "fhir", "astm", "poct1-a", "http", "ftp", "telnet", "smtp", "snmp", "mqtt", "kerberos", "sip", "syslog",
		"radius", "ldap", "rdp", "dhcp", "mdns", "llmnr", "netbios", "dns", "rtsp", "pjl", "bacnet"} {
		if !told[p] {
			t.Errorf("nothing was recognised as %s: %v", p, told)
		}
	}
	found := map[ward.FindingKind]bool{}
	for i := range doc.Findings {
		found[doc.Findings[i].Kind] = true
	}
	for _, kind := range []ward.FindingKind{ward.PHIInClear, ward.ClearTextPassword} {
		if !found[kind] {
			t.Errorf("no finding %q", kind)
		}
	}
	s = app.Scan{Input: bytes.NewReader(capture), InputName: "canaries", ShowNames: true}
	if doc, err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	} else if text, _ := json.Marshal(doc); len(leaks(text)) == 0 { //nolint:errchkjson // checked above
		t.Error("names that a person asked for are not found: the search for canaries finds nothing")
	}
	for _, args := range [][]string{{"-"}, {"--json", "-"}, {"--workers", "1", "--json", "-"}, {"-q", "-"}} {
		scanQuietly(t, capture, args...)
	}
	for i := range doc.Devices {
		scanQuietly(t, capture, "--explain", doc.Devices[i].ID, "-")
	}
}

func scanQuietly(t *testing.T, capture []byte, args ...string) {
	t.Helper()
	var out, complaints bytes.Buffer
	if code := cli.Main(append([]string{"scan"}, args...), bytes.NewReader(capture), &out, &complaints); code != 0 {
		t.Fatalf("scan %v ended with %d: %s", args, code, complaints.String())
	}
	for _, leak := range append(leaks(out.Bytes()), leaks(complaints.Bytes())...) {
		t.Errorf("scan %v prints a canary, %s", args, leak)
	}
}
