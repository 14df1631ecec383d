package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Config is what the pages stand on. Store, Door and Register are required.
type Config struct {
	Store     *store.Store // outbox and jobs
	Door      *access.Door
	Register  *inventory.Register
	Importer  *importing.Importer // nil: no import page
	Now       func() time.Time    // nil means time.Now
	Site      string              // shown at the foot of the rail
	Version   string
	Synthetic bool // everything shown is invented: say so on every page
	Secure    bool // served over TLS: cookies get the __Host- prefix
	Links     bool // one-time sign-in links work, from this machine only (the demo)
	Log       *slog.Logger

	// Upload takes a capture and queues the job that reads it; nil switches dropping off. It reads r
	// to its end or fails; MaxUpload bounds it.
	Upload    func(ctx context.Context, name string, r io.Reader) (job string, err error)
	MaxUpload int64  // bytes; 0 means 4 GB
	UploadJob string // kind of the jobs that Upload queues; empty means "read capture"
	// Document gives what such a job found, as far as it got.
	Document func(ctx context.Context, job string) (*ward.Document, error)
}

// Server serves the pages.
type Server struct {
	Config
	static  *assets
	pulse   pulse
	imports imports
}

// New makes the pages' handler.
func New(c Config) http.Handler {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.UploadJob == "" {
		c.UploadJob = "read capture"
	}
	if c.MaxUpload == 0 {
		c.MaxUpload = 4 << 30
	}
	s := &Server{Config: c, static: loadAssets()}
	mux := http.NewServeMux()
	for _, r := range s.Routes() {
		mux.Handle(r.Method+" "+r.Path, s.row(r))
	}
	mux.Handle("GET "+s.static.prefix+"/", s.static)
	mux.Handle("/", s.row(Route{Permission: Anyone, Audit: "page.missing", Handle: s.missing}))
	return s.guard(mux)
}
