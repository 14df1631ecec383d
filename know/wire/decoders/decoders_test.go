package decoders

import (
	"strings"
	"testing"
)

// TestAll: every decoder has a name of its own in lower case and at least one hook, and there are
// not more of TCP than the wire can ask.
func TestAll(t *testing.T) {
	tcp := 0
	for _, d := range All() {
		if d.Name == "" || d.Name != strings.ToLower(d.Name) {
			t.Errorf("the name %q", d.Name)
		}
		if d.Frame == nil && d.Datagram == nil && d.ICMPv6 == nil && d.Match == nil {
			t.Errorf("%s reads nothing", d.Name)
		}
		if d.Frame != nil && len(d.EtherTypes) == 0 || d.Strict && len(d.UDPPorts) == 0 || (d.Match == nil) != (d.Open == nil) {
			t.Errorf("%s can never be asked", d.Name)
		}
		if d.Match != nil {
			tcp++
		}
	}
	if tcp > 128 {
		t.Errorf("%d decoders of TCP: the wire asks 128", tcp)
	}
}
