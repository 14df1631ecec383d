package web

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// house is a Wardkeeper on a real store with a few devices in it, and one browser without script.
type house struct {
	t        *testing.T
	door     *access.Door
	audit    *audit.Log
	register *inventory.Register
	base     string
	browser  *http.Client
	ids      map[string]string
}

var hostile = `<script>alert(1)</script>"'`

func newHouse(t *testing.T) *house {
	t.Helper()
	st := storetest.SQLite(t, audit.Migrations(), access.Migrations(), evidence.Migrations(), inventory.Migrations())
	h := &house{t: t, audit: &audit.Log{Store: st}}
	h.door = &access.Door{Store: st, Audit: h.audit, Site: "main"}
	h.register = &inventory.Register{Store: st, Evidence: &evidence.Journal{Store: st, Site: "main"}, Site: "main"}
	server := httptest.NewServer(New(Config{Store: st, Door: h.door, Register: h.register, Importer: &importing.Importer{Register: h.register}, Site: "main", Version: "test", Links: true}))
	t.Cleanup(server.Close)
	h.base = server.URL
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	h.browser = &http.Client{Jar: jar}
	now := time.Now()
	claim := func(v string, c float64) ward.Claim {
		return ward.Claim{Value: v, Confidence: c, Evidence: []ward.Evidence{{Protocol: "hl7", Field: "OBX-18", Value: v, Sender: "10.0.0.1", First: now.Add(-time.Hour), Last: now, Count: 3, Frame: 12}}}
	}
	b := inventory.Batch{Sensor: "test", Devices: []ward.Device{
		{ID: "pump", MACs: []string{"02:00:5e:00:00:01"}, IPs: []string{"10.0.0.1"}, Category: ward.Medical, Scope: ward.Local, Protocols: []string{"hl7"}, First: now.Add(-time.Hour), Last: now,
			Claims: map[ward.Attr]ward.Claim{ward.Type: claim("infusion pump", .97), ward.Serial: claim("HX-1", .95)}},
		{ID: "odd", MACs: []string{"02:00:5e:00:00:02"}, IPs: []string{"10.0.0.2"}, Names: []ward.Name{{Value: hostile, Source: "dhcp option 12"}, {Value: "=HYPERLINK(1)", Source: "mdns"}}, Category: ward.Unknown, Scope: ward.Local, First: now, Last: now, Claims: map[ward.Attr]ward.Claim{}},
	}, Findings: []ward.Finding{{Kind: ward.PHIInClear, Title: "Patient data in clear text", Devices: []string{"pump"}}}}
	if h.ids, err = h.register.Upsert(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return h
}

// enter signs the browser in with a one-time link.
func (h *house) enter(role access.Role) {
	h.t.Helper()
	link, err := h.door.SignInLink(h.t.Context(), "Robin Example", role)
	if err != nil {
		h.t.Fatal(err)
	}
	if status, _ := h.get("/enter?token=" + link); status != http.StatusOK {
		h.t.Fatalf("the link answers %d", status)
	}
}

func (h *house) get(path string) (int, string) {
	h.t.Helper()
	a, err := h.browser.Get(h.base + path)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.read(a)
}

func (h *house) post(path string, form url.Values) (int, string) {
	h.t.Helper()
	a, err := h.browser.PostForm(h.base+path, form)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.read(a)
}

func (h *house) read(a *http.Response) (int, string) {
	h.t.Helper()
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return a.StatusCode, string(text)
}

func (h *house) want(text, part string) {
	h.t.Helper()
	if !strings.Contains(text, part) {
		h.t.Errorf("the page does not say %q", part)
	}
}
