package client

import (
	"bytes"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/api"
	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// TestClientAgainstServer makes a token, asks for devices, one device, its claims and the exports.
func TestClientAgainstServer(t *testing.T) {
	st := storetest.SQLite(t, audit.Migrations(), access.Migrations(), evidence.Migrations(), inventory.Migrations())
	door := &access.Door{Store: st, Audit: &audit.Log{Store: st}, Site: "main"}
	register := &inventory.Register{Store: st, Site: "main"}
	now := time.Now()
	if _, err := register.Upsert(t.Context(), inventory.Batch{Sensor: "test", Devices: []ward.Device{{
		ID: "p", MACs: []string{"02:00:5e:00:00:01"}, IPs: []string{"10.0.0.1"}, Category: ward.Medical, Scope: ward.Local, First: now, Last: now,
		Claims: map[ward.Attr]ward.Claim{ward.Type: {Value: "infusion pump", Confidence: .97, Evidence: []ward.Evidence{{Protocol: "hl7", Field: "OBX-18", Value: "x", First: now, Last: now, Count: 1}}}},
	}}}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api.New(api.Config{Door: door, Register: register, Version: "test"}))
	defer server.Close()

	c := &Client{Server: server.URL}
	if _, err := c.Devices(t.Context(), nil); ward.KindOf(err) != ward.Forbidden || !strings.Contains(ward.Message(err), "Sign in") {
		t.Errorf("without a token: %v", err)
	}
	link, err := door.SignInLink(t.Context(), "Robin", access.Analyst)
	if err != nil {
		t.Fatal(err)
	}
	_, p, err := door.RedeemLink(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	if c.Token, err = door.MakeToken(access.With(t.Context(), p), "test", nil, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	list, err := c.Devices(t.Context(), url.Values{"category": {"medical"}, "q": {"infusion"}})
	if err != nil || len(list.Rows) != 1 {
		t.Fatalf("devices: %+v, %v", list, err)
	}
	d, err := c.Find(t.Context(), "10.0.0.1")
	if err != nil || d.Type != "infusion pump" {
		t.Fatalf("find: %+v, %v", d, err)
	}
	claims, err := c.Claims(t.Context(), d.ID)
	if err != nil || claims.Claims[ward.Type].Evidence[0].Protocol != "hl7" {
		t.Errorf("claims: %+v, %v", claims, err)
	}
	if _, err := c.Device(t.Context(), "nothing"); ward.KindOf(err) != ward.NotFound {
		t.Errorf("a missing device: %v", err)
	}
	if _, err := c.Interfaces(t.Context(), nil); err != nil {
		t.Errorf("interfaces: %v", err)
	}
	var b bytes.Buffer
	if err := c.Export(t.Context(), "devices", "csv", nil, &b); err != nil || !strings.Contains(b.String(), "infusion pump") {
		t.Errorf("export: %v, %q", err, b.String())
	}
}
