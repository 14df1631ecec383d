package access_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

const pass = "correct horse battery"

type house struct {
	*access.Door
	at time.Time
}

func each(t *testing.T, test func(*testing.T, *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := &house{at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
		h.Door = &access.Door{Store: s, Audit: &audit.Log{Store: s}, Now: func() time.Time { return h.at }, Site: "main"}
		test(t, h)
	}, audit.Migrations(), access.Migrations())
}

func (h *house) admin(t *testing.T) (context.Context, string) {
	t.Helper()
	token, needed, err := h.FirstStart(t.Context())
	if err != nil || !needed {
		t.Fatal(needed, err)
	}
	session, p, err := h.CreateAdministrator(t.Context(), token, "Ada Example", pass, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	return access.With(t.Context(), p), session
}

func (h *house) verbs(t *testing.T) []string {
	t.Helper()
	if _, err := h.Audit.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	leaves, err := h.Audit.Leaves(t.Context(), "", "", "", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range leaves {
		out = append(out, l.Actor+" "+l.Action)
	}
	return out
}

func TestFirstStartMakesOneAdministrator(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		token, _, err := h.FirstStart(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.CreateAdministrator(t.Context(), token+"x", "Eve", pass, "10.0.0.9"); ward.KindOf(err) != ward.Forbidden {
			t.Fatalf("a wrong token gave %v", err)
		}
		_, session := h.admin(t)
		p, err := h.Session(t.Context(), session)
		if err != nil || p.Name != "Ada Example" || p.Roles[0] != access.Administrator {
			t.Fatalf("%+v %v", p, err)
		}
		if _, needed, _ := h.FirstStart(t.Context()); needed {
			t.Fatal("still asks for a first start")
		}
		if _, _, err := h.CreateAdministrator(t.Context(), token, "Eve", pass, "10.0.0.9"); ward.KindOf(err) != ward.Forbidden {
			t.Fatalf("a used token gave %v", err)
		}
		if got := h.verbs(t); len(got) != 2 || got[1] != "system:first start access.first-start" || got[0] != p.ID+" access.sign-in" {
			t.Fatal(got)
		}
	})
}

func TestSignInAnswersAlikeAndSlowsDown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.admin(t)
		if _, _, err := h.SignIn(t.Context(), " ada EXAMPLE ", pass, "10.0.0.1"); err != nil {
			t.Fatal(err)
		}
		_, _, wrong := h.SignIn(t.Context(), "ada example", "not the password", "10.0.0.2")
		_, _, nobody := h.SignIn(t.Context(), "nobody", "not the password", "10.0.0.2")
		if wrong == nil || nobody == nil || wrong.Error() != nobody.Error() || ward.KindOf(wrong) != ward.Forbidden {
			t.Fatalf("%v / %v", wrong, nobody)
		}
		for range 4 {
			h.SignIn(t.Context(), "ada example", "not the password", "10.0.0.2") //nolint:errcheck // meant to fail
		}
		if _, _, err := h.SignIn(t.Context(), "ada example", pass, "10.0.0.2"); ward.KindOf(err) != ward.Unavailable {
			t.Fatalf("the sixth try at once gave %v", err)
		}
		if _, _, err := h.SignIn(t.Context(), "ada example", pass, "10.0.0.3"); err != nil {
			t.Fatalf("an attacker elsewhere locks her out: %v", err)
		}
		h.at = h.at.Add(2 * time.Minute)
		if _, _, err := h.SignIn(t.Context(), "ada example", pass, "10.0.0.2"); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSessionIdlesOutAndEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, session := h.admin(t)
		for range 60 { // used every 14 minutes it lives on, but not beyond 12 hours
			h.at = h.at.Add(14 * time.Minute)
			_, err := h.Session(t.Context(), session)
			if over := h.at.Sub(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)) >= access.SessionLife; over != access.SignedOut(err) {
				t.Fatalf("at %v: %v", h.at, err)
			}
		}
		session, _, err := h.SignIn(t.Context(), "ada example", pass, "")
		if err != nil {
			t.Fatal(err)
		}
		h.at = h.at.Add(access.SessionIdle)
		if _, err := h.Session(t.Context(), session); !access.SignedOut(err) {
			t.Fatalf("an idle session gave %v", err)
		}
		session, _, err = h.SignIn(t.Context(), "ada example", pass, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(h.SignOut(t.Context(), session), h.SignOut(t.Context(), session)); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Session(t.Context(), session); !access.SignedOut(err) {
			t.Fatal(err)
		}
	})
}

func TestLinkSignsInOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		link, err := h.SignInLink(t.Context(), "Demo visitor", access.Administrator)
		if err != nil {
			t.Fatal(err)
		}
		session, p, err := h.RedeemLink(t.Context(), link)
		if err != nil || p.Name != "Demo visitor" {
			t.Fatal(p, err)
		}
		if _, err := h.Session(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.RedeemLink(t.Context(), link); ward.KindOf(err) != ward.Forbidden {
			t.Fatalf("used twice: %v", err)
		}
		if link, err = h.SignInLink(t.Context(), "Demo visitor", access.Administrator); err != nil {
			t.Fatal(err)
		}
		h.at = h.at.Add(access.LinkLife + time.Second)
		if _, _, err := h.RedeemLink(t.Context(), link); ward.KindOf(err) != ward.Forbidden {
			t.Fatalf("too old: %v", err)
		}
		if _, _, err := h.SignIn(t.Context(), "demo visitor", "", ""); err == nil {
			t.Fatal("somebody without a password signed in with an empty one")
		}
	})
}

func TestTokensAreScopedExpireAndDieWithThePerson(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, _ := h.admin(t)
		nurse, err := h.AddPerson(ctx, "Nina", pass, access.Nurse)
		if err != nil {
			t.Fatal(err)
		}
		nurseCtx := access.With(t.Context(), nurse)
		if _, err := h.MakeToken(nurseCtx, "t", []access.Permission{access.DevicesChange}, h.at.Add(time.Hour)); ward.KindOf(err) != ward.Forbidden {
			t.Fatalf("a token beyond the role gave %v", err)
		}
		token, err := h.MakeToken(nurseCtx, "t", []access.Permission{access.DevicesRead}, h.at.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		p, err := h.Token(t.Context(), token)
		if err != nil || p.ID != nurse.ID {
			t.Fatal(p, err)
		}
		tokenCtx := access.With(t.Context(), p)
		if err := h.Allowed(tokenCtx, access.DevicesRead, ""); err != nil {
			t.Fatal(err)
		}
		if err := h.Allowed(tokenCtx, access.Export, ""); ward.KindOf(err) != ward.Forbidden {
			t.Fatal(err)
		}
		if err := h.Disable(ctx, nurse.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Token(t.Context(), token); !access.SignedOut(err) {
			t.Fatalf("the token of somebody who left gave %v", err)
		}
		if _, _, err := h.SignIn(t.Context(), "Nina", pass, "x"); ward.KindOf(err) != ward.Forbidden {
			t.Fatal(err)
		}
	})
}

func TestDoAuthorisesAndWritesTheLeaf(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		act := access.Action{Verb: "device.label", Permission: access.DevicesChange, Object: "d1"}
		ran := false
		change := func(store.Tx) error { ran = true; return nil }
		if err := h.Do(t.Context(), act, change); !access.SignedOut(err) {
			t.Fatalf("nobody signed in gave %v", err)
		}
		auditor := access.With(t.Context(), access.Person{ID: "a", Roles: []access.Role{access.Auditor}})
		if err := h.Do(auditor, act, change); ward.KindOf(err) != ward.Forbidden || ran {
			t.Fatalf("an auditor changed something: %v", err)
		}
		biomed := access.With(t.Context(), access.Person{ID: "b", Roles: []access.Role{access.Biomed}})
		boom := errors.New("boom")
		if err := h.Do(biomed, act, func(store.Tx) error { return boom }); !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if err := h.Do(biomed, act, change); err != nil || !ran {
			t.Fatal(err)
		}
		if err := h.Do(access.AsSystem(t.Context(), "job tidy"), act, change); err != nil {
			t.Fatal(err)
		}
		if got := h.verbs(t); len(got) != 2 || got[1] != "b device.label" || got[0] != "system:job tidy device.label" {
			t.Fatal(got)
		}
	})
}

func TestAuditorCannotChange(t *testing.T) {
	d := &access.Door{}
	ctx := access.With(t.Context(), access.Person{Roles: []access.Role{access.Auditor}})
	for _, p := range []access.Permission{access.DevicesChange, access.SensorsFeed, access.RegisterImport, access.PeopleChange, access.SystemChange} {
		if d.Allowed(ctx, p, "") == nil {
			t.Errorf("an auditor may %s", p)
		}
	}
}
