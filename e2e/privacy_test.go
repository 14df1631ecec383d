package e2e

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/web"
)

// webRoutes are all routes of the pages.
func webRoutes() []web.Route {
	upload := func(context.Context, string, io.Reader) (string, error) { return "", nil }
	return (&web.Server{Config: web.Config{Importer: new(importing.Importer), Upload: upload}}).Routes()
}

// everyPage gives a path for every page that reads, with the ids of real devices, findings and
// zones in it.
func (r *running) everyPage(token, job string) []string {
	r.t.Helper()
	ids := func(path, field string) []string {
		_, text := r.ask(token, "GET", path, "")
		var page struct {
			Rows []map[string]any `json:"rows"`
		}
		if json.Unmarshal([]byte(text), &page) != nil || page.Rows == nil {
			if err := json.Unmarshal([]byte(text), &page.Rows); err != nil {
				r.t.Fatalf("%s: %v: %.300s", path, err, text)
			}
		}
		var out []string
		for _, row := range page.Rows {
			if id, ok := row[field].(string); ok && id != "" {
				out = append(out, url.PathEscape(id))
			}
		}
		return out
	}
	devices := ids("/api/v1/devices?limit=1000", "id")
	findings := ids("/api/v1/findings?limit=1000", "id")
	if len(devices) == 0 {
		r.t.Fatal("no devices")
	}
	var pages []string
	for _, route := range webRoutes() {
		if route.Method != "GET" || route.Path == "/live" {
			continue
		}
		path := strings.NewReplacer("{$}", "", "{attr}", "manufacturer", "{job}", job).Replace(route.Path)
		switch {
		case strings.HasPrefix(path, "/devices/{id}"):
			for _, id := range devices {
				pages = append(pages, strings.Replace(path, "{id}", id, 1))
			}
		case strings.HasPrefix(path, "/import/{id}"): // an import of one's own: see the attacks
		case path == "/devices/label":
			pages = append(pages, path+"?device="+devices[0])
		case strings.HasPrefix(path, "/map/{zone}"):
			for _, name := range ids("/api/v1/zones", "name") {
				pages = append(pages, "/map/"+name)
			}
		case strings.HasPrefix(path, "/findings/{id}"):
			for _, id := range findings {
				pages = append(pages, strings.Replace(path, "{id}", id, 1))
			}
		default:
			pages = append(pages, path)
		}
	}
	return pages
}

// everyAnswer gives a path for everything that the API answers.
func (r *running) everyAnswer(token string) []string {
	r.t.Helper()
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	_, text := r.ask(token, "GET", "/api/v1/openapi.json", "")
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		r.t.Fatal(err)
	}
	_, text = r.ask(token, "GET", "/api/v1/devices?limit=1000", "")
	var page struct {
		Rows []struct {
			ID string `json:"id"`
		} `json:"rows"`
	}
	if err := json.Unmarshal([]byte(text), &page); err != nil {
		r.t.Fatal(err)
	}
	var all []string
	for path, methods := range doc.Paths {
		if methods["get"] == nil {
			continue
		}
		if !strings.Contains(path, "{") {
			all = append(all, path)
			continue
		}
		for _, d := range page.Rows {
			if strings.Contains(path, "/devices/{id}") {
				all = append(all, strings.Replace(path, "{id}", d.ID, 1))
			}
		}
	}
	if len(all) < 10 {
		r.t.Fatalf("only %v", all)
	}
	return all
}

