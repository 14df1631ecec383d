package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/web"
)

// still is a browser that stays where it is sent, so that redirects are seen.
func still(c *http.Client) *http.Client {
	return &http.Client{Jar: c.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// filled gives a route's path with something in every wildcard.
func filled(route *web.Route) string {
	return strings.NewReplacer("{$}", "", "{attr}", "model", "{zone}", "ICU", "{job}", "00000000-0000-7000-8000-000000000000", "{id}", "nobody").Replace(route.Path)
}

// TestEveryRouteAsksWho walks all routes of the pages and of the API as nobody, as somebody who may
// only read, and from another site.
func TestEveryRouteAsksWho(t *testing.T) {
	r := serve(t, true, nil)
	nobody, auditor, nurse := still(r.browser()), still(r.signedIn(access.Auditor)), still(r.signedIn(access.Nurse))
	post := func(c *http.Client, path string, header ...string) (int, http.Header) {
		q := r.request("POST", path, strings.NewReader("value=x&reason=y&name=z"))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i+1 < len(header); i += 2 {
			q.Header.Set(header[i], header[i+1])
		}
		status, h, _ := r.do(c, q)
		return status, h
	}
	routes := webRoutes()
	if len(routes) < 30 {
		t.Fatalf("only %d routes", len(routes))
	}
	for i := range routes {
		route := &routes[i]
		path := filled(route)
		if route.Permission != web.Anyone {
			status, h, _ := r.do(nobody, r.request(route.Method, path, nil))
			if status != http.StatusSeeOther || !strings.HasPrefix(h.Get("Location"), "/sign-in") {
				t.Errorf("%s %s as nobody: %d %s", route.Method, path, status, h.Get("Location"))
			}
		}
		if route.Method != "POST" {
			continue
		}
		for _, from := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://evil.example"}, {"Sec-Fetch-Site", "same-site"}} {
			if status, _ := post(auditor, path, from...); status != http.StatusForbidden {
				t.Errorf("POST %s with %v: %d", path, from, status)
			}
		}
		if route.Permission != web.Anyone && route.Permission != web.SignedIn {
			for role, c := range map[string]*http.Client{"auditor": auditor, "nurse": nurse} {
				if status, _ := post(c, path); status != http.StatusForbidden {
					t.Errorf("POST %s as %s: %d", path, role, status)
				}
			}
		}
	}
	if status, _, _ := r.get(nurse, "/devices.csv"); status != http.StatusForbidden {
		t.Errorf("a nurse exports all devices: %d", status)
	}
	r.apiAsksWho(r.token(r.signedIn(access.Auditor)))
}

func (r *running) apiAsksWho(auditor string) {
	r.t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			Permission string `json:"x-permission"`
			Audit      string `json:"x-audit"`
		} `json:"paths"`
	}
	_, text := r.ask(auditor, "GET", "/api/v1/openapi.json", "")
	if err := json.Unmarshal([]byte(text), &doc); err != nil || len(doc.Paths) < 15 {
		r.t.Fatalf("%d paths: %v", len(doc.Paths), err)
	}
	for path, methods := range doc.Paths {
		path = strings.NewReplacer("{id}", "nobody", "{attr}", "model").Replace(path)
		for method, op := range methods {
			method = strings.ToUpper(method)
			for _, token := range []string{"", "wk_guess", auditor + "x", strings.TrimPrefix(auditor, "wk_")} {
				if status, _ := r.ask(token, method, path, ""); status != http.StatusUnauthorized {
					r.t.Errorf("%s %s with the token %.6q: %d", method, path, token, status)
				}
			}
			if op.Permission == "" || op.Audit == "" {
				r.t.Errorf("%s %s has no permission or audit verb", method, path)
			}
			if status, _ := r.ask(auditor, method, path, `{"value":"x","reason":"y","devices":["x"],"say":{}}`); method != "GET" && status != http.StatusForbidden {
				r.t.Errorf("%s %s as auditor: %d", method, path, status)
			}
		}
	}
}

