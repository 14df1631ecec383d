package identity

import (
	"github.com/wardkeeper/wardkeeper/know/identity/registry"
	"github.com/wardkeeper/wardkeeper/ward"
)

// ouiField is the pseudo field under which the owner of a hardware address is evidence.
var ouiField = ward.Field{Protocol: "oui", Name: "owner", Proves: ward.Manufacturer, Trust: ward.TrustRegistry}

// ownerOf looks a hardware address up. Blocks that the IEEE lists without a name, and addresses
// that are plainly made up, have none.
func (e *Engine) ownerOf(m ward.MAC) registry.Ownership {
	if registry.Invented(m) {
		return registry.Ownership{}
	}
	owner, _ := registry.Builtin().MAC(m)
	if owner == "" {
		return registry.Ownership{}
	}
	o, ok := e.owners[owner]
	if !ok {
		o = registry.Judge(owner)
		e.owners[owner] = o
	}
	return o
}
