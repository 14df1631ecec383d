package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/api"
	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web"
)

// Serve runs Wardkeeper for real until ctx ends. Console is where the one-time token of the first
// start is printed.
func Serve(ctx context.Context, c Config, console io.Writer, log *slog.Logger) error {
	s, err := Open(ctx, c, log)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // nothing is pending: every write was committed or reported
	if err := s.remember(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return &ward.Error{Kind: ward.Unavailable, Op: "app.Serve", Msg: "Cannot listen on " + c.Listen + ".", Err: err}
	}
	token, first, err := s.Door.FirstStart(ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintf(console, "Wardkeeper %s listens on %s\n", Version(), s.url(listener))
	if first {
		fmt.Fprintf(console, "First start: open %s/start and give this token to create the administrator:\n\n  %s\n\n", s.url(listener), token)
	}
	if len(c.Interfaces) == 0 && c.Watch == "" && len(c.Logs) == 0 {
		fmt.Fprintln(console, "No interface, folder or log is configured yet: drop a capture on the Sensors page, or see `wardkeeper config describe`.")
	}
	parts, err := s.devices(ctx, console)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	return s.run(ctx, listener, append(parts, s.sensors()...)...)
}

// url is where people open the pages.
func (s *System) url(l net.Listener) string {
	scheme := "http"
	if s.Config.TLSCert != "" {
		scheme = "https"
	}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	if ip := net.ParseIP(host); ip == nil || ip.IsLoopback() || ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// part is something that works until its context ends.
type part struct {
	name string
	work func(context.Context) error
}

// sensors are the parts that the configuration asks to listen.
func (s *System) sensors() []part {
	var parts []part
	if len(s.Config.Interfaces) > 0 {
		parts = append(parts, part{"live capture", func(ctx context.Context) error {
			return s.Wire.Live(ctx, s.Config.Interfaces, tick, func(o *ward.Observation) {
				if err := s.learn(context.WithoutCancel(ctx), o); err != nil {
					s.Log.ErrorContext(ctx, "what was heard could not be recorded", "err", err)
				}
			})
		}}, part{"sensor health", s.watchHealth})
	}
	if s.Config.Watch != "" {
		parts = append(parts, part{"watched folder", s.watchFolder})
	}
	if len(s.Config.Logs) > 0 {
		parts = append(parts, part{"sensor logs", s.followLogs})
	}
	return parts
}

// run serves the pages and works the parts until ctx ends or a part fails; then it ends the rest
// in order and writes down what was heard last.
func (s *System) run(ctx context.Context, listener net.Listener, parts ...part) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	runner := &store.Runner{Store: s.Store, Name: "wardkeeper", Log: s.Log, Kinds: s.jobs(), Repeats: s.repeats()}
	parts = append(parts,
		part{"learning", s.listen},
		part{"jobs", func(ctx context.Context) error { runner.Run(ctx); return nil }},
		part{"pages", func(ctx context.Context) error { return s.serve(ctx, listener) }})
	var all sync.WaitGroup
	for _, p := range parts {
		all.Go(func() {
			if err := p.work(ctx); err != nil && ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "a part stopped", "part", p.name, "err", err)
				cancel(fmt.Errorf("%s: %w", p.name, err))
			}
		})
	}
	all.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// serve answers requests until ctx ends, then lets those in hand finish.
func (s *System) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if err := server.Shutdown(late); err != nil {
			server.Close() //nolint:errcheck,gosec // the program is ending
		}
	})
	defer stop()
	var err error
	if s.Config.TLSCert != "" {
		err = server.ServeTLS(listener, s.Config.TLSCert, s.Config.TLSKey)
	} else {
		err = server.Serve(listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// handler joins the pages and the API.
func (s *System) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(api.Prefix+"/", api.New(api.Config{
		Door: s.Door, Register: s.Register, Importer: s.Importer, Now: s.Now, Version: Version(), Log: s.Log,
	}))
	mux.Handle("/", web.New(web.Config{
		Store: s.Store, Door: s.Door, Register: s.Register, Importer: s.Importer, Now: s.Now, Site: s.Config.Site,
		Version: Version(), Synthetic: s.Synthetic, Secure: s.Config.TLSCert != "", Links: s.Synthetic, Log: s.Log,
		Upload: s.takeCapture, Document: s.document,
	}))
	return mux
}

// watchHealth tells the register how each interface fares.
func (s *System) watchHealth(ctx context.Context) error {
	clock := time.NewTicker(5 * time.Second)
	defer clock.Stop()
	for {
		for _, h := range s.Wire.Health() {
			state := "live"
			detail := ""
			switch {
			case h.Err != nil:
				state, detail = "failed", h.Err.Error()
			case s.Now().Sub(h.LastFrame) > time.Minute:
				state = "silent"
			}
			err := s.Register.Heartbeat(ctx, inventory.Sensor{
				Name: h.Interface, Kind: "interface", State: state, Detail: detail, Packets: h.Packets,
				Dropped: map[string]uint64{"dropped by the kernel": h.Drops, "ring full": h.Freezes}, Last: h.LastFrame, Updated: s.Now(),
			})
			if err != nil && ctx.Err() == nil {
				s.Log.WarnContext(ctx, "sensor health could not be recorded", "sensor", h.Interface, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-clock.C:
		}
	}
}
