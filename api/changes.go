package api

import (
	"context"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Say is a person's word on one attribute of a device.
type Say struct {
	ByID
	Attr string `path:"attr" maxLength:"40"`
	Body struct {
		Value  string `json:"value" maxLength:"300" minLength:"1"`
		Reason string `json:"reason" maxLength:"2000" minLength:"1"`
	}
}

// Withdraw takes a person's word back.
type Withdraw struct {
	ByID
	Attr string `path:"attr" maxLength:"40"`
}

// SetFields changes register fields; an empty value clears one.
type SetFields struct {
	ByID
	Body struct {
		Fields map[inventory.Field]string `json:"fields,omitempty"`
		Tags   []string                   `json:"tags,omitempty"`
	}
}

// LabelMany says the same of several devices.
type LabelMany struct {
	Body struct {
		Devices []string             `json:"devices" minItems:"1" maxItems:"1000"`
		Say     map[ward.Attr]string `json:"say"`
		Reason  string               `json:"reason" maxLength:"2000" minLength:"1"`
	}
}

// Close closes a finding.
type Close struct {
	ByID
	Body struct {
		Reason string `json:"reason" maxLength:"2000" minLength:"1"`
	}
}

// changes registers the routes that change something. Each runs inside the one door.
func (a *API) changes() {
	const may = access.DevicesChange
	add(a, Route[Say, inventory.Detail]{Method: "PUT", Path: "/devices/{id}/claims/{attr}", Permission: may, Audit: "device.override",
		Summary: "Say otherwise: the word wins, the evidence stays",
		Handle: func(ctx context.Context, in *Say) (*inventory.Detail, error) {
			return a.override(ctx, in.ID, in.Attr, in.Body.Value, in.Body.Reason)
		}})
	add(a, Route[Withdraw, inventory.Detail]{Method: "DELETE", Path: "/devices/{id}/claims/{attr}", Permission: may, Audit: "device.override",
		Summary: "Withdraw what was said about an attribute",
		Handle: func(ctx context.Context, in *Withdraw) (*inventory.Detail, error) {
			return a.override(ctx, in.ID, in.Attr, "", "withdrawn")
		}})
	add(a, Route[SetFields, inventory.Detail]{Method: "PATCH", Path: "/devices/{id}", Permission: may, Audit: "device.fields",
		Summary: "Change register fields and tags",
		Handle: func(ctx context.Context, in *SetFields) (*inventory.Detail, error) {
			act := access.Action{Verb: "device.fields", Permission: may, Object: in.ID, Summary: "changed register fields"}
			err := a.do(ctx, act, func(tx store.Tx) error {
				if len(in.Body.Fields) > 0 {
					if err := a.Register.SetFields(ctx, tx, []string{in.ID}, in.Body.Fields); err != nil {
						return err
					}
				}
				if in.Body.Tags != nil {
					return a.Register.SetTags(ctx, tx, []string{in.ID}, in.Body.Tags)
				}
				return nil
			})
			return a.after(ctx, in.ID, err)
		}})
	add(a, Route[LabelMany, Done]{Method: "POST", Path: "/devices/label", Permission: may, Audit: "device.label",
		Summary: "Say the same of several devices",
		Handle: func(ctx context.Context, in *LabelMany) (*Done, error) {
			act := access.Action{Verb: "device.label", Permission: may, Object: in.Body.Devices[0], Summary: "labelled several devices"}
			err := a.do(ctx, act, func(tx store.Tx) error {
				return a.Register.Label(ctx, tx, in.Body.Devices, in.Body.Say, in.Body.Reason)
			})
			return &Done{Done: err == nil}, err
		}})
	add(a, Route[Close, inventory.Finding]{Method: "POST", Path: "/findings/{id}/close", Permission: may, Audit: "finding.close",
		Summary: "Close a finding with a reason",
		Handle: func(ctx context.Context, in *Close) (*inventory.Finding, error) {
			act := access.Action{Verb: "finding.close", Permission: may, Object: in.ID, Summary: "closed a finding: " + in.Body.Reason}
			if err := a.do(ctx, act, func(tx store.Tx) error { return a.Register.CloseFinding(ctx, tx, in.ID, in.Body.Reason) }); err != nil {
				return nil, err
			}
			return a.Register.Finding(ctx, in.ID)
		}})
}

// Done says that a change went in.
type Done struct {
	Done bool `json:"done"`
}

func (a *API) override(ctx context.Context, id, attr, value, reason string) (*inventory.Detail, error) {
	act := access.Action{Verb: "device.override", Permission: access.DevicesChange, Object: id, Summary: "said the " + attr + " is " + value}
	if value == "" {
		act.Summary = "withdrew what was said about the " + attr
	}
	err := a.do(ctx, act, func(tx store.Tx) error {
		return a.Register.Override(ctx, tx, id, ward.Attr(attr), value, reason)
	})
	return a.after(ctx, id, err)
}

func (a *API) after(ctx context.Context, id string, err error) (*inventory.Detail, error) {
	if err != nil {
		return nil, err
	}
	return a.Register.Device(ctx, id)
}
