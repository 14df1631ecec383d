package cli

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/cert"
	"github.com/wardkeeper/wardkeeper/ward"
)

func certCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "cert", Short: "Give devices certificates: the authorities, one-time passwords, revocation, trust anchors",
		Long: `Give devices certificates. The commands work on the store that the configuration names, beside a
running Wardkeeper or without one, and are written to the audit log under the name of the user who
runs them. Those of "cert root" need no store: run them on a machine that you can lock away.`,
	}
	c.AddCommand(certRootCommand(), certIssuingCommand(), certPasswordCommand(), certListCommand(), certRevokeCommand(), certAnchorsCommand())
	return c
}

// local is how commands reach the store without a server.
type local struct{ config string }

func (l *local) flags(c *cobra.Command) *cobra.Command {
	c.Flags().StringVarP(&l.config, "config", "c", "", "configuration `file` (YAML), as for serve")
	return c
}

// with opens the store, does the work as the user of the command line, and closes it.
func (l *local) with(c *cobra.Command, work func(context.Context, *app.System) error) error {
	config, err := app.LoadConfig(l.config, os.Getenv)
	if err != nil {
		return err
	}
	s, err := app.Open(c.Context(), config, logger(c, false))
	if err != nil {
		return err
	}
	name := "command line"
	if u, err := user.Current(); err == nil {
		name += " of " + u.Username
	}
	ctx := access.AsSystem(c.Context(), name)
	if err = s.OpenCertificates(ctx); err == nil {
		err = work(ctx, s)
	}
	return errors.Join(err, s.Close())
}

func certRootCommand() *cobra.Command {
	c := &cobra.Command{Use: "root", Short: "Make and use the root, the key that is kept offline"}
	var name, phrase string
	create := &cobra.Command{
		Use: "create FILE", Short: "Make a root and write it, encrypted with a passphrase, into a new file", Args: cobra.ExactArgs(1),
		Long: "Make a root and write it, encrypted with a passphrase, into a new file.\n" + phraseHelp,
		RunE: func(c *cobra.Command, args []string) error {
			secret, err := rootPassphrase(c, phrase, true)
			if err != nil {
				return err
			}
			r, err := cert.NewRoot(name, time.Now())
			if err != nil {
				return err
			}
			f, err := os.OpenFile(args[0], os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if err != nil {
				return &ward.Error{Kind: ward.Invalid, Op: "cli.cert", Msg: "The root's file cannot be made; one that is there already is never overwritten.", Err: err}
			}
			if err := errors.Join(r.Seal(f, secret), f.Sync(), f.Close()); err != nil {
				return errors.Join(err, os.Remove(args[0]))
			}
			c.PrintErrf("Made the root %q, valid until %s.\nKeep %s and its passphrase apart, offline, each in two places.\n",
				name, r.Cert.NotAfter.Format(time.DateOnly), args[0])
			return writePEM(c.OutOrStdout(), "CERTIFICATE", r.Cert.Raw)
		},
	}
	create.Flags().StringVar(&name, "name", "", "name that stands in the certificate: Example Hospital Device Root")
	export := &cobra.Command{
		Use: "export FILE", Short: "Print the root's certificate (PEM), which devices are to trust", Args: cobra.ExactArgs(1),
		Long: "Print the root's certificate (PEM), which devices are to trust. The key stays in the file; `age --decrypt` takes it out.\n" + phraseHelp,
		RunE: func(c *cobra.Command, args []string) error {
			r, err := openRoot(c, args[0], phrase)
			if err != nil {
				return err
			}
			return writePEM(c.OutOrStdout(), "CERTIFICATE", r.Cert.Raw)
		},
	}
	crl := &cobra.Command{
		Use: "crl FILE [CERTIFICATE...]", Short: "Print a new revocation list of the root (PEM) that names these issuing authorities", Args: cobra.MinimumNArgs(1),
		Long: `Print a new revocation list of the root (PEM) that names these issuing authorities (PEM files). Name all that
are to be distrusted, each time. "cert issuing install" takes the list. It holds for a year.
` + phraseHelp,
		RunE: func(c *cobra.Command, args []string) error { return rootCRL(c, args, phrase) },
	}
	for _, sub := range []*cobra.Command{create, export, crl} {
		sub.Flags().StringVar(&phrase, "passphrase-file", "", "read the passphrase from the first line of a `file`")
		c.AddCommand(sub)
	}
	return c
}

func rootCRL(c *cobra.Command, args []string, phrase string) error {
	r, err := openRoot(c, args[0], phrase)
	if err != nil {
		return err
	}
	revoked, err := cert.ReadAuthorities(args[1:]...)
	if err != nil {
		return err
	}
	list, err := r.CRL(revoked, time.Now())
	if err != nil {
		return err
	}
	return writePEM(c.OutOrStdout(), "X509 CRL", list)
}

func writePEM(w io.Writer, kind string, der []byte) error {
	return pem.Encode(w, &pem.Block{Type: kind, Bytes: der})
}

func openRoot(c *cobra.Command, file, phrase string) (*cert.Root, error) {
	f, err := os.Open(file) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, &ward.Error{Kind: ward.Invalid, Op: "cli.cert", Msg: "The root's file could not be opened.", Err: err}
	}
	defer f.Close() //nolint:errcheck // only read
	secret, err := rootPassphrase(c, phrase, false)
	if err != nil {
		return nil, err
	}
	return cert.OpenRoot(f, secret)
}

