package gear

import (
	"encoding/binary"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/eq3"
	"github.com/wardkeeper/wardkeeper/proto/kasa"
	"github.com/wardkeeper/wardkeeper/proto/kerberos"
	"github.com/wardkeeper/wardkeeper/proto/mqtt"
	"github.com/wardkeeper/wardkeeper/proto/pjl"
	"github.com/wardkeeper/wardkeeper/proto/rdp"
	"github.com/wardkeeper/wardkeeper/proto/sip"
)

func says(s string) decodetest.Turn { return decodetest.Turn{Dir: decode.Server, Data: []byte(s)} }
func asks(s string) decodetest.Turn { return decodetest.Turn{Dir: decode.Client, Data: []byte(s)} }

// TestStreams plays each conversation whole and in pieces of one and of seven bytes: the same must
// be said.
func TestStreams(t *testing.T) {
	framed := func(b []byte) string { return string(append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...)) }
	sdp := "v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=Media Presentation\r\nm=video 0 RTP/AVP 96\r\n"
	for _, c := range []struct {
		name    string
		decoder decode.Decoder
		port    uint16
		turns   []decodetest.Turn
		want    []string
		never   []string
	}{
		{"ssh", secureShell(), 22, []decodetest.Turn{says("SSH-2.0-OpenSSH_9.6\r\n\x00\x00"), asks("SSH-2.0-PuTTY_0.80\r\n")},
			[]string{"server: ssh identification = SSH-2.0-OpenSSH_9.6", "server: ssh software = OpenSSH_9.6", "client: ssh client identification = SSH-2.0-PuTTY_0.80"}, nil},
		{"telnet with a factory password", terminal(), 23, []decodetest.Turn{
			says("\xff\xfd\x18Acme Switch 24\r\n\r\nlogin: "), asks("admin\r\n"), says("Password:"), asks("1234\r\n"), says("\r\nWard 4: Doe, John\r\nLinux sw4 5.10\r\n$ "),
		}, []string{
			"server: telnet banner = Acme Switch 24", "server: telnet banner = Linux sw4 5.10", "server: telnet serves = telnet server",
			"client: finding clear-text password (telnet password = present, 4 characters)",
			"server: finding clear-text protocol (telnet session = log-in over Telnet)",
			"server: finding default credential (telnet password = a factory user name and password, accepted)",
		}, []string{"Doe", "1234", "= admin"}},
		{"infusion pump's service terminal", terminal(), 23, []decodetest.Turn{
			says("Welcome to the SIGMA Spectrum Diagnostic Terminal\r\n\r\nMAC Address: 02-00-00-00-00-02 SW: 20 D29\r\nSigma Spectrum SN: 1234567 SW: v8.00.01\r\n\r\nlogin: "),
		}, []string{"server: telnet banner = Sigma Spectrum SN: 1234567 SW: v8.00.01"}, nil},
		{"telnet refused", terminal(), 23, []decodetest.Turn{
			says("\xff\xfd\x18\r\nlogin: "), asks("admin\r\n"), says("Password:"), asks("admin\r\n"), says("\r\nLogin incorrect\r\nlogin: "),
		}, nil, []string{"default credential"}},
		{"telnet heard from the middle", terminal(), 23, []decodetest.Turn{
			says("\xff\xfb\x01Ward 4: Doe, John\r\n> "), asks("exit\r\n"), says("Bye Doe\r\nlogin: "),
		}, nil, []string{"Doe"}},
		{"camera with a password in its path", streams(), 554, []decodetest.Turn{
			asks("DESCRIBE rtsp://10.0.0.9/user=admin_password=geheim_channel=1 RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
			says(string(sip.AppendAnswer(nil, "RTSP/1.0", 200, "OK", sdp, "CSeq: 1"))),
		}, []string{"server: rtsp served path = /user"}, []string{"geheim"}},
		{"telnet without log-in", terminal(), 23, []decodetest.Turn{says("\xff\xfd\x18Patient Doe, John\r\n> "), asks("next\r\n")}, nil, []string{"Doe", "finding"}},
		{"ftp with a factory password", fileTransfer(), 21, []decodetest.Turn{
			says("220-Acme print server\r\n220 FTP ready\r\n"), asks("USER admin\r\n"), says("331 ?\r\n"), asks("PASS admin\r\n"), says("230 in\r\n"), asks("SYST\r\n"), says("215 UNIX Type: L8\r\n"),
		}, []string{
			"server: ftp banner = Acme print server", "server: ftp SYST = UNIX Type: L8",
			"client: finding clear-text password (ftp PASS = present, 5 characters)",
			"server: finding default credential (ftp PASS = a factory user name and password, accepted)",
		}, []string{"anonymous"}},
		{"ftp over TLS", fileTransfer(), 21, []decodetest.Turn{says("220 FTP ready\r\n"), asks("AUTH TLS\r\n"), says("234 go\r\n"), asks("PASS secret\r\n")},
			nil, []string{"finding"}},
		{"ftp listing", ftpListing(), 40000, []decodetest.Turn{says("-rw-r--r--    1 0        0        1073741824 Feb 19  2016 doe.zip\r\n")}, nil, []string{"doe"}},
		{"mail", mail(), 25, []decodetest.Turn{says("220 mx.ward.test ESMTP Postfix\r\n"), asks("EHLO pump7\r\n")},
			[]string{"server: smtp banner = mx.ward.test ESMTP Postfix"}, nil},
		{"ticket over TCP", tickets(), 88, []decodetest.Turn{
			asks(framed(kerberos.AppendRequest(nil, "WARD.TEST", "PUMP12$"))), says(framed(kerberos.AppendAnswer(nil, "WARD.TEST", "PUMP12$", make([]byte, 900)))),
		}, []string{"server: kerberos realm = WARD.TEST", "client: kerberos machine account = PUMP12$"}, nil},
		{"mqtt", telemetryQueue(), 1883, []decodetest.Turn{
			asks(string(mqtt.AppendConnect(nil, "ward4-hub", "svc", "secret"))), says(string(mqtt.AppendConnAck(nil))),
			asks(string(mqtt.AppendPublish(nil, "hubs/doe/pulse", make([]byte, 300)))),
		}, []string{
			"client: mqtt client id = ward4-hub", "server: mqtt answers CONNECT = server", "server: mqtt accepts CONNECT = mqtt broker",
			"client: mqtt topic prefix = hubs", "client: finding clear-text password (mqtt password = present, 6 characters)",
		}, []string{"doe", "= secret", "svc"}},
		{"remote desktop", desktops(), 3389, []decodetest.Turn{asks(string(rdp.AppendRequest(nil, "doe", rdp.TLS))), says(string(rdp.AppendConfirm(nil, rdp.Standard)))},
			[]string{"server: rdp answers = rdp server", "server: rdp security = none beyond RDP's own", "client: rdp mstshash = present"}, []string{"doe"}},
		{"screen", screens(), 5900, []decodetest.Turn{says("RFB 003.008\n"), asks("RFB 003.008\n"), says("\x02\x01\x02")},
			[]string{"server: vnc version = 003.008", "server: vnc security = none"}, []string{"client: vnc"}},
		{"camera", streams(), 554, []decodetest.Turn{
			asks(string(sip.AppendRequest(nil, "DESCRIBE", "rtsp://10.0.0.9/Streaming/Channels/101?user=doe", "RTSP/1.0", "CSeq: 1", "Authorization: Basic YTpi"))),
			says(string(sip.AppendAnswer(nil, "RTSP/1.0", 200, "OK", sdp, "CSeq: 1", "Server: Acme Rtsp/1.0"))),
		}, []string{
			"server: rtsp Server = Acme Rtsp/1.0", "server: rtsp served path = /Streaming/Channels/101", "server: rtsp sdp session name = Media Presentation",
			"client: finding clear-text password (rtsp authorization = Basic, present)",
		}, []string{"doe", "YTpi", "sdp origin"}},
		{"printer", printJobs(), 9100, []decodetest.Turn{asks("\x1b%-12345X@PJL INFO ID\r\n%!PS doe"), says(string(pjl.AppendAnswer(nil, "Acme LaserPrint 9")))},
			[]string{"server: pjl INFO ID = Acme LaserPrint 9", "server: pjl answers INFO = printer"}, []string{"doe"}},
		{"cube", heatingCubes(), 62910, []decodetest.Turn{says(string(eq3.AppendHello(nil, "KEQ0123456", "0113")))},
			[]string{"server: eq-3 max serial = KEQ0123456", "server: eq-3 max H: firmware = 0113"}, nil},
		{"lamp", plugs(), 9999, []decodetest.Turn{asks(framed(kasa.AppendSecret(nil, `{"system":{"get_sysinfo":{}}}`))),
			says(framed(kasa.AppendSecret(nil, `{"system":{"get_sysinfo":{"model":"LB110","mic_type":"IOT.SMARTBULB"}}}`)))},
			[]string{"server: tp-link smart home type = smart light"}, []string{"client: tp"}},
		{"directory", directories(), 389, []decodetest.Turn{asks("0\x16\x02\x01\x01\x60\x11\x02\x01\x03\x04\x04cn=x\x80\x06secret"), says("0\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00")},
			[]string{"server: ldap answers = server", "client: finding clear-text password (ldap simple bind = present, 6 characters)"}, []string{"= secret", "cn=x"}},
		{"log over TCP", logMessages(), 514, []decodetest.Turn{asks("<134>1 2026-01-02T03:04:05Z sw4 lldpd - - - Doe in\n<134>1 2026-01-02T03:04:06Z sw4 sshd - - - Doe out\n")},
			[]string{"client: syslog app-name = lldpd", "client: syslog app-name = sshd"}, []string{"Doe"}},
	} {
		for _, chunk := range []int{0, 1, 7} {
			check(t, c.name, decodetest.Stream(&c.decoder, c.port, chunk, c.turns...), c.want, c.never)
		}
	}
}

