package access

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// SignInLink makes the token of a link that signs in once, as the demo prints it. The caller
// serves it to loopback clients only. The person is made, without a password, when not there yet.
func (d *Door) SignInLink(ctx context.Context, name string, role Role) (link string, err error) {
	link, hash := newToken("")
	err = d.Do(AsSystem(ctx, "sign-in link"), Action{Verb: "access.link", Summary: "A link that signs in once was made."},
		func(tx store.Tx) error {
			p, _, err := d.find(ctx, tx, `login = ?`, login(name))
			if errors.Is(err, sql.ErrNoRows) {
				p = Person{ID: store.NewID(d.now()), Name: name, Roles: []Role{role}, Site: d.Site}
				err = d.insert(ctx, tx, p, "")
			}
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO access_links (hash, person, expires) VALUES (?, ?, ?)`,
				hash, p.ID, store.Micros(d.now().Add(LinkLife)))
			return err
		})
	return link, err
}

// RedeemLink turns the token of a link into a session, once.
func (d *Door) RedeemLink(ctx context.Context, link string) (session string, p Person, err error) {
	spent := refused("This link was used already or is too old. Restart the program for a new one.")
	hash := hashOf(link)
	var id string
	err = d.Store.QueryRow(ctx, `SELECT person FROM access_links WHERE hash = ?`, hash).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", Person{}, spent
	}
	if err != nil {
		return "", Person{}, err
	}
	if p, _, err = d.find(ctx, d.Store, `id = ?`, id); err != nil {
		return "", Person{}, spent
	}
	session, err = d.open(ctx, p, "access.sign-in-by-link", func(tx store.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM access_links WHERE hash = ? AND expires > ?`, hash, store.Micros(d.now()))
		if err == nil && n == 0 {
			return spent
		}
		return err
	})
	if err != nil {
		return "", Person{}, err
	}
	return session, p, nil
}

// tokenPrefix marks API tokens, so that scanners for leaked secrets can recognise them.
const tokenPrefix = "wk_"

// MakeToken makes an API token for the acting person; it is shown this once. Scopes limit what it
// may do, to what the person may do at most; none means all of that.
func (d *Door) MakeToken(ctx context.Context, name string, scopes []Permission, expires time.Time) (token string, err error) {
	p, ok := From(ctx)
	if !ok || p.System || p.Scopes != nil {
		return "", refused("Only a person who is signed in can make a token.")
	}
	if !expires.After(d.now()) {
		return "", &ward.Error{Kind: ward.Invalid, Op: "access.MakeToken", Msg: "A token must expire in the future."}
	}
	for _, s := range scopes {
		if err := d.Allowed(ctx, s, ""); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(scopes)
	if err != nil {
		return "", err
	}
	token, hash := newToken(tokenPrefix)
	err = d.Do(ctx, Action{Verb: "access.make-token", Object: p.ID, Summary: "An API token was made: " + name}, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO access_tokens (hash, person, name, scopes, created, expires, used) VALUES (?, ?, ?, ?, ?, ?, 0)`,
			hash, p.ID, name, string(text), store.Micros(d.now()), store.Micros(expires))
		return err
	})
	return token, err
}

// Token gives the person behind an API token ("Authorization: Bearer wk_...").
func (d *Door) Token(ctx context.Context, token string) (Person, error) {
	bad := &ward.Error{Kind: ward.Forbidden, Op: "access.Token", Msg: "This token is not valid, or it has expired.", Err: errSignedOut}
	if !strings.HasPrefix(token, tokenPrefix) {
		return Person{}, bad
	}
	now, hash := d.now(), hashOf(token)
	var id, scopes string
	var used int64
	err := d.Store.QueryRow(ctx, `SELECT person, scopes, used FROM access_tokens WHERE hash = ? AND expires > ?`,
		hash, store.Micros(now)).Scan(&id, &scopes, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, bad
	}
	if err != nil {
		return Person{}, err
	}
	p, _, err := d.find(ctx, d.Store, `id = ?`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, bad
	}
	if err != nil {
		return Person{}, err
	}
	if err := json.Unmarshal([]byte(scopes), &p.Scopes); err != nil {
		return Person{}, err
	}
	if now.Sub(store.Time(used)) > time.Minute {
		err = d.Store.Write(ctx, func(tx store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE access_tokens SET used = ? WHERE hash = ?`, store.Micros(now), hash)
			return err
		})
	}
	return p, err
}

// RevokeToken ends every token of the acting person with that name.
func (d *Door) RevokeToken(ctx context.Context, name string) error {
	p, _ := From(ctx)
	return d.Do(ctx, Action{Verb: "access.revoke-token", Object: p.ID, Summary: "An API token was revoked: " + name}, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM access_tokens WHERE person = ? AND name = ?`, p.ID, name)
		return err
	})
}

// Disable keeps a person out: their sessions, links and tokens end with it. It asks for PeopleChange.
func (d *Door) Disable(ctx context.Context, id string) error {
	return d.Do(ctx, Action{Verb: "access.disable-person", Permission: PeopleChange, Object: id}, func(tx store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE access_people SET disabled = TRUE WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return &ward.Error{Kind: ward.NotFound, Op: "access.Disable", Msg: "There is no such person."}
		}
		for _, table := range []string{"access_sessions", "access_links", "access_tokens"} {
			if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE person = ?`, id); err != nil {
				return err
			}
		}
		return nil
	})
}