func certIssuingCommand() *cobra.Command {
	c := &cobra.Command{Use: "issuing", Short: "Make the issuing authority, whose key stands sealed in the store"}
	var l local
	var name, phrase, address string
	request := &cobra.Command{
		Use: "request", Short: "Make a key for an issuing authority and print the request that a root is to sign", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return l.with(c, func(ctx context.Context, s *app.System) error {
				csr, err := s.Certs.RequestIssuing(ctx, name)
				if err != nil {
					return err
				}
				_, err = c.OutOrStdout().Write(csr)
				return err
			})
		},
	}
	sign := &cobra.Command{
		Use: "sign ROOT [REQUEST]", Short: "Sign a request with the root; without one, request, sign and install in one go", Args: cobra.RangeArgs(1, 2),
		Long: `With REQUEST (from "cert issuing request"), sign it with the root and print what "cert issuing install" takes.
That needs no store: do it on the machine where the root is kept. Without REQUEST, make a key in the
store, sign it and put it in use: for trying out, and for sites that keep the root on a stick.
` + phraseHelp,
		RunE: func(c *cobra.Command, args []string) error {
			root, err := openRoot(c, args[0], phrase)
			if err != nil {
				return err
			}
			if len(args) == 2 {
				csr, err := readSmall(args[1])
				if err != nil {
					return err
				}
				bundle, err := root.SignIssuing(csr, address, time.Now())
				if err != nil {
					return err
				}
				_, err = c.OutOrStdout().Write(bundle)
				return err
			}
			return l.with(c, func(ctx context.Context, s *app.System) error {
				csr, err := s.Certs.RequestIssuing(ctx, name)
				if err != nil {
					return err
				}
				if address == "" {
					address = s.Config.PKIURL
				}
				bundle, err := root.SignIssuing(csr, address, time.Now())
				if err != nil {
					return err
				}
				return installBundle(ctx, c, s, bundle)
			})
		},
	}
	install := &cobra.Command{
		Use: "install FILE", Short: "Put in use what the root signed, or a new revocation list of the root", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			bundle, err := readSmall(args[0])
			if err != nil {
				return err
			}
			return l.with(c, func(ctx context.Context, s *app.System) error { return installBundle(ctx, c, s, bundle) })
		},
	}
	for _, sub := range []*cobra.Command{request, sign} {
		sub.Flags().StringVar(&name, "name", "Wardkeeper Device Issuing", "name that stands in the certificate")
	}
	sign.Flags().StringVar(&phrase, "passphrase-file", "", "read the passphrase from the first line of a `file`")
	sign.Flags().StringVar(&address, "url", "", "pkiURL of the configuration, when signing without one")
	c.AddCommand(l.flags(request), l.flags(sign), l.flags(install))
	return c
}

func installBundle(ctx context.Context, c *cobra.Command, s *app.System, bundle []byte) error {
	made, err := s.Certs.Install(ctx, bundle)
	if err != nil {
		return err
	}
	if made == nil {
		c.Println("The root's revocation list is in use.")
		return nil
	}
	c.Printf("%s issues certificates from now on, until %s.\n", safe(made.Subject.CommonName), made.NotAfter.Format(time.DateOnly))
	return nil
}

func readSmall(file string) ([]byte, error) {
	f, err := os.Open(file) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, &ward.Error{Kind: ward.Invalid, Op: "cli.cert", Msg: "The file could not be opened.", Err: err}
	}
	defer f.Close() //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(f, 2<<20))
}

func certPasswordCommand() *cobra.Command {
	var l local
	var life time.Duration
	c := &cobra.Command{
		Use: "password DEVICE", Short: "Make the one-time password with which a device enrols; it is shown this once", Args: cobra.ExactArgs(1),
		Long: `Make the one-time password with which a device of the register (by id, address, name or serial) enrols once.
It ends after --life, when it is used, or when another one is made for the device.`,
		RunE: func(c *cobra.Command, args []string) error {
			return l.with(c, func(ctx context.Context, s *app.System) error {
				id, err := s.FindDevice(ctx, args[0])
				if err != nil {
					return err
				}
				word, until, err := s.Certs.MakePassword(ctx, id, life)
				if err != nil {
					return err
				}
				c.Printf("user      %s\npassword  %s\nuntil     %s\n", id, word, until.Local().Format("2006-01-02 15:04"))
				return nil
			})
		},
	}
	c.Flags().DurationVar(&life, "life", cert.PasswordLife, "how long it holds, up to 744h")
	return l.flags(c)
}

