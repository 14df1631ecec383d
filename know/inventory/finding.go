package inventory

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Finding is a finding as the register keeps it.
type Finding struct {
	ID       string           `json:"id"`
	Kind     ward.FindingKind `json:"kind"`
	Title    string           `json:"title"`
	Severity ward.Severity    `json:"severity"`
	Owner    string           `json:"owner"` // role: "analyst", "biomed", "network engineer"
	Next     string           `json:"next"`  // the next step, in plain words
	Devices  []DeviceRef      `json:"devices"`
	Evidence []ward.Evidence  `json:"evidence"`
	Old      string           `json:"old,omitempty"` // for a swap: the serials
	New      string           `json:"new,omitempty"`
	First    time.Time        `json:"first"`
	Last     time.Time        `json:"last"`
	Closed   time.Time        `json:"closed,omitzero"`
	Reason   string           `json:"reason,omitempty"` // why it was closed
	By       string           `json:"by,omitempty"`
}

// FindingQuery asks for findings, worst first.
type FindingQuery struct {
	Kinds  []ward.FindingKind
	Device string
	Zone   string
	Owner  string
	Closed bool // closed ones instead of open ones
	Limit  int  // 0 means 200
}

// findings brings the findings up to date with a batch: new ones open, known ones last longer,
// closed ones open again when there is newer evidence, and "unknown device" closes when it is known.
func (w *writer) findings(ctx context.Context, b *Batch, ids map[string]string) error {
	if len(b.Findings) == 0 && len(b.Devices) == 0 {
		return nil
	}
	have, err := w.findingKeys(ctx)
	if err != nil {
		return err
	}
	for i := range b.Findings {
		f := &b.Findings[i]
		devices := make([]string, 0, len(f.Devices))
		for _, d := range f.Devices {
			if id, ok := ids[d]; ok {
				d = id
			}
			if !slices.Contains(devices, d) {
				devices = append(devices, d)
			}
		}
		first, last := spanOf(f.Evidence, b.Until)
		key := findingKey(f, devices)
		old, known := have[key]
		switch {
		case !known:
			id := store.NewID(w.now)
			have[key] = heldFinding{id: id, last: last}
			err = w.open(ctx, id, key, f, devices, first, last)
		case old.closed > 0 && store.Micros(last) > old.closed:
			err = w.reopen(ctx, old.id, f, devices, last)
		case old.closed == 0 && last.Sub(old.last) > time.Minute:
			err = w.prolong(ctx, old.id, f, last)
		}
		if err != nil {
			return fmt.Errorf("finding: %w", err)
		}
	}
	return w.identified(ctx, b, ids)
}

type heldFinding struct {
	id     string
	last   time.Time
	closed int64
}

func (w *writer) findingKeys(ctx context.Context) (map[string]heldFinding, error) {
	rows, err := w.tx.Query(ctx, `SELECT key, id, last, closed FROM inventory_findings WHERE site = ?`, w.r.Site)
	if err != nil {
		return nil, fmt.Errorf("findings: %w", err)
	}
	defer rows.Close()
	out := map[string]heldFinding{}
	for rows.Next() {
		var key string
		var last int64
		var h heldFinding
		if err := rows.Scan(&key, &h.id, &last, &h.closed); err != nil {
			return nil, fmt.Errorf("findings: %w", err)
		}
		h.last = store.Time(last)
		out[key] = h
	}
	return out, rows.Err()
}

// findingKey makes the same finding between the same devices one.
func findingKey(f *ward.Finding, devices []string) string {
	sorted := slices.Sorted(slices.Values(devices))
	title := f.Title
	if f.Kind == ward.DeviceSwapped {
		title = "" // identity and the register word it differently
	}
	return string(f.Kind) + "\n" + title + "\n" + strings.Join(sorted, "\n")
}

func spanOf(evidence []ward.Evidence, otherwise time.Time) (first, last time.Time) {
	for _, e := range evidence {
		if first.IsZero() || !e.First.IsZero() && e.First.Before(first) {
			first = e.First
		}
		if e.Last.After(last) {
			last = e.Last
		}
	}
	if last.IsZero() {
		return otherwise, otherwise
	}
	return first, last
}

// evidenceKept is the most evidence kept with a finding.
const evidenceKept = 32

func evidenceText(f *ward.Finding) (string, error) {
	b, err := json.Marshal(f.Evidence[:min(len(f.Evidence), evidenceKept)])
	return string(b), err
}

