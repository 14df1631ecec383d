package sim

import (
	"encoding/base64"
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/proto/sip"
	"github.com/wardkeeper/wardkeeper/proto/upnp"
	"github.com/wardkeeper/wardkeeper/proto/wsd"
)

// videoParts are cameras, recorders and badge readers.
func videoParts() []part {
	return []part{{"ip camera", camera}, {"video recorder", recorder}, {"badge reader", badgeReader}}
}

// Kinds of device by UPnP, and how they describe themselves.
type upnpClass struct{ kind, description string }

var (
	cameraClass   = upnpClass{"urn:schemas-upnp-org:device:Basic:1", "Network camera"}
	recorderClass = upnpClass{"urn:schemas-upnp-org:device:Basic:1", "Network video recorder"}
	displayClass  = upnpClass{"urn:schemas-upnp-org:device:Basic:1", "Surgical display"}
)

const descriptionPort = 49152

// announce sends the UPnP announcement of a device to its segment.
func (s *stage) announce(d *Device, class upnpClass) {
	s.announceAs(d, "Linux/5.10 UPnP/1.0 "+d.Maker+"/"+d.Firmware, "/description.xml", descriptionPort)
}

func (s *stage) announceAs(d *Device, server, path string, port int) {
	s.every(100*time.Millisecond, 2*seldom, func() {
		b := fmt.Appendf(nil, "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\nLOCATION: http://%s:%d%s\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n"+
			"SERVER: %s\r\nUSN: uuid:%s::upnp:rootdevice\r\n\r\n", d.IP, port, path, server, d.uuid())
		s.group(d.Port, 239, 255, 255, 250, s.ephemeral(), 1900, b)
	})
}

// fetchDescription plays how one device reads another's UPnP description.
func (s *stage) fetchDescription(asker, d *Device, class upnpClass) {
	body := upnp.Append(nil, &upnp.Device{
		DeviceType: []byte(class.kind), FriendlyName: []byte(d.Host), Manufacturer: []byte(d.Maker), ModelDescription: []byte(class.description),
		ModelName: []byte(d.Model), ModelNumber: []byte(d.Firmware), SerialNumber: []byte(d.Serial), UDN: []byte("uuid:" + d.uuid()),
	})
	s.web(asker.Port, d.Port, descriptionPort, request("GET", "/description.xml", fmt.Sprintf("%s:%d", d.IP, descriptionPort), nil),
		answer("200 OK", body, "Content-Type: text/xml; charset=utf-8"))
}

// camera announces itself in the two ways that cameras have and is watched by a recorder.
func camera(s *stage, d *Device) {
	recorders := s.Kind("video recorder")
	r := recorders[d.Number%len(recorders)]
	s.join(d, lease{class: d.Maker + " " + d.Model, params: embedded, host: d.Host})
	s.announce(d, cameraClass)
	s.every(200*time.Millisecond, 2*seldom, func() {
		m := wsd.Message{Action: wsd.Hello, MessageID: "urn:uuid:" + s.messageID(), Endpoints: []wsd.Endpoint{{
			Address: "urn:uuid:" + d.uuid(), Types: []wsd.QName{{Space: "http://www.onvif.org/ver10/network/wsdl", Local: "NetworkVideoTransmitter"}},
			Scopes: []string{
				"onvif://www.onvif.org/type/video_encoder", "onvif://www.onvif.org/Profile/Streaming", "onvif://www.onvif.org/hardware/Dome%204",
				"onvif://www.onvif.org/name/" + d.Host, fmt.Sprintf("onvif://www.onvif.org/location/floor%%20%d", 1+d.Number%5),
			},
			XAddrs: []string{"http://" + d.IP.String() + "/onvif/device_service"},
		}}}
		s.group(d.Port, 239, 255, 255, 250, s.ephemeral(), discoveryPort, wsd.Append(nil, m))
	})
	s.every(900*time.Millisecond, 2*seldom, func() { s.fetchDescription(r, d, cameraClass) })
	s.every(1500*time.Millisecond, 3*seldom, func() { s.describe(r, d, "") })
	s.every(3*time.Second, often+often/2, func() { s.stream(r, d) })
}

