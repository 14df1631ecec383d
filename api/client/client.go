// Package client speaks to a running Wardkeeper over its JSON API: what the commands devices,
// device, claims, interfaces, import and export stand on, and what other Go programs may use.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/api"
	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Client is one Wardkeeper and who asks.
type Client struct {
	Server string       // "https://wardkeeper.hospital.example"
	Token  string       // an API token, made on the page about oneself
	HTTP   *http.Client // nil means one with a timeout of a minute
}

// maxAnswer bounds an answer that is held in memory.
const maxAnswer = 256 << 20

// Devices asks for one page of devices; the keys of query are those of GET /api/v1/devices.
func (c *Client) Devices(ctx context.Context, query url.Values) (*inventory.Page, error) {
	return get[inventory.Page](ctx, c, "/devices", query)
}

// Device asks for one device by id.
func (c *Client) Device(ctx context.Context, id string) (*inventory.Detail, error) {
	return get[inventory.Detail](ctx, c, "/devices/"+url.PathEscape(id), nil)
}

// Find asks for the one device that an id, address, name or serial belongs to. None and several are
// errors that say so.
func (c *Client) Find(ctx context.Context, what string) (*inventory.Detail, error) {
	d, err := c.Device(ctx, what)
	if err == nil || ward.KindOf(err) != ward.NotFound {
		return d, err
	}
	p, err := c.Devices(ctx, url.Values{"q": {what}, "limit": {"10"}})
	if err != nil {
		return nil, err
	}
	switch len(p.Rows) {
	case 0:
		return nil, &ward.Error{Kind: ward.NotFound, Op: "client.Find", Msg: "No device matches " + what + "."}
	case 1:
		return c.Device(ctx, p.Rows[0].ID)
	}
	names := make([]string, 0, len(p.Rows))
	for _, r := range p.Rows {
		names = append(names, r.Title+" ("+r.ID+")")
	}
	return nil, &ward.Error{Kind: ward.Conflict, Op: "client.Find", Msg: fmt.Sprintf("%d devices match %s: %s. Say the id.", p.Matches, what, strings.Join(names, ", "))}
}

// Claims asks what is claimed about a device, with evidence.
func (c *Client) Claims(ctx context.Context, id string) (*api.Claims, error) {
	return get[api.Claims](ctx, c, "/devices/"+url.PathEscape(id)+"/claims", nil)
}

// Interfaces asks for the interface catalogue.
func (c *Client) Interfaces(ctx context.Context, query url.Values) ([]inventory.Interface, error) {
	l, err := get[[]inventory.Interface](ctx, c, "/interfaces", query)
	if err != nil {
		return nil, err
	}
	return *l, nil
}

// Import sends another register. Without apply it says what would happen and writes nothing. An
// empty mapping lets the server propose one.
func (c *Client) Import(ctx context.Context, name string, file io.Reader, mapping []string, apply, strict bool) (*api.Imported, error) {
	q := url.Values{"name": {name}}
	if len(mapping) > 0 {
		m, err := json.Marshal(mapping)
		if err != nil {
			return nil, err
		}
		q.Set("mapping", string(m))
	}
	if apply {
		q.Set("apply", "true")
	}
	if strict {
		q.Set("strict", "true")
	}
	body, err := c.do(ctx, http.MethodPost, "/import", q, file)
	if err != nil {
		return nil, err
	}
	defer body.Close() //nolint:errcheck // read to its end or given up
	return read[api.Imported](body)
}

// Export copies a whole list to w: what is "devices" or "interfaces", format "csv" or, for devices,
// "json".
func (c *Client) Export(ctx context.Context, what, format string, query url.Values, w io.Writer) error {
	body, err := c.do(ctx, http.MethodGet, "/export/"+url.PathEscape(what)+"."+url.PathEscape(format), query, nil)
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // read to its end or given up
	if _, err := io.Copy(w, body); err != nil {
		return &ward.Error{Kind: ward.Unavailable, Op: "client.Export", Msg: "The export broke off before its end.", Err: err}
	}
	return nil
}

func get[T any](ctx context.Context, c *Client, path string, query url.Values) (*T, error) {
	body, err := c.do(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return nil, err
	}
	defer body.Close() //nolint:errcheck // read to its end or given up
	return read[T](body)
}

func read[T any](body io.Reader) (*T, error) {
	v := new(T)
	if err := json.NewDecoder(io.LimitReader(body, maxAnswer)).Decode(v); err != nil {
		return nil, &ward.Error{Kind: ward.Unavailable, Op: "client", Msg: "The server's answer could not be read. Is it a Wardkeeper of this version?", Err: err}
	}
	return v, nil
}

func (c *Client) do(ctx context.Context, method, path string, query url.Values, send io.Reader) (io.ReadCloser, error) {
	at := strings.TrimSuffix(c.Server, "/") + api.Prefix + path
	if len(query) > 0 {
		at += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, at, send)
	if err != nil {
		return nil, &ward.Error{Kind: ward.Invalid, Op: "client", Msg: c.Server + " is not the address of a server.", Err: err}
	}
	if send != nil {
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	h := c.HTTP
	if h == nil {
		h = &http.Client{Timeout: time.Minute}
	}
	a, err := h.Do(r)
	if err != nil {
		return nil, &ward.Error{Kind: ward.Unavailable, Op: "client", Msg: "No Wardkeeper answers at " + c.Server + ".", Err: err}
	}
	if a.StatusCode < 300 {
		return a.Body, nil
	}
	defer a.Body.Close() //nolint:errcheck // only the problem is wanted
	return nil, problem(a)
}

// problem turns a problem+json answer back into the error it was.
func problem(a *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(a.Body, 64<<10))
	var p struct {
		Detail string `json:"detail"`
		Errors []struct {
			Message  string `json:"message"`
			Location string `json:"location"`
		} `json:"errors"`
	}
	_ = json.Unmarshal(bytes.TrimSpace(text), &p) // an answer that is no problem+json has no detail
	msg := p.Detail
	for _, e := range p.Errors {
		msg += " (" + e.Location + ": " + e.Message + ")"
	}
	if msg == "" {
		msg = "The server answered " + a.Status + "."
	}
	return &ward.Error{Kind: kindOf(a.StatusCode), Op: "client", Msg: msg}
}

func kindOf(status int) ward.Kind {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return ward.Forbidden
	case http.StatusUnprocessableEntity:
		return ward.Invalid
	}
	for k := ward.Internal; k <= ward.Timeout; k++ {
		if k.HTTPStatus() == status {
			return k
		}
	}
	if status >= 400 && status < 500 {
		return ward.Invalid
	}
	return ward.Internal
}
