package backup

import (
	"embed"
	"path/filepath"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/vault"
	"github.com/wardkeeper/wardkeeper/ward"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of backups. They come after those of vault.
func Migrations() store.Migrations { return store.FromEmbed("backup", files) }

// Columns are the sealed columns of backups, for the vault's list.
func Columns() []vault.Column {
	return []vault.Column{{Table: "backup_identities", Key: "kind", Name: "identity"}}
}

// Backups makes and rehearses the backups of one Wardkeeper.
type Backups struct {
	Store   *store.Store
	Stages  []store.Migrations // all of them, as given to Migrate
	Vault   *vault.Vault
	Source  vault.Source // the vault's: a rehearsal tries the site key on the copy
	Data    string       // data folder
	Skip    []string     // names directly below Data that are left out: the database, keys
	Folder  string       // where backups go; empty means "backups" in the data folder
	Site    string
	Version string           // of the program
	Keep    int              // how many backups the nightly job leaves in Folder; 0 means 14
	Now     func() time.Time // nil means time.Now
}

func (b *Backups) now() time.Time {
	if b.Now != nil {
		return b.Now()
	}
	return time.Now()
}

func (b *Backups) folder() string {
	if b.Folder != "" {
		return b.Folder
	}
	return filepath.Join(b.Data, "backups")
}

const (
	manifestFormat = 1
	databaseName   = "database/wardkeeper.db"
	siteKeyName    = "keys/site.key.age"
	manifestName   = "manifest.json"
	dataPrefix     = "data/"
	suffix         = ".tar.gz.age"
	stamp          = "2006-01-02T150405.000Z"
	recoveryFile   = "recovery.pub"
	scratchPrefix  = ".scratch-"
)

// Bounds of what one backup may hold beside the database.
const (
	maxFile     = 64 << 20
	maxFiles    = 100_000
	maxManifest = 64 << 20
)

// Manifest says what is in a backup.
type Manifest struct {
	Format  int       `json:"format"`
	Made    time.Time `json:"made"`
	Site    string    `json:"site"`
	Version string    `json:"version"` // of the program that made it
	Engine  string    `json:"engine"`  // of the store it was made from
	Files   []File    `json:"files"`
	LeftOut []LeftOut `json:"leftOut,omitempty"`
	Tables  []Table   `json:"tables"`
	Audit   Audit     `json:"audit"`
	SiteKey string    `json:"siteKey,omitempty"` // fingerprint of the site key that is inside
}

// File is a file of a backup.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// LeftOut is a file that stayed behind, and why.
type LeftOut struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Why  string `json:"why"`
}

// Table is a table and how many rows it holds.
type Table struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// Audit is the state of the audit log. Problem is set when the log did not verify even when the
// backup was made.
type Audit struct {
	Size    int64  `json:"size"`
	Root    string `json:"root"`
	Problem string `json:"problem,omitempty"`
}

func broken(op, msg string, err error) error {
	return &ward.Error{Kind: ward.Conflict, Op: op, Msg: msg, Err: err}
}

func unable(op, msg string, err error) error {
	return &ward.Error{Kind: ward.Unavailable, Op: op, Msg: msg, Err: err}
}
