package sim

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/proto/bacnet"
	"github.com/wardkeeper/wardkeeper/proto/fox"
	"github.com/wardkeeper/wardkeeper/proto/modbus"
	"github.com/wardkeeper/wardkeeper/proto/profinet"
	"github.com/wardkeeper/wardkeeper/proto/s7"
	"github.com/wardkeeper/wardkeeper/proto/tpkt"
	"github.com/wardkeeper/wardkeeper/ward"
)

// buildingParts are the devices that keep the building warm and powered.
func buildingParts() []part {
	return []part{
		{"hvac controller", airHandler}, {"building controller", buildingController}, {"plc", plc}, {"ups", ups}, {"tank gauge", tankGauge},
	}
}

const (
	bacnetPort    = 47808
	etherPROFINET = 0x8892
	unassigned    = 65001 // no vendor has this BACnet number: the maker is invented
)

// instance is the number of a BACnet device.
func (d *Device) instance() uint32 { return uint32(d.Zone.Subnet)*1000 + uint32(d.IP[15]) }

// airHandler answers the building controller's questions.
func airHandler(s *stage, d *Device) {
	s.arrive(d)
	controllers := s.Kind("building controller")
	c := controllers[d.Number%len(controllers)]
	s.speakBACnet(d, c, "Air handling unit controller")
	s.every(5*time.Second, often, func() {
		temperature := bacnet.NewObject(0, 1)
		value := bacnet.AppendReal(nil, 19+4*s.random.Float32())
		invoke := byte(s.random.Uint32()) //nolint:gosec // a byte of it
		s.tape.UDP(c.Port, d.Port, bacnetPort, bacnetPort, bacnet.AppendReadProperty(nil, invoke, temperature, 85))
		s.tape.UDP(d.Port, c.Port, bacnetPort, bacnetPort, bacnet.AppendReadPropertyAck(nil, invoke, temperature, 85, value))
	})
}

// speakBACnet announces a device and answers for the properties of its device object.
func (s *stage) speakBACnet(d, asker *Device, text string) {
	self := bacnet.NewObject(bacnet.Device, d.instance())
	s.every(100*time.Millisecond, 3*seldom, func() {
		s.broadcast(d.Port, bacnetPort, bacnetPort, bacnet.AppendIAm(nil, bacnet.IAm{Device: self, MaxAPDU: 1476, Segmentation: 3, Vendor: unassigned}))
	})
	s.every(500*time.Millisecond, 2*seldom, func() {
		for i, p := range []bacnet.Told{
			{Property: bacnet.VendorNameText, Value: bacnet.AppendText(nil, d.Maker)}, {Property: bacnet.ModelName, Value: bacnet.AppendText(nil, d.Model)},
			{Property: bacnet.FirmwareRevision, Value: bacnet.AppendText(nil, d.Firmware)}, {Property: bacnet.SerialNumber, Value: bacnet.AppendText(nil, d.Serial)},
			{Property: bacnet.ObjectName, Value: bacnet.AppendText(nil, d.Host)}, {Property: bacnet.Description, Value: bacnet.AppendText(nil, text)},
			{Property: bacnet.Location, Value: bacnet.AppendText(nil, fmt.Sprintf("Plant room %d", 1+d.Number%4))},
		} {
			invoke := byte(i + 1)
			s.tape.UDP(asker.Port, d.Port, bacnetPort, bacnetPort, bacnet.AppendReadProperty(nil, invoke, self, p.Property))
			s.tape.UDP(d.Port, asker.Port, bacnetPort, bacnetPort, bacnet.AppendReadPropertyAck(nil, invoke, self, p.Property, p.Value))
		}
	})
}

func buildingController(s *stage, d *Device) {
	s.arrive(d)
	controllers := s.Kind("building controller")
	other := controllers[d.Number%len(controllers)]
	s.speakBACnet(d, other, "Building management system")
	s.every(15*time.Second, seldom, func() { s.broadcast(d.Port, bacnetPort, bacnetPort, bacnet.AppendWhoIs(nil)) })
	s.every(900*time.Millisecond, 2*seldom, func() {
		c := s.dial(other.Port, d.Port, 1911)
		c.Send(fox.AppendHello(nil, &fox.Hello{AppName: []byte("Station"), AppVersion: []byte(other.Firmware), HostName: other.IP[12:12]}))
		c.Answer(fox.AppendHello(nil, &fox.Hello{
			Reply: true, HostName: []byte(d.IP.String()), AppName: []byte("Station"), AppVersion: []byte(d.Firmware), OSName: []byte("QNX"), OSVersion: []byte("6.5.0"),
			Station: []byte("bms_" + fmt.Sprint(d.Number)), HostID: []byte("Qnx-KCM-" + d.Serial), Brand: []byte("klima"),
		}))
		c.Close()
	})
}

