package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/know/identity"
	"github.com/wardkeeper/wardkeeper/know/identity/prints"
	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/know/wire"
	"github.com/wardkeeper/wardkeeper/know/wire/decoders"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/backup"
	"github.com/wardkeeper/wardkeeper/platform/cert"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/vault"
	"github.com/wardkeeper/wardkeeper/ward"
)

// System is Wardkeeper with all its parts, in the order in which each needs the ones before it.
type System struct {
	Config    Config
	Log       *slog.Logger
	Now       func() time.Time
	Synthetic bool // the demo: everything is invented

	Store    *store.Store
	Vault    *vault.Vault
	Audit    *audit.Log
	Backups  *backup.Backups
	Door     *access.Door
	Journal  *evidence.Journal
	Register *inventory.Register
	Importer *importing.Importer
	Prints   *prints.Set
	Names    *identity.Engine
	Wire     *wire.Engine
	Certs    *cert.Authority // nil until OpenCertificates

	learner learner
}

// Stages are the migrations of every stage that owns tables, in the order of the flow.
func Stages() []store.Migrations {
	return []store.Migrations{audit.Migrations(), vault.Migrations(), backup.Migrations(), access.Migrations(), cert.Migrations(), evidence.Migrations(), inventory.Migrations()}
}

// Open builds the parts: the store and what stands on it, then the stages from the register back
// to the wire, so that what a stage emits always has somewhere to go.
func Open(ctx context.Context, c Config, log *slog.Logger) (*System, error) {
	if err := os.MkdirAll(filepath.Join(c.Data, "captures"), 0o700); err != nil {
		return nil, &ward.Error{Kind: ward.Unavailable, Op: "app.Open", Msg: "The data folder cannot be made: " + c.Data, Err: err}
	}
	s := &System{Config: c, Log: log, Now: time.Now}
	var err error
	if s.Store, err = store.Open(ctx, c.storeURL()); err != nil {
		return nil, err
	}
	if err = s.Store.Migrate(ctx, Stages()...); err != nil {
		return nil, errors.Join(err, s.Store.Close())
	}
	s.Audit = &audit.Log{Store: s.Store}
	s.Door = &access.Door{Store: s.Store, Audit: s.Audit, Site: c.Site}
	if err = s.openVault(ctx); err != nil {
		return nil, errors.Join(err, s.Store.Close())
	}
	s.Journal = &evidence.Journal{Store: s.Store, Site: c.Site, Retention: time.Duration(c.RetentionDays) * 24 * time.Hour}
	s.Register = &inventory.Register{Store: s.Store, Evidence: s.Journal, Site: c.Site}
	s.Importer = &importing.Importer{Register: s.Register}
	if s.Prints, err = fingerprints(c.Recog); err != nil {
		return nil, errors.Join(err, s.Store.Close())
	}
	if err = s.setZones(ctx); err != nil {
		return nil, errors.Join(err, s.Store.Close())
	}
	s.Names = identity.New(identity.Options{
		Prints: s.Prints, Zones: c.zoneOf, Expected: c.subnets(), UnknownAfter: c.unknownAfter,
	})
	s.Wire = wire.New(s.wireOptions("live"))
	return s, nil
}

// Close lets go of the store.
func (s *System) Close() error { return s.Store.Close() }

func (s *System) wireOptions(sensor string) wire.Options {
	o := wire.Options{Decoders: decoders.All(), Workers: s.Config.Workers, Mask: identity.Mask, Sensor: sensor}
	if s.Config.ShowNames {
		o.Mask = nil
	}
	return o
}

// fingerprints are the built-in ones, and those of a recog folder when one is named.
func fingerprints(recog string) (*prints.Set, error) {
	if recog == "" {
		return nil, nil
	}
	set, err := prints.Builtin()
	if err != nil {
		return nil, err
	}
	if _, err := set.LoadRecog(recog); err != nil {
		return nil, &ward.Error{Kind: ward.Invalid, Op: "app", Msg: "The recog folder could not be read: " + recog, Err: err}
	}
	return set, nil
}

// setZones brings the zones of the configuration file into the register.
func (s *System) setZones(ctx context.Context) error {
	if len(s.Config.Zones) == 0 {
		return nil
	}
	ctx = access.AsSystem(ctx, "configuration")
	return s.Door.Do(ctx, access.Action{
		Verb: "zones.configure", Permission: access.DevicesChange, Object: "zones", Summary: "zones of the configuration file",
	}, func(tx store.Tx) error {
		for _, z := range s.Config.Zones {
			zone := inventory.Zone{Name: z.Name, Kind: z.Kind, VLANs: z.VLANs, Subnets: z.Subnets, Guest: z.Guest, Switch: z.Switch}
			if err := s.Register.SetZone(ctx, tx, zone); err != nil {
				return err
			}
		}
		return nil
	})
}
