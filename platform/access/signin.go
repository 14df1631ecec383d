package access

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// How long a sign-in lasts.
const (
	SessionLife = 12 * time.Hour   // at most, from sign-in
	SessionIdle = 15 * time.Minute // without use
	LinkLife    = 30 * time.Minute // of a sign-in link that nobody used
)

// FirstStart reports whether nobody can sign in yet, and if so gives the token that the console
// prints and CreateAdministrator asks for. It stays the same until it is used or the program ends.
func (d *Door) FirstStart(ctx context.Context) (token string, needed bool, err error) {
	if needed, err = d.empty(ctx, d.Store); err != nil || !needed {
		return "", false, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.first == "" {
		d.first, _ = newToken("")
	}
	return d.first, true, nil
}

func (d *Door) empty(ctx context.Context, r store.Reader) (bool, error) {
	var n int
	err := r.QueryRow(ctx, `SELECT COUNT(*) FROM access_people WHERE password <> ''`).Scan(&n)
	return n == 0, err
}

// CreateAdministrator makes the first person, given the token from the console, and signs them in.
func (d *Door) CreateAdministrator(ctx context.Context, token, name, password, from string) (session string, p Person, err error) {
	d.mu.Lock()
	first := d.first
	d.mu.Unlock()
	if err := d.tries.allowed(d.now(), "", from); err != nil {
		return "", Person{}, err
	}
	if first == "" || subtle.ConstantTimeCompare([]byte(first), []byte(strings.TrimSpace(token))) != 1 {
		d.tries.failed(d.now(), "", from)
		return "", Person{}, refused("That is not the token on the console. Look at what the program printed when it started.")
	}
	ctx = AsSystem(ctx, "first start")
	p, err = d.person(ctx, Action{Verb: "access.first-start", Summary: "The first administrator was made."},
		name, password, []Role{Administrator}, func(tx store.Tx) error {
			if empty, err := d.empty(ctx, tx); err != nil || !empty {
				return errors.Join(err, refused("There is an administrator already."))
			}
			return nil
		})
	if err != nil {
		return "", Person{}, err
	}
	d.mu.Lock()
	d.first = ""
	d.mu.Unlock()
	session, err = d.open(ctx, p, "access.sign-in", nil)
	return session, p, err
}

// AddPerson makes a person who can sign in. It asks for PeopleChange.
func (d *Door) AddPerson(ctx context.Context, name, password string, roles ...Role) (Person, error) {
	return d.person(ctx, Action{Verb: "access.add-person", Permission: PeopleChange, Summary: "A person was added."},
		name, password, roles, func(store.Tx) error { return nil })
}

func (d *Door) person(ctx context.Context, a Action, name, password string, roles []Role, first func(store.Tx) error) (Person, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 200 {
		return Person{}, &ward.Error{Kind: ward.Invalid, Op: "access.AddPerson", Msg: "Give a name of 1 to 200 characters."}
	}
	for _, r := range roles {
		if _, ok := rolePermissions[r]; !ok {
			return Person{}, &ward.Error{Kind: ward.Invalid, Op: "access.AddPerson", Msg: "There is no role " + string(r) + "."}
		}
	}
	if err := d.Allowed(ctx, a.Permission, ""); err != nil { // before the costly hash
		return Person{}, err
	}
	hash, err := d.hash.make(ctx, password)
	if err != nil {
		return Person{}, err
	}
	p := Person{ID: store.NewID(d.now()), Name: name, Roles: roles, Site: d.Site}
	a.Object = p.ID
	err = d.Do(ctx, a, func(tx store.Tx) error {
		if err := first(tx); err != nil {
			return err
		}
		return d.insert(ctx, tx, p, hash)
	})
	return p, err
}

func (d *Door) insert(ctx context.Context, tx store.Tx, p Person, hash string) error {
	roles, err := json.Marshal(p.Roles)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO access_people (id, site, login, name, roles, password, disabled, created)
		VALUES (?, ?, ?, ?, ?, ?, FALSE, ?)`, p.ID, p.Site, login(p.Name), p.Name, string(roles), hash, store.Micros(d.now()))
	if store.IsConflict(err) {
		return &ward.Error{Kind: ward.Conflict, Op: "access.AddPerson", Msg: "Somebody with this name is there already.", Err: err}
	}
	return err
}

// login is the form of a name under which it is looked up.
func login(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// SignIn checks a name and password and opens a session. from is the client's address, for the
// rate limit. Wrong name and wrong password answer alike (ward.Forbidden) and take as long; too
// many tries answer ward.Unavailable with the wait in Msg.
func (d *Door) SignIn(ctx context.Context, name, password, from string) (session string, p Person, err error) {
	name = login(name)
	if len(name) > 200 {
		name = name[:200]
	}
	if err := d.tries.allowed(d.now(), name, from); err != nil {
		return "", Person{}, err
	}
	var hash string
	p, hash, err = d.find(ctx, d.Store, `login = ?`, name)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", Person{}, err
	}
	ok, err := d.hash.check(ctx, hash, password)
	if err != nil {
		return "", Person{}, err
	}
	if !ok || p.ID == "" {
		d.tries.failed(d.now(), name, from)
		return "", Person{}, refused("The name or the password is wrong.")
	}
	d.tries.succeeded(name, from)
	session, err = d.open(ctx, p, "access.sign-in", nil)
	return session, p, err
}

// find gives the person that a condition on access_people names, unless disabled.
func (d *Door) find(ctx context.Context, r store.Reader, where string, args ...any) (p Person, hash string, err error) {
	var roles string
	err = r.QueryRow(ctx, `SELECT id, name, site, roles, password FROM access_people WHERE NOT disabled AND `+where, args...).
		Scan(&p.ID, &p.Name, &p.Site, &roles, &hash)
	if err != nil {
		return Person{}, "", err
	}
	return p, hash, json.Unmarshal([]byte(roles), &p.Roles)
}

// open begins a session as part of a transaction that the audit log tells of.
func (d *Door) open(ctx context.Context, p Person, verb string, also func(store.Tx) error) (string, error) {
	token, hash := newToken("")
	now := d.now()
	err := d.Do(With(ctx, p), Action{Verb: verb, Object: p.ID}, func(tx store.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `DELETE FROM access_sessions WHERE created < ? OR used < ?`,
			store.Micros(now.Add(-SessionLife)), store.Micros(now.Add(-SessionIdle)))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO access_sessions (hash, person, created, used) VALUES (?, ?, ?, ?)`,
			hash, p.ID, store.Micros(now), store.Micros(now))
		return err
	})
	return token, err
}

