package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// maxImport bounds the file of an import.
const maxImport = 64 << 20

// Import is what POST /import takes: the file as the body.
type Import struct {
	Name    string `query:"name" maxLength:"200" doc:"file name; .json chooses JSON"`
	Mapping string `query:"mapping" maxLength:"10000" doc:"JSON array: what each column means; absent means: propose"`
	Apply   bool   `query:"apply" doc:"write; otherwise only say what would happen"`
	Strict  bool   `query:"strict" doc:"all or nothing"`
	RawBody []byte `contentType:"application/octet-stream"`
}

// Imported is the answer: what would happen, and what happened when it was applied.
type Imported struct {
	Header  []string           `json:"header"`
	Preview *importing.Preview `json:"preview"`
	Result  *importing.Result  `json:"result,omitempty"`
}

// exports registers whole lists as files, and the import.
func (a *API) exports() {
	stream(a, "/export/devices.csv", "text/csv; charset=utf-8", access.Export, "devices.export", "Every device that matches, as CSV",
		func(ctx context.Context, w io.Writer, q *Query) error {
			return a.Register.WriteDevicesCSV(ctx, w, q.ask())
		})
	stream(a, "/export/devices.json", "application/json", access.Export, "devices.export", "Every device that matches, as JSON",
		func(ctx context.Context, w io.Writer, q *Query) error {
			return a.Register.WriteDevicesJSON(ctx, w, q.ask())
		})
	stream(a, "/export/interfaces.csv", "text/csv; charset=utf-8", access.Export, "interfaces.export", "The interface catalogue as CSV",
		func(ctx context.Context, w io.Writer, q *Interfaces) error {
			return a.Register.WriteInterfacesCSV(ctx, w, q.ask())
		})
	if a.Importer != nil {
		add(a, Route[Import, Imported]{Method: "POST", Path: "/import", Permission: access.RegisterImport, Audit: "register.import", MaxBody: maxImport,
			Summary: "Bring another register in: first see matches, conflicts and rejects, then apply", Handle: a.bringIn})
	}
}

// stream registers a route whose answer is written as it is read, however long it is.
func stream[I any](a *API, path, kind string, p access.Permission, audit, summary string, write func(context.Context, io.Writer, *I) error) {
	op := operation(a, http.MethodGet, path, summary, p, audit, 0)
	op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: "string"}}}}}
	huma.Register(a.huma, op, func(_ context.Context, in *I) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(c huma.Context) {
			c.SetHeader("Content-Type", kind)
			if err := write(c.Context(), c.BodyWriter(), in); err != nil {
				a.Log.ErrorContext(c.Context(), "an export broke off", "path", path, "err", err)
				panic(http.ErrAbortHandler) // so that the client sees a broken file, not a short one
			}
		}}, nil
	})
}

func (a *API) bringIn(ctx context.Context, in *Import) (*Imported, error) {
	t, err := a.Importer.Read(in.Name, bytes.NewReader(in.RawBody))
	if err != nil {
		return nil, err
	}
	m := a.Importer.Propose(t)
	if in.Mapping != "" {
		if err := json.Unmarshal([]byte(in.Mapping), &m); err != nil || len(m) != len(t.Header) {
			return nil, &ward.Error{Kind: ward.Invalid, Op: "api.import", Msg: "The mapping is a JSON array with one word for each column.", Err: err}
		}
	}
	out := &Imported{Header: t.Header}
	if out.Preview, err = a.Importer.Preview(ctx, t, m); err != nil || !in.Apply {
		return out, err
	}
	act := access.Action{Verb: "register.import", Permission: access.RegisterImport, Object: t.Name, Summary: "imported a register"}
	err = a.do(ctx, act, func(tx store.Tx) error {
		var err error
		out.Result, err = a.Importer.Apply(ctx, tx, t, m, in.Strict)
		return err
	})
	return out, err
}
