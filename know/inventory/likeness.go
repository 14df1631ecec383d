package inventory

import (
	"context"
	"time"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/know/inventory/search"
	"github.com/wardkeeper/wardkeeper/know/inventory/traffic"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Bounds of the search for likeness.
const (
	maxAlike    = 20_000 // unknown devices looked at
	alikeWindow = 7 * 24 * time.Hour
)

// Alike groups the unknown devices by likeness, largest group first, so that each group can be
// labelled once. Devices on the internet are left out.
func (r *Register) Alike(ctx context.Context) ([]Group, error) {
	var ids []string
	err := r.with(ctx, func(v *view) (err error) {
		ids, err = v.index.All(search.Query{
			Filters: map[string][]string{"type": {search.Unknown}, "model": {search.Unknown}, "scope": {"!" + string(ward.External)}}, Sort: "last", Desc: true,
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, err := r.rows(ctx, ids[:min(len(ids), maxAlike)])
	if err != nil {
		return nil, err
	}
	talks, err := r.talks(ctx, evidence.TalkQuery{Since: r.now().Add(-alikeWindow)})
	if err != nil {
		return nil, err
	}
	return traffic.Alike(rows, talks), nil
}
