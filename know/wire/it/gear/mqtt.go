package gear

import (
	"bytes"
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/mqtt"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	mqttClientID = ward.Field{Protocol: "mqtt", Name: "client id", Personal: true}
	mqttTopic    = ward.Field{Protocol: "mqtt", Name: "topic prefix"}
	mqttPassword = ward.Field{Protocol: "mqtt", Name: "password"}
	mqttType     = ward.Field{Protocol: "mqtt", Name: "answers CONNECT", Proves: ward.Type, Trust: ward.TrustRole}
	mqttTaken    = ward.Field{Protocol: "mqtt", Name: "takes a session", Proves: ward.Type, Trust: ward.TrustRole}
	mqttRole     = ward.Field{Protocol: "mqtt", Name: "accepts CONNECT", Proves: ward.Role, Trust: ward.TrustRole}
)

// telemetryQueue reads who brokers MQTT, the names clients give themselves (free text) and whether
// a password goes over in clear. Of topics only the first level is kept and of messages nothing:
// both may name patients.
func telemetryQueue() decode.Decoder {
	return decode.Decoder{
		Name: "mqtt", TCPPorts: []uint16{1883}, Match: matchMQTT,
		Open: func() decode.Session { return &mqttSession{} },
	}
}

func matchMQTT(dir decode.Dir, first []byte, _ uint16) decode.Match {
	if dir == decode.Server { // the client speaks first, and only its first packet has a name in it
		if len(first) == 0 || first[0] == mqtt.ConnAck<<4 {
			return decode.More
		}
		return decode.No
	}
	if len(first) < 14 && len(first) > 0 && first[0] == mqtt.Connect<<4 {
		return decode.More
	}
	if mqtt.IsConnect(first) {
		return decode.Yes
	}
	return decode.No
}

type mqttSession struct {
	skip    [2]int
	packets int
}

// maxMQTTPackets bounds how long a connection is followed.
const maxMQTTPackets = 100

func (s *mqttSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if k := s.skip[dir]; k > 0 {
		k = min(k, len(data))
		s.skip[dir] -= k
		return k
	}
	typ, _, head, body, need, ok := mqtt.Head(data)
	switch {
	case !ok || s.packets > maxMQTTPackets:
		return decode.Done
	case need:
		return 0
	}
	whole := len(data) >= head+body
	if want := typ == mqtt.Connect || typ == mqtt.ConnAck; want && !whole && body <= 8<<10 || !whole && len(data) < head+66 {
		return 0
	}
	b := data[head:min(len(data), head+body)]
	s.packets++
	switch {
	case typ == mqtt.Connect && dir == decode.Client:
		sayConnect(b, out)
	case typ == mqtt.ConnAck && dir == decode.Server:
		if _, ok := mqtt.ReadConnAck(b); ok {
			out.SayString(&mqttType, "server")
			out.SayString(&mqttRole, "mqtt broker")
		}
	case dir == decode.Client:
		// A session that goes on was taken, even where the answer was not caught.
		out.SayOf(out.Peer, &mqttTaken, "server")
		if typ == mqtt.Publish {
			sayTopic(b, out)
		}
	}
	if !whole {
		s.skip[dir] = head + body - len(data)
		return len(data)
	}
	return head + body
}

func sayConnect(b []byte, out *decode.Out) {
	s, ok := mqtt.ReadConnect(b)
	if !ok {
		return
	}
	out.Say(&mqttClientID, s.ClientID)
	if s.HasPassword && len(s.Password) > 0 {
		out.Flag(ward.ClearTextPassword, &mqttPassword, "present, "+strconv.Itoa(len(s.Password))+" characters")
		if IsDefaultPair(s.User, s.Password) {
			out.Flag(ward.DefaultCredential, &mqttPassword, "a factory user name and password")
		}
	}
}

// sayTopic keeps the first level of a topic when it looks like the name of a product or a system:
// short, letters first.
func sayTopic(b []byte, out *decode.Out) {
	topic := mqtt.Topic(b)
	if topic == nil { // cut: the level may still be whole
		topic = b[min(2, len(b)):]
	}
	level, _, more := bytes.Cut(bytes.TrimPrefix(topic, []byte("$")), []byte("/"))
	if more && len(level) > 1 && len(level) <= 24 && level[0]|0x20 >= 'a' && level[0]|0x20 <= 'z' && isText(level) {
		out.Say(&mqttTopic, level)
	}
}
