package wire

import (
	"fmt"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/wiretest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// counted is a decoder of datagrams that begin with a letter; it counts what it is offered.
func counted(name string, first byte, offered *int, say func(p *decode.Packet, out *decode.Out)) decode.Decoder {
	return decode.Decoder{Name: name, Datagram: func(p *decode.Packet, out *decode.Out) bool {
		*offered++
		if p.Payload[0] != first {
			return false
		}
		if say != nil {
			say(p, out)
		}
		return true
	}}
}

// TestDatagramsNobodyKnows: a flow of unknown datagrams is not offered for ever.
func TestDatagramsNobodyKnows(t *testing.T) {
	offered := 0
	var frames [][]byte
	for i := range 100 {
		frames = append(frames, wiretest.UDP(alice, bob, 5000, 6000, []byte(fmt.Sprint("?", i))))
	}
	play(t, Options{Decoders: []decode.Decoder{counted("a", 'a', &offered, nil)}}, frames...)
	if offered != maxTriesAnyPort {
		t.Errorf("offered %d times", offered)
	}
}

// TestRepetition: exact repetitions are not read again, and what says the same again and again is
// sampled; what says something else each time is read each time.
func TestRepetition(t *testing.T) {
	field := &ward.Field{Protocol: "a", Name: "value"}
	run := func(payload func(i int) string, say string) int {
		offered := 0
		d := counted("a", 'a', &offered, func(p *decode.Packet, out *decode.Out) {
			if say != "" {
				out.SayString(field, say)
			} else {
				out.Say(field, p.Payload)
			}
		})
		var frames [][]byte
		for i := range 400 {
			frames = append(frames, wiretest.UDP(alice, bob, 5000, 6000, []byte(payload(i))))
		}
		play(t, Options{Decoders: []decode.Decoder{d}}, frames...)
		return offered
	}
	if n := run(func(int) string { return "a same" }, "x"); n != 2 {
		t.Errorf("the same datagram was read %d times", n)
	}
	if n := run(func(i int) string { return fmt.Sprint("a ", i) }, "x"); n < quiet || n > 150 {
		t.Errorf("datagrams that say the same were read %d times", n)
	}
	if n := run(func(i int) string { return fmt.Sprint("a ", i) }, ""); n != 400 {
		t.Errorf("datagrams that say something else were read %d times", n)
	}
}

// TestManyClientsOfOnePort: devices without an address yet are not one flow.
func TestManyClientsOfOnePort(t *testing.T) {
	offered := 0
	all := wiretest.Host{MAC: [6]byte{255, 255, 255, 255, 255, 255}, IP: [4]byte{255, 255, 255, 255}}
	var frames [][]byte
	for i := range 300 {
		h := wiretest.Host{MAC: wiretest.HostN(uint32(i)).MAC}
		frames = append(frames, wiretest.UDP(h, all, 68, 67, []byte("a request")))
	}
	o, _ := play(t, Options{Decoders: []decode.Decoder{counted("a", 'a', &offered, nil)}}, frames...)
	if offered != 300 || len(o.Stations) != 300 {
		t.Errorf("offered %d, %d stations", offered, len(o.Stations))
	}
}

// TestExchangeBytes: the interface catalogue gets the bytes of the connections that carried it.
func TestExchangeBytes(t *testing.T) {
	d := counted("a", 'a', new(int), func(_ *decode.Packet, out *decode.Out) {
		out.Carry(decode.Carried{Protocol: "a", What: "message"})
	})
	o, _ := play(t, Options{Decoders: []decode.Decoder{d}},
		wiretest.UDP(alice, bob, 5000, 600, []byte("a one")),
		wiretest.UDP(alice, bob, 5000, 600, []byte("a two")),
		wiretest.UDP(bob, alice, 600, 5000, []byte("unknown answer")))
	if len(o.Exchanges) != 1 {
		t.Fatalf("exchanges %+v", o.Exchanges)
	}
	if x := o.Exchanges[0]; x.Messages != 2 || x.Bytes != 2*(42+5)+42+14 || x.From.IP != ward.IP4(alice.IP[:]) || x.Port != 600 {
		t.Errorf("exchange %+v", x)
	}
}
