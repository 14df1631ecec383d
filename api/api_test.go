package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/platform/access"
)

func bare() (http.Handler, *API) {
	r := &inventory.Register{}
	return build(Config{Door: &access.Door{}, Register: r, Importer: &importing.Importer{Register: r}, Version: "test"})
}

// TestEveryRouteStatesItself fails for a route without a known permission or an audit verb.
func TestEveryRouteStatesItself(t *testing.T) {
	_, a := bare()
	if len(a.rows) < 20 {
		t.Fatalf("%d routes, want the whole API", len(a.rows))
	}
	for _, r := range a.rows {
		if !slices.Contains(access.Permissions, r.Permission) {
			t.Errorf("%s %s has the permission %q, which nobody can hold", r.Method, r.Path, r.Permission)
		}
		if noun, verb, ok := strings.Cut(r.Audit, "."); !ok || noun == "" || verb == "" {
			t.Errorf("%s %s has the audit verb %q, want noun.verb", r.Method, r.Path, r.Audit)
		}
		if r.Method != http.MethodGet && strings.HasSuffix(r.Audit, ".read") {
			t.Errorf("%s %s changes something and is recorded as a read", r.Method, r.Path)
		}
	}
}

// TestDocument reads the OpenAPI document as a client generator would: every route is in it, with
// its permission and its audit verb.
func TestDocument(t *testing.T) {
	h, a := bare()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, Document, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d", w.Code)
	}
	var doc struct {
		OpenAPI string                               `json:"openapi"`
		Paths   map[string]map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("openapi %q, want 3.1", doc.OpenAPI)
	}
	n := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			n++
			if op["x-permission"] == nil || op["x-permission"] == "" || op["x-audit"] == nil || op["x-audit"] == "" {
				t.Errorf("%s %s does not state permission and audit verb", method, path)
			}
		}
	}
	if n != len(a.rows) {
		t.Errorf("%d operations in the document, %d routes", n, len(a.rows))
	}
}

// TestSignedOut asks every route without a token: each must refuse, as a problem.
func TestSignedOut(t *testing.T) {
	h, a := bare()
	for _, r := range a.rows {
		path := strings.NewReplacer("{id}", "x", "{attr}", "type").Replace(r.Path)
		q := httptest.NewRequest(r.Method, path, strings.NewReader(bodies[r.Audit]))
		q.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%s %s answers %d to nobody, want 401: %s", r.Method, path, w.Code, w.Body)
		}
		if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "application/problem+json") {
			t.Errorf("%s %s refuses as %q", r.Method, path, kind)
		}
	}
}

// bodies are valid bodies, so that the refusal is not about the body.
var bodies = map[string]string{
	"device.override": `{"value":"x","reason":"y"}`, "device.fields": `{"fields":{}}`, "device.label": `{"devices":["x"],"say":{},"reason":"y"}`, "finding.close": `{"reason":"y"}`,
}
