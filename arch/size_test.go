package arch

import (
	"go/ast"
	"path"
	"strings"
	"testing"
)

// Limits on size. A file that wants to be longer is about two things.
const (
	maxFile      = 600
	maxFunction  = 100
	maxDirectory = 3000
	maxWeb       = 6000
)

func TestFilesStaySmall(t *testing.T) {
	for _, s := range sources(t) {
		if s.lines > maxFile {
			t.Errorf("%s has %d lines, more than %d: split it along what it is about", s.path, s.lines, maxFile)
		}
	}
}

func TestDirectoriesStaySmall(t *testing.T) {
	total := map[string]int{}
	for _, s := range sources(t) {
		if !s.test {
			total[s.dir] += s.lines
		}
	}
	for dir, lines := range total {
		limit := maxDirectory
		if dir == "web" || strings.HasPrefix(dir, "web/") {
			limit = maxWeb
		}
		if lines > limit {
			t.Errorf("%s has %d lines, more than %d", dir, lines, limit)
		}
	}
}

func TestFunctionsStayShort(t *testing.T) {
	for _, s := range sources(t) {
		if s.ast == nil {
			continue
		}
		for _, d := range s.ast.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			lines := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1
			if lines > maxFunction {
				t.Errorf("%s: %s has %d lines, more than %d", s.path, f.Name.Name, lines, maxFunction)
			}
		}
	}
}

// TestPackagesSayWhatTheyAreFor wants one package comment in each package.
func TestPackagesSayWhatTheyAreFor(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if s.ast == nil || s.test {
			continue
		}
		documented[s.dir] = documented[s.dir] || s.ast.Doc != nil
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

// TestNoInit keeps registration explicit and start-up order visible.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		if s.ast == nil {
			continue
		}
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function: list things where they are used", s.path)
			}
		}
	}
}

// TestNoDrawers refuses package names that say nothing.
func TestNoDrawers(t *testing.T) {
	drawers := []string{"util", "utils", "common", "helpers", "helper", "base", "service", "manager", "impl", "internal", "pkg", "misc"}
	for _, s := range sources(t) {
		for _, part := range strings.Split(s.dir, "/") {
			if contains(drawers, part) {
				t.Errorf("%s: %q says nothing about what is in it", s.path, path.Base(s.dir))
			}
		}
	}
}
