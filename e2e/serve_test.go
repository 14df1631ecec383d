package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/platform/access"
)

// buffer may be written by several goroutines and read meanwhile.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// running is a whole Wardkeeper as "serve" runs it, with its log at full detail.
type running struct {
	t            *testing.T
	base         string
	config       app.Config
	console, log *buffer
	stop         func() // and waits
}

// settled waits until ok holds.
func settled(t *testing.T, what string, ok func() bool) {
	t.Helper()
	end := time.After(time.Minute)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-end:
			t.Fatalf("%s: not within a minute", what)
		case <-tick.C:
		}
	}
}

// people are those whom prepare makes; all have the password.
const password = "correct horse battery staple 9"

// serve starts Wardkeeper on an empty data folder. With prepared, people of three roles are there.
func serve(t *testing.T, prepared bool, change func(*app.Config)) *running {
	t.Helper()
	c := app.DefaultConfig()
	c.Data, c.Listen, c.Site = filepath.Join(t.TempDir(), "data"), "127.0.0.1:0", "Test"
	if change != nil {
		change(&c)
	}
	r := &running{t: t, config: c, console: new(buffer), log: new(buffer)}
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if prepared {
		s, err := app.Open(t.Context(), c, log)
		if err != nil {
			t.Fatal(err)
		}
		for _, role := range []access.Role{access.Administrator, access.Auditor, access.Nurse} {
			if _, err := s.Door.AddPerson(access.AsSystem(t.Context(), "test"), string(role), password, role); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- app.Serve(ctx, c, r.console, log) }()
	var once sync.Once
	r.stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("serve ended with %v", err)
			}
		})
	}
	t.Cleanup(r.stop)
	address := regexp.MustCompile(`http://localhost:\d+`)
	settled(t, "start", func() bool {
		select {
		case err := <-done:
			t.Fatalf("serve ended at once: %v", err)
		default:
		}
		r.base = address.FindString(r.console.String())
		return r.base != ""
	})
	return r
}

// browser is a person without script; redirects are followed.
func (r *running) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// signedIn is a browser in which somebody has signed in.
func (r *running) signedIn(role access.Role) *http.Client {
	r.t.Helper()
	c := r.browser()
	status, _, text := r.post(c, "/sign-in", url.Values{"name": {string(role)}, "password": {password}})
	if status != http.StatusOK || strings.Contains(text, `action="/sign-in"`) {
		r.t.Fatalf("%s could not sign in: %d %s", role, status, text)
	}
	return c
}

func (r *running) do(c *http.Client, q *http.Request) (status int, h http.Header, body string) {
	r.t.Helper()
	a, err := c.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer a.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(a.Body)
	if err != nil {
		r.t.Fatalf("%s %s: %v", q.Method, q.URL, err)
	}
	return a.StatusCode, a.Header, string(text)
}

func (r *running) request(method, path string, body io.Reader) *http.Request {
	r.t.Helper()
	q, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	return q
}

func (r *running) get(c *http.Client, path string) (status int, h http.Header, body string) {
	r.t.Helper()
	return r.do(c, r.request("GET", path, nil))
}

