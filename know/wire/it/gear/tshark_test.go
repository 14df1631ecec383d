package gear_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/wiretest"
	"github.com/wardkeeper/wardkeeper/proto/ber"
	"github.com/wardkeeper/wardkeeper/proto/cdp"
	"github.com/wardkeeper/wardkeeper/proto/ipp"
	"github.com/wardkeeper/wardkeeper/proto/kerberos"
	"github.com/wardkeeper/wardkeeper/proto/lldp"
	"github.com/wardkeeper/wardkeeper/proto/mqtt"
	"github.com/wardkeeper/wardkeeper/proto/ntp"
	"github.com/wardkeeper/wardkeeper/proto/radius"
	"github.com/wardkeeper/wardkeeper/proto/rdp"
	"github.com/wardkeeper/wardkeeper/proto/sip"
	"github.com/wardkeeper/wardkeeper/proto/snmp"
	"github.com/wardkeeper/wardkeeper/proto/stp"
	"github.com/wardkeeper/wardkeeper/proto/syslog"
	"github.com/wardkeeper/wardkeeper/proto/tftp"
)

// written is one frame that our encoders made and what tshark must call it.
type written struct {
	protocol string
	frame    []byte
}

func framesOfOurs() []written {
	a, b := wiretest.HostN(1), wiretest.HostN(2)
	llc := func(head string, payload []byte) []byte {
		p := append([]byte(head), payload...)
		return wiretest.Ethernet([6]byte{1, 0x80, 0xc2, 0, 0, 0}, a.MAC, uint16(len(p)), p) // a length in place of the type
	}
	udp := func(from, to uint16, p []byte) []byte { return wiretest.UDP(a, b, from, to, p) }
	tcp := func(from, to uint16, p []byte) []byte {
		return wiretest.TCP(a, b, from, to, 1, 1, wiretest.PSH|wiretest.ACK, p)
	}
	sysDescr := snmp.Binding{OID: snmp.EncodeOID(1, 3, 6, 1, 2, 1, 1, 1, 0), Tag: ber.OctetString, Value: []byte("Acme switch 1.2")}
	printer := ipp.AppendEnd(ipp.AppendAttribute(ipp.AppendGroup(ipp.AppendHead(nil, 0, 7), ipp.PrinterAttributes), ipp.TagText, "printer-make-and-model", "Acme 9"))
	return []written{
		{"lldp", wiretest.Ethernet([6]byte{1, 0x80, 0xc2, 0, 0, 0x0e}, a.MAC, 0x88cc, lldp.Append(nil, lldp.Station{
			Chassis: a.MAC, Port: "1", Name: "sw4", Description: "Acme", Capabilities: lldp.CanBridge, IPv4: a.IP,
			Inventory: lldp.Inventory{Serial: "S1", Model: "M1", Hardware: "A", Firmware: "1", Software: "2", Manufacturer: "Acme", Asset: "7"},
		}))},
		{"cdp", llc("\xaa\xaa\x03\x00\x00\x0c\x20\x00", cdp.Append(nil, cdp.Station{ID: "R1", Port: "Gi0/1", Software: "Cisco IOS Software", Platform: "cisco 1841", Capabilities: 1, IPv4: a.IP}))},
		{"stp", llc("\x42\x42\x03", stp.Append(nil, stp.BridgeID{Priority: 32769, MAC: a.MAC}))},
		{"snmp", udp(161, 40000, snmp.Append(nil, snmp.V2c, "ward", snmp.Response, 7, sysDescr))},
		{"ntp", udp(40000, 123, ntp.AppendRequest(nil, 1<<40))},
		{"ntp", udp(123, 40000, ntp.AppendAnswer(nil, 1, [4]byte{'G', 'P', 'S'}, 1<<40, 1<<41))},
		{"syslog", udp(40000, 514, syslog.Append(nil, 134, "2026-01-02T03:04:05Z", "sw4", "lldpd", "port up"))},
		{"sip", udp(5060, 5060, sip.AppendRequest(nil, "REGISTER", "sip:ward.test", "SIP/2.0", "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1",
			"From: <sip:4@ward.test>;tag=1", "To: <sip:4@ward.test>", "Call-ID: 1@10.0.0.1", "CSeq: 1 REGISTER", "Max-Forwards: 70"))},
		{"rtsp", tcp(554, 40000, sip.AppendAnswer(nil, "RTSP/1.0", 200, "OK", "", "CSeq: 1", "Server: Acme"))},
		{"mqtt", tcp(40001, 1883, mqtt.AppendConnect(nil, "hub", "svc", "secret"))},
		{"mqtt", tcp(40002, 1883, mqtt.AppendPublish(nil, "hubs/4", []byte("1")))},
		{"radius", udp(40000, 1813, radius.Append(nil, radius.AccountRequest, 1, radius.Attribute{Type: radius.AcctStatusType, Value: []byte{0, 0, 0, 1}},
			radius.Attribute{Type: radius.CallingStationID, Value: []byte("00-11-22-33-44-55")}))},
		{"kerberos", udp(40000, 88, kerberos.AppendRequest(nil, "WARD.TEST", "PUMP12$"))},
		{"kerberos", udp(88, 40000, kerberos.AppendAnswer(nil, "WARD.TEST", "PUMP12$", make([]byte, 64)))},
		{"tftp", udp(40000, 69, tftp.AppendRequest(nil, "SEP001122334455.cnf.xml"))},
		{"rdp", tcp(40003, 3389, rdp.AppendRequest(nil, "x", rdp.TLS))},
		{"ipp", tcp(631, 40004, fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %d\r\n\r\n%s", len(printer), printer))},
	}
}

// TestTsharkReadsWhatWeWrite hands the output of the encoders to a program that is not ours.
func TestTsharkReadsWhatWeWrite(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("SKIPPED: tshark is not installed")
	}
	path := filepath.Join(t.TempDir(), "ours.pcap")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	p := wiretest.NewPcap(f, 1)
	frames := framesOfOurs()
	for i, w := range frames {
		p.Write(int64(i)*1e9, w.frame)
	}
	if err := f.Close(); err != nil || p.Err() != nil {
		t.Fatal(err, p.Err())
	}
	out, err := exec.Command("tshark", "-r", path, "-T", "fields", "-e", "frame.protocols", "-e", "_ws.malformed", "-e", "_ws.expert.severity").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(frames) {
		t.Fatalf("%d lines of %d frames", len(lines), len(frames))
	}
	for i, line := range lines {
		const severityError = "8388608"
		column := strings.Split(line, "\t")
		if !strings.Contains(":"+column[0]+":", ":"+frames[i].protocol+":") || column[1] != "" || strings.Contains(column[2], severityError) {
			t.Errorf("frame %d, %s: tshark says %q", i+1, frames[i].protocol, line)
		}
	}
}
