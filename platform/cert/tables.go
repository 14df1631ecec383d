package cert

import (
	"bytes"
	"context"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
)

const issuerColumns = `id, name, state, key, chain, root_crl, crl, crl_number, crl_made, created`

// issuers gives all issuing authorities, newest first.
func issuers(ctx context.Context, r store.Reader) ([]issuer, error) {
	return store.All(ctx, r, func(row *sql.Rows, i *issuer) error {
		var chain []byte
		var made, created int64
		err := row.Scan(&i.id, &i.name, &i.state, &i.sealed, &chain, &i.rootCRL, &i.crl, &i.number, &made, &created)
		if err != nil {
			return err
		}
		i.made, i.created = store.Time(made), store.Time(created)
		i.chain, err = parseCertificates(chain)
		if err == nil && i.state != stateWaiting && len(i.chain) == 0 {
			err = fmt.Errorf("authority %s has no certificate", i.id)
		}
		return err
	}, `SELECT `+issuerColumns+` FROM cert_authorities ORDER BY created DESC, id DESC`)
}

func insertIssuer(ctx context.Context, tx store.Tx, site string, i *issuer) error {
	_, err := tx.Exec(ctx, `INSERT INTO cert_authorities (id, site, name, state, ski, key, chain, root_crl, crl, crl_number, crl_made, created)
		VALUES (?, ?, ?, ?, '', ?, ?, ?, ?, 0, 0, ?)`,
		i.id, site, i.name, i.state, i.sealed, []byte{}, []byte{}, []byte{}, store.Micros(i.created))
	return err
}

// activate puts a signed chain beside its key and retires the authority before it.
func activate(ctx context.Context, tx store.Tx, i *issuer) error {
	if _, err := tx.Exec(ctx, `UPDATE cert_authorities SET state = ? WHERE state = ?`, stateRetired, stateActive); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE cert_authorities SET state = ?, ski = ?, chain = ?, root_crl = ? WHERE id = ? AND state = ?`,
		stateActive, keyID(i.cert()), pemCertificates(i.chain), orEmpty(i.rootCRL), i.id, stateWaiting)
	if err == nil && n != 1 {
		err = errors.New("the waiting authority is gone")
	}
	return err
}

func setRootCRL(ctx context.Context, tx store.Tx, id string, crl []byte) error {
	_, err := tx.Exec(ctx, `UPDATE cert_authorities SET root_crl = ? WHERE id = ?`, crl, id)
	return err
}

// nextCRLNumber counts up inside the transaction, so that two programs cannot give one number twice.
func nextCRLNumber(ctx context.Context, tx store.Tx, id string) (n int64, err error) {
	err = tx.QueryRow(ctx, `UPDATE cert_authorities SET crl_number = crl_number + 1 WHERE id = ? RETURNING crl_number`, id).Scan(&n)
	return n, err
}

func setCRL(ctx context.Context, tx store.Tx, id string, crl []byte, made time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE cert_authorities SET crl = ?, crl_made = ? WHERE id = ?`, crl, store.Micros(made), id)
	return err
}

// Certificate is one that was issued.
type Certificate struct {
	Serial    string    `json:"serial"` // hex
	Authority string    `json:"authority"`
	Device    string    `json:"device"` // empty for Wardkeeper's own servers
	How       string    `json:"how"`    // password, renewal, manufacturer, server
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
	Created   time.Time `json:"created"`
	Revoked   time.Time `json:"revoked,omitzero"`
	Reason    Reason    `json:"reason"` // of the revocation
	DER       []byte    `json:"-"`      // of one that was issued just now; lists leave it out
}

// RenewFrom is when the device should renew: at half of the certificate's life.
func (c *Certificate) RenewFrom() time.Time { return c.NotBefore.Add(c.NotAfter.Sub(c.NotBefore) / 2) }

// Overdue is when a renewal that has not come is worth a person's look: at three quarters.
func (c *Certificate) Overdue() time.Time {
	return c.NotBefore.Add(c.NotAfter.Sub(c.NotBefore) / 4 * 3)
}

const certificateColumns = `serial, authority, device, how, not_before, not_after, created, revoked, reason`