// plc is a programmable controller of the plant rooms. The building controller polls it by Modbus and reads
// what it is by S7.
func plc(s *stage, d *Device) {
	s.arrive(d)
	b := s.one("building controller")
	s.every(300*time.Millisecond, 2*seldom, func() {
		xid := s.random.Uint32()
		ask := binary.BigEndian.AppendUint32([]byte{0xfe, 0xfe, 5, 0}, xid)
		s.tape.Ethernet(b.Port, ward.MAC{0x01, 0x0e, 0xcf, 0, 0, 0}, etherPROFINET, append(ask, append([]byte{0, 1, 0, 4, 0xff, 0xff, 0, 0}, make([]byte, 24)...)...))
		told := profinet.AppendIdentifyResponse(nil, xid, "plc-"+fmt.Sprint(d.Number), "S7-1500", 0x002a, 0x010e, profinet.RoleController)
		s.tape.Ethernet(d.Port, b.MAC, etherPROFINET, told)
	})
	s.every(700*time.Millisecond, 2*seldom, func() { s.identifyPLC(b, d) })
	s.every(4*time.Second, often, func() {
		c := s.dial(b.Port, d.Port, 502)
		c.Send(modbus.AppendReadRegisters(nil, 1, 1, 0, 4, nil)).Answer(modbus.AppendReadRegisters(nil, 1, 1, 0, 4, []uint16{215, 640, 3, uint16(s.random.UintN(900))})).Close()
	})
}

// identifyPLC reads the two system status lists that name a controller.
func (s *stage) identifyPLC(b, d *Device) {
	c := s.dial(b.Port, d.Port, 102)
	variable := []byte{0xc0, 1, 0x0a, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2}
	c.Send(tpkt.AppendConnect(nil, tpkt.ConnectRequest, 0, 1, variable)).Answer(tpkt.AppendConnect(nil, tpkt.ConnectConfirm, 1, 2, variable))
	c.Send(tpkt.AppendData(nil, s7.AppendSetup(nil, 1, false))).Answer(tpkt.AppendData(nil, s7.AppendSetup(nil, 1, true)))
	order := make([]byte, 56)
	binary.BigEndian.PutUint16(order, s7.Module)
	copy(order[2:], fmt.Sprintf("%-20s", "6ES7 511-1AK02-0AB0"))
	order[24] = ' '
	binary.BigEndian.PutUint16(order[28:], s7.Firmware)
	copy(order[30:], "                    ")
	copy(order[52:], []byte{'V', 2, 9, 4})
	c.Send(tpkt.AppendData(nil, askSZL(2, 0x0011))).Answer(tpkt.AppendData(nil, s7.AppendSZL(nil, 2, 0x0011, 28, order)))
	var parts []byte
	for _, p := range []struct {
		index uint16
		text  string
	}{{s7.StationName, d.Host}, {s7.Copyright, "Original Siemens Equipment"}, {s7.SerialNumber, d.Serial}, {s7.ModuleType, d.Model}} {
		record := binary.BigEndian.AppendUint16(make([]byte, 0, 34), p.index)
		parts = append(parts, append(record, append([]byte(p.text), make([]byte, 32-len(p.text))...)...)...)
	}
	c.Send(tpkt.AppendData(nil, askSZL(3, 0x001c))).Answer(tpkt.AppendData(nil, s7.AppendSZL(nil, 3, 0x001c, 34, parts)))
	c.Close()
}

// askSZL asks for a system status list.
func askSZL(reference, id uint16) []byte {
	b := []byte{0x32, 7, 0, 0, byte(reference >> 8), byte(reference), 0, 8, 0, 8, 0, 1, 0x12, 4, 0x11, 0x44, 1, 0, 0xff, 9, 0, 4}
	return append(b, byte(id>>8), byte(id), 0, 0)
}

func ups(s *stage, d *Device) {
	s.arrive(d)
	s.every(400*time.Millisecond, often, func() {
		s.poll(s.one("building controller"), d,
			variable{d.Maker + " " + d.Model + " UPS network card", mib2(1)}, variable{d.Host, mib2(5)}, variable{d.Maker, upsMIB(1)}, variable{d.Model, upsMIB(2)},
			variable{d.Firmware, upsMIB(3)}, variable{d.Serial, entity(11)})
	})
}

func tankGauge(s *stage, d *Device) {
	s.arrive(d)
	s.every(500*time.Millisecond, seldom, func() {
		c := s.dial(s.one("building controller").Port, d.Port, 10001)
		stamp := s.now.UTC().Format("JAN 2, 2006  3:04 PM")
		c.Send([]byte("\x01I20100\n")).Answer([]byte("\x01\r\nI20100\r\n" + stamp + "\r\n\r\nSYNTHETIC HOSPITAL\r\n\r\nIN-TANK INVENTORY\r\n\r\n" +
			"TANK PRODUCT             VOLUME TC VOLUME   ULLAGE   HEIGHT    WATER     TEMP\r\n" +
			"  1  EMERGENCY DIESEL     8412      8390     1588    61.42     0.00    18.11\r\n\x03")).Close()
		v := s.dial(s.one("building controller").Port, d.Port, 10001)
		v.Send([]byte("\x01I90200\n")).Answer([]byte("\x01\r\nI90200\r\n" + stamp + "\r\n\r\nSOFTWARE REVISION LEVEL\r\nVERSION " + d.Firmware + "\r\n\x03")).Close()
	})
}
