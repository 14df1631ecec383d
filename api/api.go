package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Config is what the API stands on. Door and Register are required.
type Config struct {
	Door     *access.Door
	Register *inventory.Register
	Importer *importing.Importer // nil: no import
	Now      func() time.Time    // nil means time.Now
	Version  string
	Log      *slog.Logger
}

// API is the API.
type API struct {
	Config
	huma huma.API
	rows []Row
}

// Prefix is where the API is mounted; Document is its OpenAPI document.
const (
	Prefix   = "/api/v1"
	Document = Prefix + "/openapi.json"
)

// New makes the API's handler, to be mounted at Prefix + "/".
func New(c Config) http.Handler {
	handler, _ := build(c)
	return handler
}

func build(c Config) (http.Handler, *API) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	conf := huma.DefaultConfig("Wardkeeper", c.Version)
	conf.OpenAPIPath = Prefix + "/openapi"
	conf.DocsPath, conf.SchemasPath = "", "" // the documentation page would load scripts from elsewhere
	conf.CreateHooks = nil
	conf.Info.Description = "The register of a hospital's connected devices: what they are, how we know, what is wrong."
	conf.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	a := &API{Config: c, huma: humago.New(mux, conf)}
	a.devices()
	a.changes()
	a.places()
	a.exports()
	return a.guard(mux), a
}

// guard puts the headers that every answer carries and finds out who asks.
func (a *API) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			p, err := a.Door.Token(r.Context(), strings.TrimSpace(token))
			if err == nil {
				r = r.WithContext(access.With(r.Context(), p))
			} else if k := ward.KindOf(err); k != ward.Forbidden && k != ward.NotFound {
				a.Log.ErrorContext(r.Context(), "a token could not be checked", "err", err)
			}
		}
		next.ServeHTTP(w, r)
	})
}

// A Row is what every route states about itself.
type Row struct {
	Method, Path string
	Permission   access.Permission
	Audit        string
}

// Route is one row of the API together with its handler: I is read from path, query and body, O is
// the answer's body.
type Route[I, O any] struct {
	Method, Path string
	Permission   access.Permission
	Audit        string // verb under which a change is recorded; names a read in the log
	Summary      string
	Handle       func(context.Context, *I) (*O, error)
	MaxBody      int64 // bytes; 0 means 1 MB
}

type answer[O any] struct{ Body *O }

// add registers a route: the permission is asked of the one door before the body is read, and both
// the permission and the audit verb stand in the OpenAPI document.
func add[I, O any](a *API, r Route[I, O]) {
	huma.Register(a.huma, operation(a, r.Method, r.Path, r.Summary, r.Permission, r.Audit, r.MaxBody), func(ctx context.Context, in *I) (*answer[O], error) {
		out, err := r.Handle(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return &answer[O]{out}, nil
	})
}

func operation(a *API, method, path, summary string, p access.Permission, audit string, limit int64) huma.Operation {
	a.rows = append(a.rows, Row{method, Prefix + path, p, audit})
	return huma.Operation{
		OperationID: strings.ToLower(method) + strings.NewReplacer("/", "-", "{", "", "}", "", ".", "-").Replace(path),
		Method:      method, Path: Prefix + path, Summary: summary, MaxBodyBytes: limit,
		Security:    []map[string][]string{{"token": {}}},
		Middlewares: huma.Middlewares{a.admit(p)},
		Errors:      []int{400, 401, 403, 404, 409, 503},
		Extensions:  map[string]any{"x-permission": string(p), "x-audit": audit},
	}
}

// admit asks the one door whether whoever is in the context may.
func (a *API) admit(p access.Permission) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		if err := a.Door.Allowed(c.Context(), p, ""); err != nil {
			_ = huma.WriteErr(a.huma, c, statusOf(err), ward.Message(err)) // the client is gone
			return
		}
		next(c)
	}
}

func statusOf(err error) int {
	if access.SignedOut(err) {
		return http.StatusUnauthorized
	}
	return ward.KindOf(err).HTTPStatus()
}

// do runs a change through the one door.
func (a *API) do(ctx context.Context, act access.Action, change func(store.Tx) error) error {
	return a.Door.Do(ctx, act, change)
}

// problem is an error as a program reads it. The chain goes to the log, the sentence goes out.
func (a *API) problem(ctx context.Context, err error) error {
	status := statusOf(err)
	if ward.KindOf(err) == ward.Internal {
		a.Log.ErrorContext(ctx, "an API request failed", "err", err)
	}
	return &huma.ErrorModel{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: ward.Message(err)}
}