// TestNoSecretIsKeptOrShown drops the canary capture into a running Wardkeeper and looks for
// canaries on every page, in every answer of the API, in the log and in every file it wrote.
func TestNoSecretIsKeptOrShown(t *testing.T) {
	r := serve(t, true, nil)
	admin := r.signedIn(access.Administrator)
	where := r.dropAndWait(admin, "monday.pcap", canaryCapture())
	token := r.token(admin)
	look := func(what, text string) {
		for _, leak := range leaks([]byte(text)) {
			t.Errorf("%s holds a canary, %s", what, leak)
		}
	}
	shown := 0
	for _, path := range r.everyPage(token, filepath.Base(where)) {
		status, _, text := r.get(admin, path)
		if status != http.StatusOK {
			t.Errorf("%s answered %d", path, status)
		}
		look(path, text)
		shown += strings.Count(text, "10.8.")
	}
	if shown == 0 {
		t.Error("no page shows a device of the capture")
	}
	for _, path := range r.everyAnswer(token) {
		status, text := r.ask(token, "GET", path, "")
		if status != http.StatusOK {
			t.Errorf("%s answered %d: %s", path, status, text)
		}
		look(path, text)
	}
	files := func() (names []string) {
		err := filepath.WalkDir(r.config.Data, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path) //nolint:gosec // our own folder
			look(path, string(text))
			names = append(names, filepath.Base(path))
			return err
		})
		if err != nil {
			t.Error(err)
		}
		return names
	}
	if names := files(); len(names) < 3 { // the database, its log and the document
		t.Errorf("only %v was written", names)
	}
	r.stop()
	for _, name := range files() {
		if strings.HasPrefix(name, "dropped-") {
			t.Errorf("the capture itself is still there: %s", name)
		}
	}
	look("the log", r.log.String())
	look("the console", r.console.String())
}

// TestHostileNamesAreHarmless drops a capture whose devices have names that attack whoever reads
// them.
func TestHostileNamesAreHarmless(t *testing.T) {
	r := serve(t, true, func(c *app.Config) { c.ShowNames = true })
	admin := r.signedIn(access.Administrator)
	capture, _ := craft("hostile")
	where := r.dropAndWait(admin, "<script>alert(1)</script>\r\nX-Evil: yes\".pcap", capture)
	token := r.token(admin)
	named := 0
	for _, path := range r.everyPage(token, filepath.Base(where)) {
		status, header, text := r.get(admin, path)
		if status != http.StatusOK {
			t.Errorf("%s answered %d", path, status)
		}
		named += strings.Count(text, "Ostia")
		if header.Get("X-Evil") != "" || strings.Contains(strings.Join(header.Values("Content-Disposition"), ""), "evil") {
			t.Errorf("%s: a header was smuggled in: %v", path, header)
		}
		if strings.ContainsAny(text, "\x00\x07\x1b\u202e\u2066") {
			t.Errorf("%s holds control characters", path)
		}
		switch kind, _, _ := strings.Cut(header.Get("Content-Type"), ";"); kind {
		case "text/html":
			harmlessHTML(t, path, text)
		case "text/csv":
			harmlessCSV(t, path, text)
		case "application/json":
			if !json.Valid([]byte(text)) {
				t.Errorf("%s is no JSON", path)
			}
		default:
			t.Errorf("%s is of type %q", path, kind)
		}
	}
	if named < 20 {
		t.Errorf("the names appear %d times", named)
	}
	for _, path := range r.everyAnswer(token) {
		_, text := r.ask(token, "GET", path, "")
		if strings.HasSuffix(path, ".csv") {
			harmlessCSV(t, path, text)
		} else if !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON", path)
		}
	}
	r.stop()
	for _, line := range strings.Split(strings.TrimSpace(r.log.String()), "\n") {
		if line != "" && !strings.HasPrefix(line, "time=") {
			t.Errorf("the log has a line of somebody else's: %q", line)
		}
	}
}

// harmlessHTML finds scripts, handlers and addresses that were not there by design.
func harmlessHTML(t *testing.T, path, text string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF { //nolint:errorlint // the tokenizer gives it bare
				t.Errorf("%s: %v", path, z.Err())
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			src := ""
			for _, a := range token.Attr {
				if a.Key == "src" {
					src = a.Val
				}
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") && (a.Key == "href" || a.Key == "src" || a.Key == "action") {
					t.Errorf("%s: <%s %s=%q>", path, token.Data, a.Key, a.Val)
				}
			}
			if token.Data == "script" && !strings.HasPrefix(src, "/") || token.Data == "img" && src == "x" {
				t.Errorf("%s: %s", path, token)
			}
		}
	}
}

// harmlessCSV reads a table as a spreadsheet would and finds cells that it would run.
func harmlessCSV(t *testing.T, path, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Errorf("%s: %v", path, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("%s: a spreadsheet would run %q", path, cell)
			}
		}
	}
}
