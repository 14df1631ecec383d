package cli

import (
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/platform/backup"
	"github.com/wardkeeper/wardkeeper/ward"
)

func storeCommands() []*cobra.Command {
	return []*cobra.Command{backupCommand(), rehearseCommand(), restoreCommand(), keysCommand(), migrateStoreCommand()}
}

func backupCommand() *cobra.Command {
	var file, to string
	var recipients []string
	var newKey bool
	c := &cobra.Command{
		Use:   "backup",
		Short: "Write an encrypted backup of everything, while Wardkeeper runs",
		Long: `Write an encrypted backup of the database, the small files of the data folder and the site key into
one file. The first one makes the recovery key and shows it once: print it, put it into a safe.
With the file, this program and that key, everything can be restored on an empty machine.`,
		Example: "  wardkeeper backup\n  wardkeeper backup --config /etc/wardkeeper.yaml --to /mnt/other-disk",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := app.LoadConfig(file, os.Getenv)
			if err != nil {
				return err
			}
			made, key, err := app.BackUp(c.Context(), config, to, recipients, newKey)
			if key != nil {
				c.Printf("This is the recovery key. It is shown this once and kept nowhere. Whoever has it can read every\nbackup; without it no backup can be restored on another machine. Print it, put it into a safe:\n\n  %s\n\n", key.Secret)
			}
			if err != nil {
				return err
			}
			m := &made.Manifest
			c.Printf("%s\n%d files, %d tables, %d audit leaves, %d KB, in %s\n", safe(made.Path), len(m.Files), len(m.Tables), m.Audit.Size,
				(made.Size+999)/1000, made.Took.Round(time.Millisecond))
			for _, l := range m.LeftOut {
				c.Printf("left out: %s, %d bytes: %s\n", safe(l.Name), l.Size, l.Why)
			}
			if m.Audit.Problem != "" {
				c.Printf("WARNING: %s\n", safe(m.Audit.Problem))
			}
			return nil
		},
	}
	c.Flags().StringVarP(&file, "config", "c", "", "configuration `file` (YAML)")
	c.Flags().StringVar(&to, "to", "", "`folder` to write into; else the configured one")
	c.Flags().StringArrayVar(&recipients, "recipient", nil, "age public `key` to encrypt to, instead of the recovery key; may be repeated")
	c.Flags().BoolVar(&newKey, "new-recovery-key", false, "make another recovery key; backups made until now still need the old one")
	return c
}

// recoveryKey opens the file with the recovery key; "-" is standard input.
func recoveryKey(c *cobra.Command, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(c.InOrStdin()), nil
	}
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, &ward.Error{Kind: ward.NotFound, Op: "cli", Msg: "The file with the recovery key cannot be opened.", Err: err}
	}
	return f, nil
}

func rehearseCommand() *cobra.Command {
	var file, identity string
	c := &cobra.Command{
		Use:   "rehearse [FILE]",
		Short: "Restore a backup into a scratch folder, check everything, and report",
		Long: `Restore a backup, the newest one unless a file is named, into a scratch folder, check the files, the
database, the rows of each table, the audit log and the keys, and remove it again. The report is kept.
Without --identity the backup is opened with this server's own key; do it once a quarter with the
recovery key, on paper, to know that the paper is good.`,
		Example: "  wardkeeper rehearse\n  wardkeeper rehearse --identity - /mnt/other-disk/wardkeeper-2026-11-24T010000.123Z.tar.gz.age",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			config, err := app.LoadConfig(file, os.Getenv)
			if err != nil {
				return err
			}
			var key io.Reader
			if identity != "" {
				f, err := recoveryKey(c, identity)
				if err != nil {
					return err
				}
				defer f.Close() //nolint:errcheck // only read
				key = f
			}
			r, err := app.Rehearse(c.Context(), config, append(args, "")[0], key)
			if err != nil {
				return err
			}
			report(c, r)
			if !r.Good {
				return &ward.Error{Kind: ward.Conflict, Op: "cli.rehearse", Msg: "This backup could not be restored: " + r.Problem}
			}
			c.Println("This backup can be restored.")
			return nil
		},
	}
	c.Flags().StringVarP(&file, "config", "c", "", "configuration `file` (YAML)")
	c.Flags().StringVar(&identity, "identity", "", "`file` with the recovery key; - reads it from standard input")
	return c
}

