package gear

import (
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/ber"
	"github.com/wardkeeper/wardkeeper/proto/cdp"
	"github.com/wardkeeper/wardkeeper/proto/kasa"
	"github.com/wardkeeper/wardkeeper/proto/kerberos"
	"github.com/wardkeeper/wardkeeper/proto/lldp"
	"github.com/wardkeeper/wardkeeper/proto/ntp"
	"github.com/wardkeeper/wardkeeper/proto/radius"
	"github.com/wardkeeper/wardkeeper/proto/sip"
	"github.com/wardkeeper/wardkeeper/proto/snmp"
	"github.com/wardkeeper/wardkeeper/proto/syslog"
	"github.com/wardkeeper/wardkeeper/proto/tftp"
	"github.com/wardkeeper/wardkeeper/proto/ubnt"
)

// check compares what was said with the lines that must be among it and the texts that must not.
func check(t *testing.T, name string, r decodetest.Result, want, never []string) {
	t.Helper()
	if !r.OK {
		t.Errorf("%s: not recognised", name)
	}
	for _, w := range want {
		if !slices.Contains(r.Lines, w) {
			t.Errorf("%s: nobody said %q\nsaid:\n%s", name, w, strings.Join(r.Lines, "\n"))
		}
	}
	for _, n := range never {
		if strings.Contains(strings.Join(r.Lines, "\n"), n) {
			t.Errorf("%s: %q must not be said\nsaid:\n%s", name, n, strings.Join(r.Lines, "\n"))
		}
	}
}

func TestFrames(t *testing.T) {
	phone := lldp.Append(nil, lldp.Station{
		Chassis: [6]byte{2, 0, 0, 0, 0, 1}, Port: "eth0", Name: "ward4-phone", Capabilities: lldp.CanBridge | lldp.CanTelephone,
		IPv4: [4]byte{10, 0, 0, 9}, Inventory: lldp.Inventory{Serial: "A1", Manufacturer: "Acme", Model: "P-200", Software: "1.2"},
	})
	linux := lldp.Append(nil, lldp.Station{Port: "eth0", Description: "Debian GNU/Linux 12 Linux 6.1", Capabilities: lldp.CanBridge})
	d := neighbours()
	check(t, "phone", decodetest.Frame(&d, 0x88cc, phone), []string{
		"client: lldp enabled capabilities = voip phone", "client: lldp serial number = A1", "client: lldp software revision = 1.2",
		"client: lldp model name = P-200", "client: lldp manufacturer name = Acme", "client: lldp system name = ward4-phone",
		"binding 02:00:00:00:00:01 10.0.0.9 lldp",
	}, []string{"= switch"})
	check(t, "Linux host with a bridge", decodetest.Frame(&d, 0x88cc, linux), nil, []string{"= switch"})

	d = ciscoNeighbours()
	frame := func(s cdp.Station) decodetest.Result {
		return decodetest.Frame(&d, decode.LLCCisco, cdp.Append(nil, s))
	}
	check(t, "Nexus", frame(cdp.Station{ID: "core1(FOX1234ABCD)", Platform: "cisco N9K-C93180", Capabilities: cdp.IsRouter | cdp.IsSwitch}),
		[]string{"client: cdp device id = core1", "client: cdp device id serial = FOX1234ABCD", "client: cdp capabilities = switch"}, nil)
	check(t, "hypervisor", frame(cdp.Station{ID: "esx1.ward.test", Platform: "VMware ESX", Capabilities: cdp.IsSwitch}),
		[]string{"client: cdp platform = VMware ESX"}, []string{"platform model", "= switch"})
	check(t, "phone", frame(cdp.Station{ID: "SEP001122334455", Platform: "Cisco IP Phone 7960", Capabilities: cdp.IsHost | cdp.IsPhone}),
		[]string{"client: cdp platform model = IP Phone 7960", "client: cdp capabilities = voip phone"}, nil)
}

// encrypted is an SNMPv3 answer with an encrypted body, put together from RFC 3412 and RFC 3414.
func encrypted() []byte {
	engine := []byte{0x80, 0, 0, 9, 3, 0, 0x11, 0x22, 0x33, 0x44, 0x55}
	usm := ber.AppendInt(ber.AppendInt(ber.Append(nil, ber.OctetString, engine), 1), 2)
	for _, s := range []string{"operator", "123456789012", "12345678"} {
		usm = ber.Append(usm, ber.OctetString, []byte(s))
	}
	global := ber.AppendInt(ber.AppendInt(nil, 5), 65507)
	global = ber.AppendInt(ber.Append(global, ber.OctetString, []byte{3}), 3)
	m := ber.Append(ber.AppendInt(nil, snmp.V3), ber.Sequence, global)
	m = ber.Append(m, ber.OctetString, ber.Append(nil, ber.Sequence, usm))
	return ber.Append(nil, ber.Sequence, ber.Append(m, ber.OctetString, make([]byte, 48)))
}

