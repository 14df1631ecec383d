package api

import (
	"context"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Query is what GET /devices takes. Filters that repeat are alternatives; a leading "!" excludes;
// "unknown" asks for devices where nothing is claimed.
type Query struct {
	Text         string    `query:"q" maxLength:"200" doc:"words; each must begin a word of the device"`
	Zone         []string  `query:"zone,explode"`
	Category     []string  `query:"category,explode"`
	Type         []string  `query:"type,explode"`
	Manufacturer []string  `query:"manufacturer,explode"`
	Model        []string  `query:"model,explode"`
	OS           []string  `query:"os,explode"`
	Firmware     []string  `query:"firmware,explode"`
	Serial       []string  `query:"serial,explode"`
	Role         []string  `query:"role,explode"`
	Status       []string  `query:"status,explode"`
	Scope        []string  `query:"scope,explode"`
	VLAN         []string  `query:"vlan,explode"`
	Protocol     []string  `query:"protocol,explode"`
	Finding      []string  `query:"finding,explode"`
	Tag          []string  `query:"tag,explode"`
	Owner        []string  `query:"owner,explode"`
	Place        []string  `query:"place,explode"`
	Department   []string  `query:"department,explode"`
	Criticality  []string  `query:"criticality,explode"`
	Registered   []string  `query:"registered,explode"`
	Randomised   []string  `query:"randomised,explode"`
	IP           []string  `query:"ip,explode"`
	MAC          []string  `query:"mac,explode"`
	Name         []string  `query:"name,explode"`
	Confidence   []string  `query:"confidence,explode"`
	NewSince     time.Time `query:"newSince" doc:"first heard at or after"`
	HeardSince   time.Time `query:"heardSince" doc:"last heard at or after"`
	Sort         string    `query:"sort" doc:"status, title, type, manufacturer, model, os, zone, last ..."`
	Desc         bool      `query:"desc"`
	Cursor       string    `query:"cursor" doc:"next or prev of an earlier page"`
	Limit        int       `query:"limit" minimum:"0" maximum:"1000"`
}

func (q *Query) ask() inventory.Query {
	all := map[string][]string{
		"zone": q.Zone, "category": q.Category, "type": q.Type, "manufacturer": q.Manufacturer, "model": q.Model, "os": q.OS,
		"firmware": q.Firmware, "serial": q.Serial, "role": q.Role, "status": q.Status, "scope": q.Scope, "vlan": q.VLAN,
		"protocol": q.Protocol, "finding": q.Finding, "tag": q.Tag, "owner": q.Owner, "place": q.Place, "department": q.Department,
		"criticality": q.Criticality, "registered": q.Registered, "randomised": q.Randomised, "ip": q.IP, "mac": q.MAC, "name": q.Name,
		"confidence": q.Confidence,
	}
	out := inventory.Query{Text: q.Text, NewSince: q.NewSince, HeardSince: q.HeardSince, Sort: q.Sort, Desc: q.Desc, Cursor: q.Cursor, Limit: q.Limit, Filters: map[string][]string{}}
	for k, v := range all {
		if len(v) > 0 {
			out.Filters[k] = v
		}
	}
	return out
}

// ByID names one thing in the path.
type ByID struct {
	ID string `path:"id" maxLength:"100"`
}

// Claims is what is claimed about a device, with evidence.
type Claims struct {
	ID        string                             `json:"id"`
	Title     string                             `json:"title"`
	Effective map[ward.Attr]inventory.Effective  `json:"effective"`
	Claims    map[ward.Attr]ward.Claim           `json:"claims"`
	Overrides map[ward.Attr]inventory.Override   `json:"overrides"`
	Register  map[string]inventory.RegisterClaim `json:"register"`
}

// Since bounds a history in time.
type Since struct {
	ByID
	Since time.Time `query:"since"`
	Limit int       `query:"limit" minimum:"0" maximum:"1000"`
}

// devices registers the routes that read devices.
func (a *API) devices() {
	add(a, Route[struct{}, inventory.Overview]{Method: "GET", Path: "/overview", Permission: access.DevicesRead, Audit: "overview.read",
		Summary: "Counts by kind and zone, coverage, the worst findings",
		Handle: func(ctx context.Context, _ *struct{}) (*inventory.Overview, error) {
			return a.Register.Overview(ctx, a.Now().Add(-7*24*time.Hour))
		}})
	add(a, Route[Query, inventory.Page]{Method: "GET", Path: "/devices", Permission: access.DevicesRead, Audit: "devices.read",
		Summary: "Devices that match, one page, and how many could not be decided",
		Handle:  func(ctx context.Context, q *Query) (*inventory.Page, error) { return a.Register.Devices(ctx, q.ask()) }})
	add(a, Route[struct{}, []inventory.Group]{Method: "GET", Path: "/devices/alike", Permission: access.DevicesRead, Audit: "devices.read",
		Summary: "Unknown devices grouped by likeness",
		Handle: func(ctx context.Context, _ *struct{}) (*[]inventory.Group, error) {
			return list(a.Register.Alike(ctx))
		}})
	add(a, Route[ByID, inventory.Detail]{Method: "GET", Path: "/devices/{id}", Permission: access.DevicesRead, Audit: "device.read",
		Summary: "One device with claims, evidence, register fields and open findings",
		Handle:  func(ctx context.Context, in *ByID) (*inventory.Detail, error) { return a.Register.Device(ctx, in.ID) }})
	add(a, Route[ByID, Claims]{Method: "GET", Path: "/devices/{id}/claims", Permission: access.DevicesRead, Audit: "device.read",
		Summary: "What is claimed about a device, by whom, and what speaks against it",
		Handle: func(ctx context.Context, in *ByID) (*Claims, error) {
			d, err := a.Register.Device(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &Claims{d.ID, d.Title, d.Effective, d.Device.Claims, d.Overrides, d.Register}, nil
		}})
	add(a, Route[Since, []inventory.Event]{Method: "GET", Path: "/devices/{id}/timeline", Permission: access.DevicesRead, Audit: "device.read",
		Summary: "What happened to a device, newest first",
		Handle: func(ctx context.Context, in *Since) (*[]inventory.Event, error) {
			return list(a.Register.Timeline(ctx, in.ID, in.Since, in.Limit))
		}})
	add(a, Route[ByID, []inventory.Address]{Method: "GET", Path: "/devices/{id}/addresses", Permission: access.DevicesRead, Audit: "device.read",
		Summary: "The addresses a device had",
		Handle: func(ctx context.Context, in *ByID) (*[]inventory.Address, error) {
			return list(a.Register.Addresses(ctx, in.ID))
		}})
	add(a, Route[Since, []inventory.Peer]{Method: "GET", Path: "/devices/{id}/peers", Permission: access.DevicesRead, Audit: "device.read",
		Summary: "Whom a device talks to",
		Handle: func(ctx context.Context, in *Since) (*[]inventory.Peer, error) {
			return list(a.Register.Peers(ctx, in.ID, in.Since))
		}})
}

// list makes an absent list an empty one, so that programs always read an array.
func list[T any](l []T, err error) (*[]T, error) {
	if l == nil {
		l = []T{}
	}
	return &l, err
}
