package page

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

// view is one page of the gallery.
type view struct {
	name string
	page func(n int) templ.Component
}

var gallery = []view{
	{"overview", func(n int) templ.Component { return OverviewPage(frame("Overview", "/"), overview(n)) }},
	{"devices", func(n int) templ.Component { return DevicesPage(frame("Devices", "/devices"), devices(n)) }},
	{"device", func(n int) templ.Component { return DevicePage(frame("Pump", "/devices"), device(n)) }},
}

// TestGallery draws each page with nothing, with ten and with many things on it. GALLERY=DIR keeps
// the files, to look at.
func TestGallery(t *testing.T) {
	for _, v := range gallery {
		for _, n := range []int{0, 10, 1412} {
			t.Run(fmt.Sprintf("%s/%d", v.name, n), func(t *testing.T) {
				var b bytes.Buffer
				if err := v.page(n).Render(context.Background(), &b); err != nil {
					t.Fatal(err)
				}
				checkPage(t, b.Bytes())
				if dir := os.Getenv("GALLERY"); dir != "" {
					if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.html", v.name, n)), b.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
}

// checkPage holds what every page owes: one h1, ids used once, labels that point somewhere, and
// nothing that the content policy would refuse.
func checkPage(t *testing.T, text []byte) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	ids, heads := map[string]bool{}, 0
	var refs []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			if n.Data == "h1" {
				heads++
			}
			if n.Data == "script" && n.FirstChild != nil {
				t.Error("a script stands in the page")
			}
			for _, a := range n.Attr {
				switch {
				case a.Key == "id":
					if ids[a.Val] {
						t.Errorf("id %q is used twice", a.Val)
					}
					ids[a.Val] = true
				case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
					t.Errorf("<%s> has %s", n.Data, a.Key)
				case a.Key == "for" || a.Key == "aria-labelledby" || a.Key == "form" || a.Key == "popovertarget":
					refs = append(refs, a.Val)
				case a.Key == "data-live":
					if attr(n, "id") == "" {
						t.Errorf("<%s> lives and has no id", n.Data)
					}
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	for _, r := range refs {
		if !ids[r] {
			t.Errorf("nothing has the id %q", r)
		}
	}
	if heads != 1 {
		t.Errorf("%d h1, want one", heads)
	}
	if bytes.Contains(text, []byte("%!")) {
		t.Error("a number was written wrongly")
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
