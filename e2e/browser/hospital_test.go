package browser

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/app"
)

// openHospital runs the demo as `wardkeeper demo` does and gives its address and its sign-in link.
func openHospital(t *testing.T) (base, link string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	in, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := app.Demo(ctx, "127.0.0.1:0", out, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})))
		out.CloseWithError(err)
		ended <- err
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the demo ended badly: %v", err)
		}
	})
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if _, after, ok := strings.Cut(lines.Text(), "Open "); ok {
			go func() { _, _ = io.Copy(io.Discard, in) }()
			link = strings.TrimSpace(after)
			base, _, _ = strings.Cut(link, "/enter")
			return base, link
		}
	}
	t.Fatalf("the demo printed no link: %v", lines.Err())
	return "", ""
}
