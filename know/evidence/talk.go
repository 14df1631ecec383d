package evidence

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Talk is traffic between two addresses on one service, summed over hours and sensors.
type Talk struct {
	From, To string // network addresses, else hardware addresses; From opened it
	Service  string // tcp/104
	Protocol string // once recognised
	Packets  uint64
	Bytes    uint64
	First    time.Time
	Last     time.Time
}

// TalkQuery asks for conversations, most bytes first.
type TalkQuery struct {
	Addresses []string // of either end; none means all
	Since     time.Time
	Limit     int // 0 means 10,000
}

// Talks sums up the flow history. The time is kept by the hour.
func (j *Journal) Talks(ctx context.Context, q TalkQuery) ([]Talk, error) {
	if q.Limit <= 0 {
		q.Limit = 10_000
	}
	var hour int64
	if !q.Since.IsZero() {
		hour = hourOf(q.Since.UnixNano())
	}
	from, args := `evidence_flows`, []any{}
	if n := len(q.Addresses); n > 0 { // both ends by their own index; a talk with oneself is counted once
		from = `(SELECT * FROM evidence_flows WHERE from_addr IN (` + store.Marks(n) + `)
			UNION SELECT * FROM evidence_flows WHERE to_addr IN (` + store.Marks(n) + `)) AS f`
		for range 2 {
			for _, a := range q.Addresses {
				args = append(args, a)
			}
		}
	}
	args = append(args, j.Site, hour, q.Limit)
	talks, err := store.All(ctx, j.Store, func(rows *sql.Rows, t *Talk) error {
		var s ward.Service
		var first, last int64
		err := rows.Scan(&t.From, &t.To, &s.Transport, &s.Port, &t.Protocol, &t.Packets, &t.Bytes, &first, &last)
		t.Service, t.First, t.Last = s.String(), time.Unix(0, first).UTC(), time.Unix(0, last).UTC()
		return err
	}, `SELECT from_addr, to_addr, transport, port, MAX(protocol), CAST(SUM(packets) AS BIGINT), CAST(SUM(bytes) AS BIGINT), MIN(first), MAX(last)
		FROM `+from+` WHERE site = ? AND hour >= ? GROUP BY from_addr, to_addr, transport, port ORDER BY 7 DESC, from_addr, to_addr LIMIT ?`, args...)
	if err != nil {
		return nil, fmt.Errorf("talks: %w", err)
	}
	return talks, nil
}

// Span is an address that a hardware address had, from when to when.
type Span struct {
	MAC, IP     string
	First, Last time.Time
}

// Addresses gives the network addresses of hardware addresses over time, as announced and as used,
// newest first. At most 400 hardware addresses are looked at.
func (j *Journal) Addresses(ctx context.Context, macs []string) ([]Span, error) {
	macs = macs[:min(len(macs), 400)]
	if len(macs) == 0 {
		return nil, nil
	}
	var args []any
	for range 2 {
		for _, m := range macs {
			args = append(args, m)
		}
	}
	in := store.Marks(len(macs))
	spans, err := store.All(ctx, j.Store, func(rows *sql.Rows, s *Span) error {
		var first, last int64
		err := rows.Scan(&s.MAC, &s.IP, &first, &last)
		s.First, s.Last = time.Unix(0, first).UTC(), time.Unix(0, last).UTC()
		return err
	}, `SELECT mac, ip, MIN(first), MAX(last) FROM (
			SELECT mac, ip, first, last FROM evidence_bindings WHERE mac IN (`+in+`)
			UNION ALL SELECT mac, ip, first, last FROM evidence_stations WHERE ip <> '' AND hops = 0 AND mac IN (`+in+`)) AS s
		GROUP BY mac, ip`, args...)
	if err != nil {
		return nil, fmt.Errorf("addresses: %w", err)
	}
	slices.SortFunc(spans, func(a, b Span) int {
		if c := b.Last.Compare(a.Last); c != 0 {
			return c
		}
		return strings.Compare(a.IP, b.IP)
	})
	return spans, nil
}

// Prune removes what was not heard again for Retention, as a job's work.
func (j *Journal) Prune(ctx context.Context) (int64, error) {
	before := j.now().Add(-j.retention())
	var n int64
	err := j.Store.Write(ctx, func(tx store.Tx) error {
		for _, table := range []string{"evidence_sightings", "evidence_bindings", "evidence_stations", "evidence_flows", "evidence_exchanges"} {
			gone, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE site = ? AND last < ?`, j.Site, before.UnixNano())
			if err != nil {
				return fmt.Errorf("prune: %w", err)
			}
			n += gone
		}
		return nil
	})
	return n, err
}

// Forget removes everything that was heard of some addresses, as guests are promised.
func (j *Journal) Forget(ctx context.Context, tx store.Tx, macs, ips []string) error {
	for _, d := range []struct {
		column string
		tables []string
		values []string
	}{
		{"mac", []string{"evidence_sightings", "evidence_bindings", "evidence_stations"}, macs},
		{"ip", []string{"evidence_sightings", "evidence_bindings", "evidence_stations"}, ips},
		{"from_addr", []string{"evidence_flows"}, ips},
		{"to_addr", []string{"evidence_flows"}, ips},
	} {
		for _, v := range d.values {
			for _, table := range d.tables {
				if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE site = ? AND `+d.column+` = ?`, j.Site, v); err != nil {
					return fmt.Errorf("forget: %w", err)
				}
			}
		}
	}
	return nil
}
