package web

import (
	"context"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/web/lang"
	"github.com/wardkeeper/wardkeeper/web/page"
)

// pulse is what every page shows around itself: counts, coverage, the last frame. It is asked of
// the register at most once a second, however many people look.
type pulse struct {
	mu       sync.Mutex
	at       time.Time
	overview *inventory.Overview
	sensors  []inventory.Sensor
	head     int64
}

// fresh is how long a pulse is good enough.
const fresh = time.Second

func (s *Server) look(ctx context.Context) (*pulse, error) {
	p := &s.pulse
	p.mu.Lock()
	defer p.mu.Unlock()
	now := s.Now()
	if p.overview != nil && now.Sub(p.at) < fresh && !now.Before(p.at) {
		return &pulse{at: p.at, overview: p.overview, sensors: p.sensors, head: p.head}, nil
	}
	// Whoever asked may hang up; the answer is everybody's.
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer stop()
	head, err := s.Store.Head(ctx) // before the counts, so that no change is missed between
	if err != nil {
		return nil, err
	}
	o, err := s.Register.Overview(ctx, monday(now))
	if err != nil {
		return nil, err
	}
	sensors, err := s.Register.Sensors(ctx)
	if err != nil {
		return nil, err
	}
	p.at, p.overview, p.sensors, p.head = now, o, sensors, head
	return &pulse{at: now, overview: o, sensors: sensors, head: head}, nil
}

// monday is when this week began, where the hospital is.
func monday(now time.Time) time.Time {
	day := (int(now.Weekday()) + 6) % 7
	y, m, d := now.Date()
	return time.Date(y, m, d-day, 0, 0, 0, 0, now.Location())
}

// frame is what surrounds a page. It leaves out what this person may not open.
func (s *Server) frame(q *request, title, place string) page.Frame {
	f := page.Frame{
		Title: title, Place: place, Static: s.static.prefix, Person: q.person.Name, Site: s.Site, Version: s.Version,
		Synthetic: s.Synthetic, Theme: theme(q.Request), Sensing: page.NotLive, Heard: "never", Printed: q.now.Format("2 Jan 2006, 15:04"),
	}
	if q.person.ID == "" {
		f.Person = ""
		return f
	}
	p, err := s.look(q.Context())
	if err != nil {
		s.Log.WarnContext(q.Context(), "the frame's counts are missing", "err", err)
		p = &pulse{overview: &inventory.Overview{}}
	}
	f.Seen = p.head
	f.Rail = s.rail(q, p)
	f.Cover = cover(p.overview.Coverage)
	var last time.Time
	for _, x := range p.sensors {
		if x.Last.After(last) {
			last = x.Last
		}
		if x.State == "live" {
			f.Sensing = page.OK
		}
	}
	f.Heard = lang.Ago(last, q.now)
	return f
}

func cover(c inventory.Coverage) string {
	of := c.Well + c.Poorly + c.NotSeen
	if of == 0 {
		return "No network was known."
	}
	return "Seen: " + lang.Int(c.Well+c.Poorly) + " of " + lang.N(of, "network", "networks") + "."
}

func (s *Server) rail(q *request, p *pulse) []page.Group {
	o := p.overview
	know := []page.RailLink{{Name: "Overview", Href: "/"}, {Name: "Devices", Href: "/devices", Count: lang.Int(o.Total)}, {Name: "Map", Href: "/map"}}
	if q.may(access.InterfacesRead) {
		know = append(know, page.RailLink{Name: "Interfaces", Href: "/interfaces", Count: lang.Int(o.Interfaces)})
	}
	if q.may(access.SensorsRead) {
		know = append(know, page.RailLink{Name: "Sensors", Href: "/sensors", Count: lang.Int(len(p.sensors))})
	}
	if s.Importer != nil && q.may(access.RegisterImport) {
		know = append(know, page.RailLink{Name: "Import", Href: "/import"})
	}
	return []page.Group{
		{Name: "Know", Links: know},
		{Name: "Judge", Links: []page.RailLink{{Name: "Findings", Href: "/findings", Count: lang.Int(o.Open)}}},
	}
}

// overview is the first page.
func (s *Server) overview(q *request) error {
	p, err := s.look(q.Context())
	if err != nil {
		return err
	}
	v := page.Overview{Overview: p.overview, Now: q.now, Next: s.next(q, p.overview)}
	return q.show(page.OverviewPage(s.frame(q, "Overview", "/"), v))
}

// next says what each kind of person can do now: only what exists, and what there is to do.
func (s *Server) next(q *request, o *inventory.Overview) []page.Step {
	analyst := page.Step{Who: "Analyst", Text: "Nothing is open. Look at what is new since Monday.", Link: page.Link{Text: "New devices", Href: "/devices?new=monday&sort=first&desc=1"}}
	switch {
	case o.Open > 0:
		analyst.Text, analyst.Link = "Settle the open findings, worst first; each shows its evidence.", page.Link{Text: "All " + lang.Int(o.Open) + " open", Href: "/findings"}
	case o.Unknown > 0:
		analyst.Text, analyst.Link = "Name the unknown devices, alike ones in one go.", page.Link{Text: "Unknown, by likeness", Href: "/devices/alike"}
	}
	biomed := page.Step{Who: "Biomed", Text: "See every medical device with its serial, firmware and place.", Link: page.Link{Text: "Medical devices", Href: "/devices?category=medical"}}
	if s.Importer != nil && q.may(access.RegisterImport) {
		biomed.Text, biomed.Link = "Bring your register in: matches and disagreements are shown before anything is written.", page.Link{Text: "Import a register", Href: "/import"}
	}
	network := page.Step{Who: "Network engineer", Text: "See who talks to whom between zones, and which of it is in clear text.", Link: page.Link{Text: "Open the map", Href: "/map"}}
	if o.Coverage.NotSeen > 0 {
		network.Text = lang.N(o.Coverage.NotSeen, "network is", "networks are") + " not seen. One mirror port would change that."
		network.Link = page.Link{Text: "Show the coverage", Href: "/sensors#coverage"}
		if o.Coverage.Config != "" {
			network.Link.Text = "Show the switch commands"
		}
	}
	return []page.Step{analyst, biomed, network}
}
