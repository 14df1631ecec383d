package sim

import (
	"fmt"
	"time"
)

// bedsideParts are the devices at beds and in theatres.
func bedsideParts() []part {
	return []part{
		{"pump server", pumpServer}, {"infusion pump", pump}, {"syringe pump", pump}, {"patient monitor", monitor}, {"device gateway", gateway},
		{"ventilator", ventilator}, {"anaesthesia workstation", anaesthesia}, {"surgical display", surgicalDisplay}, {"wearables gateway", wearables},
	}
}

// embedded is what a small embedded network stack asks of DHCP.
var embedded = []byte{1, 3, 6, 42}

// ciphers that devices offer.
var (
	fewCiphers  = []uint16{0xc02f, 0xc027, 0x009c}
	manyCiphers = []uint16{0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0xcca9, 0x009c, 0x009d, 0x002f, 0x0035}
)

const drugLibrary = `{"library":"synthetic-ward","version":"2026.11","entries":412}`

func pumpServer(s *stage, d *Device) {
	s.arrive(d)
	s.shareVersion(d)
}

// pump is an infusion or syringe pump: it keeps a session with its server, fetches the drug library in
// clear, and reports for itself to the interface engine.
func pump(s *stage, d *Device) {
	server := s.one("pump server")
	s.join(d, lease{class: d.Maker + " " + d.Model, params: embedded, host: d.Host})
	s.in(150*time.Millisecond, func() {
		s.lookUp(d.Port, server.Host+"."+domain, server.Port)
		s.pumpReport(d)
	})
	s.every(2*time.Second, often+often/2, func() { s.pumpReport(d) })
	s.every(time.Second, seldom, func() { s.secure(d.Port, server.Port, 8443, server.Host+"."+domain, fewCiphers, 220, 180) })
	s.every(12*time.Second, 2*seldom, func() { s.fetchLibrary(d, server) })
	if d.Number%9 == 4 { // some run empty, now and then
		s.every(15*time.Second, 2*seldom, func() {
			s.exchangeHL7(d, s.one("interface engine"), s.alarm(d, pumpTerm(d), "196940", "MDC_EVT_PUMP_VOL_INFUS_COMPLETE"))
		})
	}
}

// pumpTerm is the term of IEEE 11073-10101 for a pump.
func pumpTerm(d *Device) string {
	if d.Kind == "syringe pump" {
		return "70033^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC"
	}
	return "70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC"
}

func (s *stage) pumpReport(d *Device) {
	rate := 5 + s.random.IntN(120)
	s.exchangeHL7(d, s.one("interface engine"), s.report(d, d, pumpTerm(d),
		reading{"157784^MDC_FLOW_FLUID_PUMP^MDC", fmt.Sprint(rate), "265266^MDC_DIM_MILLI_L_PER_HR^MDC"}))
}

func (s *stage) fetchLibrary(d, server *Device) {
	s.web(d.Port, server.Port, 80,
		request("GET", "/library/current", server.Host+"."+domain, nil, "User-Agent: "+d.Maker+"-"+d.Model+"/"+d.Firmware, "Accept: application/json"),
		answer("200 OK", []byte(drugLibrary), "Server: Microsoft-IIS/10.0", "Content-Type: application/json"))
}

// monitor announces itself by SDC, tells its gateway what it is, and sends it its measurements
// encrypted.
func monitor(s *stage, d *Device) {
	g := s.near(d, "device gateway")
	s.join(d, lease{class: d.Maker + " " + d.Model, params: embedded, host: d.Host})
	s.every(100*time.Millisecond, 2*seldom, func() { s.hello(d) })
	s.every(200*time.Millisecond, 3*seldom, func() { s.describe(g, d, "69965") })
	s.every(time.Second, often, func() { s.secure(d.Port, g.Port, 8443, g.Host+"."+domain, fewCiphers, 600, 80) })
}

// gateway passes on what the monitors of its ward measure, and speaks for telemetry transmitters,
// which have no address of their own.
func gateway(s *stage, d *Device) {
	s.arrive(d)
	engine := s.one("interface engine")
	n := 0
	s.every(500*time.Millisecond, 8*time.Second, func() {
		n++
		t := &Device{
			Port: d.Port, Maker: d.Maker, Model: "Tele 3", Serial: fmt.Sprintf("NT3%d%d", d.VLAN, 4000+n%4), Firmware: "1.2.2",
			Host: d.Host, Bed: fmt.Sprintf("%s bed %d", wardName(d.Zone), 4*(n%4)+3),
		}
		t.MAC[0], t.MAC[5] = 0xae, byte(n%4) //nolint:gosec // below 4
		s.exchangeHL7(d, engine, s.report(d, t, "69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC",
			reading{"147842^MDC_ECG_HEART_RATE^MDC", fmt.Sprint(60 + s.random.IntN(40)), "264864^MDC_DIM_BEAT_PER_MIN^MDC"}))
	})
	s.in(time.Second, func() { s.describe(engine, d, "") })
}

// ventilator announces itself by SDC and reports for itself.
func ventilator(s *stage, d *Device) {
	s.lifeSupport(d, "70001^MDC_DEV_SYS_PT_VENT_MDS^MDC", reading{"151562^MDC_RESP_RATE^MDC", "14", "264928^MDC_DIM_RESP_PER_MIN^MDC"})
}

func anaesthesia(s *stage, d *Device) {
	s.lifeSupport(d, "70041^MDC_DEV_SYS_ANESTH_MDS^MDC", reading{"152708^MDC_CONC_AWAY_O2_INSP^MDC", "41", "262688^MDC_DIM_PERCENT^MDC"})
}

func (s *stage) lifeSupport(d *Device, mds string, r reading) {
	s.join(d, lease{class: d.Maker + " " + d.Model, params: embedded, host: d.Host})
	s.every(100*time.Millisecond, 2*seldom, func() { s.hello(d) })
	s.every(300*time.Millisecond, often, func() { s.exchangeHL7(d, s.one("interface engine"), s.report(d, d, mds, r)) })
	s.every(3*time.Second, seldom, func() {
		s.secure(d.Port, s.one("pump server").Port, 443, "aerion-service."+domain, fewCiphers, 300, 100)
	})
}

// surgicalDisplay shows its neighbour's pictures: the displays of the theatres find and describe each
// other.
func surgicalDisplay(s *stage, d *Device) {
	s.join(d, lease{class: d.Maker + " " + d.Model, params: embedded, host: d.Host})
	s.announce(d, displayClass)
	peers := s.Kind(d.Kind)
	peer := peers[d.Number%len(peers)]
	s.every(2*time.Second, seldom, func() { s.fetchDescription(peer, d, displayClass) })
	s.every(2500*time.Millisecond, 3*seldom, func() { s.describe(peer, d, "") })
	s.every(4*time.Second, often, func() { s.stream(peer, d) })
}

// wearables collects the readings of patches and watches and hands them on as FHIR, in clear.
func wearables(s *stage, d *Device) {
	s.join(d, lease{class: d.Maker + " " + d.Model, params: embedded, host: d.Host})
	s.every(100*time.Millisecond, 2*seldom, func() { s.hello(d) })
	s.every(600*time.Millisecond, 2*seldom, func() { s.describe(s.one("interface engine"), d, "531981") })
	s.every(time.Second, often, func() { s.observation(d) })
	s.every(2*time.Second, often, func() { s.publish(d) })
}
