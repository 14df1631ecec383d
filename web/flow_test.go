package web

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/ward"
)

// TestFirstStart makes the administrator with the token from the console, signs out and in again.
func TestFirstStart(t *testing.T) {
	h := newHouse(t)
	_, text := h.get("/devices")
	h.want(text, "First start")
	token, needed, err := h.door.FirstStart(t.Context())
	if err != nil || !needed {
		t.Fatal(needed, err)
	}
	status, text := h.post("/start", url.Values{"token": {"wrong"}, "name": {"Ada"}, "password": {"correct horse battery"}})
	if status == http.StatusOK || !strings.Contains(text, "form-error") {
		t.Errorf("a wrong token answers %d", status)
	}
	if status, text = h.post("/start", url.Values{"token": {token}, "name": {"Ada"}, "password": {"correct horse battery"}}); status != http.StatusOK {
		t.Fatalf("the right token answers %d: %s", status, text)
	}
	h.want(text, "Overview")
	if _, text = h.post("/sign-out", nil); !strings.Contains(text, "Sign in") {
		t.Error("signing out does not lead to the door")
	}
	if _, text = h.get("/devices"); !strings.Contains(text, "next\" value=\"/devices\"") {
		t.Error("the door forgets where somebody wanted to go")
	}
	if status, text = h.post("/sign-in", url.Values{"name": {"Ada"}, "password": {"wrong"}, "next": {"/devices"}}); status != http.StatusForbidden {
		t.Errorf("a wrong password answers %d", status)
	}
	h.want(text, "form-error")
	_, text = h.post("/sign-in", url.Values{"name": {"Ada"}, "password": {"correct horse battery"}, "next": {"/devices"}})
	h.want(text, "<h1>Devices</h1>")
}

// TestHostileNames opens every list with a device whose name tries to be markup, and exports it.
func TestHostileNames(t *testing.T) {
	h := newHouse(t)
	h.enter(access.Administrator)
	for _, p := range []string{"/", "/devices", "/devices?q=script", "/devices/alike", "/devices/" + h.ids["odd"], "/devices/label?device=" + h.ids["odd"], "/devices?q=" + url.QueryEscape(hostile)} {
		status, text := h.get(p)
		if status != http.StatusOK || strings.Contains(text, hostile) || strings.Contains(text, "<script>alert") {
			t.Errorf("%s answers %d or lets the name be markup", p, status)
		}
	}
	_, text := h.get("/devices.csv")
	if strings.Contains(text, "\n=") || strings.Contains(text, ",=") || strings.Contains(text, `,"=`) {
		t.Errorf("a spreadsheet would run a cell of: %s", text)
	}
}

// TestOverrule says otherwise about a type with plain forms, and withdraws it.
func TestOverrule(t *testing.T) {
	h := newHouse(t)
	h.enter(access.Biomed)
	why := "/devices/" + h.ids["pump"] + "/why/type"
	_, text := h.get(why)
	h.want(text, "Why do you think so?")
	h.want(text, "frame 12")
	if status, text := h.post(why, url.Values{"value": {"toaster"}, "reason": {"I saw it"}}); status != http.StatusBadRequest || !strings.Contains(text, "not in the list") {
		t.Errorf("an unknown type answers %d", status)
	}
	if _, text = h.post(why, url.Values{"value": {"syringe pump"}, "reason": {"I stand before it"}}); !strings.Contains(text, "Your word wins") {
		t.Error("nobody says that it worked")
	}
	d, err := h.register.Device(t.Context(), h.ids["pump"])
	if err != nil {
		t.Fatal(err)
	}
	if d.Effective[ward.Type].Value != "syringe pump" || d.Device.Claims[ward.Type].Value != "infusion pump" {
		t.Errorf("after overruling: %+v beside %q", d.Effective[ward.Type], d.Device.Claims[ward.Type].Value)
	}
	h.post(why, url.Values{"withdraw": {"yes"}})
	if d, _ = h.register.Device(t.Context(), h.ids["pump"]); d.Effective[ward.Type].Value != "infusion pump" {
		t.Error("withdrawing does not withdraw")
	}
}

