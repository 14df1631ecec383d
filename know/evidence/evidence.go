// Package evidence is the journal of what was seen, by which sensor and when: sightings, bindings
// and stations counted over repetitions, and conversations summed per hour, which is the flow
// history. It is written in batches at a high rate and is not audited singly.
//
// In come ward.Observations; out they come again after a restart (Replay), and as conversations and
// addresses over time for the register. It holds no secret and no patient's value, because no
// Observation does.
//
// Tables it owns: evidence_fields, evidence_sightings, evidence_bindings, evidence_stations,
// evidence_flows, evidence_exchanges.
package evidence

import (
	"context"
	"embed"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of the journal.
func Migrations() store.Migrations { return store.FromEmbed("evidence", files) }

// Journal is the journal. The fields are set before first use.
type Journal struct {
	Store     *store.Store
	Site      string
	Now       func() time.Time // nil means time.Now
	Retention time.Duration    // of what was not heard again; 0 means 90 days

	mu     sync.Mutex
	fields map[fieldName]*kept
}

type fieldName struct{ protocol, name string }

// kept is a field as the journal keeps it. Decoders declare fields as package variables; after a
// restart only the journal's copies exist, so that everybody is given those.
type kept struct {
	id    int64
	field *ward.Field
}

func (j *Journal) now() time.Time {
	if j.Now != nil {
		return j.Now()
	}
	return time.Now()
}

func (j *Journal) retention() time.Duration {
	if j.Retention > 0 {
		return j.Retention
	}
	return 90 * 24 * time.Hour
}

// known gives the fields of the journal, read once. The caller holds j.mu.
func (j *Journal) known(ctx context.Context, from store.Reader) error {
	if j.fields != nil {
		return nil
	}
	rows, err := from.Query(ctx, `SELECT id, protocol, name, proves, trust, personal, place FROM evidence_fields`)
	if err != nil {
		return fmt.Errorf("fields: %w", err)
	}
	defer rows.Close()
	fields := map[fieldName]*kept{}
	for rows.Next() {
		var k kept
		var f ward.Field
		if err := rows.Scan(&k.id, &f.Protocol, &f.Name, &f.Proves, &f.Trust, &f.Personal, &f.Place); err != nil {
			return fmt.Errorf("fields: %w", err)
		}
		k.field = &f
		if f == decode.Speaks {
			k.field = &decode.Speaks // known by its address
		}
		fields[fieldName{f.Protocol, f.Name}] = &k
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("fields: %w", err)
	}
	j.fields = fields
	return nil
}

// field gives the journal's copy of a field, making it when it is new or what it proves was
// declared anew by another version of the program.
func (j *Journal) field(ctx context.Context, tx store.Tx, f *ward.Field) (*kept, error) {
	name := fieldName{f.Protocol, f.Name}
	k := j.fields[name]
	if k != nil && (k.field == f || *k.field == *f) {
		return k, nil
	}
	made := &kept{id: int64(len(j.fields) + 1), field: f}
	if k != nil {
		made.id = k.id
	}
	_, err := tx.Exec(ctx, `INSERT INTO evidence_fields (id, protocol, name, proves, trust, personal, place) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET proves = excluded.proves, trust = excluded.trust, personal = excluded.personal, place = excluded.place`,
		made.id, f.Protocol, f.Name, string(f.Proves), int64(f.Trust), f.Personal, f.Place)
	if err != nil {
		return nil, fmt.Errorf("field: %w", err)
	}
	j.fields[name] = made
	return made, nil
}

// hash makes the 64-bit key of a row. Among ten million rows two share one with a chance of three
// in a million; then their counts are added up, and nothing else happens.
func hash(parts ...any) int64 {
	h := fnv.New64a()
	var b [8]byte
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			h.Write([]byte(p)) //nolint:errcheck // a hash takes everything
			h.Write([]byte{0}) //nolint:errcheck // a hash takes everything
		case int64:
			binary.LittleEndian.PutUint64(b[:], uint64(p)) //nolint:gosec // only its bits matter
			h.Write(b[:])                                  //nolint:errcheck // a hash takes everything
		case ward.Subject:
			h.Write(p.MAC[:])                                //nolint:errcheck // a hash takes everything
			h.Write(p.IP[:])                                 //nolint:errcheck // a hash takes everything
			h.Write([]byte{byte(p.VLAN >> 8), byte(p.VLAN)}) //nolint:errcheck,gosec // a hash takes everything
			h.Write([]byte(p.Part))                          //nolint:errcheck // a hash takes everything
			h.Write([]byte{0})                               //nolint:errcheck // a hash takes everything
		}
	}
	return int64(h.Sum64()) //nolint:gosec // only its bits matter
}
