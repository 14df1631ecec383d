package prints

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// derived are the fields that package identity makes itself.
var derived = []string{
	"oui owner", "device name", "device scope",
	"claim os", "claim model", "claim type", "claim manufacturer", "claim role",
}

// declared lists "protocol name" of every ward.Field in the decoders' source. Fields made by a
// helper are found by its string arguments: the protocol of the file, and each string in it.
func declared(t *testing.T) map[string]bool {
	t.Helper()
	fields := map[string]bool{}
	for _, f := range derived {
		fields[f] = true
	}
	err := filepath.WalkDir("../../wire", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return nil // somebody is in the middle of a sentence
		}
		var protocols, words []string
		any := false // a protocol is an argument: any word of the file may be one
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if n.Kind == token.STRING {
					if s, err := strconv.Unquote(n.Value); err == nil && s != "" {
						words = append(words, s)
					}
				}
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Protocol" {
					if v, ok := n.Value.(*ast.BasicLit); ok {
						s, _ := strconv.Unquote(v.Value)
						protocols = append(protocols, s)
					} else {
						any = true
					}
				}
			}
			return true
		})
		if any {
			protocols = append(protocols, words...)
		}
		for _, p := range protocols {
			for _, w := range words {
				fields[p+" "+w] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

func TestPrintsReadFieldsThatDecodersDeclare(t *testing.T) {
	known := declared(t)
	missing := map[string]string{}
	replay(t, func(where string, fields []string, p *fingerprint) {
		for _, f := range fields {
			if !known[f] {
				missing[f] = where
			}
		}
		for _, c := range p.claims {
			if c.If != nil && !known[c.If.Field] {
				missing[c.If.Field] = where
			}
		}
	})
	for f, where := range missing {
		t.Errorf("%s: no decoder declares the field %q", where, f)
	}
}

func TestMedicalPrints(t *testing.T) {
	n := 0
	replay(t, func(_ string, _ []string, p *fingerprint) {
		if strings.HasPrefix(p.id, "med-") {
			n++
		}
	})
	if n < 100 {
		t.Errorf("%d medical prints, want at least 100", n)
	}
}
