package building

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/bacnet"
	"github.com/wardkeeper/wardkeeper/proto/enip"
	"github.com/wardkeeper/wardkeeper/proto/fox"
	"github.com/wardkeeper/wardkeeper/proto/knx"
	"github.com/wardkeeper/wardkeeper/proto/modbus"
	"github.com/wardkeeper/wardkeeper/proto/opcua"
	"github.com/wardkeeper/wardkeeper/proto/profinet"
	"github.com/wardkeeper/wardkeeper/proto/s7"
	"github.com/wardkeeper/wardkeeper/proto/tpkt"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

var (
	device     = bacnet.NewObject(bacnet.Device, 4711)
	properties = bacnet.AppendReadPropertyMultipleAck(nil, 1, device, []bacnet.Told{
		{Property: bacnet.VendorNameText, Value: bacnet.AppendText(nil, "Example Controls")},
		{Property: bacnet.ModelName, Value: bacnet.AppendText(nil, "AHU-7")},
		{Property: bacnet.SerialNumber, Value: bacnet.AppendText(nil, "S1")},
		{Property: bacnet.Location, Value: bacnet.AppendText(nil, "Roof 2")},
		{Property: bacnet.VendorIdentifier, Value: bacnet.AppendUnsigned(nil, 5)},
	})
	rack    = enip.Identity{Vendor: 1, DeviceType: 0x0c, ProductCode: 58, Major: 4, Minor: 3, Serial: 0x524d8e, Name: []byte("1756-ENBT/A")}
	station = fox.Hello{
		Reply: true, AppName: []byte("Station"), AppVersion: []byte("4.10.0.154"), OSName: []byte("Windows 10"), OSVersion: []byte("10.0"),
		HostID: []byte("Win-1A2B-3C4D-5E6F-7A8B"), Brand: []byte("vykon"),
	}
	interfaceIP = knx.AppendSearchResponse(nil, &knx.Device{Medium: 2, Address: 0x1101, Serial: [6]byte{0, 0xc5, 1, 2, 3, 4}, Friendly: []byte("B\xfcro OG")}, [4]byte{192, 0, 2, 2})
	plant       = opcua.AppendEndpoints(nil, "opc.tcp://192.0.2.2:4840", &opcua.Server{ApplicationName: []byte("Chiller Plant"), Mode: 1})
	answering   = profinet.AppendIdentifyResponse(nil, 1, "pump-1", "S7-1200", 0x2a, 0x10d, profinet.RoleController)
	identified  = modbus.AppendIdentify(nil, 1, 1, []string{"Schneider Electric", "BMXP342020", "V2.50"})
)

// seeds are frames of every protocol, for fuzzing.
func seeds() [][]byte {
	return [][]byte{
		bacnet.AppendIAm(nil, bacnet.IAm{Device: device, MaxAPDU: 1476, Segmentation: 3, Vendor: 5}), properties,
		enip.AppendListIdentity(nil, rack, [4]byte{}), fox.AppendHello(nil, &station), interfaceIP, plant, answering, identified,
		tpkt.AppendData(nil, s7.AppendSetup(nil, 1, true)), szl(0x11, 28, module), []byte("\x01I20100\r\nSTATION\r\n\r\nIN-TANK INVENTORY\r\n\x03"),
	}
}

var module = append(append([]byte{0, 1}, "6ES7 315-2EH14-0AB0 "...), 0, 0, 0, 3, 0, 1)

func szl(id uint16, size int, records []byte) []byte {
	return tpkt.AppendData(nil, s7.AppendSZL(nil, 1, id, size, records))
}

