package web

import (
	"context"
	"net/netip"
	"strconv"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
	"github.com/wardkeeper/wardkeeper/web/page"
)

// maxLinks is how many conversations the page of a zone lists.
const maxLinks = 100

// mapSpan is how far back the map looks.
const mapSpan = 24 * time.Hour

func (s *Server) zones(q *request) error {
	since := q.now.Add(-mapSpan)
	cells, err := s.Register.Matrix(q.Context(), since)
	if err != nil {
		return err
	}
	p, err := s.look(q.Context())
	if err != nil {
		return err
	}
	m := page.Map{Cells: cells, Zones: p.overview.Zones, Coverage: page.CoverageOf(p.overview.Coverage), Since: since, Now: q.now}
	return q.show(page.MapPage(s.frame(q, "Map", "/map"), m))
}

func (s *Server) zone(q *request) error {
	z, err := s.zoneView(q)
	if err != nil {
		return err
	}
	z.Said = saidIn(q.URL.Query())
	return q.show(page.ZonePage(s.frame(q, z.Name, "/map"), *z))
}

// zoneView gathers what the page of a zone shows.
func (s *Server) zoneView(q *request) (*page.Zone, error) {
	name := q.PathValue("zone")
	if name == "-" { // devices without a zone
		name = ""
	}
	z := &page.Zone{Zone: inventory.Zone{Name: name}, Now: q.now}
	p, err := s.look(q.Context())
	if err != nil {
		return nil, err
	}
	found := name == ""
	for _, c := range p.overview.Zones {
		if c.Zone == name {
			z.Count, found = c, true
		}
	}
	zones, err := s.Register.Zones(q.Context())
	if err != nil {
		return nil, err
	}
	for _, x := range zones {
		if x.Name == name {
			z.Zone, found, z.Change = x, true, q.may(access.DevicesChange)
		}
	}
	since := q.now.Add(-mapSpan)
	cells, err := s.Register.Matrix(q.Context(), since)
	if err != nil {
		return nil, err
	}
	for _, c := range cells {
		if c.From == name || c.To == name {
			z.Cells, found = append(z.Cells, c), true
		}
	}
	if !found {
		return nil, &ward.Error{Kind: ward.NotFound, Op: "web.zone", Msg: "There is no such zone."}
	}
	if q.URL.Query().Has("to") {
		z.Asked = true
		if z.To = q.URL.Query().Get("to"); z.To == "unknown" {
			z.To = ""
		}
	}
	if z.Links, err = s.Register.Links(q.Context(), name, z.To, since, maxLinks); err != nil {
		return nil, err
	}
	z.Grid = linkGrid(z.Links, name, q.now)
	return z, nil
}

func linkGrid(links []inventory.Link, zone string, now time.Time) page.Grid {
	g := page.Grid{ID: "links", Live: "devices", Label: "Conversations", Cols: []page.Col{
		{Key: "st", Label: "Secured"}, {Key: "name", Label: "From"}, {Key: "to", Label: "To"}, {Key: "type", Label: "On what"},
		{Key: "frames", Label: "Frames", Num: true}, {Key: "seen", Label: "Bytes", Num: true}, {Key: "first", Label: "Heard", Num: true},
	}}
	for i, l := range links {
		secured := page.Cell{Text: "not in clear", Level: page.Plain, Show: page.AsStatus}
		if l.Clear {
			secured = page.Cell{Text: "Clear text", Level: page.High, Show: page.AsStatus}
		}
		what := l.Service
		if l.Protocol != "" {
			what = lang.Protocol(l.Protocol) + ", " + l.Service
		}
		to := page.LinkEnd(l.ToTitle, l.ToZone, zone)
		g.Rows = append(g.Rows, page.Row{ID: strconv.Itoa(i), Name: l.FromTitle, Href: page.LinkHref(l.From), Cells: []page.Cell{
			secured, {Text: page.LinkEnd(l.FromTitle, l.FromZone, zone)}, {Text: to, Href: page.LinkHref(l.To)}, {Text: what, Sub: "to " + to},
			{Text: lang.Int(l.Packets)}, {Text: lang.Bytes(l.Bytes)}, {Text: lang.Heard(l.Last, now)},
		}})
	}
	return g
}

func (s *Server) changeZone(q *request) error {
	z, err := s.zoneView(q)
	if err != nil {
		return err
	}
	n := z.Zone
	n.Kind, n.Switch, n.Guest, n.Found = q.word("kind"), q.word("switch"), q.word("guest") == "yes", false
	if z.Error = readZone(&n, q); z.Error != "" {
		z.Zone = n
		return q.showAs(400, page.ZonePage(s.frame(q, z.Name, "/map"), *z))
	}
	err = q.change(n.Name, "changed the zone "+n.Name, func(ctx context.Context, tx store.Tx) error {
		return s.Register.SetZone(ctx, tx, n)
	})
	if err != nil {
		return err
	}
	return q.to(page.ZoneHref(n.Name) + "?said=zone")
}

// readZone reads the parts of the form that can be wrong and says what is.
func readZone(n *inventory.Zone, q *request) string {
	n.VLANs, n.Subnets = nil, words(q.word("subnets"))
	for _, w := range words(q.word("vlans")) {
		v, err := strconv.ParseUint(w, 10, 16)
		if err != nil || v < 1 || v > 4094 {
			return "“" + w + "” is not a VLAN. VLANs are numbers from 1 to 4094."
		}
		n.VLANs = append(n.VLANs, uint16(v))
	}
	for _, w := range n.Subnets {
		if _, err := netip.ParsePrefix(w); err != nil {
			return "“" + w + "” is not a subnet. Write it like 10.11.4.0/24."
		}
	}
	expected, err := strconv.Atoi(q.word("expected"))
	if err != nil || expected < 0 || expected > 1_000_000 {
		return "The number of devices expected is a whole number; 0 when you cannot say."
	}
	n.Expected = expected
	return ""
}
