package api

import (
	"context"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Findings is what GET /findings takes.
type Findings struct {
	Kind   []string `query:"kind,explode"`
	Device string   `query:"device"`
	Zone   string   `query:"zone"`
	Owner  string   `query:"owner"`
	Closed bool     `query:"closed"`
	Limit  int      `query:"limit" minimum:"0" maximum:"1000"`
}

// Interfaces is what GET /interfaces takes.
type Interfaces struct {
	Text     string `query:"q" maxLength:"200"`
	Protocol string `query:"protocol"`
	Device   string `query:"device"`
	Zone     string `query:"zone"`
	Patient  bool   `query:"patient" doc:"only those with patient data"`
	Clear    bool   `query:"clear" doc:"only those in clear text"`
	Sort     string `query:"sort"`
	Desc     bool   `query:"desc"`
}

func (q *Interfaces) ask() inventory.InterfaceQuery {
	return inventory.InterfaceQuery{Text: q.Text, Protocol: q.Protocol, Device: q.Device, Zone: q.Zone, Patient: q.Patient, Clear: q.Clear, Sort: q.Sort, Desc: q.Desc}
}

// Window bounds a question in time; the zero value means the past day.
type Window struct {
	Since time.Time `query:"since"`
}

// places registers the routes about findings, interfaces, zones, coverage and sensors.
func (a *API) places() {
	add(a, Route[Findings, []inventory.Finding]{Method: "GET", Path: "/findings", Permission: access.DevicesRead, Audit: "findings.read",
		Summary: "What is wrong, worst first",
		Handle: func(ctx context.Context, q *Findings) (*[]inventory.Finding, error) {
			ask := inventory.FindingQuery{Device: q.Device, Zone: q.Zone, Owner: q.Owner, Closed: q.Closed, Limit: q.Limit}
			for _, k := range q.Kind {
				ask.Kinds = append(ask.Kinds, ward.FindingKind(k))
			}
			return list(a.Register.Findings(ctx, ask))
		}})
	add(a, Route[ByID, inventory.Finding]{Method: "GET", Path: "/findings/{id}", Permission: access.DevicesRead, Audit: "finding.read",
		Summary: "One finding with its evidence",
		Handle:  func(ctx context.Context, in *ByID) (*inventory.Finding, error) { return a.Register.Finding(ctx, in.ID) }})
	add(a, Route[Interfaces, []inventory.Interface]{Method: "GET", Path: "/interfaces", Permission: access.InterfacesRead, Audit: "interfaces.read",
		Summary: "The interface catalogue: who sends what to whom",
		Handle: func(ctx context.Context, q *Interfaces) (*[]inventory.Interface, error) {
			return list(a.Register.Interfaces(ctx, q.ask()))
		}})
	add(a, Route[struct{}, inventory.PatientData]{Method: "GET", Path: "/interfaces/patient-data", Permission: access.InterfacesRead, Audit: "interfaces.read",
		Summary: "Where patient data travels",
		Handle: func(ctx context.Context, _ *struct{}) (*inventory.PatientData, error) {
			return a.Register.PatientData(ctx)
		}})
	add(a, Route[struct{}, []inventory.Zone]{Method: "GET", Path: "/zones", Permission: access.DevicesRead, Audit: "zones.read",
		Summary: "The zones",
		Handle: func(ctx context.Context, _ *struct{}) (*[]inventory.Zone, error) {
			return list(a.Register.Zones(ctx))
		}})
	add(a, Route[Window, []inventory.Cell]{Method: "GET", Path: "/map", Permission: access.DevicesRead, Audit: "map.read",
		Summary: "Who talks to whom, zone by zone",
		Handle: func(ctx context.Context, q *Window) (*[]inventory.Cell, error) {
			if q.Since.IsZero() {
				q.Since = a.Now().Add(-24 * time.Hour)
			}
			return list(a.Register.Matrix(ctx, q.Since))
		}})
	add(a, Route[struct{}, inventory.Coverage]{Method: "GET", Path: "/coverage", Permission: access.DevicesRead, Audit: "coverage.read",
		Summary: "Which networks are seen well, poorly or not, and what would show the rest",
		Handle: func(ctx context.Context, _ *struct{}) (*inventory.Coverage, error) {
			return a.Register.Coverage(ctx)
		}})
	add(a, Route[struct{}, []inventory.Sensor]{Method: "GET", Path: "/sensors", Permission: access.SensorsRead, Audit: "sensors.read",
		Summary: "The sensors and what they dropped",
		Handle: func(ctx context.Context, _ *struct{}) (*[]inventory.Sensor, error) {
			return list(a.Register.Sensors(ctx))
		}})
}
