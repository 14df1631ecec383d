package sim

import (
	"fmt"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/proto/ipp"
	"github.com/wardkeeper/wardkeeper/proto/kerberos"
	"github.com/wardkeeper/wardkeeper/proto/lldp"
	"github.com/wardkeeper/wardkeeper/proto/netbios"
	"github.com/wardkeeper/wardkeeper/proto/ntp"
	"github.com/wardkeeper/wardkeeper/proto/pjl"
	"github.com/wardkeeper/wardkeeper/proto/sip"
	"github.com/wardkeeper/wardkeeper/proto/upnp"
)

// officeParts are the computers, printers and phones, and what serves them.
func officeParts() []part {
	return []part{
		{"domain controller", domainController}, {"ward workstation", workstation}, {"office workstation", workstation}, {"office mac", mac},
		{"printer", printer}, {"voip phone", phone}, {"nas", nas},
	}
}

// What the two systems ask of DHCP (see know/identity/prints for where these lists come from).
var (
	windows10Params = []byte{1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252}
	windows7Params  = []byte{1, 15, 3, 6, 44, 46, 47, 31, 33, 121, 249, 43}
	macParams       = []byte{1, 121, 3, 6, 15, 108, 114, 119, 252, 95, 44, 46}
)

const (
	realm     = "HOSPITAL.EXAMPLE"
	workgroup = "HOSPITAL"
	agent10   = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
	agent7    = "Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:52.0) Gecko/20100101 Firefox/52.0"
	agentMac  = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15"
)

// Sites on the internet; the address blocks are for documentation (RFC 5737).
var (
	newsSite  = outside(203, 0, 113, 10)
	cloudSite = outside(198, 51, 100, 20)
	phoneSite = outside(203, 0, 113, 50)
	oddSite   = outside(198, 51, 100, 77)
)

const (
	newsName  = "www.example.com"
	cloudName = "cloud.example.net"
	phoneName = "sip.example.org"
	oddName   = "relay.example.info"
)

func domainController(s *stage, d *Device) {
	s.arrive(d)
	s.shareVersion(d)
	s.every(time.Second, seldom, func() { s.ticket(s.Kind("office workstation")[d.Number], d) })
}

// windows is what every computer with Windows does: it gets an address, a ticket and the time, and
// tells its name to the segment.
func (s *stage) windows(d *Device) {
	params := windows10Params
	if d.OS == "Windows 7" {
		params = windows7Params
	}
	dcs := s.Kind("domain controller")
	dc := dcs[(d.Number+int(d.VLAN))%len(dcs)]
	s.join(d, lease{class: "MSFT 5.0", params: params, host: d.Host, fqdn: d.Host + "." + domain})
	ip := [4]byte(d.IP[12:])
	s.in(100*time.Millisecond, func() {
		s.broadcast(d.Port, 137, 137, netbios.AppendRegistration(nil, s.ephemeral(), netbios.NewName(d.Host, netbios.Workstation), false, ip))
		s.lookUp(d.Port, strings.ToLower(dc.Host)+"."+domain, dc.Port)
	})
	s.every(300*time.Millisecond, 3*seldom, func() { s.ticket(d, dc) })
	s.every(2*time.Second, 4*seldom, func() {
		a := netbios.Announcement{Server: []byte(d.Host), Major: 10, Type: 0x1003}
		if d.OS == "Windows 7" {
			a.Major, a.Minor = 6, 1
		}
		s.broadcast(d.Port, 138, 138, netbios.AppendAnnouncement(nil, ip, workgroup, &a))
	})
	s.every(5*time.Second, 4*seldom, func() {
		const since1900 = 2208988800 // seconds between the epochs of NTP and Unix (RFC 5905)
		now := uint64(s.now.Unix()+since1900) << 32
		s.ask(d.Port, dc.Port, 123, ntp.AppendRequest(nil, now), ntp.AppendAnswer(nil, 2, [4]byte{203, 0, 113, 1}, now, now+1<<28))
	})
	s.shareVersion(d)
}

// ticket plays how a computer asks for a Kerberos ticket.
func (s *stage) ticket(d, dc *Device) {
	name := d.Host + "$"
	s.ask(d.Port, dc.Port, 88, kerberos.AppendRequest(nil, realm, name), kerberos.AppendAnswer(nil, realm, name, s.noise(96)))
}

