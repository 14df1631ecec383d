package access

import (
	"context"
	"time"
)

// FirstStart reports whether nobody can sign in yet, and if so gives the token that the console
// prints and CreateAdministrator asks for. The token stays the same until it is used or the program restarts.
func (d *Door) FirstStart(ctx context.Context) (token string, needed bool, err error) {
	return "", false, errSkeleton
}

// CreateAdministrator makes the first person, given the token from the console, and signs them in.
func (d *Door) CreateAdministrator(ctx context.Context, token, name, password, from string) (session string, p Person, err error) {
	return "", Person{}, errSkeleton
}

// SignIn checks a name and password and opens a session. from is the client's address, for the
// rate limit. Wrong name and wrong password answer alike (ward.Forbidden); too many tries answer
// ward.Unavailable with the wait in Msg.
func (d *Door) SignIn(ctx context.Context, name, password, from string) (session string, p Person, err error) {
	return "", Person{}, errSkeleton
}

// Session gives the person behind a session and keeps it from idling out. Sessions end 12 h after
// sign-in and after 15 min without use.
func (d *Door) Session(ctx context.Context, session string) (Person, error) {
	return Person{}, errSkeleton
}

// SignOut ends a session.
func (d *Door) SignOut(ctx context.Context, session string) error { return errSkeleton }

// SignInLink makes a token for a link that signs in once, as the demo prints it. The caller serves
// it to loopback clients only. It creates the person when they are not there yet.
func (d *Door) SignInLink(ctx context.Context, name string, role Role) (link string, err error) {
	return "", errSkeleton
}

// RedeemLink turns the token of a link into a session, once.
func (d *Door) RedeemLink(ctx context.Context, link string) (session string, p Person, err error) {
	return "", Person{}, errSkeleton
}

// MakeToken makes an API token for the acting person, shown once. Scopes limit what it may do.
func (d *Door) MakeToken(ctx context.Context, name string, scopes []Permission, expires time.Time) (token string, err error) {
	return "", errSkeleton
}

// Token gives the person behind an API token ("Authorization: Bearer ...").
func (d *Door) Token(ctx context.Context, token string) (Person, error) { return Person{}, errSkeleton }

// AddPerson makes a person who can sign in. Call it inside Do with PeopleChange; see Door.Do.
func (d *Door) AddPerson(ctx context.Context, name, password string, roles ...Role) (Person, error) {
	return Person{}, errSkeleton
}