func report(c *cobra.Command, r *backup.Rehearsal) {
	c.Printf("backup       %s\n", safe(r.File))
	if !r.Made.IsZero() {
		c.Printf("made         %s by version %s\n", r.Made.Format(time.RFC3339), safe(r.Version))
	}
	c.Printf("opened with  %s\n", r.OpenedWith)
	c.Printf("files        %d, %d left out when it was made\n", r.Files, r.LeftOut)
	c.Printf("tables       %d with %d rows, as many as were saved\n", r.Tables, r.Rows)
	c.Printf("audit log    %d leaves, root %s\n", r.AuditSize, r.AuditRoot)
	c.Printf("keys         %d opened; site key: %s\n", r.Keys, r.SiteKey)
	if r.Took > 0 {
		c.Printf("took         %s\n", r.Took.Round(time.Millisecond))
	}
}

func restoreCommand() *cobra.Command {
	var to, url, identity string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Bring a backup back into a new data folder, with nothing but the recovery key",
		Long: `Bring a backup back into a new data folder. All that a rehearsal checks is checked first; nothing is
overwritten, and when anything is wrong nothing is left behind. With --store an empty PostgreSQL or
SQLite store is filled instead of making a database in the folder.`,
		Example: "  wardkeeper restore --to /var/lib/wardkeeper --identity key.txt wardkeeper-2026-11-24T010000.123Z.tar.gz.age",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if to == "" || identity == "" {
				return &ward.Error{Kind: ward.Invalid, Op: "cli.restore", Msg: "Say where to restore to with --to, and where the recovery key is with --identity (- reads it from standard input)."}
			}
			f, err := recoveryKey(c, identity)
			if err != nil {
				return err
			}
			defer f.Close() //nolint:errcheck // only read
			r, err := app.Restore(c.Context(), args[0], to, url, f)
			if err != nil {
				return err
			}
			report(c, r)
			if r.Problem != "" {
				c.Printf("WARNING: %s\n", safe(r.Problem))
			}
			c.Printf("Restored into %s. Start with: WARDKEEPER_DATA_DIR=%s wardkeeper serve\n", safe(to), safe(to))
			return nil
		},
	}
	c.Flags().StringVar(&to, "to", "", "data `folder` to make; it must be absent or empty")
	c.Flags().StringVar(&url, "store", "", "empty `store` to fill, postgres://USER@HOST/NAME")
	c.Flags().StringVar(&identity, "identity", "", "`file` with the recovery key; - reads it from standard input")
	return c
}

func keysCommand() *cobra.Command {
	var file string
	c := &cobra.Command{Use: "keys", Short: "Check and replace the keys that protect secrets and patients' values"}
	c.PersistentFlags().StringVarP(&file, "config", "c", "", "configuration `file` (YAML)")
	c.AddCommand(&cobra.Command{
		Use: "check", Short: "Open every key with the site key and say how old they are", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := app.LoadConfig(file, os.Getenv)
			if err != nil {
				return err
			}
			state, err := app.Keys(c.Context(), config)
			if err != nil {
				return err
			}
			c.Printf("site key %s, from a %s; it opens all %d keys\n", state.Site.ID, state.Site.Kind, state.Keys)
			for _, t := range slices.Sorted(maps.Keys(state.Tables)) {
				c.Printf("table %s: newest key of %s\n", t, state.Tables[t])
			}
			return nil
		},
	}, &cobra.Command{
		Use: "rotate", Short: "Replace the site key and the keys of all tables, while Wardkeeper runs", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := app.LoadConfig(file, os.Getenv)
			if err != nil {
				return err
			}
			done, err := app.RotateKeys(c.Context(), config)
			if err != nil {
				return err
			}
			c.Printf("%d keys wrapped and %d values sealed anew. Make a backup now: older ones hold the old site key.\n", done.Wrapped, done.Resealed)
			if done.Damaged > 0 {
				return &ward.Error{Kind: ward.Conflict, Op: "cli.keys", Msg: "Some values do not verify, so their old key is kept. Call your security officer."}
			}
			return nil
		},
	})
	return c
}

func migrateStoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "migrate-store FROM TO",
		Short:   "Copy a whole store into an empty one, as from SQLite to PostgreSQL",
		Example: "  wardkeeper migrate-store sqlite:/var/lib/wardkeeper/wardkeeper.db postgres://wardkeeper@db/wardkeeper",
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return app.MigrateStore(c.Context(), args[0], args[1], func(table string, rows int64) {
				c.Printf("%-40s %d rows\n", table, rows)
			})
		},
	}
}
