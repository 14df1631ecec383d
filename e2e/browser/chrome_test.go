package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// startBrowser starts one Chromium with a profile of its own, or skips.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	path := os.Getenv("WARDKEEPER_CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium: CI must look at the pages")
		}
		t.Skip("SKIPPED: no Chromium here, so nobody looked at the pages (apt-get install chromium)")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	return ctx
}

// A look is one way of looking at a page.
type look struct {
	name          string
	width, height int64
	phone         bool
	scheme        string
}

var looks = []look{
	{"desktop-light", 1440, 900, false, "light"}, {"desktop-dark", 1440, 900, false, "dark"},
	{"phone-light", 390, 844, true, "light"}, {"phone-dark", 390, 844, true, "dark"},
}

// A tab is one tab of the browser and what its console said.
type tab struct {
	ctx  context.Context
	mu   sync.Mutex
	said []string
}

// openTab opens a tab that looks in one way. Its console is read until the test ends.
func openTab(t *testing.T, browser context.Context, l look) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(stop)
	b := &tab{ctx: ctx}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			b.mu.Lock()
			b.said = append(b.said, m.String()+" "+m.URL)
			b.mu.Unlock()
		}
	}()
	viewport := []chromedp.EmulateViewportOption{chromedp.EmulateScale(1)}
	if l.phone {
		viewport = append(viewport, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	scheme := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: l.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(l.width, l.height, viewport...), scheme); err != nil {
		t.Fatal(err)
	}
	return b
}

// console gives what the console said since the last call.
func (b *tab) console() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	said := b.said
	b.said = nil
	return said
}

func (b *tab) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates an expression in the page.
func ask[T any](t *testing.T, b *tab, expression string) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits until an expression is true in the page, across the loading of new pages.
func (b *tab) until(t *testing.T, what, expression string) {
	t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, 45*time.Second)
	defer stop()
	clock := time.NewTicker(100 * time.Millisecond)
	defer clock.Stop()
	for {
		yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)) // an error: between two pages, or not there yet
		if err == nil && yes {
			return
		}
		select {
		case <-ctx.Done():
			b.shoot(t, "failed-"+strings.NewReplacer("/", "-", " ", "-").Replace(t.Name()))
			t.Fatalf("waiting until %s: %v", what, err)
		case <-clock.C:
		}
	}
}

// axe is the accessibility checker; empty when it is not installed.
func axe(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("axe-core is missing, and CI must check accessibility: run npm ci in e2e/browser (%v)", err)
		}
		t.Log("SKIPPED: accessibility, because axe-core is not installed (npm ci in e2e/browser)")
		return ""
	}
	return string(text)
}

const runAxe = `axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then(r => JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map(n => n.html.slice(0, 200) + " :: " + (n.any[0] || n.all[0] || n.none[0] || {}).message)}))))`

// violations runs the checker in the page.
func (b *tab) violations(t *testing.T, checker string) []string {
	t.Helper()
	if checker == "" {
		return nil
	}
	if !ask[bool](t, b, `typeof axe === "object"`) {
		ask[any](t, b, checker+"; true")
	}
	var list []struct {
		ID    string   `json:"id"`
		Help  string   `json:"help"`
		Nodes []string `json:"nodes"`
	}
	if err := json.Unmarshal([]byte(ask[string](t, b, runAxe)), &list); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, v := range list {
		out = append(out, fmt.Sprintf("%s (%s):\n\t%s", v.ID, v.Help, strings.Join(v.Nodes, "\n\t")))
	}
	return out
}

// shoot keeps a picture of the whole page.
func (b *tab) shoot(t *testing.T, name string) {
	t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join("..", "..", ".artifacts", "screenshots")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
