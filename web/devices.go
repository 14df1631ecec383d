package web

import (
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
	"github.com/wardkeeper/wardkeeper/web/page"
)

// The keys of the Devices address that are not filters.
var notFilters = []string{"q", "sort", "desc", "cursor", "cols", "add", "new", "heard", "device"}

// menu is what "Add filter" offers, in order.
var menu = []struct{ key, label string }{
	{"zone", "Zone"}, {"category", "Kind"}, {"type", "Type"}, {"manufacturer", "Manufacturer"}, {"model", "Model"}, {"os", "OS"},
	{"protocol", "Protocol"}, {"status", "Status"}, {"finding", "Finding"}, {"vlan", "VLAN"}, {"scope", "Scope"}, {"owner", "Owner"},
	{"tag", "Tag"}, {"registered", "In the register"}, {"confidence", "Confidence"}, {"randomised", "Made-up address"},
}

// asked reads a query out of an address. Unknown keys are ignored: an address outlives a version.
func asked(v url.Values, now time.Time) inventory.Query {
	q := inventory.Query{Text: bounded(v.Get("q")), Sort: v.Get("sort"), Desc: v.Get("desc") == "1", Cursor: v.Get("cursor"), Limit: 50, Filters: map[string][]string{}}
	if !slices.Contains(inventory.SortKeys, q.Sort) {
		q.Sort = ""
	}
	for _, k := range inventory.FilterKeys {
		if list := v[k]; len(list) > 0 {
			q.Filters[k] = list[:min(len(list), 50)]
		}
	}
	switch v.Get("new") {
	case "monday":
		q.NewSince = monday(now)
	case "24h":
		q.NewSince = now.Add(-24 * time.Hour)
	}
	switch v.Get("heard") {
	case "1h":
		q.HeardSince = now.Add(-time.Hour)
	case "24h":
		q.HeardSince = now.Add(-24 * time.Hour)
	}
	return q
}

func bounded(s string) string { return strings.TrimSpace(s[:min(len(s), 200)]) }

// with gives the address with one value changed, from its first page; an empty value removes it.
func with(v url.Values, path, key string, values ...string) string {
	c := url.Values{}
	for k, list := range v {
		if k != "cursor" && k != key && k != "add" {
			c[k] = list
		}
	}
	for _, x := range values {
		if x != "" {
			c.Add(key, x)
		}
	}
	if len(c) == 0 {
		return path
	}
	return path + "?" + c.Encode()
}

// devices is the Devices table.
func (s *Server) devices(q *request) error {
	v := q.URL.Query()
	ask := asked(v, q.now)
	if v.Get("add") == "1" {
		for _, m := range menu {
			ask.Facets = append(ask.Facets, m.key)
		}
	}
	found, err := s.Register.Devices(q.Context(), ask)
	if err != nil {
		return err
	}
	d := page.Devices{
		Title: "Devices", Question: "Which devices are here, and what do we know about each?", Query: ask.Text, Page: found, Now: q.now,
		Chips: chips(v), Clear: clearOf(v), CSV: with(v, "/devices.csv", "cols", v["cols"]...), AddHref: with(v, "/devices", "add", "1"), Sorted: sorted(ask),
	}
	if p, err := s.look(q.Context()); err == nil {
		d.Coverage = page.CoverageOf(p.overview.Coverage)
	}
	if !ask.NewSince.IsZero() && v.Get("new") == "monday" && len(d.Chips) == 1 {
		d.Title, d.Question = "Since Monday", "Which devices are new this week?"
	}
	if v.Get("add") == "1" {
		d.AddHref = with(v, "/devices", "add")
		d.Filters = facets(v, found.Facets)
	}
	for k, list := range v {
		if k != "q" && k != "cursor" && k != "add" {
			for _, x := range list {
				d.Hidden = append(d.Hidden, [2]string{k, x})
			}
		}
	}
	sort.Slice(d.Hidden, func(i, j int) bool { return d.Hidden[i][0]+d.Hidden[i][1] < d.Hidden[j][0]+d.Hidden[j][1] })
	cols := choose(v["cols"])
	for _, c := range columns() {
		d.Columns = append(d.Columns, page.Column{Key: c.key, Label: c.label, On: slices.ContainsFunc(cols, func(x column) bool { return x.key == c.key })})
	}
	d.Grid = deviceGrid(found.Rows, cols, v, ask, q.now)
	if found.Undecided != nil {
		u := url.Values(found.Undecided.Filters)
		d.UndecidedHref = "/devices?" + u.Encode()
	}
	if found.Next != "" {
		d.Next = with(v, "/devices", "cursor", found.Next)
	}
	if found.Prev != "" {
		d.Prev = with(v, "/devices", "cursor", found.Prev)
	}
	return q.show(page.DevicesPage(s.frame(q, d.Title, "/devices"), d))
}

// clearOf keeps the choice of columns and drops every filter.
func clearOf(v url.Values) string { return with(url.Values{"cols": v["cols"]}, "/devices", "q") }

func deviceGrid(rows []inventory.Row, cols []column, v url.Values, ask inventory.Query, now time.Time) page.Grid {
	g := page.Grid{ID: "rows", Live: "devices", Label: "Devices", Pick: "pick"}
	for _, c := range cols {
		g.Cols = append(g.Cols, head(c, v, ask))
	}
	for _, r := range rows {
		h := page.DeviceHref(r.ID)
		line := page.Row{ID: r.ID, Name: r.Title, Href: h, Why: h + "/why/type"}
		for _, c := range cols {
			line.Cells = append(line.Cells, c.cell(r, now))
		}
		g.Rows = append(g.Rows, line)
	}
	return g
}

