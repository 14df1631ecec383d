package web

import (
	"context"
	"net/url"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
	"github.com/wardkeeper/wardkeeper/web/page"
)

func (s *Server) findings(q *request) error {
	v := q.URL.Query()
	ask := inventory.FindingQuery{Zone: bounded(v.Get("zone")), Owner: bounded(v.Get("owner")), Device: bounded(v.Get("device")), Closed: v.Get("closed") == "1", Limit: 1000}
	if k := bounded(v.Get("kind")); k != "" {
		ask.Kinds = []ward.FindingKind{ward.FindingKind(k)}
	}
	list, err := s.Register.Findings(q.Context(), ask)
	if err != nil {
		return err
	}
	p, err := s.look(q.Context())
	if err != nil {
		return err
	}
	f := page.Findings{List: list, Open: p.overview.Open, Closed: ask.Closed, Coverage: page.CoverageOf(p.overview.Coverage), Now: q.now, Chips: findingChips(v)}
	if ask.Owner == "" {
		for _, o := range []string{"analyst", "biomed", "network engineer"} {
			f.Owners = append(f.Owners, page.Link{Text: "For " + o, Href: with(v, "/findings", "owner", o)})
		}
	}
	if !ask.Closed {
		f.Owners = append(f.Owners, page.Link{Text: "Closed ones", Href: with(v, "/findings", "closed", "1")})
	}
	return q.show(page.FindingsPage(s.frame(q, "Findings", "/findings"), f))
}

func findingChips(v url.Values) []page.Chip {
	var out []page.Chip
	for _, k := range []string{"zone", "owner", "kind"} {
		if x := bounded(v.Get(k)); x != "" {
			word := lang.Title(x)
			if k == "kind" {
				word = lang.Finding(ward.FindingKind(x))
			}
			out = append(out, page.Chip{Key: k, Value: word, Href: with(v, "/findings", k)})
		}
	}
	if v.Get("closed") == "1" {
		out = append(out, page.Chip{Key: "state", Value: "closed", Href: with(v, "/findings", "closed")})
	}
	return out
}

func (s *Server) finding(q *request) error {
	f, err := s.Register.Finding(q.Context(), q.PathValue("id"))
	if err != nil {
		return err
	}
	return q.show(page.FindingPage(s.frame(q, f.Title, "/findings"), page.Finding{Finding: *f, Said: saidIn(q.URL.Query()), Now: q.now}))
}

func (s *Server) closeFinding(q *request) error {
	f, err := s.Register.Finding(q.Context(), q.PathValue("id"))
	if err != nil {
		return err
	}
	reason := q.word("reason")
	if reason == "" {
		v := page.Finding{Finding: *f, Error: "Say why it is settled: an auditor will ask.", Now: q.now}
		return q.showAs(400, page.FindingPage(s.frame(q, f.Title, "/findings"), v))
	}
	err = q.change(f.ID, "closed "+f.Title+": "+reason, func(ctx context.Context, tx store.Tx) error {
		return s.Register.CloseFinding(ctx, tx, f.ID, reason)
	})
	if err != nil {
		return err
	}
	return q.to("/findings/" + url.PathEscape(f.ID) + "?said=closed")
}
