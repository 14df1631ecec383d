package inventory

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/know/inventory/search"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// The numbers by which the index sorts, in the order of schema.Numbers.
const (
	numStatus = iota
	numFirst
	numLast
	numConfidence
	numFindings
	numIP
)

func schema() search.Schema {
	claimed := map[string]bool{}
	for _, k := range []string{
		"category", "type", "manufacturer", "model", "os", "firmware", "serial", "role", "owner", "place", "department", "criticality",
	} {
		claimed[k] = true
	}
	s := search.Schema{Numbers: []string{"status", "first", "last", "confidence", "findings", "ip"}}
	for _, k := range append([]string{"title"}, FilterKeys...) {
		s.Keys = append(s.Keys, search.Key{Name: k, Claimed: claimed[k]})
	}
	return s
}

// follow brings the view up to date with the table. The caller holds r.mu.
func (r *Register) follow(ctx context.Context, from store.Reader) error {
	v := r.view
	if v == nil {
		v = &view{
			revision: -1, index: search.New(schema()), known: map[string]*known{}, byKey: map[string]string{},
			byIP: map[string]string{}, byEngine: map[string]string{}, byTag: map[string]string{},
		}
	}
	var head int64
	if err := from.QueryRow(ctx, `SELECT n FROM inventory_state WHERE name = 'revision'`).Scan(&head); err != nil {
		return fmt.Errorf("register revision: %w", err)
	}
	if head != v.revision {
		rows, err := from.Query(ctx, `SELECT id, gone, merged, keys, engine, sum, findings, line FROM inventory_devices
			WHERE revision > ? AND site = ? ORDER BY revision`, v.revision, r.Site)
		if err != nil {
			return fmt.Errorf("register: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			if err := v.take(rows); err != nil {
				return fmt.Errorf("register: %w", err)
			}
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("register: %w", err)
		}
		v.revision = head
	}
	r.view = v
	v.sweep(r.now())
	return nil
}

// take reads one row of the table into the view.
func (v *view) take(rows *sql.Rows) error {
	var id, merged, keys, engine, findings, line string
	var sum int64
	var gone bool
	if err := rows.Scan(&id, &gone, &merged, &keys, &engine, &sum, &findings, &line); err != nil {
		return err
	}
	v.forget(id)
	if gone || merged != "" {
		v.index.Remove(id)
		if !gone {
			v.known[id] = &known{id: id, merged: merged}
		}
		return nil
	}
	var row Row
	if err := json.Unmarshal([]byte(line), &row); err != nil {
		return err
	}
	k := &known{
		id: id, title: row.Title, zone: row.Zone, name: row.Name, serial: row.Serial, ips: row.IPs, macs: row.MACs, status: row.Status,
		category: row.Category, scope: row.Scope, first: row.First, last: row.Last, stored: row.Last, open: row.Findings, tag: row.AssetTag,
		registered: row.Registered, named: row.Type != "" || row.Model != "", engine: engine, sum: sum,
	}
	if keys != "" {
		k.keys = strings.Split(keys, "\n")
	}
	v.remember(k)
	row.At(v.swept, k.last)
	v.index.Put(document(&row, findings))
	return nil
}

func (v *view) remember(k *known) {
	v.known[k.id] = k
	for _, key := range k.keys {
		v.byKey[key] = k.id
	}
	if k.engine != "" {
		v.byEngine[k.engine] = k.id
	}
	if k.tag != "" {
		v.byTag[strings.ToLower(k.tag)] = k.id
	}
	for _, ip := range k.ips {
		if old := v.known[v.byIP[ip]]; old == nil || !old.last.After(k.last) {
			v.byIP[ip] = k.id
		}
	}
}

func (v *view) forget(id string) {
	k := v.known[id]
	if k == nil {
		return
	}
	drop := func(m map[string]string, key string) {
		if m[key] == id {
			delete(m, key)
		}
	}
	for _, key := range k.keys {
		drop(v.byKey, key)
	}
	for _, ip := range k.ips {
		drop(v.byIP, ip)
	}
	drop(v.byEngine, k.engine)
	drop(v.byTag, strings.ToLower(k.tag))
	delete(v.known, id)
}

// heard notes that a device was heard, without a word to the table.
func (v *view) heard(k *known, last time.Time) {
	if !last.After(k.last) {
		return
	}
	k.last = last
	v.index.SetNumber(k.id, numLast, store.Micros(last))
	for _, ip := range k.ips {
		v.byIP[ip] = k.id
	}
}

// sweep gives devices that fell silent, or spoke again, their status. Once a minute is enough.
func (v *view) sweep(now time.Time) {
	if now.Sub(v.swept) < time.Minute && !now.Before(v.swept) {
		return
	}
	v.swept = now
	for _, k := range v.known {
		if k.merged == "" {
			row := Row{Status: k.status, Last: k.last}
			row.At(now, k.last)
			v.index.SetStatus(k.id, numStatus, entry.StatusRank[row.Status], "status", string(row.Status))
		}
	}
}

// document is a row as the index wants it.
func document(row *Row, findings string) search.Doc {
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	flag := func(b bool) []string {
		if b {
			return []string{"yes"}
		}
		return []string{"no"}
	}
	var vlans []string
	for _, v := range row.VLANs {
		vlans = append(vlans, strconv.Itoa(int(v)))
	}
	category := string(row.Category)
	if row.Category == ward.Unknown {
		category = ""
	}
	var kinds []string
	if findings != "" {
		kinds = strings.Split(findings, "\n")
	}
	values := map[string][]string{
		"title": one(row.Title), "zone": one(row.Zone), "category": one(category), "type": one(row.Type),
		"manufacturer": one(row.Manufacturer), "model": one(row.Model), "os": one(row.OS), "firmware": one(row.Firmware),
		"serial": one(row.Serial), "role": one(row.Role), "status": one(string(row.Status)), "scope": one(string(row.Scope)),
		"vlan": vlans, "protocol": row.Protocols, "finding": kinds, "tag": row.Tags, "owner": one(row.Owner), "place": one(row.Place),
		"department": one(row.Department), "criticality": one(row.Criticality), "registered": flag(row.Registered),
		"randomised": flag(row.Random), "ip": row.IPs, "mac": row.MACs, "name": one(row.Name), "confidence": one(sureness(row.Confidence)),
	}
	d := search.Doc{
		ID: row.ID, Class: entry.ClassOf(row),
		Numbers: []int64{
			entry.StatusRank[row.Status], store.Micros(row.First), store.Micros(row.Last), int64(row.Confidence * 1000), -int64(row.Findings), ipNumber(row.IPs),
		},
		Texts: append(append(append(append([]string{row.Title, row.Zone, row.Name, row.AssetTag}, row.IPs...), row.MACs...), row.Protocols...), row.Tags...),
	}
	for _, k := range schema().Keys {
		d.Values = append(d.Values, values[k.Name])
	}
	return d
}

// sureness is a confidence in a word: sure from 0.9, likely from 0.7, else weak; nothing when
// nothing is claimed.
func sureness(c float64) string {
	switch {
	case c <= 0:
		return ""
	case c >= 0.9:
		return "sure"
	case c >= 0.7:
		return "likely"
	}
	return "weak"
}

// ipNumber is the first IPv4 address as a number, to sort by; devices without one come last.
func ipNumber(ips []string) int64 {
	for _, s := range ips {
		if a, err := netip.ParseAddr(s); err == nil && a.Is4() {
			b := a.As4()
			return int64(b[0])<<24 | int64(b[1])<<16 | int64(b[2])<<8 | int64(b[3])
		}
	}
	return 1 << 40
}
