package cli

import (
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/wardkeeper/wardkeeper/app"
)

func serveCommand() *cobra.Command {
	var file, watch, data, listen string
	var interfaces, logs []string
	var verbose bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run Wardkeeper: listen on mirror ports, keep the register, serve pages and API",
		Long: `Run Wardkeeper. It listens on the configured interfaces without ever transmitting on them, reads
captures that appear in the watched folder and other sensors' logs, and serves the pages and the
API. On the first start it prints a token with which the administrator is created.

All keys of the configuration: wardkeeper config describe`,
		Example: "  wardkeeper serve\n  WARDKEEPER_INTERFACES=eth1 wardkeeper serve --config /etc/wardkeeper.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := app.LoadConfig(file, os.Getenv, func(c *app.Config) {
				c.Interfaces = append(c.Interfaces, interfaces...)
				c.Logs = append(c.Logs, logs...)
				for set, value := range map[*string]string{&c.Watch: watch, &c.Data: data, &c.Listen: listen} {
					if value != "" {
						*set = value
					}
				}
			})
			if err != nil {
				return err
			}
			return app.Serve(c.Context(), config, c.OutOrStdout(), logger(c, verbose))
		},
	}
	f := c.Flags()
	f.StringVarP(&file, "config", "c", "", "configuration `file` (YAML); the flags below win over it")
	f.StringArrayVar(&interfaces, "interface", nil, "network `interface` to listen on, receive only; may be repeated")
	f.StringVar(&watch, "watch", "", "`folder` to watch for captures")
	f.StringArrayVar(&logs, "logs", nil, "`folder` or file of Zeek or Suricata JSON logs; may be repeated")
	f.StringVar(&data, "data", "", "`folder` for the database and keys")
	f.StringVar(&listen, "listen", "", "`address:port` of the pages and the API")
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "log in more detail")
	return c
}

func demoCommand() *cobra.Command {
	var listen string
	var verbose bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Open a living, synthetic hospital on this machine",
		Long: `Open a living, synthetic hospital on a free port of this machine and print a link that signs you in
once. Its devices speak real protocol bytes through the same path as real traffic. Nothing leaves
this machine; what it stores is removed at the end.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return app.Demo(c.Context(), listen, c.OutOrStdout(), logger(c, verbose))
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "address and `port`; 0 picks a free one")
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "log in more detail")
	return c
}

// logger writes warnings and worse as text for people; with verbose, everything from debug up.
func logger(c *cobra.Command, verbose bool) *slog.Logger {
	level := slog.LevelWarn
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(c.ErrOrStderr(), &slog.HandlerOptions{Level: level}))
}

func configCommand() *cobra.Command {
	c := &cobra.Command{Use: "config", Short: "Explain and check the configuration"}
	c.AddCommand(
		&cobra.Command{
			Use: "describe", Short: "Print every key with its meaning and default, as a configuration file", Args: cobra.NoArgs,
			RunE: func(c *cobra.Command, _ []string) error { return app.Describe(c.OutOrStdout()) },
		},
		&cobra.Command{
			Use: "check FILE", Short: "Say what is wrong with a configuration file, without starting", Args: cobra.ExactArgs(1),
			RunE: func(c *cobra.Command, args []string) error {
				if _, err := app.LoadConfig(args[0], func(string) string { return "" }); err != nil {
					return err
				}
				c.Println("The configuration is sound.")
				return nil
			},
		})
	return c
}
