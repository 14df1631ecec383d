package web

import (
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/web/lang"
	"github.com/wardkeeper/wardkeeper/web/page"
)

func askedInterfaces(v url.Values) inventory.InterfaceQuery {
	return inventory.InterfaceQuery{
		Text: bounded(v.Get("q")), Protocol: bounded(v.Get("protocol")), Zone: bounded(v.Get("zone")), Device: bounded(v.Get("device")),
		Patient: v.Get("patient") == "1", Clear: v.Get("clear") == "1", Sort: v.Get("sort"), Desc: v.Get("desc") == "1",
	}
}

// pageOf is how many interfaces a page shows.
const pageOf = 100

// without gives the values less one key.
func without(v url.Values, key string) url.Values {
	out := url.Values{}
	for k, list := range v {
		if k != key {
			out[k] = list
		}
	}
	return out
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// interfaces is the interface catalogue.
func (s *Server) interfaces(q *request) error {
	v := q.URL.Query()
	ask := askedInterfaces(v)
	all, err := s.Register.Interfaces(q.Context(), inventory.InterfaceQuery{})
	if err != nil {
		return err
	}
	list := all
	if ask != (inventory.InterfaceQuery{}) {
		if list, err = s.Register.Interfaces(q.Context(), ask); err != nil {
			return err
		}
	}
	patient, err := s.Register.PatientData(q.Context())
	if err != nil {
		return err
	}
	from := min(max(0, number(v.Get("from"))), len(list))
	end := min(from+pageOf, len(list))
	view := page.Interfaces{Matches: len(list), From: from, Query: ask, Total: len(all), Patient: patient, CSV: with(without(v, "from"), "/interfaces.csv", "sort", v.Get("sort")), Now: q.now, Grid: interfaceGrid(list[from:end], v, ask, q.now)}
	for _, i := range all {
		if !slices.Contains(view.Protocols, i.Protocol) {
			view.Protocols = append(view.Protocols, i.Protocol)
		}
	}
	sort.Strings(view.Protocols)
	if from > 0 {
		view.Prev = with(v, "/interfaces", "from", strconv.Itoa(max(0, from-pageOf)))
	}
	if end < len(list) {
		view.Next = with(v, "/interfaces", "from", strconv.Itoa(end))
	}
	if p, err := s.look(q.Context()); err == nil {
		view.Coverage = page.CoverageOf(p.overview.Coverage)
	}
	return q.show(page.InterfacesPage(s.frame(q, "Interfaces", "/interfaces"), view))
}

func interfaceGrid(list []inventory.Interface, v url.Values, ask inventory.InterfaceQuery, now time.Time) page.Grid {
	g := page.Grid{ID: "lines", Live: "interfaces", Label: "Interfaces"}
	for _, c := range []struct {
		key, label, sort string
		num              bool
	}{
		{"st", "Secured", "", false}, {"name", "From", "from", false}, {"to", "To", "to", false}, {"type", "Protocol", "protocol", false}, {"names", "Names", "", false},
		{"what", "What", "", false}, {"data", "Patient", "", false}, {"messages", "Messages", "messages", true}, {"seen", "Bytes", "bytes", true}, {"last", "Heard", "last", true},
	} {
		col := page.Col{Key: c.key, Label: c.label, Num: c.num}
		if c.sort != "" {
			desc := c.num
			if ask.Sort == c.sort {
				col.Sort, desc = "ascending", !ask.Desc
				if ask.Desc {
					col.Sort = "descending"
				}
			}
			next := with(without(v, "from"), "/interfaces", "desc", map[bool]string{true: "1"}[desc])
			u, _ := url.Parse(next)
			col.Href = with(u.Query(), "/interfaces", "sort", c.sort)
		}
		g.Cols = append(g.Cols, col)
	}
	for _, i := range list {
		g.Rows = append(g.Rows, interfaceRow(i, now))
	}
	return g
}

func interfaceRow(i inventory.Interface, now time.Time) page.Row {
	from, to := page.RefTitle(i.From, i.FromAddr), page.RefTitle(i.To, i.ToAddr)
	l, word := page.Secured(i.Secured)
	patient := page.Cell{Show: page.AsQuiet}
	if i.Patient {
		patient.Text = "yes"
	}
	href := page.RefHref(i.From)
	if href == "" {
		href = page.RefHref(i.To)
	}
	return page.Row{ID: i.ID, Name: from + " to " + to, Href: href, Cells: []page.Cell{
		{Text: word, Level: l, Show: page.AsStatus}, {Text: from}, {Text: to, Href: page.RefHref(i.To)},
		{Text: fmt.Sprintf("%s, port %d", lang.Protocol(i.Protocol), i.Port), Sub: "to " + to},
		{Text: strings.Join(i.Names, ", "), Show: page.AsQuiet}, {Text: strings.Join(i.What, ", "), Show: page.AsQuiet}, patient,
		{Text: lang.Int(i.Messages)}, {Text: lang.Bytes(i.Bytes)}, {Text: lang.Heard(i.Last, now)},
	}}
}

func (s *Server) interfacesCSV(q *request) error {
	q.attach("text/csv; charset=utf-8", "wardkeeper-interfaces-"+q.now.Format("2006-01-02")+".csv")
	return s.Register.WriteInterfacesCSV(q.Context(), lateWriter{q}, askedInterfaces(q.URL.Query()))
}

// patientData is where patient data travels.
func (s *Server) patientData(q *request) error {
	d, err := s.Register.PatientData(q.Context())
	if err != nil {
		return err
	}
	lines, err := s.Register.Interfaces(q.Context(), inventory.InterfaceQuery{Patient: true})
	if err != nil {
		return err
	}
	v := page.Patients{PatientData: d, Lines: lines, Now: q.now}
	if p, err := s.look(q.Context()); err == nil {
		v.Coverage = page.CoverageOf(p.overview.Coverage)
	}
	return q.show(page.PatientsPage(s.frame(q, "Where patient data travels", "/interfaces"), v))
}
