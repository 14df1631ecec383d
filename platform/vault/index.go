package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Index gives the 32 bytes under which a value of a column is found again: HMAC-SHA256 of the
// normalised value under a key that only this column has. Equal values of a column give equal
// bytes, so whoever reads the database learns which rows agree, and nothing else; keep no index
// over a column of few possible values. Make the column's key with Prepare first.
func (v *Vault) Index(ctx context.Context, table, column, value string) ([]byte, error) {
	c, err := v.current(ctx, nil, indexName(table, column))
	if err != nil {
		return nil, err
	}
	if c.mac == nil {
		return nil, &ward.Error{Kind: ward.Internal, Op: "vault.Index"}
	}
	m := hmac.New(sha256.New, c.mac)
	m.Write([]byte(normal(value)))
	return m.Sum(nil), nil
}

func indexName(table, column string) string { return "index:" + table + "." + column }

// normal makes what people take for the same value the same bytes: Unicode NFKC, case folded,
// white space trimmed and single.
func normal(s string) string {
	return strings.Join(strings.Fields(norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))), " ")
}

// Prepare makes, once, the keys of tables and of blind indexes, named TABLE.COLUMN. Start with it:
// afterwards sealing needs no transaction.
func (v *Vault) Prepare(ctx context.Context, tables, indexes []string) error {
	var names []string
	for _, t := range tables {
		names = append(names, "table:"+t)
	}
	for _, i := range indexes {
		names = append(names, "index:"+i)
	}
	var missing []string
	for _, n := range names {
		row, err := newestKey(ctx, v.store, n)
		if err != nil {
			return failed("vault.Prepare", err)
		}
		if row == nil {
			missing = append(missing, n)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	err := v.store.Write(ctx, func(tx store.Tx) error {
		for _, n := range missing {
			if _, err := v.makeKey(ctx, tx, n, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return failed("vault.Prepare", err)
	}
	return nil
}

// Sealer seals the values of one column by the name of their row, for packages that know of no
// vault and no transaction.
type Sealer struct {
	vault *Vault
	place Place
}

// Sealer makes the sealer of a listed column, and its table's key when there is none.
func (v *Vault) Sealer(ctx context.Context, table, column string) (*Sealer, error) {
	s := &Sealer{v, Place{Table: table, Column: column}}
	if _, err := v.keyName(ctx, nil, s.place); err != nil {
		return nil, err
	}
	return s, v.Prepare(ctx, []string{table}, nil)
}

// Seal encrypts the value of a row.
func (s *Sealer) Seal(ctx context.Context, name string, plain []byte) ([]byte, error) {
	c, err := s.vault.current(ctx, nil, "table:"+s.place.Table)
	if err != nil {
		return nil, err
	}
	p := s.place
	p.Row = name
	return c.seal(p, plain)
}

// Open decrypts the value of a row.
func (s *Sealer) Open(ctx context.Context, name string, sealed []byte) ([]byte, error) {
	p := s.place
	p.Row = name
	return s.vault.Open(ctx, s.vault.store, p, sealed)
}