func TestBACnet(t *testing.T) {
	iAm := bacnet.AppendIAm(nil, bacnet.IAm{Device: device, MaxAPDU: 1476, Segmentation: 3, Vendor: 5})
	for _, c := range []struct {
		name string
		in   []byte
		want []string
	}{
		{"I-Am is no controller by itself", iAm, []string{"server: bacnet device instance = 4711", "server: bacnet vendor-identifier = Johnson Controls Inc."}},
		{"properties", properties, []string{
			"server: bacnet answers for its properties = building controller", "server: bacnet location = Roof 2", "server: bacnet model-name = AHU-7",
			"server: bacnet serial-number = S1", "server: bacnet vendor-identifier = Johnson Controls Inc.", "server: bacnet vendor-name = Example Controls",
		}},
		{"the question says nothing", bacnet.AppendReadProperty(nil, 1, device, bacnet.ModelName), nil},
		{"another object's name is not the device's", bacnet.AppendReadPropertyAck(nil, 1, bacnet.NewObject(0, 1), bacnet.ObjectName, bacnet.AppendText(nil, "ZN-T")), []string{"server: bacnet answers for its properties = building controller"}},
		{"forwarded: the words are the first sender's", unhex("8104001a c6336405 bac0 0100 1000 c402000065 2201e0 9100 2105"), []string{"198.51.100.5: bacnet device instance = 101", "198.51.100.5: bacnet vendor-identifier = Johnson Controls Inc."}},
		{"behind a router", unhex("810a0018 0108 000c010a 1000 c402000065 2201e0 9100 2105"), []string{"192.0.2.2 (bacnet 12/0a): bacnet device instance = 101", "192.0.2.2 (bacnet 12/0a): bacnet vendor-identifier = Johnson Controls Inc."}},
		{"a router", unhex("810b0009 0180 01 0002"), []string{"server: bacnet announces itself as router = building gateway"}},
		{"vendor 0 names nobody", bacnet.AppendIAm(nil, bacnet.IAm{Device: device, MaxAPDU: 50, Segmentation: 3}), []string{"server: bacnet device instance = 4711", "server: bacnet unassigned vendor-identifier = 0"}},
	} {
		d := bacnetDecoder()
		if got := decodetest.Datagram(&d, decode.Server, 47808, c.in); !got.OK || !slices.Equal(got.Lines, c.want) {
			t.Errorf("%s: %v %q", c.name, got.OK, got.Lines)
		}
	}
}

// TestENIP asks through a chassis: the controller in it is the address, its other modules are parts.
func TestENIP(t *testing.T) {
	ask := func(slot byte) []byte {
		cip := append(unhex("52022006240 10a0e0600010220012401010001"), slot)
		return rr(7, cip)
	}
	answer := func(id enip.Identity) []byte { return rr(7, enip.AppendIdentity(unhex("81000000"), id)) }
	plc := rack
	plc.DeviceType, plc.Name = 0x0e, []byte("1756-L61/B")
	d := enipDecoder()
	for _, c := range []struct {
		name, want string
		turns      []decodetest.Turn
	}{
		{"controller in slot 0", "server: enip identity product name = 1756-L61/B", []decodetest.Turn{{Dir: decode.Client, Data: ask(0)}, {Dir: decode.Server, Data: answer(plc)}}},
		{"module in slot 3", "192.0.2.2 (slot 3): enip identity product name = 1756-ENBT/A", []decodetest.Turn{{Dir: decode.Client, Data: ask(3)}, {Dir: decode.Server, Data: answer(rack)}}},
		{"direct", "server: enip identity serial number = 00524d8e", []decodetest.Turn{{Dir: decode.Client, Data: rr(9, unhex("010220012401"))}, {Dir: decode.Server, Data: rr(9, enip.AppendIdentity(unhex("81000000"), rack))}}},
		{"list identity", "server: enip identity revision = 4.003", []decodetest.Turn{{Dir: decode.Server, Data: enip.AppendListIdentity(nil, rack, [4]byte{})}}},
	} {
		for _, chunk := range []int{0, 5} {
			if got := decodetest.Stream(&d, 44818, chunk, c.turns...); !slices.Contains(got.Lines, c.want) {
				t.Errorf("%s: %q", c.name, got.Lines)
			}
		}
	}
	if got := decodetest.Stream(&d, 44818, 0, decodetest.Turn{Dir: decode.Server, Data: answer(plc)}); slices.ContainsFunc(got.Lines, func(l string) bool { return strings.Contains(l, "identity") }) {
		t.Errorf("an answer to nobody's question was believed: %q", got.Lines)
	}
}

// rr wraps a CIP message for SendRRData.
func rr(context uint64, cip []byte) []byte {
	data := append(unhex("00000000 0500 0200 0000 0000 b200"), byte(len(cip)), 0)
	return enip.AppendMessage(nil, enip.Message{Command: enip.SendRRData, Context: context, Data: append(data, cip...)})
}