// TestRemoteCalls binds to the replication interface of a domain controller.
func TestRemoteCalls(t *testing.T) {
	bind := "\x05\x00\x0b\x03\x10\x00\x00\x00\x48\x00\x00\x00\x01\x00\x00\x00\xd0\x16\xd0\x16\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x01\x00" +
		"\x35\x42\x51\xe3\x06\x4b\xd1\x11\xab\x04\x00\xc0\x4f\xc2\xdc\xd2\x04\x00\x00\x00\x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\x00\x2b\x10\x48\x60\x02\x00\x00\x00"
	ack := "\x05\x00\x0c\x03\x10\x00\x00\x00\x3c\x00\x00\x00\x01\x00\x00\x00\xd0\x16\xd0\x16\x01\x00\x00\x00\x04\x00135\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00" +
		"\x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\x00\x2b\x10\x48\x60\x02\x00\x00\x00"
	d := remoteCalls()
	for _, chunk := range []int{0, 1} {
		check(t, "replication", decodetest.Stream(&d, 49152, chunk, asks(bind), says(ack)),
			[]string{"server: dcerpc serves interface = drsuapi", "server: dcerpc replicates directory = domain controller"}, nil)
		check(t, "refused", decodetest.Stream(&d, 49152, chunk, asks(bind), says(ack[:36]+"\x02"+ack[37:])), nil, []string{"drsuapi"})
	}
}