func workstation(s *stage, d *Device) {
	s.windows(d)
	record := s.one("health record")
	s.every(4*time.Second, 2*seldom, func() {
		s.web(d.Port, record.Port, 80, request("GET", "/portal", "his1."+domain, nil, "User-Agent: "+agent10, "Accept: text/html"),
			answer("302 Found", nil, "Location: https://his1."+domain+"/portal"))
		s.secure(d.Port, record.Port, 443, "his1."+domain, manyCiphers, 500, 1200)
	})
	if d.Kind == "office workstation" {
		s.every(3*time.Second, 2*seldom, func() { s.secure(d.Port, newsSite, 443, newsName, manyCiphers, 400, 1300) })
		if n := s.Kind("nas"); d.Number%6 == 0 {
			s.every(6*time.Second, 2*seldom, func() { s.challenge(d, n[d.Number%len(n)]) })
		}
	}
}

func mac(s *stage, d *Device) {
	s.join(d, lease{params: macParams, host: d.Host})
	s.every(500*time.Millisecond, 2*seldom, func() {
		instance := d.Host + "._device-info._tcp.local"
		b := dns.AppendHeader(nil, 0, 0x8400, 0, 2, 0, 0)
		b = dns.AppendRecord(b, d.Host+".local", dns.A, 0x8001, 120, d.IP[12:])
		b = dns.AppendRecord(b, instance, dns.TXT, 1, 4500, dns.AppendTXT(nil, "model=Mac14,3", "osxvers=23"))
		s.group(d.Port, 224, 0, 0, 251, 5353, 5353, b)
	})
	s.every(3*time.Second, 2*seldom, func() { s.secure(d.Port, cloudSite, 443, cloudName, manyCiphers, 300, 1000) })
	record := s.one("health record")
	s.every(4*time.Second, 2*seldom, func() {
		s.web(d.Port, record.Port, 80, request("GET", "/portal", "his1."+domain, nil, "User-Agent: "+agentMac, "Accept: text/html"),
			answer("302 Found", nil, "Location: https://his1."+domain+"/portal"))
	})
}

// printer announces itself by DNS-SD and tells who prints what it is.
func printer(s *stage, d *Device) {
	s.join(d, lease{class: "Brother NC-8300h", params: []byte{1, 3, 6, 15, 44, 12}, host: d.Host})
	s.every(300*time.Millisecond, 2*seldom, func() {
		instance := "Brother " + d.Model + " " + d.Host + "._ipp._tcp.local"
		b := dns.AppendHeader(nil, 0, 0x8400, 0, 4, 0, 0)
		b = dns.AppendRecord(b, "_ipp._tcp.local", dns.PTR, 1, 4500, dns.AppendName(nil, instance))
		b = dns.AppendRecord(b, instance, dns.SRV, 0x8001, 120, dns.AppendSRV(nil, 631, d.Host+".local"))
		b = dns.AppendRecord(b, instance, dns.TXT, 0x8001, 4500, dns.AppendTXT(nil, "txtvers=1", "ty=Brother "+d.Model, "usb_MFG=Brother", "usb_MDL="+d.Model, "rp=ipp/print"))
		b = dns.AppendRecord(b, d.Host+".local", dns.A, 0x8001, 120, d.IP[12:])
		s.group(d.Port, 224, 0, 0, 251, 5353, 5353, b)
	})
	kind := "office workstation"
	if d.VLAN == 130 {
		kind = "ward workstation"
	}
	asker := s.near(d, kind)
	s.every(time.Second, seldom, func() { s.printerAttributes(asker, d) })
	s.every(2500*time.Millisecond, 2*seldom, func() {
		c := s.dial(asker.Port, d.Port, 9100)
		c.Send([]byte("\x1b%-12345X@PJL INFO ID\r\n\x1b%-12345X")).Answer(pjl.AppendAnswer(nil, "Brother "+d.Model)).Close()
	})
}