func (r *running) post(c *http.Client, path string, form url.Values) (status int, h http.Header, body string) {
	r.t.Helper()
	q := r.request("POST", path, strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.do(c, q)
}

// upload sends a file and gives where the answer is.
func (r *running) upload(c *http.Client, path, field, name string, file []byte) (status int, where, body string) {
	r.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err != nil || form.Close() != nil {
		r.t.Fatal(err)
	}
	q := r.request("POST", path, &b)
	q.Header.Set("Content-Type", form.FormDataContentType())
	a, err := c.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer a.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(a.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return a.StatusCode, a.Request.URL.Path, string(text)
}

// dropAndWait drops a capture and waits until it has been read; it gives the page of the job.
func (r *running) dropAndWait(c *http.Client, name string, capture []byte) string {
	r.t.Helper()
	status, where, text := r.upload(c, "/sensors/captures", "capture", name, capture)
	if status != http.StatusOK || !strings.HasPrefix(where, "/captures/") {
		r.t.Fatalf("the upload answered %d at %s: %s", status, where, text)
	}
	settled(r.t, "reading "+name, func() bool {
		_, _, text := r.get(c, where)
		return strings.Contains(text, "/document.json")
	})
	return where
}

// token makes an API token on the page about oneself.
func (r *running) token(c *http.Client) string {
	r.t.Helper()
	_, _, text := r.post(c, "/me/tokens", url.Values{"name": {"test"}})
	token := regexp.MustCompile(`wk_[A-Za-z0-9_-]+`).FindString(text)
	if token == "" {
		r.t.Fatalf("no token on %s", text)
	}
	return token
}

// ask calls the API.
func (r *running) ask(token, method, path, body string) (int, string) {
	r.t.Helper()
	q := r.request(method, path, strings.NewReader(body))
	q.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	status, _, text := r.do(http.DefaultClient, q)
	return status, text
}

// TestFirstStart: the token of the console makes one administrator, once; a wrong one makes none.
func TestFirstStart(t *testing.T) {
	r := serve(t, false, nil)
	token := regexp.MustCompile(`(?m)^  (\S+)$`).FindStringSubmatch(r.console.String())
	if token == nil {
		t.Fatalf("no token on the console: %s", r.console.String())
	}
	b := r.browser()
	if _, _, text := r.get(b, "/devices"); !strings.Contains(text, `name="token"`) {
		t.Error("the first visit does not lead to the first start")
	}
	form := url.Values{"token": {"wrong"}, "name": {"root"}, "password": {password}}
	if status, _, _ := r.post(b, "/start", form); status != http.StatusForbidden {
		t.Errorf("a wrong token answered %d", status)
	}
	form.Set("token", token[1])
	if status, _, text := r.post(b, "/start", form); status != http.StatusOK || strings.Contains(text, `name="token"`) {
		t.Fatalf("the token answered %d", status)
	}
	form.Set("name", "intruder")
	if status, _, _ := r.post(r.browser(), "/start", form); status == http.StatusOK {
		t.Error("the token made a second administrator")
	}
	if status, _, _ := r.get(b, "/devices"); status != http.StatusOK {
		t.Errorf("the administrator's devices answered %d", status)
	}
	if status, _, _ := r.get(r.browser(), "/enter?token=x"); status == http.StatusOK {
		_, _, text := r.get(r.browser(), "/enter?token=x")
		if !strings.Contains(text, `action="/sign-in"`) {
			t.Error("one-time links work in serve")
		}
	}
	if strings.Contains(r.log.String(), token[1]) || strings.Contains(r.log.String(), password) {
		t.Error("the log holds a token or a password")
	}
	if strings.Count(r.console.String(), token[1]) != 1 {
		t.Error("the console does not show the token once")
	}
}

// TestDemoLink: the link signs in once, and only where it was asked for by a local name.
func TestDemoLink(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	console := new(buffer)
	done := make(chan error, 1)
	go func() { done <- app.Demo(ctx, "127.0.0.1:0", console, slog.New(slog.DiscardHandler)) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
	link := regexp.MustCompile(`(http://localhost:\d+)(/enter\?token=\S+)`)
	var at []string
	settled(t, "demo", func() bool { at = link.FindStringSubmatch(console.String()); return at != nil })
	r := &running{t: t, base: at[1]}
	q := r.request("GET", at[2], nil)
	q.Host = "evil.example" // as a name that was rebound to this machine would have it
	if status, _, _ := r.do(r.browser(), q); status != http.StatusForbidden {
		t.Errorf("a foreign name answered %d", status)
	}
	b := r.browser()
	if status, _, text := r.get(b, at[2]); status != http.StatusOK || !strings.Contains(text, "ynthetic") {
		t.Fatalf("the link answered %d", status)
	}
	if status, _, _ := r.get(r.browser(), at[2]); status != http.StatusForbidden {
		t.Errorf("the link worked twice: %d", status)
	}
	if status, _, _ := r.get(b, "/devices"); status != http.StatusOK {
		t.Errorf("devices answered %d", status)
	}
	if status, _, text := r.get(r.browser(), "/devices"); status != http.StatusOK || !strings.Contains(text, fmt.Sprintf("action=%q", "/sign-in")) && !strings.Contains(text, `name="token"`) {
		t.Errorf("somebody else is let in: %d", status)
	}
}