// Session gives the person behind a session and keeps it from idling out.
func (d *Door) Session(ctx context.Context, session string) (Person, error) {
	ended := &ward.Error{Kind: ward.Forbidden, Op: "access.Session", Msg: "Sign in first.", Err: errSignedOut}
	if session == "" {
		return Person{}, ended
	}
	now, hash := d.now(), hashOf(session)
	var person string
	var used int64
	err := d.Store.QueryRow(ctx, `SELECT person, used FROM access_sessions WHERE hash = ? AND created > ? AND used > ?`,
		hash, store.Micros(now.Add(-SessionLife)), store.Micros(now.Add(-SessionIdle))).Scan(&person, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, ended
	}
	if err != nil {
		return Person{}, err
	}
	p, _, err := d.find(ctx, d.Store, `id = ?`, person)
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, ended
	}
	if err == nil && now.Sub(store.Time(used)) > time.Minute { // not a write for each request
		err = d.Store.Write(ctx, func(tx store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE access_sessions SET used = ? WHERE hash = ?`, store.Micros(now), hash)
			return err
		})
	}
	return p, err
}

// SignOut ends a session; one that has ended already is no error.
func (d *Door) SignOut(ctx context.Context, session string) error {
	p, err := d.Session(ctx, session)
	if SignedOut(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.Do(With(ctx, p), Action{Verb: "access.sign-out", Object: p.ID}, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM access_sessions WHERE hash = ?`, hashOf(session))
		return err
	})
}