func certListCommand() *cobra.Command {
	var l local
	var limit int
	var asJSONText bool
	c := &cobra.Command{
		Use: "list [DEVICE]", Short: "List certificates that were issued, newest first", Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return l.with(c, func(ctx context.Context, s *app.System) error {
				device := ""
				if len(args) == 1 {
					var err error
					if device, err = s.FindDevice(ctx, args[0]); err != nil {
						return err
					}
				}
				list, err := s.Certs.List(ctx, device, limit)
				if err != nil {
					return err
				}
				if asJSONText {
					return asJSON(c, list)
				}
				t := table{head: []string{"SERIAL", "DEVICE", "STATE", "FROM", "UNTIL", "BY"}}
				for i := range list {
					x := &list[i]
					t.add(x.Serial, orServer(x.Device), x.State(time.Now()), x.NotBefore.Local().Format(time.DateOnly), x.NotAfter.Local().Format(time.DateOnly), x.How)
				}
				return t.print(c.OutOrStdout(), 0)
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 100, "rows at most")
	c.Flags().BoolVar(&asJSONText, "json", false, "print JSON")
	return l.flags(c)
}

func orServer(device string) string {
	if device == "" {
		return "(Wardkeeper)"
	}
	return device
}

func certRevokeCommand() *cobra.Command {
	var l local
	var reason string
	var names []string
	for n := range cert.Reasons {
		names = append(names, n)
	}
	slices.Sort(names)
	c := &cobra.Command{
		Use: "revoke SERIAL", Short: "End a certificate before its time: from then on it proves nothing", Args: cobra.ExactArgs(1),
		Long: `End a certificate before its time, as when its key is known to others or the device is gone. Listeners that need a
certificate turn its holder away from then on: on a device in use, make sure that care does not depend on it first.`,
		RunE: func(c *cobra.Command, args []string) error {
			why, ok := cert.Reasons[reason]
			if !ok {
				return &ward.Error{Kind: ward.Invalid, Op: "cli.cert", Msg: fmt.Sprintf("The reason is one of %s.", strings.Join(names, ", "))}
			}
			return l.with(c, func(ctx context.Context, s *app.System) error {
				if err := s.Certs.Revoke(ctx, args[0], why); err != nil {
					return err
				}
				c.Println("Revoked. A running Wardkeeper knows within 15 seconds.")
				return nil
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "unspecified", strings.Join(names, ", "))
	return l.flags(c)
}

func certAnchorsCommand() *cobra.Command {
	c := &cobra.Command{Use: "anchors", Short: "Keep the manufacturers' authorities that are believed"}
	var l local
	var maker, scope string
	imported := &cobra.Command{
		Use: "import FILE", Short: "Believe the authorities in a bundle (PEM, DER or PKCS#7) of a manufacturer", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			bundle, err := readSmall(args[0])
			if err != nil {
				return err
			}
			return l.with(c, func(ctx context.Context, s *app.System) error {
				good, bad, err := s.Certs.ImportAnchors(ctx, maker, cert.Scope(scope), bundle)
				for _, x := range good {
					c.Printf("taken     %s, until %s\n          SHA-256 %s\n", safe(x.Subject), x.NotAfter.Format(time.DateOnly), x.ID)
				}
				for _, x := range bad {
					c.Printf("left out  part %d: %s\n", x.Position, safe(x.Why))
				}
				if err == nil {
					c.Println("Compare each SHA-256 with what the manufacturer publishes; `cert anchors remove` takes one back.")
				}
				return err
			})
		},
	}
	imported.Flags().StringVar(&maker, "maker", "", "the manufacturer, as claims about its devices name it")
	imported.Flags().StringVar(&scope, "scope", string(cert.ScopeIdentity), "identity: says who a device is; enrol: also lets devices of the register enrol without a password")
	list := &cobra.Command{
		Use: "list", Short: "List the authorities that are believed", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return l.with(c, func(ctx context.Context, s *app.System) error {
				all, err := s.Certs.Anchors(ctx)
				if err != nil {
					return err
				}
				t := table{head: []string{"MANUFACTURER", "FOR", "AUTHORITY", "UNTIL", "SHA-256"}}
				for _, x := range all {
					t.add(x.Maker, string(x.Scope), x.Subject, x.NotAfter.Format(time.DateOnly), x.ID)
				}
				return t.print(c.OutOrStdout(), 0)
			})
		},
	}
	remove := &cobra.Command{
		Use: "remove SHA256", Short: "Stop believing an authority", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return l.with(c, func(ctx context.Context, s *app.System) error { return s.Certs.RemoveAnchor(ctx, args[0]) })
		},
	}
	c.AddCommand(l.flags(imported), l.flags(list), l.flags(remove))
	return c
}