func recorder(s *stage, d *Device) {
	s.arrive(d)
	s.announce(d, recorderClass)
	recorders := s.Kind("video recorder")
	other := recorders[d.Number%len(recorders)]
	s.every(800*time.Millisecond, 2*seldom, func() { s.fetchDescription(other, d, recorderClass) })
	s.every(1600*time.Millisecond, 3*seldom, func() { s.describe(other, d, "") })
}

// stream plays how pictures are asked for by RTSP, and the first of them over RTP.
func (s *stage) stream(viewer, d *Device) {
	uri := fmt.Sprintf("rtsp://%s:554/stream1", d.IP)
	server := "Server: " + d.Maker + " RTSP/1.0"
	c := s.dial(viewer.Port, d.Port, 554)
	sequence := 0
	do := func(method string, body string, extra ...string) {
		sequence++
		n := fmt.Sprintf("CSeq: %d", sequence)
		c.Send(sip.AppendRequest(nil, method, uri, "RTSP/1.0", n, "User-Agent: "+viewer.Maker+" "+viewer.Model))
		c.Answer(sip.AppendAnswer(nil, "RTSP/1.0", 200, "OK", body, append([]string{n, server}, extra...)...))
	}
	media := s.ephemeral() &^ 1
	do("OPTIONS", "", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
	do("DESCRIBE", fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %s\r\ns=%s\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n", d.IP, d.Host), "Content-Type: application/sdp")
	do("SETUP", "", fmt.Sprintf("Transport: RTP/AVP;unicast;client_port=%d-%d;server_port=6970-6971", media, media+1), "Session: 5eed")
	do("PLAY", "", "Session: 5eed")
	for i := range byte(3) {
		rtp := append([]byte{0x80, 96, 0, i, 0, 0, 0x0b, 0xb8 * i, 0x5e, 0xed, d.IP[14], d.IP[15]}, s.noise(400)...)
		s.tape.UDP(d.Port, viewer.Port, 6970, media, rtp)
	}
	do("TEARDOWN", "", "Session: 5eed")
	c.Close()
}

// badgeReader opens a door and tells the recorder what it is.
func badgeReader(s *stage, d *Device) {
	r := s.one("video recorder")
	s.join(d, lease{class: d.Maker + " " + d.Model, params: embedded, host: d.Host})
	s.every(300*time.Millisecond, 2*seldom, func() {
		s.poll(r, d, d.inventory(d.Maker+" "+d.Model+" access control door controller, firmware "+d.Firmware)...)
	})
	s.every(1500*time.Millisecond, 2*seldom, func() {
		page := "<html><head><title>" + d.Maker + " " + d.Model + " door controller</title></head><body>Door closed.</body></html>"
		s.web(r.Port, d.Port, 80, request("GET", "/", d.Host, nil, "User-Agent: "+r.Maker+" "+r.Model), answer("200 OK", []byte(page), "Server: "+d.Maker+"/"+d.Firmware, "Content-Type: text/html"))
	})
}

// logIn plays how somebody signs in to a door controller with the name and password it was made with.
func (s *stage) logIn(from, to *Device) {
	secret := base64.StdEncoding.EncodeToString([]byte("admin:admin"))
	s.web(from.Port, to.Port, 80,
		request("GET", "/setup", to.Host, nil, "User-Agent: "+agent10, "Authorization: Basic "+secret),
		answer("200 OK", []byte("<html><head><title>"+to.Maker+" "+to.Model+" set-up</title></head><body>Doors: 4</body></html>"), "Server: "+to.Maker+"/"+to.Firmware, "Content-Type: text/html"))
}
