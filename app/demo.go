package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/sim"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Demo opens a living, synthetic hospital on this machine until ctx ends. Its devices speak real
// protocol bytes, which take the same way through the wire as real traffic. What it stores lies in
// a folder of its own that is removed at the end.
func Demo(ctx context.Context, listen string, console io.Writer, log *slog.Logger) error {
	folder, err := os.MkdirTemp("", "wardkeeper-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	c := DefaultConfig()
	c.Data, c.Listen, c.Site = folder, listen, "Synthetic Hospital, main site"
	c.unknownAfter = 12 * time.Second
	c.Store = "sqlite:" + filepath.Join(folder, "demo.db")
	for _, z := range sim.Zones {
		c.Zones = append(c.Zones, Zone{
			Name: z.Name, Kind: z.Kind, VLANs: []uint16{z.VLAN}, Subnets: []string{fmt.Sprintf("10.20.%d.0/24", z.Subnet)}, Switch: z.Switch,
		})
	}
	s, err := Open(ctx, c, log)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // everything goes with the folder
	s.Synthetic = true
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return &ward.Error{Kind: ward.Unavailable, Op: "app.Demo", Msg: "Cannot listen on " + c.Listen + ".", Err: err}
	}
	link, err := s.Door.SignInLink(ctx, "Robin Example", access.Administrator)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	url := s.url(listener)
	fmt.Fprintf(console, "Wardkeeper demo: synthetic hospital, nothing leaves this machine. Open %s/enter?token=%s\n", url, link)
	fmt.Fprintln(console, "The link signs you in once, from this machine only. Ctrl-C ends the demo and removes all of it.")
	return s.run(ctx, listener, part{"synthetic hospital", s.playHospital})
}

// playHospital lets the pretend hospital talk, in real time, into the wire.
func (s *System) playHospital(ctx context.Context) error {
	in, out := io.Pipe()
	stop := context.AfterFunc(ctx, func() { out.CloseWithError(io.EOF) }) //nolint:errcheck // never fails
	defer stop()
	failed := make(chan error, 1)
	go func() {
		err := sim.NewHospital(1).Play(ctx, out, s.Now())
		failed <- errors.Join(err, out.Close())
	}()
	go s.demoHeartbeat(ctx)
	_, err := s.Wire.Read(ctx, in, "synthetic hospital")
	if ctx.Err() != nil {
		return nil
	}
	return errors.Join(err, in.Close(), <-failed)
}

// demoHeartbeat stands in for the health of a real mirror port.
func (s *System) demoHeartbeat(ctx context.Context) {
	clock := time.NewTicker(2 * time.Second)
	defer clock.Stop()
	for {
		counts := s.Wire.Counts()
		err := s.Register.Heartbeat(ctx, inventory.Sensor{
			Name: "synthetic mirror port", Kind: "demo", State: "live", Detail: "invented traffic",
			Packets: counts.Packets, Dropped: counts.Dropped, Last: s.Now(), Updated: s.Now(),
		})
		if err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "sensor health could not be recorded", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
		}
	}
}