func scanCertificate(row *sql.Rows, c *Certificate) error {
	var before, after, created, revoked int64
	err := row.Scan(&c.Serial, &c.Authority, &c.Device, &c.How, &before, &after, &created, &revoked, &c.Reason)
	c.NotBefore, c.NotAfter, c.Created, c.Revoked = store.Time(before), store.Time(after), store.Time(created), store.Time(revoked)
	return err
}

func insertCertificate(ctx context.Context, tx store.Tx, site string, c *Certificate) error {
	_, err := tx.Exec(ctx, `INSERT INTO cert_issued (serial, authority, site, device, how, cert, not_before, not_after, created, revoked, reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`, c.Serial, c.Authority, site, c.Device, c.How, c.DER,
		store.Micros(c.NotBefore), store.Micros(c.NotAfter), store.Micros(c.Created))
	return err
}

// issuedTo counts what a device was given since a moment.
func issuedTo(ctx context.Context, r store.Reader, device string, since time.Time) (n int, err error) {
	err = r.QueryRow(ctx, `SELECT COUNT(*) FROM cert_issued WHERE device = ? AND created > ?`, device, store.Micros(since)).Scan(&n)
	return n, err
}

func certificates(ctx context.Context, r store.Reader, where string, args ...any) ([]Certificate, error) {
	return store.All(ctx, r, scanCertificate, `SELECT `+certificateColumns+` FROM cert_issued c WHERE `+where, args...)
}

func setRevoked(ctx context.Context, tx store.Tx, serial string, at time.Time, why Reason) (int64, error) {
	return tx.Exec(ctx, `UPDATE cert_issued SET revoked = ?, reason = ? WHERE serial = ? AND revoked = 0`, store.Micros(at), int64(why), serial)
}

// insertPassword stores the hash of a one-time password; those made earlier for the device end.
func insertPassword(ctx context.Context, tx store.Tx, site, device, hash string, created, expires time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM cert_passwords WHERE device = ?`, device); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO cert_passwords (hash, site, device, created, expires, used) VALUES (?, ?, ?, ?, ?, 0)`,
		hash, site, device, store.Micros(created), store.Micros(expires))
	return err
}

// password gives when a password ends and whether it was used; sql.ErrNoRows when there is none.
func password(ctx context.Context, r store.Reader, device, hash string) (expires, used time.Time, err error) {
	var e, u int64
	err = r.QueryRow(ctx, `SELECT expires, used FROM cert_passwords WHERE hash = ? AND device = ?`, hash, device).Scan(&e, &u)
	return store.Time(e), store.Time(u), err
}

func usePassword(ctx context.Context, tx store.Tx, device, hash string, now time.Time) (int64, error) {
	return tx.Exec(ctx, `UPDATE cert_passwords SET used = ? WHERE hash = ? AND device = ? AND used = 0 AND expires > ?`,
		store.Micros(now), hash, device, store.Micros(now))
}

func upsertAnchor(ctx context.Context, tx store.Tx, site string, x *Anchor, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO cert_anchors (id, site, name, scope, subject, cert, created) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, scope = excluded.scope`,
		x.ID, site, x.Maker, string(x.Scope), x.Subject, x.cert.Raw, store.Micros(now))
	return err
}

func deleteAnchor(ctx context.Context, tx store.Tx, id string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM cert_anchors WHERE id = ?`, id)
}

func anchors(ctx context.Context, r store.Reader) ([]Anchor, error) {
	return store.All(ctx, r, func(row *sql.Rows, x *Anchor) error {
		var der []byte
		var created int64
		if err := row.Scan(&x.ID, &x.Maker, &x.Scope, &x.Subject, &der, &created); err != nil {
			return err
		}
		x.Imported = store.Time(created)
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("anchor %s: %w", x.ID, err)
		}
		x.cert, x.NotAfter = c, c.NotAfter
		return nil
	}, `SELECT id, name, scope, subject, cert, created FROM cert_anchors ORDER BY name, subject, id`)
}

func orEmpty(b []byte) []byte {
	if b == nil {
		return []byte{} // NULL is nothing's value
	}
	return b
}

// pemCertificates writes certificates one after the other.
func pemCertificates(list []*x509.Certificate) []byte {
	var b bytes.Buffer
	for _, c := range list {
		pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}) //nolint:errcheck // a buffer takes everything
	}
	return b.Bytes()
}

// parseCertificates reads what pemCertificates wrote, passing over other blocks.
func parseCertificates(text []byte) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return out, nil
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
}
