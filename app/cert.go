package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/cert"
	"github.com/wardkeeper/wardkeeper/ward"
)

// OpenCertificates builds the certificate authority on the open store. The vault seals its keys.
func (s *System) OpenCertificates(ctx context.Context) error {
	sealer, err := s.Vault.Sealer(ctx, "cert_authorities", "key")
	if err != nil {
		return err
	}
	s.Certs = &cert.Authority{
		Store: s.Store, Door: s.Door, Sealer: sealer, Site: s.Config.Site, URL: s.Config.PKIURL, Now: s.Now, Log: s.Log,
		Known: s.known, Find: s.made,
	}
	return nil
}

// known refuses an id that no device of the register has, or has no more.
func (s *System) known(ctx context.Context, id string) error {
	d, err := s.Register.Device(ctx, id)
	if err == nil && d.ID != id {
		return &ward.Error{Kind: ward.Conflict, Op: "app.known", Msg: "This device was found to be the same as " + d.ID + ". Use that id."}
	}
	return err
}

// FindDevice gives the id of the one device of the register that an id, address, name or serial
// number belongs to.
func (s *System) FindDevice(ctx context.Context, what string) (string, error) {
	d, err := s.Register.Device(ctx, what)
	if err == nil {
		return d.ID, nil
	}
	if ward.KindOf(err) != ward.NotFound {
		return "", err
	}
	p, err := s.Register.Devices(ctx, inventory.Query{Text: what, Limit: 10})
	if err != nil {
		return "", err
	}
	var names []string
	for i := range p.Rows {
		names = append(names, p.Rows[i].Title+" ("+p.Rows[i].ID+")")
	}
	switch len(names) {
	case 0:
		return "", &ward.Error{Kind: ward.NotFound, Op: "app.FindDevice", Msg: "No device matches " + what + "."}
	case 1:
		return p.Rows[0].ID, nil
	}
	return "", &ward.Error{Kind: ward.Conflict, Op: "app.FindDevice",
		Msg: fmt.Sprintf("%d devices match %s: %s. Say the id.", p.Matches, what, strings.Join(names, ", "))}
}

// made gives the one device with that manufacturer and serial number.
func (s *System) made(ctx context.Context, maker, serial string) (string, error) {
	none := &ward.Error{Kind: ward.Forbidden, Op: "app.made", Msg: "No single device of the register has this manufacturer and serial number."}
	p, err := s.Register.Devices(ctx, inventory.Query{Text: serial, Limit: 20})
	if err != nil {
		return "", err
	}
	found := ""
	for i := range p.Rows {
		d, err := s.Register.Device(ctx, p.Rows[i].ID)
		if err != nil {
			return "", err
		}
		if d.Effective[ward.Serial].Value != serial || !strings.EqualFold(d.Effective[ward.Manufacturer].Value, maker) {
			continue
		}
		if found != "" {
			return "", none
		}
		found = d.ID
	}
	if found == "" {
		return "", none
	}
	return found, nil
}

// devices are the parts that face devices: enrolment, and what is published about certificates.
// Their listeners are open when it returns.
func (s *System) devices(ctx context.Context, console io.Writer) (parts []part, err error) {
	if s.Config.DeviceListen == "" && s.Config.PKIListen == "" {
		return nil, nil
	}
	if err := s.OpenCertificates(ctx); err != nil {
		return nil, err
	}
	if _, err := s.Certs.CACerts(ctx); err != nil { // said, not fatal: it can be made while we run
		fmt.Fprintln(console, ward.Message(err))
	}
	open := func(name, address string, h http.Handler, c *tls.Config) error {
		l, err := net.Listen("tcp", address)
		if err != nil {
			return &ward.Error{Kind: ward.Unavailable, Op: "app.devices", Msg: "Cannot listen on " + address + ".", Err: err}
		}
		fmt.Fprintf(console, "%s: %s\n", name, l.Addr())
		parts = append(parts, part{name, func(ctx context.Context) error { return s.face(ctx, l, h, c) }})
		return nil
	}
	if s.Config.PKIListen != "" {
		if err := open("Revocation lists and OCSP", s.Config.PKIListen, s.Certs.Public(), nil); err != nil {
			return nil, err
		}
	}
	if s.Config.DeviceListen != "" {
		c := s.Certs.ServerTLS(cert.ServerOptions{Names: s.Config.DeviceNames, Optional: true})
		if err := open("Devices enrol", s.Config.DeviceListen, s.Certs.EST(), c); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// face serves devices until ctx ends, over TLS when there is a configuration for it.
func (s *System) face(ctx context.Context, l net.Listener, h http.Handler, c *tls.Config) error {
	server := &http.Server{
		Handler: h, TLSConfig: c, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
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
	if c != nil {
		err = server.ServeTLS(l, "", "")
	} else {
		err = server.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