func TestRegisterFieldsAndLabels(t *testing.T) {
	h := newHouse(t)
	h.enter(access.Administrator)
	id := h.ids["odd"]
	_, text := h.post("/devices/"+id+"/register", url.Values{"owner": {"Biomed"}, "tags": {"loan, spare"}})
	h.want(text, "are saved")
	_, text = h.post("/devices/label", url.Values{"device": {id}, "type": {"ip camera"}, "reason": {"seen on the wall"}})
	h.want(text, "Labelled.")
	d, err := h.register.Device(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if d.Fields[inventory.Owner] != "Biomed" || len(d.Tags) != 2 || d.Effective[ward.Type].Value != "ip camera" {
		t.Errorf("the register has %v %v %v", d.Fields, d.Tags, d.Effective[ward.Type])
	}
}

func TestCloseFinding(t *testing.T) {
	h := newHouse(t)
	h.enter(access.Analyst)
	open, err := h.register.Findings(t.Context(), inventory.FindingQuery{})
	if err != nil || len(open) == 0 {
		t.Fatal(open, err)
	}
	at := "/findings/" + url.PathEscape(open[0].ID)
	if status, text := h.post(at+"/close", nil); status != http.StatusBadRequest || !strings.Contains(text, "Say why") {
		t.Errorf("closing without a reason answers %d", status)
	}
	_, text := h.post(at+"/close", url.Values{"reason": {"TLS is on now"}})
	h.want(text, "TLS is on now")
}

// TestRolesAreKept lets an auditor look and change nothing.
func TestRolesAreKept(t *testing.T) {
	h := newHouse(t)
	h.enter(access.Auditor)
	if status, _ := h.get("/devices"); status != http.StatusOK {
		t.Errorf("an auditor may not look: %d", status)
	}
	status, text := h.post("/devices/"+h.ids["pump"]+"/why/type", url.Values{"value": {"ventilator"}, "reason": {"x"}})
	if status != http.StatusForbidden {
		t.Errorf("an auditor may change: %d", status)
	}
	h.want(text, "Not allowed")
	if _, text = h.get("/devices/" + h.ids["pump"] + "/why/type"); strings.Contains(text, "Say otherwise") {
		t.Error("an auditor is offered what they may not do")
	}
}

// TestOtherSitesAreRefused sends a form as another site's page would make the browser send it.
func TestOtherSitesAreRefused(t *testing.T) {
	h := newHouse(t)
	h.enter(access.Administrator)
	r, err := http.NewRequest(http.MethodPost, h.base+"/sign-out", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	a, err := h.browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := h.read(a); status != http.StatusForbidden {
		t.Errorf("another site's form answers %d", status)
	}
	if status, _ := h.get("/me"); status != http.StatusOK {
		t.Error("and it signed somebody out")
	}
}

func TestHeaders(t *testing.T) {
	h := newHouse(t)
	a, err := h.browser.Get(h.base + "/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	h.read(a)
	for k, part := range map[string]string{"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"} {
		if !strings.Contains(a.Header.Get(k), part) {
			t.Errorf("%s is %q", k, a.Header.Get(k))
		}
	}
}

// TestLinkWorksOnce redeems a sign-in link twice, the second time as somebody else.
func TestLinkWorksOnce(t *testing.T) {
	h := newHouse(t)
	link, err := h.door.SignInLink(t.Context(), "Robin", access.Nurse)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := h.get("/enter?token=" + link); status != http.StatusOK {
		t.Fatalf("the link answers %d", status)
	}
	h.browser.Jar = nil
	if status, _ := h.get("/enter?token=" + link); status != http.StatusForbidden {
		t.Errorf("the link works again: %d", status)
	}
}

// TestLiveTellsChanges follows the stream while a device changes.
func TestLiveTellsChanges(t *testing.T) {
	h := newHouse(t)
	h.enter(access.Administrator)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.base+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := h.browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	lines := bufio.NewScanner(a.Body)
	lines.Scan() // the retry line: the stream is open
	if _, err := h.register.Upsert(t.Context(), inventory.Batch{Sensor: "test", Devices: []ward.Device{{ID: "new", MACs: []string{"02:00:5e:00:00:09"}, First: time.Now(), Last: time.Now()}}}); err != nil {
		t.Fatal(err)
	}
	id := ""
	for lines.Scan() {
		if v, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			id = v
		}
		if v, ok := strings.CutPrefix(lines.Text(), "data: "); ok && strings.Contains(v, "devices") {
			if id == "" || id == "0" {
				t.Errorf("the event has the id %q: nobody could resume", id)
			}
			return
		}
	}
	t.Fatalf("no change was told: %v", lines.Err())
}

// TestMissing asks for what is not there.
func TestMissing(t *testing.T) {
	h := newHouse(t)
	h.enter(access.Administrator)
	for _, p := range []string{"/nothing", "/devices/nothing", "/findings/nothing", "/map/nothing", "/devices/" + h.ids["pump"] + "/why/nothing", "/import/nothing"} {
		status, text := h.get(p)
		if status != http.StatusNotFound || !strings.Contains(text, "Not here") {
			t.Errorf("%s answers %d", p, status)
		}
	}
}
