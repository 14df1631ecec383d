package arch

import (
	"go/ast"
	"strings"
	"testing"
)

// TestTestsDoNotSleep: a test that waits is slow or flaky. Use testing/synctest or a clock.
func TestTestsDoNotSleep(t *testing.T) {
	for _, s := range sources(t) {
		if s.ast == nil || !s.test {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && sel.Sel.Name == "Sleep" {
				t.Errorf("%s: time.Sleep in a test: use testing/synctest or pass a clock", s.fset.Position(n.Pos()))
			}
			return true
		})
	}
}

// TestOneWordForADevice keeps to the glossary in names: a device is never an asset, host or endpoint.
func TestOneWordForADevice(t *testing.T) {
	for _, s := range sources(t) {
		if s.ast == nil || s.test || strings.HasPrefix(s.dir, "proto/") {
			continue
		}
		for _, d := range s.ast.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				if ts, ok := spec.(*ast.TypeSpec); ok && (ts.Name.Name == "Asset" || ts.Name.Name == "Endpoint" || ts.Name.Name == "Node") {
					t.Errorf("%s: type %s: the word is Device (ARCHITECTURE.md, glossary)", s.path, ts.Name.Name)
				}
			}
		}
	}
}
