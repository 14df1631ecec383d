package it

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/arp"
	"github.com/wardkeeper/wardkeeper/proto/dhcp"
	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/proto/ipp"
	"github.com/wardkeeper/wardkeeper/proto/netbios"
	"github.com/wardkeeper/wardkeeper/proto/ntlm"
	"github.com/wardkeeper/wardkeeper/proto/smb"
	"github.com/wardkeeper/wardkeeper/proto/upnp"
)

const (
	client = decode.Client
	server = decode.Server
)

// check compares lines: each of want must be there; one that begins with "-" must not.
func check(t *testing.T, r decodetest.Result, want ...string) {
	t.Helper()
	for _, w := range want {
		if not, ok := strings.CutPrefix(w, "-"); ok {
			if at := slices.IndexFunc(r.Lines, func(l string) bool { return strings.HasPrefix(l, not) }); at >= 0 {
				t.Errorf("said %q", r.Lines[at])
			}
		} else if !slices.Contains(r.Lines, w) {
			t.Errorf("did not say %q but %q", w, r.Lines)
		}
	}
}

func TestARPProbeBindsNothing(t *testing.T) {
	d := addressResolution()
	probe := arp.Append(nil, &arp.Packet{Operation: arp.Request, SenderMAC: [6]byte{2, 0, 0, 0, 0, 7}, TargetIP: [4]byte{10, 0, 0, 7}})
	if r := decodetest.Frame(&d, 0x0806, probe); !r.OK || len(r.Lines) != 0 {
		t.Errorf("probe: %+v", r)
	}
	gratuitous := arp.Append(nil, &arp.Packet{Operation: arp.Request, SenderMAC: [6]byte{2, 0, 0, 0, 0, 7}, SenderIP: [4]byte{10, 0, 0, 7}, TargetIP: [4]byte{10, 0, 0, 7}})
	check(t, decodetest.Frame(&d, 0x0806, gratuitous), "binding 02:00:00:00:00:07 10.0.0.7 arp")
}

func TestDHCPDescribesTheClientAlsoThroughARelay(t *testing.T) {
	d := dhcpV4()
	m := dhcp.Message{
		Op: dhcp.BootRequest, HType: 1, Hardware: [6]byte{2, 0, 0, 0, 0, 9}, Type: dhcp.Discover, Relay: [4]byte{192, 0, 2, 1},
		HostName: []byte("pump"), ParameterList: []byte{1, 3, 6}, VendorClass: []byte("Vendor A"), ClientID: []byte{0, 'p', '9'},
	}
	check(t, decodetest.Datagram(&d, client, 67, dhcp.Append(nil, &m)),
		"02:00:00:00:00:09: dhcp option 12 = pump", "02:00:00:00:00:09: dhcp option 55 = 1,3,6",
		"02:00:00:00:00:09: dhcp option 60 = Vendor A", "02:00:00:00:00:09: dhcp option 61 = p9",
		"client: dhcp relays = dhcp relay", "-client: dhcp option")
	m = dhcp.Message{
		Op: dhcp.BootReply, HType: 1, Hardware: [6]byte{2, 0, 0, 0, 0, 9}, Type: dhcp.Ack, Your: [4]byte{192, 0, 2, 9},
		ServerID: []byte{192, 0, 2, 2},
	}
	check(t, decodetest.Datagram(&d, server, 67, dhcp.Append(nil, &m)),
		"binding 02:00:00:00:00:09 192.0.2.9 dhcp", "server: dhcp answers = dhcp server")
	m.ServerID = []byte{192, 0, 2, 77} // passed on by a relay
	check(t, decodetest.Datagram(&d, server, 67, dhcp.Append(nil, &m)), "-server: dhcp answers")
}