func TestDatagrams(t *testing.T) {
	text := func(s string) []byte { return []byte(s) }
	serial := snmp.Binding{OID: snmp.EncodeOID(1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, 1), Tag: ber.OctetString, Value: text("S1")}
	register := func(vias ...string) []byte {
		headers := append(vias, "CSeq: 1 REGISTER", "User-Agent: Acme 1", "From: <sip:doe@ward.test>", "Contact: <sip:doe@10.0.0.1>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-001122334455>\"")
		return sip.AppendRequest(nil, "REGISTER", "sip:ward.test", "SIP/2.0", headers...)
	}
	account := func(more ...radius.Attribute) []byte {
		return radius.Append(nil, radius.AccountRequest, 1, append([]radius.Attribute{
			{Type: 1, Value: text("nurse.doe")}, {Type: radius.CallingStationID, Value: text("00-11-22-33-44-55")},
			{Type: radius.FramedAddress, Value: []byte{10, 0, 0, 7}}, {Type: radius.NASIdentifier, Value: text("sw4")},
		}, more...)...)
	}
	plug := kasa.AppendSecret(nil, `{"system":{"get_sysinfo":{"sw_ver":"1.2","hw_ver":"2.0","model":"HS110(EU)","type":"IOT.SMARTPLUGSWITCH","latitude":52.1}}}`)
	for _, c := range []struct {
		name    string
		decoder decode.Decoder
		dir     decode.Dir
		port    uint16
		payload []byte
		want    []string
		never   []string
	}{
		{"agent", snmpMessages(), decode.Server, 161, snmp.Append(nil, snmp.V2c, "ward", snmp.Response, 1, serial),
			[]string{"server: snmp entPhysicalSerialNum = S1", "server: snmp answers = snmp agent"}, []string{"finding", "ward"}},
		{"v3 agent", snmpMessages(), decode.Server, 161, encrypted(),
			[]string{"server: snmp engine id = 8000000903001122334455", "server: snmp answers = snmp agent"}, []string{"operator"}},
		{"manager's receipt", snmpMessages(), decode.Server, 162, snmp.Append(nil, snmp.V2c, "private", snmp.Response, 1, serial),
			[]string{"server: finding default snmp community (snmp community = private)"}, []string{"S1", "agent"}},
		{"ticket", tickets(), decode.Server, 88, kerberos.AppendAnswer(nil, "WARD.TEST", "PUMP12$", make([]byte, 64)),
			[]string{"server: kerberos answers as KDC = server", "server: kerberos realm = WARD.TEST", "client: kerberos machine name = PUMP12"}, nil},
		{"ticket of a person", tickets(), decode.Server, 88, kerberos.AppendAnswer(nil, "WARD.TEST", "doe", nil),
			[]string{"server: kerberos issues tickets = domain controller"}, []string{"doe"}},
		{"log", logMessages(), decode.Client, 514, syslog.Append(nil, 134, "2026-01-02T03:04:05Z", "sw4", "lldpd", "patient Doe"),
			[]string{"client: syslog hostname = sw4", "client: syslog app-name = lldpd"}, []string{"Doe"}},
		{"NetScreen", logMessages(), decode.Client, 514, text("<134>ssg: NetScreen device_id=0185082008001541  [Root]system"),
			[]string{"client: syslog NetScreen device_id = 0185082008001541", "client: syslog format = NetScreen"}, nil},
		{"phone registers", calls(), decode.Client, 5060, register("Via: SIP/2.0/UDP 10.0.0.1"),
			[]string{"client: sip User-Agent = Acme 1", "client: sip registers with = ward.test", "client: sip sip.instance = 00000000-0000-1000-8000-001122334455"}, []string{"doe"}},
		{"proxy passes it on", calls(), decode.Client, 5060, register("Via: SIP/2.0/UDP 10.0.0.2", "Via: SIP/2.0/UDP 10.0.0.1"),
			nil, []string{"Acme", "instance"}},
		{"time", clocks(), decode.Server, 123, ntp.AppendAnswer(nil, 1, [4]byte{'G', 'P', 'S'}, 1, 2),
			[]string{"server: ntp answers = ntp server", "server: ntp reference clock = GPS"}, nil},
		{"time asked", clocks(), decode.Client, 123, ntp.AppendRequest(nil, 1), nil, []string{"ntp server"}},
		{"own boot file", bootFiles(), decode.Client, 69, tftp.AppendRequest(nil, "SEP020000000001.cnf.xml"),
			[]string{"client: tftp asks for = SEP020000000001.cnf.xml"}, nil},
		{"other boot file", bootFiles(), decode.Client, 69, tftp.AppendRequest(nil, "doe.txt"), nil, []string{"doe"}},
		{"accounting", accessAccounting(), decode.Client, 1813, account(radius.Attribute{Type: radius.NASPortID, Value: text("Gi1/0/7")}),
			[]string{"00:11:22:33:44:55: radius NAS-Port-Id = sw4 Gi1/0/7", "binding 00:11:22:33:44:55 10.0.0.7 radius", "client: radius NAS-Identifier = sw4"}, []string{"doe"}},
		{"wireless accounting", accessAccounting(), decode.Client, 1813, account(
			radius.Attribute{Type: radius.NASPortType, Value: []byte{0, 0, 0, radius.WiFi}},
			radius.Attribute{Type: radius.CalledStationID, Value: text("AA-BB-CC-00-00-01:clinical")},
			radius.Attribute{Type: radius.NASAddress, Value: []byte{10, 9, 9, 9}}),
			[]string{"00:11:22:33:44:55: radius Called-Station-Id = AA-BB-CC-00-00-01:clinical"}, []string{"client: radius", "doe"}},
		{"access granted", accessAccounting(), decode.Server, 1812, radius.Append(nil, radius.AccessAccept, 1),
			[]string{"server: radius answers = server"}, nil},
		{"access point", ubiquiti(), decode.Client, 10001, ubnt.Append(nil, [6]byte{2, 0, 0, 0, 0, 1}, [4]byte{}, map[byte]string{ubnt.Platform: "U7P", ubnt.Firmware: "BZ.qca.v6.0.1"}),
			[]string{"client: ubnt discovery model = U7P", "client: ubnt discovery version = 6.0.1"}, nil},
		{"plug", plugs(), decode.Server, 9999, plug,
			[]string{"server: tp-link smart home model = HS110(EU)", "server: tp-link smart home type = smart plug", "server: tp-link smart home sw_ver = 1.2"}, []string{"52.1"}},
		{"who asks for plugs", plugs(), decode.Client, 9999, kasa.AppendSecret(nil, `{"system":{"get_sysinfo":null}}`), nil, []string{"TP-Link"}},
		{"Canon", canonPrinters(), decode.Server, 8611, text("BJNP\x81\x30\x00\x00\x00\x01\x00\x00\x00\x00\x00\x2a\x00\x2aMFG:Canon;MDL:MG5200 series;CLS:PRINTER;"),
			[]string{"server: bjnp MDL = MG5200 series", "server: bjnp answers = printer", "server: bjnp MFG = Canon"}, nil},
		{"sensor", smallThings(), decode.Client, 5683, text("\x61\x45\x00\x01\x01\xc2\x2d\x16\xff\xc4\x00Acme\xc2\x01P9\xc2\x02S1\xc3\x031.0\xc1\x10U"),
			[]string{"client: coap lwm2m manufacturer = Acme", "client: coap lwm2m serial number = S1"}, nil},
		{"sensor registers", smallThings(), decode.Client, 5683, text("\x41\x02\x00\x01\x01\xb2rd\x48ep=pump7"), []string{"client: coap lwm2m endpoint = pump7"}, nil},
		{"address finder", addressFinders(), decode.Server, 3478, text("\x01\x01\x00\x0c\x21\x12\xa4\x42abcdefghijkl\x80\x22\x00\x06coturn\x00\x00"),
			[]string{"server: stun SOFTWARE = coturn", "server: stun answers = stun server"}, nil},
		{"directory over UDP", directories(), decode.Server, 389, text("0\x84\x00\x00\x00\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00"),
			[]string{"server: ldap answers = server"}, nil},
	} {
		check(t, c.name, decodetest.Datagram(&c.decoder, c.dir, c.port, c.payload), c.want, c.never)
	}
}
