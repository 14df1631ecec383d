package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/platform/access"
)

func everything() *Server {
	r := &inventory.Register{}
	return &Server{Config: Config{
		Register: r, Importer: &importing.Importer{Register: r}, Links: true,
		Upload: func(context.Context, string, io.Reader) (string, error) { return "", nil },
	}}
}

// TestEveryRouteStatesItself fails for a route without a permission or an audit verb, and for a
// change that claims to be a read.
func TestEveryRouteStatesItself(t *testing.T) {
	open := []string{"/start", "/sign-in", "/enter"} // the only places for nobody in particular
	for _, r := range everything().Routes() {
		switch {
		case r.Permission == Anyone:
			if !slices.Contains(open, r.Path) {
				t.Errorf("%s %s is open to anyone", r.Method, r.Path)
			}
		case r.Permission != SignedIn && !slices.Contains(access.Permissions, r.Permission):
			t.Errorf("%s %s has the permission %q, which nobody can hold", r.Method, r.Path, r.Permission)
		}
		if noun, verb, ok := strings.Cut(r.Audit, "."); !ok || noun == "" || verb == "" {
			t.Errorf("%s %s has the audit verb %q, want noun.verb", r.Method, r.Path, r.Audit)
		}
		if r.Method == http.MethodPost && strings.HasSuffix(r.Audit, ".read") && r.Path != "/import" {
			t.Errorf("%s %s changes something and is recorded as a read", r.Method, r.Path)
		}
		if r.Method != http.MethodGet && r.Method != http.MethodPost {
			t.Errorf("%s %s: a plain form knows only GET and POST", r.Method, r.Path)
		}
	}
}

func TestSafeNext(t *testing.T) {
	for in, want := range map[string]string{
		"/devices?q=ct": "/devices?q=ct", "": "/", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "/a\r\nX: y": "/",
	} {
		if got := safeNext(in); got != want {
			t.Errorf("safeNext(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLocal(t *testing.T) {
	for _, c := range []struct {
		from, host string
		want       bool
	}{
		{"127.0.0.1:4000", "localhost:8080", true}, {"[::1]:4000", "[::1]:8080", true}, {"127.0.0.1:4000", "127.0.0.1", true},
		{"10.1.2.3:4000", "localhost:8080", false},      // another machine
		{"127.0.0.1:4000", "rebound.example:80", false}, // a foreign name that points here
	} {
		r := &http.Request{RemoteAddr: c.from, Host: c.host}
		if got := local(r); got != c.want {
			t.Errorf("local(%s, %s) = %v", c.from, c.host, got)
		}
	}
}

func TestMonday(t *testing.T) {
	want := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for _, d := range []int{23, 24, 29} { // Monday, Tuesday, Sunday
		if got := monday(time.Date(2026, 11, d, 12, 0, 0, 0, time.UTC)); !got.Equal(want) {
			t.Errorf("monday of the %dth is %s", d, got)
		}
	}
}

func TestAskedReadsTheAddress(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	v, err := url.ParseQuery("q=+windows+7+imaging+&zone=ICU&zone=Imaging&new=monday&sort=last&desc=1&nonsense=1&cols=os")
	if err != nil {
		t.Fatal(err)
	}
	q := asked(v, now)
	if q.Text != "windows 7 imaging" || q.Sort != "last" || !q.Desc || len(q.Filters) != 1 || len(q.Filters["zone"]) != 2 || q.NewSince.Day() != 23 {
		t.Errorf("asked gives %+v", q)
	}
	if q := asked(url.Values{"sort": {"drop table"}}, now); q.Sort != "" {
		t.Errorf("sorts by %q", q.Sort)
	}
	chips := chips(v)
	if len(chips) != 3 || chips[1].Value != "ICU or Imaging" || strings.Contains(chips[1].Href, "zone") {
		t.Errorf("chips are %+v", chips)
	}
}

// TestSortTurnsAround presses a column's head twice.
func TestSortTurnsAround(t *testing.T) {
	c := columns()[1]
	once := head(c, url.Values{}, inventory.Query{})
	if once.Sort != "" || once.Href != "/devices?sort=title" {
		t.Errorf("first press leads to %q", once.Href)
	}
	twice := head(c, url.Values{"sort": {"title"}}, inventory.Query{Sort: "title"})
	if twice.Sort != "ascending" || twice.Href != "/devices?desc=1&sort=title" {
		t.Errorf("second press: %+v", twice)
	}
}

func TestStaticIsHashedAndPacked(t *testing.T) {
	a := loadAssets()
	for _, name := range []string{"live.js", "tokens.css", "icon.svg"} {
		r := httptest.NewRequest(http.MethodGet, a.prefix+"/"+name, nil)
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		if w.Code != http.StatusOK || w.Body.Len() == 0 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %d bytes, %v", name, w.Code, w.Body.Len(), w.Header())
		}
		r.Header.Set("If-None-Match", w.Header().Get("ETag"))
		again := httptest.NewRecorder()
		a.ServeHTTP(again, r)
		if again.Code != http.StatusNotModified {
			t.Errorf("%s again: %d, want 304", name, again.Code)
		}
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, a.prefix+"/../web.go", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("a file outside answers %d", w.Code)
	}
}
