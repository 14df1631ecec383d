package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// RecoveryKey is the one secret with which a backup can be opened anywhere. It is shown once and
// kept nowhere.
type RecoveryKey struct {
	Secret string // AGE-SECRET-KEY-PQ-1...
	Public string // age1pq1...
}

// NewRecoveryKey makes a recovery key and keeps its public half in the data folder. It refuses
// when there is one already, unless replace is set: backups made until now still need the old one.
func (b *Backups) NewRecoveryKey(replace bool) (RecoveryKey, error) {
	path := filepath.Join(b.Data, recoveryFile)
	if _, err := os.Lstat(path); err == nil && !replace {
		return RecoveryKey{}, &ward.Error{Kind: ward.Conflict, Op: "backup.NewRecoveryKey", Msg: "There is a recovery key already."}
	}
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		return RecoveryKey{}, err
	}
	key := RecoveryKey{id.String(), id.Recipient().String()}
	text := fmt.Sprintf("# Backups are encrypted to this key. Its secret half was shown once, on %s.\n%s\n", b.now().UTC().Format(time.DateOnly), key.Public)
	next := path + ".next"
	if err := os.WriteFile(next, []byte(text), 0o600); err != nil {
		return RecoveryKey{}, unable("backup.NewRecoveryKey", "The recovery key could not be kept in the data folder.", err)
	}
	if err := os.Rename(next, path); err != nil {
		return RecoveryKey{}, unable("backup.NewRecoveryKey", "The recovery key could not be kept in the data folder.", err)
	}
	return key, nil
}

// HasRecoveryKey reports whether backups can be made without naming a recipient.
func (b *Backups) HasRecoveryKey() bool {
	_, err := os.Stat(filepath.Join(b.Data, recoveryFile))
	return err == nil
}

// recovery gives the recipients who can open a backup anywhere: those named, else the recovery key.
func (b *Backups) recovery(named []string) ([]age.Recipient, error) {
	if len(named) > 0 {
		list, err := age.ParseRecipients(strings.NewReader(strings.Join(named, "\n")))
		if err != nil {
			return nil, &ward.Error{Kind: ward.Invalid, Op: "backup.Make", Msg: "A recipient is no age public key (age1... or age1pq1...)."}
		}
		return list, nil
	}
	f, err := os.Open(filepath.Join(b.Data, recoveryFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &ward.Error{Kind: ward.NotFound, Op: "backup.Make",
			Msg: "There is no recovery key yet, so nobody could open the backup. Run `wardkeeper backup` once: it makes one and shows it."}
	}
	if err != nil {
		return nil, unable("backup.Make", "The recovery key's public half cannot be read.", err)
	}
	defer f.Close() //nolint:errcheck // only read
	list, err := age.ParseRecipients(f)
	if err != nil {
		return nil, &ward.Error{Kind: ward.Invalid, Op: "backup.Make", Msg: "The file recovery.pub in the data folder is damaged. Make a new recovery key."}
	}
	return list, nil
}

// kindOf says of which kind all recipients are: age refuses to mix them in one file, since one
// classic recipient would undo what the others gain.
func kindOf(list []age.Recipient) (string, error) {
	hybrid := 0
	for _, r := range list {
		if _, ok := r.(*age.HybridRecipient); ok {
			hybrid++
		}
	}
	switch hybrid {
	case len(list):
		return "hybrid", nil
	case 0:
		return "classic", nil
	}
	return "", &ward.Error{Kind: ward.Invalid, Op: "backup.Make",
		Msg: "The recipients are of two kinds: give only post-quantum ones (age1pq1...) or only classic ones (age1...)."}
}

// ownRecipient gives the public half of the server's own key of a kind, making the key when there
// is none.
func (b *Backups) ownRecipient(ctx context.Context, kind string) (age.Recipient, error) {
	var public string
	err := b.Store.QueryRow(ctx, `SELECT public FROM backup_identities WHERE kind = ?`, kind).Scan(&public)
	if err != nil {
		if public, err = b.makeOwn(ctx, kind); err != nil {
			return nil, err
		}
	}
	list, err := age.ParseRecipients(strings.NewReader(public))
	if err != nil {
		return nil, broken("backup.Make", "The server's own backup key is damaged in the database.", nil)
	}
	return list[0], nil
}

func (b *Backups) makeOwn(ctx context.Context, kind string) (string, error) {
	var secret, public string
	if kind == "hybrid" {
		id, err := age.GenerateHybridIdentity()
		if err != nil {
			return "", err
		}
		secret, public = id.String(), id.Recipient().String()
	} else {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			return "", err
		}
		secret, public = id.String(), id.Recipient().String()
	}
	sealer, err := b.Vault.Sealer(ctx, "backup_identities", "identity")
	if err != nil {
		return "", err
	}
	sealed, err := sealer.Seal(ctx, kind, []byte(secret))
	if err != nil {
		return "", err
	}
	err = b.Store.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO backup_identities (kind, public, identity) VALUES (?, ?, ?) ON CONFLICT (kind) DO NOTHING`, kind, public, sealed)
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT public FROM backup_identities WHERE kind = ?`, kind).Scan(&public)
	})
	return public, err
}

// ownIdentities gives the server's own keys.
func (b *Backups) ownIdentities(ctx context.Context) ([]age.Identity, error) {
	sealer, err := b.Vault.Sealer(ctx, "backup_identities", "identity")
	if err != nil {
		return nil, err
	}
	var out []age.Identity
	for _, kind := range []string{"hybrid", "classic"} {
		var sealed []byte
		if err := b.Store.QueryRow(ctx, `SELECT identity FROM backup_identities WHERE kind = ?`, kind).Scan(&sealed); err != nil {
			continue
		}
		secret, err := sealer.Open(ctx, kind, sealed)
		if err != nil {
			return nil, err
		}
		list, err := age.ParseIdentities(strings.NewReader(string(secret)))
		clear(secret)
		if err != nil {
			return nil, broken("backup.Rehearse", "The server's own backup key is damaged in the database.", nil)
		}
		out = append(out, list...)
	}
	if len(out) == 0 {
		return nil, &ward.Error{Kind: ward.NotFound, Op: "backup.Rehearse", Msg: "This server has made no backup yet. Give the recovery key with --identity."}
	}
	return out, nil
}

// Identities reads a recovery key as it was shown: one or more lines AGE-SECRET-KEY-...
func Identities(r io.Reader) ([]age.Identity, error) {
	list, err := age.ParseIdentities(io.LimitReader(r, 64<<10))
	if err != nil { // the cause might quote the key
		return nil, &ward.Error{Kind: ward.Invalid, Op: "backup.Identities", Msg: "This is no recovery key: it begins with AGE-SECRET-KEY-."}
	}
	return list, nil
}
