package cert

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/proto/est"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Scope is what a manufacturer's trust anchor is believed for.
type Scope string

// The scopes.
const (
	ScopeIdentity Scope = "identity" // its certificates say who a device is
	ScopeEnrol    Scope = "enrol"    // and are enough to be given a certificate of ours, for a device that the register knows
)

// Anchor is the certificate of a manufacturer's authority.
type Anchor struct {
	ID       string    `json:"id"` // SHA-256 of the certificate, hex
	Maker    string    `json:"maker"`
	Scope    Scope     `json:"scope"`
	Subject  string    `json:"subject"`
	NotAfter time.Time `json:"notAfter"`
	Imported time.Time `json:"imported"`

	cert *x509.Certificate
}

// Rejected is a part of an imported bundle that was not taken.
type Rejected struct {
	Position int    `json:"position"` // from 1
	Why      string `json:"why"`
}

// Bounds of what ImportAnchors reads.
const (
	maxBundle  = 1 << 20
	maxAnchors = 256 // in one bundle
)

// ImportAnchors takes the trust anchors of a manufacturer: PEM, a certificate in DER, or a PKCS#7
// bundle (.p7b). Parts that are no anchors are reported and the rest goes in. Anchors that are
// known already take the new maker and scope.
func (a *Authority) ImportAnchors(ctx context.Context, maker string, scope Scope, bundle []byte) ([]Anchor, []Rejected, error) {
	maker = strings.TrimSpace(maker)
	switch {
	case maker == "" || utf8.RuneCountInString(maker) > 128:
		return nil, nil, invalid("cert.ImportAnchors", "Name the manufacturer, as claims about its devices do.", nil)
	case scope != ScopeIdentity && scope != ScopeEnrol:
		return nil, nil, invalid("cert.ImportAnchors", "The scope is identity or enrol.", nil)
	case len(bundle) > maxBundle:
		return nil, nil, invalid("cert.ImportAnchors", "The file is larger than 1 MB.", nil)
	}
	good, bad := readAnchors(bundle)
	for i := range good {
		good[i].Maker, good[i].Scope, good[i].Imported = maker, scope, a.now()
	}
	if len(good) == 0 {
		why := "There is no certificate in the file (PEM, DER or PKCS#7)."
		if len(bad) > 0 {
			why = "Nothing in the file is a trust anchor: " + bad[0].Why
		}
		return nil, bad, invalid("cert.ImportAnchors", why, nil)
	}
	err := a.Door.Do(ctx, access.Action{Verb: "cert.import-anchors", Permission: access.CertsChange, Object: "anchors",
		Summary: fmt.Sprintf("%d trust anchors of %s were imported, for %s.", len(good), maker, scope)}, func(tx store.Tx) error {
		for i := range good {
			if err := upsertAnchor(ctx, tx, a.Site, &good[i], a.now()); err != nil {
				return err
			}
		}
		return nil
	})
	a.forget()
	if err != nil {
		return nil, bad, err
	}
	return good, bad, nil
}

// readAnchors finds the certificates of a bundle and sorts out what is no anchor.
func readAnchors(bundle []byte) (good []Anchor, bad []Rejected) {
	var parts [][]byte
	switch {
	case bytes.Contains(bundle, []byte("-----BEGIN ")):
		for block, rest := pem.Decode(bundle); block != nil && len(parts) <= maxAnchors; block, rest = pem.Decode(rest) {
			switch block.Type {
			case "CERTIFICATE":
				parts = append(parts, block.Bytes)
			case "PKCS7", "CMS":
				if certs, err := est.ParseCertsOnly(block.Bytes); err == nil {
					parts = append(parts, certs...)
				}
			default:
				parts = append(parts, nil)
			}
		}
	default:
		if certs, err := est.ParseCertsOnly(bundle); err == nil {
			parts = certs
		} else if len(bundle) > 0 {
			parts = [][]byte{bundle}
		}
	}
	seen := map[string]bool{}
	for i, der := range parts {
		if i == maxAnchors {
			bad = append(bad, Rejected{i + 1, fmt.Sprintf("more than %d certificates: this and all after it were left out", maxAnchors)})
			break
		}
		c, err := x509.ParseCertificate(der)
		switch {
		case err != nil:
			bad = append(bad, Rejected{i + 1, "not a certificate"})
			continue
		case !c.IsCA && c.Version == 3 || c.BasicConstraintsValid && !c.IsCA:
			bad = append(bad, Rejected{i + 1, "the certificate of a device or a server, not of an authority: " + c.Subject.String()})
			continue
		case c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
			bad = append(bad, Rejected{i + 1, "it may not sign certificates: " + c.Subject.String()})
			continue
		case est.CheckKey(c.PublicKey) != nil:
			bad = append(bad, Rejected{i + 1, "its key is too weak: " + c.Subject.String()})
			continue
		}
		x := Anchor{ID: fingerprint(sha256.Sum256(c.Raw)), Subject: c.Subject.String(), NotAfter: c.NotAfter, cert: c}
		if !seen[x.ID] {
			seen[x.ID] = true
			good = append(good, x)
		}
	}
	return good, bad
}

// Anchors gives all trust anchors.
func (a *Authority) Anchors(ctx context.Context) ([]Anchor, error) { return anchors(ctx, a.Store) }

// RemoveAnchor takes a trust anchor away; devices that only it vouched for are unproven from then on.
func (a *Authority) RemoveAnchor(ctx context.Context, id string) error {
	err := a.Door.Do(ctx, access.Action{Verb: "cert.remove-anchor", Permission: access.CertsChange, Object: id, Summary: "A trust anchor was removed."},
		func(tx store.Tx) error {
			n, err := deleteAnchor(ctx, tx, id)
			if err == nil && n == 0 {
				return &ward.Error{Kind: ward.NotFound, Op: "cert.RemoveAnchor", Msg: "There is no such trust anchor."}
			}
			return err
		})
	a.forget()
	return err
}