func (w *writer) open(ctx context.Context, id, key string, f *ward.Finding, devices []string, first, last time.Time) error {
	d := entry.DutyOf(f.Kind)
	evidence, err := evidenceText(f)
	if err != nil {
		return err
	}
	var before, after string
	opened := first
	if f.Kind == ward.DeviceSwapped && len(f.Evidence) >= 2 {
		before, after, opened = f.Evidence[0].Value, f.Evidence[1].Value, f.Evidence[1].First
	}
	_, err = w.tx.Exec(ctx, `INSERT INTO inventory_findings (id, site, key, kind, title, severity, owner, old, new, evidence, opened, last, closed, reason, person)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '')`,
		id, w.r.Site, key, string(f.Kind), f.Title, int64(d.Severity), d.Owner, before, after, evidence, store.Micros(opened), store.Micros(last))
	if err != nil {
		return err
	}
	for i, dev := range devices {
		_, err := w.tx.Exec(ctx, `INSERT INTO inventory_finding_devices (finding, device, site, place) VALUES (?, ?, ?, ?)`, id, dev, w.r.Site, i)
		if err != nil {
			return err
		}
		w.touched[dev] = true
		kind := FindingOpened
		if f.Kind == ward.DeviceSwapped {
			kind = Swapped
		}
		w.event(dev, opened, kind, string(f.Kind), before, after, f.Title)
	}
	w.opened = append(w.opened, id)
	return nil
}

func (w *writer) reopen(ctx context.Context, id string, f *ward.Finding, devices []string, last time.Time) error {
	if err := w.prolong(ctx, id, f, last); err != nil {
		return err
	}
	_, err := w.tx.Exec(ctx, `UPDATE inventory_findings SET closed = 0, reason = '', person = '' WHERE id = ?`, id)
	for _, dev := range devices {
		w.touched[dev] = true
		w.event(dev, last, FindingOpened, string(f.Kind), "", "", f.Title+": seen again.")
	}
	w.opened = append(w.opened, id)
	return err
}

func (w *writer) prolong(ctx context.Context, id string, f *ward.Finding, last time.Time) error {
	evidence, err := evidenceText(f)
	if err != nil {
		return err
	}
	_, err = w.tx.Exec(ctx, `UPDATE inventory_findings SET last = ?, evidence = ? WHERE id = ?`, store.Micros(last), evidence, id)
	return err
}

// identified closes "unknown device" for the devices of a batch that are known by now.
func (w *writer) identified(ctx context.Context, b *Batch, ids map[string]string) error {
	var named []string
	for i := range b.Devices {
		d := &b.Devices[i]
		if d.Value(ward.Type) != "" || d.Value(ward.Model) != "" {
			named = append(named, ids[d.ID])
		}
	}
	return w.closeUnknown(ctx, named, "It was identified.")
}

