package inventory

import (
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/ward"
)

// leaseTrust is for how long an address alone stands for the same device, when nothing else is
// known of it. A DHCP lease rarely lives longer unseen.
const leaseTrust = 7 * 24 * time.Hour

// placed is a device of a batch and the place it takes in the register.
type placed struct {
	device *ward.Device
	keys   []string
	sum    int64
	id     string
	known  *known   // nil when it is new
	merge  []string // register ids that turned out to be this device
}

// place finds the record of a device: by serial number, UDI or UUID, by hardware address, by the
// engine's id, and last by address under the rules of leases. taken are the ids that other devices
// of the batch have.
func (v *view) place(d *ward.Device, taken map[string]bool) placed {
	p := placed{device: d, keys: entry.KeysOf(d)}
	accept := func(id string) {
		switch k := v.known[id]; {
		case k == nil || k.merged != "" || taken[id] || id == p.id:
		case p.id == "":
			p.id, p.known = id, k
		case weaker(k, p.known):
			p.merge = append(p.merge, id)
		}
	}
	serial := ""
	for _, k := range p.keys {
		if strings.HasPrefix(k, "serial:") {
			serial = k
		}
		if strings.HasPrefix(k, "mac:") {
			if o := v.known[v.byKey[k]]; o != nil && p.id == "" && otherSerial(o, serial) && !v.sameEngine(o, d) {
				continue // a card that moved into another device does not take its record along
			}
		}
		accept(v.byKey[k])
		if serial == k { // a register that was imported may spell the maker otherwise
			accept(v.byKey["serial::"+k[strings.LastIndexByte(k, ':')+1:]])
		}
	}
	if p.id == "" {
		accept(v.byEngine[d.ID])
	}
	if p.id == "" {
		for _, ip := range d.IPs {
			if k := v.known[v.byIP[ip]]; k != nil && v.sameLease(k, d, serial) {
				accept(k.id)
			}
		}
	}
	return p
}

// weaker reports whether a record holds nothing of its own that another one lacks: then it is the
// same device seen by less.
func weaker(k, than *known) bool {
	for _, key := range k.keys {
		if strings.HasPrefix(key, "serial:") || strings.HasPrefix(key, "udi:") || strings.HasPrefix(key, "uuid:") {
			return false
		}
	}
	return !k.registered || !than.registered
}

// otherSerial reports whether a record is known by another serial number than the given key.
func otherSerial(k *known, serial string) bool {
	if serial == "" {
		return false
	}
	for _, key := range k.keys {
		if strings.HasPrefix(key, "serial:") && key != serial && key[strings.LastIndexByte(key, ':'):] != serial[strings.LastIndexByte(serial, ':'):] {
			return true
		}
	}
	return false
}

// sameEngine reports whether the engine calls the device what it called the record: then it saw
// both on one station, and the serial number was changed or misread.
func (v *view) sameEngine(k *known, d *ward.Device) bool { return k.engine == d.ID }

// sameLease reports whether an address may still stand for the device that had it.
func (v *view) sameLease(k *known, d *ward.Device, serial string) bool {
	if otherSerial(k, serial) {
		return false
	}
	if len(k.macs) > 0 && len(d.MACs) > 0 {
		return false // two cards: the address moved on
	}
	if k.last.IsZero() { // from an imported register, never heard
		return true
	}
	if len(d.MACs) > 0 {
		return false // what stands behind a router has no card here
	}
	if (k.scope == ward.External) != (d.Scope == ward.External) || len(k.macs) > 0 && d.Scope == ward.Local {
		return false
	}
	return d.Scope == ward.External || d.First.Sub(k.last) < leaseTrust
}
