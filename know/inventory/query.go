package inventory

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/know/inventory/search"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// showUndecided is the filter key that shows the undecided devices of a query instead of its matches.
const showUndecided = "undecided"

// Devices answers a query over the register. Filters, words, counts and order come from the index
// in memory, the rows from the table.
func (r *Register) Devices(ctx context.Context, q Query) (*Page, error) {
	if q.Limit <= 0 {
		q.Limit = 50
	}
	q.Limit = min(q.Limit, 1000)
	sq := q.search()
	var res *search.Result
	err := r.with(ctx, func(v *view) (err error) {
		res, err = v.index.Find(sq)
		return err
	})
	if errors.Is(err, search.ErrQuery) {
		return nil, &ward.Error{Kind: ward.Invalid, Op: "inventory.Devices", Msg: "This filter, order or page is not known. Clear the filters and try again.", Err: err}
	}
	if err != nil {
		return nil, err
	}
	p := &Page{Matches: res.Matches, Total: res.Total, Start: res.Start, Next: res.Next, Prev: res.Prev}
	if p.Rows, err = r.rows(ctx, res.IDs); err != nil {
		return nil, err
	}
	if res.Undecided > 0 && !sq.Open {
		p.Undecided = undecided(q, res)
	}
	if len(q.Facets) > 0 {
		p.Facets = map[string][]Facet{}
		for k, values := range res.Facets {
			for _, v := range values {
				p.Facets[k] = append(p.Facets[k], Facet{v.Text, v.Count})
			}
		}
	}
	return p, nil
}

func (q *Query) search() search.Query {
	s := search.Query{
		Text: q.Text, Filters: q.Filters, Sort: q.Sort, Desc: q.Desc, Cursor: q.Cursor, Limit: q.Limit, Facets: q.Facets,
		AtLeast: map[string]int64{},
	}
	if _, ok := q.Filters[showUndecided]; ok {
		s.Filters = maps.Clone(q.Filters)
		delete(s.Filters, showUndecided)
		s.Open = true
	}
	s.Sort = cmp.Or(s.Sort, "status")
	if !q.NewSince.IsZero() {
		s.AtLeast["first"] = store.Micros(q.NewSince)
	}
	if !q.HeardSince.IsZero() {
		s.AtLeast["last"] = store.Micros(q.HeardSince)
	}
	return s
}

// rows reads the rows of devices, in the order of their ids, as they stand now.
func (r *Register) rows(ctx context.Context, ids []string) ([]Row, error) {
	byID := make(map[string]*Row, len(ids))
	for chunk := range slices.Chunk(ids, loadAtOnce) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		rows, err := r.Store.Query(ctx, `SELECT line FROM inventory_devices WHERE id IN (`+store.Marks(len(chunk))+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("devices: %w", err)
		}
		for rows.Next() {
			var line string
			var row Row
			err := rows.Scan(&line)
			if err == nil {
				err = json.Unmarshal([]byte(line), &row)
			}
			if err != nil {
				rows.Close()
				return nil, fmt.Errorf("devices: %w", err)
			}
			byID[row.ID] = &row
		}
		if err := rows.Err(); err != nil {
			return nil, fmt.Errorf("devices: %w", err)
		}
		rows.Close()
	}
	now := r.now()
	out := make([]Row, 0, len(ids))
	err := r.with(ctx, func(v *view) error {
		for _, id := range ids {
			if row := byID[id]; row != nil {
				if k := v.known[id]; k != nil {
					row.At(now, k.last)
				}
				out = append(out, *row)
			}
		}
		return nil
	})
	return out, err
}

// undecided puts into words for how many devices a query could not be decided.
func undecided(q Query, res *search.Result) *Undecided {
	u := &Undecided{Count: res.Undecided, Filters: maps.Clone(q.Filters)}
	if u.Filters == nil {
		u.Filters = map[string][]string{}
	}
	u.Filters[showUndecided] = []string{"yes"}
	for class, n := range res.Classes {
		u.Reasons = append(u.Reasons, Reason{entry.ClassWords[class], n})
	}
	slices.SortFunc(u.Reasons, func(a, b Reason) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return len(a.Why) - len(b.Why)
	})
	for _, key := range slices.Sorted(maps.Keys(res.Lacking)) {
		if tell, ok := entry.WouldTell[key]; ok && res.Lacking[key] > 0 {
			u.Tell = append(u.Tell, fmt.Sprintf("%s (unknown for %d): %s", key, res.Lacking[key], tell))
		}
	}
	return u
}