func (w *writer) closeUnknown(ctx context.Context, devices []string, reason string) error {
	rows, err := w.tx.Query(ctx, `SELECT f.id, d.device FROM inventory_findings f JOIN inventory_finding_devices d ON d.finding = f.id
		WHERE f.closed = 0 AND f.kind = ? AND f.site = ?`, string(ward.UnknownDevice), w.r.Site)
	if err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	open := map[string]string{}
	for rows.Next() {
		var id, device string
		if err := rows.Scan(&id, &device); err != nil {
			rows.Close()
			return fmt.Errorf("findings: %w", err)
		}
		open[device] = id
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	for _, dev := range devices {
		if id := open[dev]; id != "" {
			if err := w.close(ctx, id, reason); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) close(ctx context.Context, id, reason string) error {
	n, err := w.tx.Exec(ctx, `UPDATE inventory_findings SET closed = ?, reason = ?, person = ? WHERE id = ? AND closed = 0`,
		store.Micros(w.now), reason, w.person, id)
	if err != nil || n == 0 {
		return err
	}
	devices, err := store.All(ctx, w.tx, func(r *sql.Rows, d *string) error { return r.Scan(d) },
		`SELECT device FROM inventory_finding_devices WHERE finding = ?`, id)
	for _, d := range devices {
		w.touched[d] = true
		w.event(d, w.now, FindingClosed, "", "", "", reason)
	}
	return err
}

func openOf(ctx context.Context, r store.Reader, device string) ([]entry.OpenFinding, error) {
	return store.All(ctx, r, func(r *sql.Rows, f *entry.OpenFinding) error { return r.Scan(&f.ID, &f.Kind, &f.Severity) },
		`SELECT f.id, f.kind, f.severity FROM inventory_finding_devices d JOIN inventory_findings f ON f.id = d.finding
		WHERE d.device = ? AND f.closed = 0 ORDER BY f.severity, f.opened DESC`, device)
}

// Findings gives findings, worst and then newest first.
func (r *Register) Findings(ctx context.Context, q FindingQuery) ([]Finding, error) {
	if q.Limit <= 0 {
		q.Limit = 200
	}
	where, args := []string{`f.site = ?`}, []any{r.Site}
	add := func(cond string, values ...any) { where, args = append(where, cond), append(args, values...) }
	if q.Closed {
		add(`f.closed > 0`)
	} else {
		add(`f.closed = 0`)
	}
	if len(q.Kinds) > 0 {
		var kinds []any
		for _, k := range q.Kinds {
			kinds = append(kinds, string(k))
		}
		add(`f.kind IN (`+store.Marks(len(kinds))+`)`, kinds...)
	}
	if q.Owner != "" {
		add(`f.owner = ?`, q.Owner)
	}
	if q.Device != "" {
		add(`EXISTS (SELECT 1 FROM inventory_finding_devices d WHERE d.finding = f.id AND d.device = ?)`, q.Device)
	}
	if q.Zone != "" {
		add(`EXISTS (SELECT 1 FROM inventory_finding_devices d JOIN inventory_devices i ON i.id = d.device WHERE d.finding = f.id AND i.zone = ?)`, q.Zone)
	}
	return r.readFindings(ctx, strings.Join(where, " AND "), q.Limit, args...)
}

func (r *Register) readFindings(ctx context.Context, where string, limit int, args ...any) ([]Finding, error) {
	found, err := store.All(ctx, r.Store, func(rows *sql.Rows, f *Finding) error {
		var evidence string
		var opened, last, closed int64
		err := rows.Scan(&f.ID, &f.Kind, &f.Title, &f.Severity, &f.Owner, &f.Old, &f.New, &evidence, &opened, &last, &closed, &f.Reason, &f.By)
		if err != nil {
			return err
		}
		f.First, f.Last, f.Closed, f.Next = store.Time(opened), store.Time(last), store.Time(closed), entry.DutyOf(f.Kind).Next
		return json.Unmarshal([]byte(evidence), &f.Evidence)
	}, `SELECT f.id, f.kind, f.title, f.severity, f.owner, f.old, f.new, f.evidence, f.opened, f.last, f.closed, f.reason, f.person
		FROM inventory_findings f WHERE `+where+` ORDER BY f.severity, f.opened DESC, f.id LIMIT ?`, append(args, limit)...)
	if err != nil || len(found) == 0 {
		return found, err
	}
	at := map[string]int{}
	for i := range found {
		at[found[i].ID] = i
	}
	for chunk := range slices.Chunk(found, loadAtOnce) {
		var ids []any
		for _, f := range chunk {
			ids = append(ids, f.ID)
		}
		pairs, err := store.All(ctx, r.Store, func(rows *sql.Rows, p *[2]string) error { return rows.Scan(&p[0], &p[1]) },
			`SELECT finding, device FROM inventory_finding_devices WHERE finding IN (`+store.Marks(len(ids))+`) ORDER BY finding, place`, ids...)
		if err != nil {
			return nil, err
		}
		err = r.with(ctx, func(v *view) error {
			for _, p := range pairs {
				f := &found[at[p[0]]]
				f.Devices = append(f.Devices, v.At(p[1]))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for i := range found {
		found[i].retitle()
	}
	return found, nil
}

// retitle names the device in the title of a swap, so that a list of problems can be read alone.
func (f *Finding) retitle() {
	if len(f.Devices) == 0 || f.Kind != ward.DeviceSwapped {
		return
	}
	d := f.Devices[len(f.Devices)-1]
	f.Title = d.Title + " swapped"
	if d.Zone != "" {
		f.Title += ", " + d.Zone
	}
}

// Finding gives one finding.
func (r *Register) Finding(ctx context.Context, id string) (*Finding, error) {
	found, err := r.readFindings(ctx, `f.site = ? AND f.id = ?`, 1, r.Site, id)
	if err == nil && len(found) == 0 {
		err = &ward.Error{Kind: ward.NotFound, Op: "inventory.Finding", Msg: "There is no such finding."}
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// CloseFinding closes a finding with a reason. It opens again when newer evidence comes. Inside Do.
func (r *Register) CloseFinding(ctx context.Context, tx store.Tx, id, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return &ward.Error{Kind: ward.Invalid, Op: "inventory.CloseFinding", Msg: "Say why it can be closed."}
	}
	return r.change(ctx, tx, func(w *writer) error {
		if err := w.close(ctx, id, reason); err != nil {
			return err
		}
		if len(w.touched) == 0 {
			return &ward.Error{Kind: ward.NotFound, Op: "inventory.CloseFinding", Msg: "There is no such open finding."}
		}
		return nil
	})
}
