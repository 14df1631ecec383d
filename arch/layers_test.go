package arch

import (
	"strconv"
	"strings"
	"testing"
)

// layers lists the packages in the order in which data flows. A package may import only what
// stands on an earlier line; packages on one line may not import each other. A trailing /* stands
// for all packages below a folder, which may import each other downwards only where the compiler
// allows it.
var layers = []string{
	"ward",
	"proto/*",
	"platform/store platform/notify",
	"platform/store/storetest",
	"platform/vault",
	"platform/audit",
	"platform/access platform/backup",
	"platform/cert",
	"know/wire/decode",
	"know/wire/decode/decodetest",
	"know/wire/it/gear",
	"know/wire/clinical know/wire/building know/wire/it",
	"know/wire/decoders",
	"know/wire/capture know/wire/packet know/wire/flow know/wire/logs",
	"know/wire/wiretest",
	"know/wire",
	"know/evidence",
	"know/identity/registry know/identity/prints",
	"know/identity",
	"know/inventory/entry know/inventory/search know/inventory/zoning",
	"know/inventory/traffic",
	"know/inventory",
	"know/inventory/importing",
	"sim/*",
	"web/*",
	"api/*",
	"app",
	"cli",
	"bench/*",
	"e2e/*",
	"arch",
	".",
}

// decoders may import nothing but the vocabulary, the codecs and the contract, although they
// stand below more.
var decoders = []string{"know/wire/clinical", "know/wire/building", "know/wire/it", "know/wire/it/gear"}

func rank(pkg string) (int, bool) {
	for i, line := range layers {
		for _, entry := range strings.Fields(line) {
			if folder, ok := strings.CutSuffix(entry, "/*"); ok {
				if pkg == folder || strings.HasPrefix(pkg, folder+"/") {
					return i, true
				}
			} else if pkg == entry {
				return i, true
			}
		}
	}
	return 0, false
}

func family(pkg string) string {
	i, _ := rank(pkg)
	return layers[i]
}

func TestImportsPointUp(t *testing.T) {
	for _, s := range sources(t) {
		if s.ast == nil || strings.HasPrefix(s.dir, "tools") {
			continue
		}
		own, listed := rank(s.dir)
		if !listed {
			t.Errorf("%s: package %s is not in the list of layers: add it where it belongs in the flow", s.path, s.dir)
			continue
		}
		for _, imp := range s.ast.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			pkg, ours := strings.CutPrefix(name, module)
			if !ours {
				continue
			}
			pkg = strings.TrimPrefix(pkg, "/")
			if pkg == "" {
				pkg = "."
			}
			if s.test {
				continue // test files may import any
			}
			at, _ := rank(pkg)
			sameFamily := at == own && strings.HasSuffix(family(pkg), "/*") && strings.Split(pkg, "/")[0] == strings.Split(s.dir, "/")[0]
			if at >= own && !sameFamily {
				t.Errorf("%s imports %s, which stands below it or beside it in the flow: pass a function in app/flow.go instead", s.path, pkg)
			}
		}
	}
}

func TestDecodersImportOnlyTheContract(t *testing.T) {
	for _, s := range sources(t) {
		if s.ast == nil || s.test || !contains(decoders, s.dir) {
			continue
		}
		for _, imp := range s.ast.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			pkg, ours := strings.CutPrefix(name, module+"/")
			if ours && pkg != "ward" && pkg != "know/wire/decode" && !strings.HasPrefix(pkg, "proto/") && !strings.HasPrefix(pkg, s.dir+"/") {
				t.Errorf("%s imports %s: a decoder knows the vocabulary, its codec and the contract, nothing else", s.path, pkg)
			}
		}
	}
}

func TestCodecsImportNothingOfOurs(t *testing.T) {
	for _, s := range sources(t) {
		if s.ast == nil || s.test || !strings.HasPrefix(s.dir, "proto/") && s.dir != "ward" {
			continue
		}
		for _, imp := range s.ast.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			if pkg, ours := strings.CutPrefix(name, module+"/"); ours && !strings.HasPrefix(pkg, "proto/") {
				t.Errorf("%s imports %s: a codec turns bytes into structs and knows nothing else", s.path, pkg)
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}
