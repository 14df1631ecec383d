package identity

import (
	"strings"
	"sync"

	"github.com/wardkeeper/wardkeeper/know/identity/prints"
	"github.com/wardkeeper/wardkeeper/know/identity/registry"
)

// Mask hides what looks like a person's name in a name that a person chose for a device or an
// account, and keeps what identifies the device; see [prints.Mask]. The wire is given it.
func Mask(name string) string { return prints.Mask(name, plainWords()) }

// plainWords are words in names of devices that name no person: those below, makers, and what the
// fingerprints of names look for.
var plainWords = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(registry.PlainWords) {
		set[w] = true
	}
	for _, w := range registry.MakerWords() {
		set[w] = true
	}
	if s, err := prints.Builtin(); err == nil {
		for _, w := range s.Words("device name", "mdns instance") {
			set[w] = true
		}
	}
	return set
})