func (s *stage) printerAttributes(asker, d *Device) {
	uri := "ipp://" + d.Host + "." + domain + "/ipp/print"
	q := ipp.AppendHead(nil, ipp.GetPrinterAttributes, 1)
	q = ipp.AppendEnd(ipp.AppendAttribute(q, ipp.TagURI, "printer-uri", uri))
	a := ipp.AppendGroup(ipp.AppendHead(nil, 0, 1), ipp.PrinterAttributes)
	a = ipp.AppendAttribute(a, ipp.TagText, "printer-make-and-model", "Brother "+d.Model)
	a = ipp.AppendAttribute(a, ipp.TagText, "printer-location", d.Zone.Name)
	a = ipp.AppendAttribute(a, ipp.TagText, "printer-firmware-string-version", d.Firmware)
	a = ipp.AppendAttribute(a, ipp.TagText, "printer-serial-number", d.Serial)
	a = ipp.AppendAttribute(a, ipp.TagURI, "printer-uuid", "urn:uuid:"+d.uuid())
	s.web(asker.Port, d.Port, 631, request("POST", "/ipp/print", d.Host, q, "Content-Type: application/ipp"),
		answer("200 OK", ipp.AppendEnd(a), "Content-Type: application/ipp", "Server: debut/1.30"))
}

// phone registers with an exchange outside and announces itself to its switch.
func phone(s *stage, d *Device) {
	s.join(d, lease{class: "Grandstream " + d.Model, params: []byte{1, 3, 6, 12, 15, 42, 66, 120}, host: d.Host})
	s.every(200*time.Millisecond, 30*time.Second, func() {
		s.tape.Ethernet(d.Port, nearestBridge, etherLLDP, lldp.Append(nil, lldp.Station{
			Chassis: d.MAC, Port: "port 1", Name: d.Host, Description: "Grandstream " + d.Model, Capabilities: lldp.CanTelephone, IPv4: [4]byte(d.IP[12:]),
			Inventory: lldp.Inventory{Software: d.Firmware, Serial: d.Serial, Manufacturer: d.Maker, Model: d.Model},
		}))
	})
	s.every(time.Second, seldom, func() {
		via := fmt.Sprintf("Via: SIP/2.0/UDP %s:5060;branch=z9hG4bK%08x", d.IP, s.random.Uint32())
		user := fmt.Sprintf("<sip:7%03d@%s>", d.Number, phoneName)
		call, sequence := fmt.Sprintf("Call-ID: %08x@%s", s.random.Uint32(), d.IP), "CSeq: 1 REGISTER"
		s.tape.UDP(d.Port, phoneSite, 5060, 5060, sip.AppendRequest(nil, "REGISTER", "sip:"+phoneName, "SIP/2.0",
			via, "Max-Forwards: 70", "From: "+user+";tag=1", "To: "+user, call, sequence,
			fmt.Sprintf("Contact: <sip:7%03d@%s:5060>", d.Number, d.IP), "Expires: 3600", "User-Agent: Grandstream "+d.Model+" "+d.Firmware))
		s.tape.UDP(phoneSite, d.Port, 5060, 5060, sip.AppendAnswer(nil, "SIP/2.0", 200, "OK", "",
			via, "From: "+user+";tag=1", "To: "+user+";tag=2", call, sequence, "Expires: 3600"))
	})
}

// nas is a file server that announces itself to the segment.
func nas(s *stage, d *Device) {
	s.arrive(d)
	description := upnp.Device{
		DeviceType: []byte("urn:schemas-upnp-org:device:Basic:1"), FriendlyName: []byte(d.Host + " (" + d.Model + ")"), Manufacturer: []byte(d.Maker),
		ModelName: []byte(d.Model), ModelNumber: []byte(d.Model + " " + d.Firmware), ModelDescription: []byte("Synology NAS"), SerialNumber: []byte(d.Serial), UDN: []byte("uuid:" + d.uuid()),
	}
	s.announceAs(d, "Synology/DSM/"+d.IP.String(), "/ssdp/desc-DSM-eth0.xml", 5000)
	s.every(700*time.Millisecond, 2*seldom, func() {
		pc := s.Kind("office workstation")[d.Number]
		s.web(pc.Port, d.Port, 5000, request("GET", "/ssdp/desc-DSM-eth0.xml", d.Host, nil, "User-Agent: Microsoft-Windows/10.0 UPnP/1.0"),
			answer("200 OK", upnp.Append(nil, &description), "Content-Type: text/xml"))
	})
}