func TestStreams(t *testing.T) {
	connect := tpkt.AppendConnect(nil, tpkt.ConnectRequest, 0, 1, unhex("c0010a"))
	for _, c := range []struct {
		name  string
		d     decode.Decoder
		port  uint16
		turns []decodetest.Turn
		want  []string
	}{
		{"S7: the order number stands in for the type's name", s7Decoder(), 102, []decodetest.Turn{
			{Dir: decode.Client, Data: append(connect, tpkt.AppendData(nil, s7.AppendSetup(nil, 1, false))...)},
			{Dir: decode.Server, Data: append(tpkt.AppendData(nil, s7.AppendSetup(nil, 1, true)), szl(0x11, 28, module)...)},
		}, []string{"server: s7comm accepts a session = plc", "server: s7comm szl 0011 order number = 6ES7 315-2EH14-0AB0", "server: s7comm szl 0011 order number, no type name = 6ES7 315-2EH14-0AB0"}},
		{"Fox: a supervisor on a computer is no controller", foxDecoder(), 1911, []decodetest.Turn{{Dir: decode.Server, Data: fox.AppendHello(nil, &station)}}, []string{
			"server: niagara fox app.version on a computer = Niagara 4.10.0.154", "server: niagara fox brandId = vykon", "server: niagara fox brandId of a maker = Tridium",
			"server: niagara fox hostId = Win-1A2B-3C4D-5E6F-7A8B", "server: niagara fox os.name and os.version = Windows 10 10.0",
		}},
		{"Modbus identification", modbusDecoder(), 502, []decodetest.Turn{{Dir: decode.Client, Data: modbus.AppendIdentify(nil, 1, 1, nil)}, {Dir: decode.Server, Data: identified}}, []string{
			"server: modbus device identification model = BMXP342020", "server: modbus device identification product code = BMXP342020",
			"server: modbus device identification revision = V2.50", "server: modbus device identification vendor name = Schneider Electric",
		}},
		{"Modbus away from its port", modbusDecoder(), 5020, []decodetest.Turn{{Dir: decode.Client, Data: modbus.AppendReadRegisters(nil, 1, 1, 0, 4, nil)}}, nil},
		{"KNX over TCP", knxDecoder(), 3671, []decodetest.Turn{{Dir: decode.Server, Data: interfaceIP}}, []string{
			"server: knxnet/ip answers as interface = building gateway", "server: knxnet/ip device friendly name = Büro OG", "server: knxnet/ip device serial number = 00c501020304",
			"server: knxnet/ip individual address = 1.1.1", "server: knxnet/ip serial number's manufacturer = Weinzierl Engineering",
		}},
		{"OPC UA", opcuaDecoder(), 4840, []decodetest.Turn{{Dir: decode.Client, Data: opcua.AppendHello(nil, "opc.tcp://192.0.2.2:4840")}, {Dir: decode.Server, Data: plant}}, []string{"server: opc ua application name = Chiller Plant"}},
		{"tank gauge: the question proves nothing", atgDecoder(), 10001, []decodetest.Turn{{Dir: decode.Client, Data: []byte("\x01I20100\r\n")}}, nil},
	} {
		for _, chunk := range []int{0, 3} {
			if chunk > 0 && c.port == 5020 {
				continue // recognised only when a message comes whole
			}
			got := decodetest.Stream(&c.d, c.port, chunk, c.turns...)
			if !got.OK || !slices.Equal(got.Lines, c.want) {
				t.Errorf("%s in pieces of %d: %v %q", c.name, chunk, got.OK, got.Lines)
			}
		}
	}
}

func TestProfinet(t *testing.T) {
	d := profinetDecoder()
	got := decodetest.Frame(&d, 0x8892, answering)
	want := []string{
		"client: profinet dcp name of station = pump-1", "client: profinet dcp role io controller = plc", "client: profinet dcp type of station = S7-1200",
		"client: profinet dcp vendor and device id = 002a/010d", "client: profinet dcp vendor id = Siemens",
	}
	if !got.OK || !slices.Equal(got.Lines, want) {
		t.Errorf("%v %q", got.OK, got.Lines)
	}
}

func TestNamesCompany(t *testing.T) {
	for in, want := range map[string]bool{
		"Wingpath Limited": true, "Example Controls, Inc.": true, "Limited": false, "PM5560 Ltd": false, "Power Meter": false, "a b c d e Ltd": false,
	} {
		if got := namesCompany([]byte(in)); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}
