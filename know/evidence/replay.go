package evidence

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/netip"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// replayAtOnce is how many rows one replayed observation holds.
const replayAtOnce = 10_000

// Replay gives everything in the journal as observations, so that identity knows after a restart
// what it knew before. Who stood where comes first, then what they said, then whom they talked to.
func (j *Journal) Replay(ctx context.Context, observe func(*ward.Observation) error) error {
	j.mu.Lock()
	err := j.known(ctx, j.Store)
	byID := map[int64]*ward.Field{}
	for _, k := range j.fields {
		byID[k.id] = k.field
	}
	j.mu.Unlock()
	if err != nil {
		return err
	}
	p := &player{ctx: ctx, site: j.Site, observe: observe, fields: byID}
	return j.Store.Snapshot(ctx, func(r store.Reader) error {
		for _, part := range []func(store.Reader) error{p.stations, p.bindings, p.sightings, p.flows, p.exchanges} {
			if err := part(r); err != nil {
				return err
			}
			if err := p.flush(); err != nil {
				return err
			}
		}
		return nil
	})
}

// player collects rows into observations, one sensor at a time.
type player struct {
	ctx     context.Context
	site    string
	observe func(*ward.Observation) error
	fields  map[int64]*ward.Field
	o       ward.Observation
	n       int
}

func (p *player) begin(sensor string, last int64) error {
	if p.n >= replayAtOnce || p.n > 0 && p.o.Sensor != sensor {
		if err := p.flush(); err != nil {
			return err
		}
	}
	p.o.Sensor = sensor
	p.o.Until = max(p.o.Until, last)
	p.n++
	return nil
}

func (p *player) flush() error {
	if p.n == 0 {
		return nil
	}
	o := p.o
	p.o, p.n = ward.Observation{}, 0
	return p.observe(&o)
}

func (p *player) rows(r store.Reader, query string, each func(*sql.Rows) error) error {
	rows, err := r.Query(p.ctx, query, p.site)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return fmt.Errorf("replay: %w", err)
		}
	}
	return rows.Err()
}

func (p *player) stations(r store.Reader) error {
	return p.rows(r, `SELECT sensor, mac, ip, vlan, hops, packets, bytes, first, last, source, frame FROM evidence_stations
		WHERE site = ? ORDER BY sensor, first, key`, func(rows *sql.Rows) error {
		var x ward.Station
		var sensor, mac, ip string
		err := rows.Scan(&sensor, &mac, &ip, &x.VLAN, &x.Hops, &x.Packets, &x.Bytes, &x.First, &x.Last, &x.Source, &x.Frame)
		if err != nil {
			return err
		}
		x.MAC, x.IP = parseMAC(mac), parseIP(ip)
		if err := p.begin(sensor, x.Last); err != nil {
			return err
		}
		p.o.Stations = append(p.o.Stations, x)
		return nil
	})
}

func (p *player) bindings(r store.Reader) error {
	return p.rows(r, `SELECT sensor, mac, ip, vlan, how, first, last, count, source, frame FROM evidence_bindings
		WHERE site = ? ORDER BY sensor, first, key`, func(rows *sql.Rows) error {
		var x ward.Binding
		var sensor, mac, ip string
		err := rows.Scan(&sensor, &mac, &ip, &x.VLAN, &x.How, &x.First, &x.Last, &x.Count, &x.Source, &x.Frame)
		if err != nil {
			return err
		}
		x.MAC, x.IP = parseMAC(mac), parseIP(ip)
		if err := p.begin(sensor, x.Last); err != nil {
			return err
		}
		p.o.Bindings = append(p.o.Bindings, x)
		return nil
	})
}

func (p *player) sightings(r store.Reader) error {
	return p.rows(r, `SELECT sensor, mac, ip, vlan, part, peer_mac, peer_ip, field, value, finding, first, last, count, source, frame
		FROM evidence_sightings WHERE site = ? ORDER BY sensor, first, key`, func(rows *sql.Rows) error {
		var x ward.Sighting
		var field int64
		var sensor, mac, ip, peerMAC, peerIP string
		err := rows.Scan(&sensor, &mac, &ip, &x.Subject.VLAN, &x.Subject.Part, &peerMAC, &peerIP, &field, &x.Value, &x.Finding,
			&x.First, &x.Last, &x.Count, &x.Source, &x.Frame)
		if err != nil {
			return err
		}
		if x.Field = p.fields[field]; x.Field == nil {
			return nil // of a version of the program that declared it and was undone
		}
		x.Subject.MAC, x.Subject.IP = parseMAC(mac), parseIP(ip)
		if peerMAC != "" || peerIP != "" { // both ends of a frame are on one VLAN
			x.Peer = ward.Subject{MAC: parseMAC(peerMAC), IP: parseIP(peerIP), VLAN: x.Subject.VLAN}
		}
		if err := p.begin(sensor, x.Last); err != nil {
			return err
		}
		p.o.Sightings = append(p.o.Sightings, x)
		return nil
	})
}

func (p *player) flows(r store.Reader) error {
	return p.rows(r, `SELECT sensor, from_mac, from_addr, to_mac, to_addr, vlan, transport, port, protocol, packets, bytes, packets_out, bytes_out,
		first, last, answered, source, frame FROM evidence_flows WHERE site = ? ORDER BY sensor, first, key`, func(rows *sql.Rows) error {
		var x ward.Conversation
		var sensor, fromMAC, from, toMAC, to string
		err := rows.Scan(&sensor, &fromMAC, &from, &toMAC, &to, &x.From.VLAN, &x.Service.Transport, &x.Service.Port, &x.Protocol, &x.Packets,
			&x.Bytes, &x.PacketsOut, &x.BytesOut, &x.First, &x.Last, &x.Answered, &x.Source, &x.Frame)
		if err != nil {
			return err
		}
		x.To.VLAN = x.From.VLAN
		x.From.MAC, x.From.IP, x.To.MAC, x.To.IP = parseMAC(fromMAC), parseIP(from), parseMAC(toMAC), parseIP(to)
		if err := p.begin(sensor, x.Last); err != nil {
			return err
		}
		p.o.Conversations = append(p.o.Conversations, x)
		return nil
	})
}

func (p *player) exchanges(r store.Reader) error {
	return p.rows(r, `SELECT sensor, exchange FROM evidence_exchanges WHERE site = ? ORDER BY sensor, first, key`, func(rows *sql.Rows) error {
		var x ward.Exchange
		var sensor, text string
		if err := rows.Scan(&sensor, &text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &x); err != nil {
			return err
		}
		if err := p.begin(sensor, x.Last); err != nil {
			return err
		}
		p.o.Exchanges = append(p.o.Exchanges, x)
		return nil
	})
}

func parseMAC(s string) ward.MAC {
	m, _ := ward.ParseMAC(s) //nolint:errcheck // empty means not known
	return m
}

func parseIP(s string) ward.IP {
	a, _ := netip.ParseAddr(s) //nolint:errcheck // empty, or a hardware address, means not known
	return ward.IPFrom(a)
}
