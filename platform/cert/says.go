package cert

import (
	"net/netip"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// IdentityLevel is the attribute of a device that holds its rung on the identity ladder.
const IdentityLevel ward.Attr = "identity level"

// What a proven connection says of the device at its other end. The sender of the bytes said so
// with a key that only it holds, which is the most that anything on a network can prove.
var (
	fieldLevel  = ward.Field{Protocol: "tls", Name: "client certificate, level", Proves: IdentityLevel, Trust: ward.TrustProven}
	fieldDevice = ward.Field{Protocol: "tls", Name: "client certificate, device"}
	fieldMaker  = ward.Field{Protocol: "tls", Name: "idevid issuer", Proves: ward.Manufacturer, Trust: ward.TrustProven}
	fieldSerial = ward.Field{Protocol: "tls", Name: "idevid serial number", Proves: ward.Serial, Trust: ward.TrustProven}
)

// Rung is the level that policies may rely on: a certificate outside its time proves no more than
// that the device was once confirmed.
func (w Identity) Rung() Level {
	if w.Grace && w.Level > Confirmed {
		return Confirmed
	}
	return w.Level
}

// Sightings turns a proven connection from an address into what was seen of the device there, as
// decoders do. It is right only where the TLS connection ends here and no proxy stands before us:
// behind one, the address is the proxy's.
func (w Identity) Sightings(from netip.Addr, at time.Time) []ward.Sighting {
	if w.Level < Issued || !from.IsValid() {
		return nil
	}
	subject := ward.Subject{IP: ward.IPFrom(from.Unmap())}
	ns := at.UnixNano()
	var out []ward.Sighting
	say := func(f *ward.Field, value string) {
		if value != "" {
			out = append(out, ward.Sighting{Subject: subject, Field: f, Value: value, First: ns, Last: ns, Count: 1})
		}
	}
	say(&fieldLevel, w.Rung().String())
	if w.Device != "" {
		say(&fieldDevice, URN(w.Device))
	}
	if w.Level == Manufactured && !w.Grace {
		say(&fieldMaker, w.Maker)
		say(&fieldSerial, w.DeviceSerial)
	}
	return out
}