// head is a column's head: sorts by it, and the other way round when it is sorted already.
func head(c column, v url.Values, ask inventory.Query) page.Col {
	out := page.Col{Key: c.key, Label: c.label, Num: c.num}
	if c.sort == "" {
		return out
	}
	next := url.Values{}
	for k, list := range v {
		if k != "desc" && k != "sort" && k != "cursor" {
			next[k] = list
		}
	}
	now := ask.Sort == c.sort || ask.Sort == "" && c.sort == "status"
	desc := c.sort == "confidence" || c.sort == "last" || c.sort == "first" || c.sort == "findings" // most first at the first press
	if now {
		desc = !ask.Desc
		out.Sort = "ascending"
		if ask.Desc != (c.sort == "status") { // the worst status first is the highest first
			out.Sort = "descending"
		}
	}
	next.Set("sort", c.sort)
	if desc {
		next.Set("desc", "1")
	}
	out.Href = "/devices?" + next.Encode()
	return out
}

func sorted(ask inventory.Query) string {
	if ask.Sort == "" || ask.Sort == "status" {
		if ask.Desc {
			return "Sorted: best first"
		}
		return "Sorted: worst first"
	}
	for _, c := range columns() {
		if c.sort == ask.Sort {
			if ask.Desc {
				return "Sorted: " + strings.ToLower(c.label) + ", from the end"
			}
			return "Sorted: " + strings.ToLower(c.label)
		}
	}
	return ""
}

// chips are the filters of an address, each with the address without it.
func chips(v url.Values) []page.Chip {
	var out []page.Chip
	if t := bounded(v.Get("q")); t != "" {
		out = append(out, page.Chip{Key: "words", Value: t, Href: with(v, "/devices", "q")})
	}
	for _, k := range inventory.FilterKeys {
		if list := v[k]; len(list) > 0 && !slices.Contains(notFilters, k) {
			out = append(out, page.Chip{Key: filterName(k), Value: chosen(k, list), Href: with(v, "/devices", k)})
		}
	}
	if n := v.Get("new"); n == "monday" || n == "24h" {
		out = append(out, page.Chip{Key: "new", Value: map[string]string{"monday": "since Monday", "24h": "past 24 hours"}[n], Href: with(v, "/devices", "new")})
	}
	if n := v.Get("heard"); n == "1h" || n == "24h" {
		out = append(out, page.Chip{Key: "heard", Value: map[string]string{"1h": "past hour", "24h": "past 24 hours"}[n], Href: with(v, "/devices", "heard")})
	}
	return out
}

func filterName(key string) string {
	for _, m := range menu {
		if m.key == key {
			return strings.ToLower(m.label[:1]) + m.label[1:]
		}
	}
	return key
}

func chosen(key string, list []string) string {
	if len(list) > 2 {
		return lang.Int(len(list)) + " chosen"
	}
	words := make([]string, 0, 2)
	for _, x := range list {
		words = append(words, filterValue(key, x))
	}
	return strings.Join(words, " or ")
}

// filterValue is how a value reads on a chip.
func filterValue(key, x string) string {
	if rest, ok := strings.CutPrefix(x, "!"); ok {
		return "not " + filterValue(key, rest)
	}
	switch {
	case key == "finding" && (x == "" || x == "unknown"):
		return "none open"
	case x == "" || x == "unknown":
		return "unknown"
	case key == "category":
		return lang.Kind(ward.Category(x))
	case key == "type":
		return lang.Type(x)
	case key == "protocol":
		return lang.Protocol(x)
	case key == "finding":
		return lang.Finding(ward.FindingKind(x))
	case key == "status":
		return page.StatusWord(inventory.Status(x))
	}
	return x
}

// facets is the open list of filters: each value adds itself to the address.
func facets(v url.Values, counts map[string][]inventory.Facet) []page.FilterMenu {
	out := []page.FilterMenu{{Label: "Heard", Values: []page.FilterValue{
		{Text: "Past hour", Href: with(v, "/devices", "heard", "1h")}, {Text: "Past 24 hours", Href: with(v, "/devices", "heard", "24h")},
		{Text: "New since Monday", Href: with(v, "/devices", "new", "monday")},
	}}}
	for _, m := range menu {
		list := counts[m.key]
		if len(list) == 0 {
			continue
		}
		f := page.FilterMenu{Label: m.label}
		for _, x := range list[:min(12, len(list))] {
			value := x.Value
			if value == "" {
				value = "unknown"
			}
			if slices.Contains(v[m.key], value) {
				continue
			}
			f.Values = append(f.Values, page.FilterValue{Text: filterValue(m.key, value), Count: x.Count, Href: with(v, "/devices", m.key, append(slices.Clone(v[m.key]), value)...)})
		}
		if len(f.Values) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// devicesCSV is the table as a file: all matches, not one page.
func (s *Server) devicesCSV(q *request) error {
	v := q.URL.Query()
	ask := asked(v, q.now)
	ask.Cursor, ask.Limit = "", 0
	q.attach("text/csv; charset=utf-8", "wardkeeper-devices-"+q.now.Format("2006-01-02")+".csv")
	return s.Register.WriteDevicesCSV(q.Context(), lateWriter{q}, ask)
}

// attach says that the answer is a file to keep.
func (q *request) attach(kind, name string) {
	q.w.Header().Set("Content-Type", kind)
	q.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// lateWriter notes the first byte, so that an error before it can still become an error page.
type lateWriter struct{ q *request }

func (l lateWriter) Write(b []byte) (int, error) {
	if !l.q.wrote {
		l.q.wrote = true
		l.q.w.WriteHeader(http.StatusOK)
	}
	return l.q.w.Write(b)
}
