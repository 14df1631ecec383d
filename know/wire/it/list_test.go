package it

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryDecoderIsListed reads the files of this package: a function that makes a decoder must
// be called in list_names.go.
func TestEveryDecoderIsListed(t *testing.T) {
	list, err := os.ReadFile("list_names.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
				continue
			}
			sel, ok := fn.Type.Results.List[0].Type.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "Decoder" {
				continue
			}
			found++
			if !strings.Contains(string(list), fn.Name.Name+"(),") {
				t.Errorf("%s in %s is not in list_names.go", fn.Name.Name, name)
			}
		}
	}
	if found < 10 || found != len(namesAndFiles()) {
		t.Errorf("%d decoders in the files, %d in the list", found, len(namesAndFiles()))
	}
}