func TestShortenedNames(t *testing.T) {
	for in, want := range map[string]string{
		"weave-logsink.nest.com":                        "weave-logsink.nest.com",
		"a.b.devs.tplinkcloud.com":                      "devs.tplinkcloud.com",
		"www.hospital.nhs.uk":                           "www.hospital.nhs.uk",
		"0123456789abcdef0123456789abcdef.x.tunnel.com": "x.tunnel.com",
		"0123456789abcdef0123456789abcdef.tunnel.com":   "tunnel.com",
		"dnscat.0021f500f5ebc7cddf65":                   "",
		"bed-4.123":                                     "",
		"example.com":                                   "example.com",
		"printer":                                       "",
		"9.2.0.192.in-addr.arpa":                        "",
		"host.local":                                    "",
	} {
		if got := string(shortened([]byte(in))); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestDNSQuestionsAndAnswers(t *testing.T) {
	d := dnsUDPTCP()
	q := dns.AppendQuestion(dns.AppendHeader(nil, 1, 0x100, 1, 0, 0, 0), "fw.Maker.example", dns.A, dns.IN)
	check(t, decodetest.Datagram(&d, client, 53, q), "client: dns query = fw.maker.example")
	a := dns.AppendQuestion(dns.AppendHeader(nil, 1, 0x8180, 1, 1, 0, 0), "fw.maker.example", dns.A, dns.IN)
	a = dns.AppendRecord(a, "fw.maker.example", dns.A, dns.IN, 60, []byte{1, 2, 3, 4})
	check(t, decodetest.Datagram(&d, server, 53, a), "server: dns answers = dns server", "-server: dns query")
	framed := func(b []byte) []byte { return append([]byte{0, byte(len(b))}, b...) }
	check(t, decodetest.Stream(&d, 53, 5, decodetest.Turn{Dir: client, Data: framed(q)}, decodetest.Turn{Dir: server, Data: framed(a)}),
		"client: dns query = fw.maker.example", "server: dns answers = dns server")
}

func announce(ip []byte, txt ...string) []byte {
	b := dns.AppendHeader(nil, 0, 0x8400, 0, 2, 0, 0)
	b = dns.AppendRecord(b, "Office._ipp._tcp.local", dns.TXT, dns.IN, 120, dns.AppendTXT(nil, txt...))
	return dns.AppendRecord(b, "prn.local", dns.A, dns.IN, 120, ip)
}

func TestMDNSOwners(t *testing.T) {
	d := mdns()
	own, other := decodetest.ClientIP[12:], []byte{198, 51, 100, 7}
	check(t, decodetest.Datagram(&d, client, 5353, announce(own, "usb_MFG=Brother", "usb_MDL=HL-1", "note=Ward 4")),
		"client: mdns txt usb_MFG = Brother", "client: mdns txt usb_MDL = HL-1", "client: mdns txt note = Ward 4",
		"client: mdns host name = prn", "client: mdns service = _ipp._tcp")
	check(t, decodetest.Datagram(&d, client, 5353, announce(other, "usb_MDL=HL-1")), // a reflector
		"198.51.100.7: mdns txt usb_MDL = HL-1", "-client: mdns")
	check(t, decodetest.Datagram(&d, client, 5353, announce(own, "rp=printers/Office", "usb_MDL=HL-1", "ty=Brother HL-1")),
		"client: mdns shares printer = Brother HL-1", "-client: mdns txt usb_MDL")
	info := func(txt ...string) []byte {
		b := dns.AppendHeader(nil, 0, 0x8400, 0, 1, 0, 0)
		return dns.AppendRecord(b, "NAS._device-info._tcp.local", dns.TXT, dns.IN, 120, dns.AppendTXT(nil, txt...))
	}
	check(t, decodetest.Datagram(&d, client, 5353, info("model=Xserve")), "client: mdns txt model shown = Xserve", "-client: mdns txt model =")
	check(t, decodetest.Datagram(&d, client, 5353, info("model=iMac11,3", "osxvers=17")), "client: mdns txt model = iMac11,3")
	check(t, decodetest.Datagram(&d, client, 5353, announce(own, "md=Google Cast Group")), "-client: mdns txt md")
	question := dns.AppendQuestion(dns.AppendHeader(nil, 0, 0, 1, 1, 0, 0), "_ipp._tcp.local", dns.PTR, dns.IN)
	known := dns.AppendRecord(question, "_ipp._tcp.local", dns.PTR, dns.IN, 60, dns.AppendName(nil, "Office._ipp._tcp.local"))
	if r := decodetest.Datagram(&d, client, 5353, known); !r.OK || len(r.Lines) != 0 {
		t.Errorf("a question with known answers: %+v", r)
	}
}

func TestNetBIOSNameServerAnswersForOthers(t *testing.T) {
	d := netbiosUDP()
	own := netbios.AppendRegistration(nil, 1, netbios.NewName("bed-4", netbios.Workstation), false, [4]byte{192, 0, 2, 1})
	check(t, decodetest.Datagram(&d, client, 137, own), "client: netbios name = BED-4")
	other := netbios.AppendRegistration(nil, 1, netbios.NewName("bed-5", netbios.Workstation), false, [4]byte{192, 0, 2, 55})
	check(t, decodetest.Datagram(&d, client, 137, other), "-client: netbios name")
	dc := netbios.AppendRegistration(nil, 1, netbios.NewName("ward", netbios.DomainControllers), true, [4]byte{192, 0, 2, 1})
	check(t, decodetest.Datagram(&d, client, 137, dc), "client: netbios serves domain = server")
	a := netbios.Announcement{Server: []byte("XRAY"), Major: 5, Minor: 1, Type: netbios.TypeServer}
	check(t, decodetest.Datagram(&d, client, 138, netbios.AppendAnnouncement(nil, [4]byte{192, 0, 2, 1}, "WARD", &a)),
		"client: browser os version = 5.1", "client: browser server = XRAY", "client:  speaks = browser")
}

func TestSMB1OnlyWhenTheServerTakesPart(t *testing.T) {
	d := smbOne()
	offer := smb.AppendFrame(nil, smb.AppendNegotiate1(nil))
	two := make([]byte, 64+66)
	copy(two, smb.Mark2[:])
	two[4], two[16], two[64+4], two[64+5] = 64, 1, 0x10, 0x02
	check(t, decodetest.Stream(&d, 445, 0, decodetest.Turn{Dir: client, Data: offer}, decodetest.Turn{Dir: server, Data: smb.AppendFrame(nil, two)}),
		"server: smb2 dialect = 2.1", "-server: finding", "-client: finding")
	accepted := smb.AppendFrame(nil, smb.AppendNegotiated1(nil))
	setup := smb.AppendFrame(nil, smb.AppendSessionSetup1(nil, 0, nil, "Windows 5.1", "Windows 2000 LAN Manager"))
	check(t, decodetest.Stream(&d, 445, 11, decodetest.Turn{Dir: client, Data: offer}, decodetest.Turn{Dir: server, Data: append(accepted, setup...)}),
		"server: finding smbv1 (smb dialect = SMB 1 accepted)", "server: smb server native os = Windows 5.1")
}

func TestHTTPProxyAndPrivacy(t *testing.T) {
	d := httpOne()
	get := func(s string) decodetest.Turn { return decodetest.Turn{Dir: client, Data: []byte(s)} }
	answer := func(s string) decodetest.Turn { return decodetest.Turn{Dir: server, Data: []byte(s)} }
	check(t, decodetest.Stream(&d, 3128, 0, get("GET http://origin.example/ HTTP/1.1\r\nUser-Agent: Pump/1\r\n\r\n"),
		answer("HTTP/1.1 200 OK\r\nServer: Origin/2\r\nContent-Length: 0\r\n\r\n")), "-server: http server")
	check(t, decodetest.Stream(&d, 80, 3, get("GET /api/83b7780291a6ceffbe0bd049104df/lights?user=jane&model=X1 HTTP/1.1\r\nHost: hub.example:80\r\nUser-Agent: App/1\r\n\r\n"),
		answer("HTTP/1.0 200 OK\r\nServer: Mini/1\r\nContent-Type: text/html\r\n\r\n<html><title>Infusion Manager</title>")),
		"client: http request = GET /api/*/lights?user&model=X1", "client: http host = hub.example", "server: http server = Mini/1",
		"-server: http title")
	check(t, decodetest.Stream(&d, 80, 3, get("GET /login.html HTTP/1.0\r\n\r\n"), answer("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>Infusion Manager</title>")),
		"server: http title = Infusion Manager")
	check(t, decodetest.Stream(&d, 80, 0, get("GET /private HTTP/1.1\r\nHost: news.example\r\nUser-Agent: Mozilla/5.0 (X)\r\n\r\n")),
		"client: http user-agent = Mozilla/5.0 (X)", "-client: http request", "-client: http host")
	check(t, decodetest.Stream(&d, 80, 0, get("GET / HTTP/1.1\r\nVia: 1.1 gw\r\nUser-Agent: Other/1\r\n\r\n"),
		answer("HTTP/1.1 200 OK\r\nVia: 1.1 gw\r\nServer: Far/1\r\nContent-Length: 0\r\n\r\n")),
		"-client: http user-agent", "-server: http server", "client: http passes on requests = web proxy")
}

func TestHTTPKeepsPeopleOut(t *testing.T) {
	d := httpOne()
	page := decodetest.Turn{Dir: server, Data: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 28\r\n\r\n<title>Doe, Jane (F)</title>")}
	r := decodetest.Stream(&d, 80, 0, decodetest.Turn{Dir: client, Data: []byte("GET /Patient/doe-jane/chart HTTP/1.1\r\nUser-Agent: Viewer/1\r\n\r\n")}, page)
	check(t, r, "client: http request = GET /Patient/*/chart", "-server: http title")
}

func TestHTTPNegotiation(t *testing.T) {
	d := httpOne()
	challenge := base64.StdEncoding.EncodeToString(ntlm.AppendChallenge(nil, "PACS1", "HOSP", "", "", [3]uint16{10, 0, 17763}))
	check(t, decodetest.Stream(&d, 80, 0, decodetest.Turn{Dir: client, Data: []byte("GET / HTTP/1.1\r\n\r\n")},
		decodetest.Turn{Dir: server, Data: []byte("HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM " + challenge + "\r\nContent-Length: 0\r\n\r\n")}),
		"server: ntlm computer name = PACS1", "server: ntlm os version = 10.0.17763")
}

func TestDescriptionsOfPrograms(t *testing.T) {
	d := httpOne()
	serve := func(dev upnp.Device) decodetest.Result {
		xml := string(upnp.Append(nil, &dev))
		return decodetest.Stream(&d, 2869, 0, decodetest.Turn{Dir: client, Data: []byte("GET /d.xml HTTP/1.1\r\n\r\n")},
			decodetest.Turn{Dir: server, Data: []byte("HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + xml)})
	}
	check(t, serve(upnp.Device{DeviceType: []byte("urn:schemas-upnp-org:device:MediaServer:1"), Manufacturer: []byte("Microsoft Corporation"), ModelName: []byte("Windows Media Player Sharing")}),
		"server: upnp media server = Windows Media Player Sharing", "-server: upnp manufacturer", "-server: upnp modelName")
	check(t, serve(upnp.Device{DeviceType: []byte("urn:schemas-upnp-org:device:Basic:1"), Manufacturer: []byte("Signify"), ModelName: []byte("BSB002"), SerialNumber: []byte("12345678")}),
		"server: upnp manufacturer = Signify", "server: upnp modelName = BSB002", "-server: upnp serialNumber")
	check(t, serve(upnp.Device{DeviceType: []byte("urn:schemas-upnp-org:device:Basic:1"), SerialNumber: []byte("0017882476ff")}),
		"server: upnp serialNumber = 0017882476ff")
}

func TestPrintQueuesOfAComputer(t *testing.T) {
	d := httpOne()
	body := string(ipp.AppendEnd(ipp.AppendAttribute(ipp.AppendGroup(ipp.AppendHead(nil, 0, 1), ipp.OperationAttributes), ipp.TagCharset, "attributes-charset", "utf-8")))
	answer := func(server string) decodetest.Result {
		head := "HTTP/1.1 200 OK\r\nServer: " + server + "\r\nContent-Type: application/ipp\r\n"
		return decodetest.Stream(&d, 631, 0, decodetest.Turn{Dir: client, Data: []byte("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")},
			decodetest.Turn{Dir: decode.Server, Data: []byte(head + "Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body)})
	}
	check(t, answer("Virata-EmWeb/R6"), "server: ipp serves = printer")
	check(t, answer("CUPS/2.4 IPP/2.1"), "server:  speaks = ipp", "-server: ipp serves")
}

func TestHTTPPasswords(t *testing.T) {
	d := httpOne()
	basic := func(pair string) []byte {
		return []byte("GET / HTTP/1.1\r\nAuthorization: Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) + "\r\n\r\n")
	}
	ok, denied := []byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), []byte("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
	clear := "client: finding clear-text password (http authorization = basic, 5 characters)"
	check(t, decodetest.Stream(&d, 80, 0, decodetest.Turn{Dir: client, Data: basic("admin:admin")}, decodetest.Turn{Dir: server, Data: ok}),
		clear, "server: finding default credential (http authorization = published default accepted, 5 characters)")
	check(t, decodetest.Stream(&d, 80, 0, decodetest.Turn{Dir: client, Data: basic("admin:admin")}, decodetest.Turn{Dir: server, Data: denied}),
		clear, "-server: finding")
	for body, want := range map[string]string{
		"user=a&password=s3cret":                           "client: finding clear-text password (http password field = form, 6 characters)",
		"user=a&password=":                                 "-client: finding",
		"user=a&password=d41d8cd98f00b204e9800998ecf8427e": "-client: finding",
		"user=a&passwordhint=dog":                          "-client: finding",
	} {
		post := "POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 999\r\n\r\n" + body
		post = strings.Replace(post, "999", string(rune('0'+len(body)/10))+string(rune('0'+len(body)%10)), 1)
		check(t, decodetest.Stream(&d, 80, 4, decodetest.Turn{Dir: client, Data: []byte(post)}), want)
	}
	for _, l := range decodetest.Stream(&d, 80, 0, decodetest.Turn{Dir: client, Data: basic("nurse:Tr0ub4dor")}).Lines {
		if strings.Contains(l, "Tr0ub4dor") || strings.Contains(l, "nurse") {
			t.Errorf("a secret got out: %s", l)
		}
	}
}
