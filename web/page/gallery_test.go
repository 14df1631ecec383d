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

	"github.com/wardkeeper/wardkeeper/know/inventory"
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
	{"alike", func(n int) templ.Component {
		return AlikePage(frame("Unknown", "/devices"), Alike{Groups: groups(n), Now: now})
	}},
	{"label", func(n int) templ.Component {
		return LabelPage(frame("Label", "/devices"), Label{IDs: make([]string, n), Devices: rowsOf(min(n, 12)), Types: []string{"infusion pump"}, Error: "Say how you know.", Values: map[string]string{}, Now: now})
	}},
	{"map", func(n int) templ.Component { return MapPage(frame("Map", "/map"), theMap(n)) }},
	{"zone", func(n int) templ.Component { return ZonePage(frame("Imaging", "/map"), zoneOf(n)) }},
	{"interfaces", func(n int) templ.Component { return InterfacesPage(frame("Interfaces", "/interfaces"), interfaces(n)) }},
	{"patients", func(n int) templ.Component { return PatientsPage(frame("Patient data", "/interfaces"), patients(n)) }},
	{"findings", func(n int) templ.Component {
		return FindingsPage(frame("Findings", "/findings"), Findings{List: findings(n), Open: n, Coverage: CoverageOf(coverage()), Now: now, Owners: []Link{{"For biomed", "/findings"}}})
	}},
	{"finding", func(n int) templ.Component {
		return FindingPage(frame("Finding", "/findings"), Finding{Finding: findings(2)[min(n, 1)], Now: now})
	}},
	{"sensors", func(n int) templ.Component { return SensorsPage(frame("Sensors", "/sensors"), sensors(n)) }},
	{"capture", func(n int) templ.Component { return CapturePage(frame("Capture", "/sensors"), capture(n)) }},
	{"import", func(n int) templ.Component { return ImportPage(frame("Import", "/import"), imported(n)) }},
	{"signin", func(n int) templ.Component {
		return SignInPage(Frame{Title: "Sign in", Static: "static", Synthetic: n > 0}, Door{Error: "Name or password is wrong."})
	}},
	{"start", func(int) templ.Component {
		return StartPage(Frame{Title: "First start", Static: "static"}, Door{})
	}},
	{"trouble", func(int) templ.Component {
		return TroublePage(frame("Not here", ""), Trouble{Title: "Not here", Text: "There is no such page.", Reference: "0191-77"})
	}},
	{"me", func(int) templ.Component {
		return MePage(frame("R. Example", "/me"), Me{Name: "R. Example", Roles: []string{"administrator"}})
	}},
	{"help", func(int) templ.Component { return HelpPage(frame("Help", "/help")) }},
}

func groups(n int) []inventory.Group {
	if n == 0 {
		return nil
	}
	return []inventory.Group{{Key: "a", Why: []string{"hardware addresses of Halden", "talk to 10.2.0.4"}, Count: n, Sample: rowsOf(5)}, {Key: "b", Why: []string{"speak only TLS"}, Count: 1, Sample: rowsOf(1)}}
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
