package sim

import (
	"bytes"
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/proto/astm"
	"github.com/wardkeeper/wardkeeper/proto/hl7"
	"github.com/wardkeeper/wardkeeper/proto/poct1a"
)

// laboratoryParts are the analysers, at the point of care and in the laboratory, and where their
// results and the hospital's records go.
func laboratoryParts() []part {
	return []part{
		{"glucose meter", pointOfCare}, {"blood gas analyser", pointOfCare}, {"laboratory analyser", analyser}, {"haematology analyser", analyser},
		{"laboratory system", laboratorySystem}, {"health record", healthRecord}, {"interface engine", interfaceEngine},
	}
}

const (
	poctPort = 9980
	astmPort = 4545
)

// pointOfCare is a meter that docks and reports by POCT1-A. What it sends here is its control test of
// the day, which is nobody's.
func pointOfCare(s *stage, d *Device) {
	lis := s.one("laboratory system")
	s.join(d, lease{class: d.Maker + " " + d.Model, params: embedded, host: d.Host})
	s.every(200*time.Millisecond, 2*often, func() {
		c := s.dial(d.Port, lis.Port, poctPort)
		control := fmt.Sprint(s.random.IntN(9000) + 1000)
		c.Send(poct1a.AppendHello(nil, control, poct1a.Device{
			ID: d.eui(), Vendor: "SYNTH", Model: d.Model, Serial: d.Serial, Manufacturer: d.Maker, Software: d.Firmware, Name: d.Host,
		}))
		c.Answer(poct1a.AppendAck(nil, "1", control))
		c.Close()
	})
}

// analyser reports results by ASTM, names samples only, and describes itself when asked.
func analyser(s *stage, d *Device) {
	lis := s.one("laboratory system")
	s.arrive(d)
	s.every(200*time.Millisecond, 2*seldom, func() { s.describe(lis, d, "") })
	s.every(400*time.Millisecond, often, func() {
		stamp := s.now.UTC().Format("20060102150405")
		s.results(d, lis,
			`H|\^&|||`+d.Maker+"^"+d.Model+"^"+d.Firmware+"|||||"+"LIS||P|1|"+stamp, "P|1",
			fmt.Sprintf("O|1|S%06d||^^^PANEL", s.random.IntN(1000000)),
			fmt.Sprintf("R|1|^^^K|%.1f|mmol/L||N||F||||%s", 3.5+s.random.Float64(), stamp), "L|1|N")
	})
}

// results plays the frames of an ASTM transfer, each acknowledged.
func (s *stage) results(d, lis *Device, records ...string) {
	c := s.dial(d.Port, lis.Port, astmPort)
	all := astm.AppendFrames(nil, records...)
	c.Send(all[:1]).Answer([]byte{astm.ACK})
	for all = all[1:]; len(all) > 1; {
		n := bytes.IndexByte(all, astm.LF) + 1
		c.Send(all[:n]).Answer([]byte{astm.ACK})
		all = all[n:]
	}
	c.Send(all).Close()
}

func laboratorySystem(s *stage, d *Device) {
	s.arrive(d)
	s.shareVersion(d)
	s.every(2*time.Second, seldom, func() { s.capabilities(s.one("interface engine"), d, "Laboratory system", "12.1") })
}

// patients are people that nobody is.
var patients = []struct{ name, id, born string }{
	{"Testpatient^Nemo", "SYN000001", "19000101"}, {"Specimen^Sample", "SYN000002", "19000202"}, {"Example^Ada", "SYN000003", "19000303"},
	{"Placeholder^Percy", "SYN000004", "19000404"}, {"Invented^Ines", "SYN000005", "19000505"}, {"Fictional^Fritz", "SYN000006", "19000606"},
}

// healthRecord admits and moves patients and tells the interface engine about it, in clear.
func healthRecord(s *stage, d *Device) {
	engine := s.one("interface engine")
	s.arrive(d)
	s.shareVersion(d)
	s.every(3*time.Second, 6*time.Second, func() {
		trigger := []string{"A01", "A02", "A03", "A08"}[s.random.IntN(4)]
		p := patients[s.random.IntN(len(patients))]
		m := hl7.AppendSegment(nil, "MSH", "HIS", "HOSPITAL", "ENGINE", "HOSPITAL", s.stamp(), "", "ADT^"+trigger+"^ADT_A01", fmt.Sprintf("HIS-%d", s.now.UnixMilli()), "P", "2.5")
		m = hl7.AppendSegment(m, "EVN", trigger, s.stamp())
		m = hl7.AppendSegment(m, "PID", "1", "", p.id+"^^^SYNTH^MR", "", p.name, "", p.born, "U")
		m = hl7.AppendSegment(m, "PV1", "1", "I", fmt.Sprintf("4 West^^%d^SYNTH", 1+s.random.IntN(48)))
		s.exchangeHL7(d, engine, m)
	})
}

// interfaceEngine takes in what the others send; it is looked after over SSH.
func interfaceEngine(s *stage, d *Device) {
	s.arrive(d)
	s.every(time.Second, seldom, func() { s.shell(s.Kind("office workstation")[0], d) })
	s.every(1500*time.Millisecond, seldom, func() { s.capabilities(s.Kind("wearables gateway")[0], d, "Interface engine", "4.5") })
}