// TestWebTricks sends what attackers send to every web server.
func TestWebTricks(t *testing.T) {
	r := serve(t, true, nil)
	admin := r.signedIn(access.Administrator)
	for _, path := range []string{"//devices", "/DEVICES", "/%2e%2e/devices", "/devices%2f", "/devices/%2e%2e/sensors", "/./devices", "/devices;x", "/static/..%2f..%2fgo.mod",
		"/api/v1/%2e%2e/%2e%2e/devices", "/api//v1/devices", "/API/v1/devices", "/api/v1/devices/", "/captures/..%2fwardkeeper.db/document.json", "/captures/..%2f..%2fx", "/enter?token=", "/%00", "/devices/%00", "/devices/%ff"} {
		q := r.request("GET", "/", nil)
		u, err := url.Parse(r.base + path)
		if err != nil {
			t.Fatal(err)
		}
		q.URL = u
		status, h, text := r.do(still(r.browser()), q)
		if status == http.StatusOK || strings.Contains(text, "go 1.") || strings.Contains(text, "SQLite format") {
			t.Errorf("%s as nobody: %d", path, status)
		}
		if to := h.Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, "://") {
			t.Errorf("%s leads to %s", path, to)
		}
		if status, _, text := r.do(admin, q); status >= 500 || strings.Contains(text, "SQLite format") {
			t.Errorf("%s as administrator: %d %s", path, status, text)
		}
	}
	for _, next := range []string{"//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "javascript:alert(1)", "/%09//evil.example", "/..//evil.example", "/x\r\nSet-Cookie: a=b"} {
		form := url.Values{"name": {"administrator"}, "password": {password}, "next": {next}}
		status, h, _ := r.post(still(r.browser()), "/sign-in", form)
		to, err := url.Parse(h.Get("Location"))
		if status != http.StatusSeeOther || err != nil || to.Host != "" || to.Scheme != "" || strings.HasPrefix(h.Get("Location"), "//") {
			t.Errorf("next=%q: %d %q", next, status, h.Get("Location"))
		}
	}
	routes := webRoutes()
	for i := range routes {
		if route := &routes[i]; route.Method == "GET" && strings.Contains(route.Path, "{") && route.Path != "/{$}" {
			if status, _, text := r.get(admin, filled(route)); status != http.StatusNotFound || !strings.Contains(text, "</html>") && !strings.Contains(text, "Not here") {
				t.Errorf("%s answered %d", filled(route), status)
			}
		}
	}
	for _, value := range []string{"\x00", "\xff\xfe", strings.Repeat("ä", 2000), strings.Repeat("é", 999) + "x€"} {
		if status, _, _ := r.get(admin, "/devices?q="+url.QueryEscape(value)); status >= 500 {
			t.Errorf("searching for %.10q: %d", value, status)
		}
		if status, _, _ := r.post(r.browser(), "/sign-in", url.Values{"name": {value}, "password": {value}}); status >= 500 {
			t.Errorf("signing in as %.10q: %d", value, status)
		}
	}
}

// TestTooMuch sends more than anybody needs: bodies, compressed zeros, things that are no captures.
func TestTooMuch(t *testing.T) {
	r := serve(t, true, nil)
	admin := r.signedIn(access.Administrator)
	if status, _, _ := r.post(r.browser(), "/sign-in", url.Values{"name": {strings.Repeat("x", 3<<20)}}); status != http.StatusBadRequest && status != http.StatusForbidden {
		t.Errorf("a body of 3 MB: %d", status)
	}
	read := 0
	body, form := io.Pipe()
	writer := multipart.NewWriter(form)
	go func() {
		part, err := writer.CreateFormFile("name", "x")
		for chunk := make([]byte, 1<<20); err == nil && read < 200; read++ {
			_, err = part.Write(chunk)
		}
		form.CloseWithError(io.EOF)
	}()
	q := r.request("POST", "/sign-in", body)
	q.Header.Set("Content-Type", writer.FormDataContentType())
	if a, err := http.DefaultClient.Do(q); err == nil {
		a.Body.Close() //nolint:errcheck,gosec // not read
	}
	body.Close() //nolint:errcheck,gosec // ends the writer
	if read >= 100 {
		t.Errorf("/sign-in took %d MB from nobody", read)
	}
	for name, file := range map[string][]byte{
		"text.pcap": []byte("this is no capture"), "archive.zip": []byte("PK\x03\x04rest"), "empty.pcap": nil, "zeros.pcap.gz": zeros(64 << 20), "inside.pcap.gz": nested(),
	} {
		status, where, text := r.upload(admin, "/sensors/captures", "capture", name, file)
		if status >= 500 {
			t.Errorf("%s: %d", name, status)
		}
		if !strings.HasPrefix(where, "/captures/") {
			continue
		}
		settled(t, "reading "+name, func() bool {
			_, _, text = r.get(admin, where)
			return strings.Contains(text, "not a capture") || strings.Contains(text, "cannot be read") || strings.Contains(text, "document.json")
		})
		if strings.Contains(text, "document.json") {
			t.Errorf("%s was taken for a capture", name)
		}
	}
	if status, _, _ := r.get(admin, "/devices"); status != http.StatusOK {
		t.Errorf("afterwards devices answered %d", status)
	}
}

// TestImportOfNonsense gives the import what is no register.
func TestImportOfNonsense(t *testing.T) {
	r := serve(t, true, nil)
	admin := r.signedIn(access.Administrator)
	if status, _, _ := r.upload(admin, "/import", "register", "register.csv", []byte("serial,model\nHX-1,H3\n")); status != http.StatusOK {
		t.Skipf("SKIPPED: a sound register is not taken yet (%d)", status)
	}
	for name, file := range map[string][]byte{"register.csv": zeros(64 << 20), "register.xlsx": []byte("PK\x03\x04rest"), "register.json": []byte(strings.Repeat("[", 1<<20)), "none.csv": nil} {
		if status, _, _ := r.upload(admin, "/import", "register", name, file); status != http.StatusBadRequest {
			t.Errorf("importing %s: %d", name, status)
		}
	}
}

// zeros is a compressed run of zeros: a small file that is large.
func zeros(n int) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(make([]byte, n)) // a buffer takes all
	_ = z.Close()
	return b.Bytes()
}

// nested is gzip within gzip: only one layer is opened.
func nested() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(zeros(1 << 20)) // a buffer takes all
	_ = z.Close()
	return b.Bytes()
}
