package evidence

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Write adds an observation to the journal in one transaction: what is known is counted, what is
// new is added. It replaces the observation's Field pointers by the journal's own, so that what is
// seen live and what is replayed after a restart are the same to identity: write first, then
// observe.
func (j *Journal) Write(ctx context.Context, o *ward.Observation) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.Store.Write(ctx, func(tx store.Tx) error {
		if err := j.known(ctx, tx); err != nil {
			return err
		}
		for _, part := range []func(context.Context, store.Tx, *ward.Observation) error{
			j.sightings, j.bindings, j.stations, j.conversations, j.exchanges,
		} {
			if err := part(ctx, tx, o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		j.fields = nil // some may have been undone with the transaction
	}
	return err
}

// later is the tail of an upsert that adds up and keeps the earliest and latest time.
func later(table, sums string) string {
	return `ON CONFLICT (key) DO UPDATE SET last = CASE WHEN excluded.last > ` + table + `.last THEN excluded.last ELSE ` + table + `.last END,
		first = CASE WHEN excluded.first < ` + table + `.first THEN excluded.first ELSE ` + table + `.first END` + sums
}

func (j *Journal) sightings(ctx context.Context, tx store.Tx, o *ward.Observation) error {
	b := tx.Bulk(`INSERT INTO evidence_sightings (key, site, sensor, mac, ip, vlan, part, peer_mac, peer_ip, field, value, finding,
		first, last, count, source, frame) VALUES`, 17,
		later("evidence_sightings", `, count = evidence_sightings.count + excluded.count`))
	at := make(map[int64]int, len(o.Sightings)) // one statement may not count a row twice
	keys := make([]int64, 0, len(o.Sightings))
	sum := make([]ward.Sighting, 0, len(o.Sightings))
	ids := make([]int64, 0, len(o.Sightings))
	for i := range o.Sightings {
		s := &o.Sightings[i]
		if s.Field == nil {
			continue
		}
		k, err := j.field(ctx, tx, s.Field)
		if err != nil {
			return err
		}
		s.Field = k.field
		key := hash(j.Site, o.Sensor, s.Subject, k.id, s.Value, string(s.Finding), s.Peer)
		if n, ok := at[key]; ok {
			sum[n].Count += s.Count
			sum[n].Last = max(sum[n].Last, s.Last)
			sum[n].First = min(sum[n].First, s.First)
			continue
		}
		at[key] = len(sum)
		keys, sum, ids = append(keys, key), append(sum, *s), append(ids, k.id)
	}
	for i := range sum {
		s := &sum[i]
		err := b.Add(ctx, keys[i], j.Site, o.Sensor, s.Subject.MAC.String(), s.Subject.IP.String(), int64(s.Subject.VLAN), s.Subject.Part,
			s.Peer.MAC.String(), s.Peer.IP.String(), ids[i], s.Value, string(s.Finding), s.First, s.Last, int64(s.Count), s.Source, int64(s.Frame)) //nolint:gosec // counts stay far below 2^63
		if err != nil {
			return fmt.Errorf("sightings: %w", err)
		}
	}
	return b.Close(ctx)
}

func (j *Journal) bindings(ctx context.Context, tx store.Tx, o *ward.Observation) error {
	b := tx.Bulk(`INSERT INTO evidence_bindings (key, site, sensor, mac, ip, vlan, how, first, last, count, source, frame) VALUES`, 12,
		later("evidence_bindings", `, count = evidence_bindings.count + excluded.count`))
	sum, keys := merged(o.Bindings, func(x *ward.Binding) int64 {
		return hash(j.Site, o.Sensor, ward.Subject{MAC: x.MAC, IP: x.IP, VLAN: x.VLAN}, x.How)
	}, func(x, y *ward.Binding) {
		x.Count, x.First, x.Last = x.Count+y.Count, min(x.First, y.First), max(x.Last, y.Last)
	})
	for i := range sum {
		x := &sum[i]
		err := b.Add(ctx, keys[i], j.Site, o.Sensor, x.MAC.String(), x.IP.String(), int64(x.VLAN), x.How, x.First, x.Last,
			int64(x.Count), x.Source, int64(x.Frame)) //nolint:gosec // counts stay far below 2^63
		if err != nil {
			return fmt.Errorf("bindings: %w", err)
		}
	}
	return b.Close(ctx)
}

func (j *Journal) stations(ctx context.Context, tx store.Tx, o *ward.Observation) error {
	b := tx.Bulk(`INSERT INTO evidence_stations (key, site, sensor, mac, ip, vlan, hops, packets, bytes, first, last, source, frame) VALUES`, 13,
		later("evidence_stations", `, packets = evidence_stations.packets + excluded.packets, bytes = evidence_stations.bytes + excluded.bytes,
			hops = CASE WHEN excluded.hops < evidence_stations.hops THEN excluded.hops ELSE evidence_stations.hops END`))
	sum, keys := merged(o.Stations, func(x *ward.Station) int64 {
		return hash(j.Site, o.Sensor, ward.Subject{MAC: x.MAC, IP: x.IP, VLAN: x.VLAN})
	}, func(x, y *ward.Station) {
		x.Packets, x.Bytes, x.Hops = x.Packets+y.Packets, x.Bytes+y.Bytes, min(x.Hops, y.Hops)
		x.First, x.Last = min(x.First, y.First), max(x.Last, y.Last)
	})
	for i := range sum {
		x := &sum[i]
		err := b.Add(ctx, keys[i], j.Site, o.Sensor, x.MAC.String(), x.IP.String(), int64(x.VLAN), int64(x.Hops), int64(x.Packets), int64(x.Bytes), //nolint:gosec // counts stay far below 2^63
			x.First, x.Last, x.Source, int64(x.Frame)) //nolint:gosec // counts stay far below 2^63
		if err != nil {
			return fmt.Errorf("stations: %w", err)
		}
	}
	return b.Close(ctx)
}

func (j *Journal) conversations(ctx context.Context, tx store.Tx, o *ward.Observation) error {
	b := tx.Bulk(`INSERT INTO evidence_flows (key, site, sensor, hour, from_mac, from_addr, to_mac, to_addr, vlan, transport, port, protocol,
		packets, bytes, packets_out, bytes_out, first, last, answered, source, frame) VALUES`, 21,
		later("evidence_flows", `, packets = evidence_flows.packets + excluded.packets, bytes = evidence_flows.bytes + excluded.bytes,
			packets_out = evidence_flows.packets_out + excluded.packets_out, bytes_out = evidence_flows.bytes_out + excluded.bytes_out,
			answered = evidence_flows.answered OR excluded.answered`))
	sum, keys := merged(o.Conversations, func(x *ward.Conversation) int64 {
		return hash(j.Site, o.Sensor, hourOf(x.Last), ends(x.From), ends(x.To), int64(x.Service.Transport)<<16|int64(x.Service.Port), x.Protocol)
	}, func(x, y *ward.Conversation) {
		x.Packets, x.Bytes, x.PacketsOut, x.BytesOut = x.Packets+y.Packets, x.Bytes+y.Bytes, x.PacketsOut+y.PacketsOut, x.BytesOut+y.BytesOut
		x.First, x.Last, x.Answered = min(x.First, y.First), max(x.Last, y.Last), x.Answered || y.Answered
	})
	for i := range sum {
		x := &sum[i]
		err := b.Add(ctx, keys[i], j.Site, o.Sensor, hourOf(x.Last), x.From.MAC.String(), address(x.From), x.To.MAC.String(), address(x.To),
			int64(x.From.VLAN), int64(x.Service.Transport), int64(x.Service.Port), x.Protocol,
			int64(x.Packets), int64(x.Bytes), int64(x.PacketsOut), int64(x.BytesOut), //nolint:gosec // counts stay far below 2^63
			x.First, x.Last, x.Answered, x.Source, int64(x.Frame)) //nolint:gosec // counts stay far below 2^63
		if err != nil {
			return fmt.Errorf("flows: %w", err)
		}
	}
	return b.Close(ctx)
}

// exchanges are few and hold lists: each is read, joined and written back.
func (j *Journal) exchanges(ctx context.Context, tx store.Tx, o *ward.Observation) error {
	for i := range o.Exchanges {
		x := o.Exchanges[i]
		key := hash(j.Site, o.Sensor, x.Protocol, ends(x.From), ends(x.To), int64(x.Port))
		var text string
		if err := tx.QueryRow(ctx, `SELECT exchange FROM evidence_exchanges WHERE key = ?`, key).Scan(&text); err == nil {
			var old ward.Exchange
			if err := json.Unmarshal([]byte(text), &old); err != nil {
				return fmt.Errorf("exchanges: %w", err)
			}
			join(&x, &old)
		}
		b, err := json.Marshal(&x)
		if err != nil {
			return fmt.Errorf("exchanges: %w", err)
		}
		_, err = tx.Exec(ctx, `INSERT INTO evidence_exchanges (key, site, sensor, first, last, exchange) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET first = excluded.first, last = excluded.last, exchange = excluded.exchange`,
			key, j.Site, o.Sensor, x.First, x.Last, string(b))
		if err != nil {
			return fmt.Errorf("exchanges: %w", err)
		}
	}
	return nil
}

// maxWhat bounds the kinds of message and names of one exchange.
const maxWhat = 32

func join(x, old *ward.Exchange) {
	x.Messages, x.Bytes, x.Patient = x.Messages+old.Messages, x.Bytes+old.Bytes, x.Patient || old.Patient
	if old.First < x.First {
		x.First, x.Source, x.Frame = old.First, old.Source, old.Frame
	}
	x.Last = max(x.Last, old.Last)
	if x.Secured == nil {
		x.Secured = old.Secured
	}
	x.What, x.Names = union(old.What, x.What), union(old.Names, x.Names)
}

func union(a, b []string) []string {
next:
	for _, v := range b {
		for _, w := range a {
			if w == v {
				continue next
			}
		}
		if len(a) < maxWhat {
			a = append(a, v)
		}
	}
	return a
}

// merged sums up what has the same key.
func merged[T any](list []T, key func(*T) int64, add func(into, from *T)) ([]T, []int64) {
	at := make(map[int64]int, len(list))
	sum, keys := make([]T, 0, len(list)), make([]int64, 0, len(list))
	for i := range list {
		k := key(&list[i])
		if n, ok := at[k]; ok {
			add(&sum[n], &list[i])
			continue
		}
		at[k] = len(sum)
		sum, keys = append(sum, list[i]), append(keys, k)
	}
	return sum, keys
}

// ends is one end of a conversation: the network address, else the hardware address.
func ends(s ward.Subject) ward.Subject {
	if s.IP.IsZero() {
		return ward.Subject{MAC: s.MAC}
	}
	return ward.Subject{IP: s.IP}
}

func address(s ward.Subject) string {
	if s.IP.IsZero() {
		return s.MAC.String()
	}
	return s.IP.String()
}

// hourOf is the hour of a capture time, in hours since 1970.
func hourOf(ns int64) int64 { return ns / int64(time.Hour) }
