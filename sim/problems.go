package sim

import "time"

// This file holds what is honestly wrong in this hospital, so that there is something to find: a pump
// that was swapped for another, an old Windows that reaches the internet, a controller with the
// password it was made with, and a device that nobody knows. What the CTs send in clear is wrong all
// the time; see modality.

// swapAt is when the pump of 4 West bed 12 is exchanged.
const swapAt = 9 * time.Second

// The pump of 4 West bed 12, before and after.
const (
	serialBefore, firmwareBefore = "HX-20418", "3.2.1"
	serialAfter, firmwareAfter   = "HX-21977", "3.1.4"
)

// problemParts are the devices that are there only as a problem.
func problemParts() []part {
	return []part{{"unknown", stranger}, {"imaging workstation old", oldReadingRoom}}
}

// swapped is the pump that is exchanged, as it is afterwards.
func (h *Hospital) swapped() *Device { return h.byKind["infusion pump"][11] }

func (s *stage) problems() {
	s.in(6*time.Second, func() { s.logIn(s.Kind("office workstation")[7], s.Kind("badge reader")[16]) })
	s.swapPump()
}

// swapPump lets another pump do the work of one for the first seconds: other hardware and serial,
// same name and address.
func (s *stage) swapPump() {
	after := s.swapped()
	before := *after
	before.MAC[4] ^= 0x55
	before.Serial, before.Firmware = serialBefore, firmwareBefore
	s.in(800*time.Millisecond, func() {
		s.join(&before, lease{class: before.Maker + " " + before.Model, params: embedded, host: before.Host})
		for t := 200 * time.Millisecond; t < swapAt-2*time.Second; t += 3 * time.Second {
			s.in(t, func() { s.pumpReport(&before) })
		}
	})
	s.in(swapAt, func() { pump(s, after) })
}

// oldReadingRoom is a workstation with an old Windows. One of them reaches the internet.
func oldReadingRoom(s *stage, d *Device) {
	readingRoom(s, d)
	record := s.one("health record")
	s.every(3*time.Second, 2*seldom, func() {
		s.web(d.Port, record.Port, 80, request("GET", "/portal", "his1."+domain, nil, "User-Agent: "+agent7, "Accept: text/html"),
			answer("302 Found", nil, "Location: https://his1."+domain+"/portal"))
	})
	if d.Number == 2 {
		s.every(2500*time.Millisecond, often, func() { s.secure(d.Port, cloudSite, 443, cloudName, manyCiphers, 900, 700) })
	}
}

// stranger is a device with a made-up address that talks to one site outside and to nobody else.
func stranger(s *stage, d *Device) {
	s.join(d, lease{params: []byte{1, 3, 6}})
	s.every(time.Second, 7*time.Second, func() { s.secure(d.Port, oddSite, 443, oddName, []uint16{0xc02f, 0x1301}, 150, 90) })
}

// shell plays how an administrator opens a shell on a server: what goes over before it is encrypted.
func (s *stage) shell(from, to *Device) {
	c := s.dial(from.Port, to.Port, 22)
	c.Send([]byte("SSH-2.0-OpenSSH_for_Windows_9.5\r\n")).Answer([]byte("SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13\r\n")).Close()
}
