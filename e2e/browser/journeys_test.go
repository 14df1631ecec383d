package browser

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/wardkeeper/wardkeeper/sim"
)

// journey drives one page the way a person does. The tab is signed in.
type journey struct {
	name string
	walk func(t *testing.T, b *tab, base string)
}

var journeys = []journey{
	{"typing filters without losing the place", typing}, {"keys", keyboard}, {"why and back", whyAndBack}, {"the overview lives", alive}, {"a dropped capture", dropped},
}

// mark leaves something on the window that a new page would not have.
const mark = `window.marked = true`

func typing(t *testing.T, b *tab, base string) {
	b.do(t, chromedp.Navigate(base+"/devices"))
	b.until(t, "the script runs", `document.documentElement.classList.contains("scripted")`)
	ask[bool](t, b, mark)
	b.do(t, chromedp.SendKeys(chromedp.ID("filter"), "windows 7 imaging"))
	b.until(t, "only such rows are left", `location.search.includes("q=windows") && document.querySelectorAll("#rows tr").length > 0
		&& [...document.querySelectorAll("#rows tr")].every(r => /windows 7/i.test(r.textContent))`)
	if !ask[bool](t, b, `window.marked === true && document.activeElement.id === "filter" && document.activeElement.value === "windows 7 imaging"`) {
		t.Error("the page was loaded anew, or the focus or the words were lost")
	}
	b.shoot(t, "journey-filter")
}

func keyboard(t *testing.T, b *tab, base string) {
	b.do(t, chromedp.Navigate(base+"/devices"))
	b.until(t, "the script runs", `document.documentElement.classList.contains("scripted")`)
	b.do(t, chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("x"))
	b.until(t, "the second row is chosen and the bar says so", `document.querySelectorAll("#rows tr")[1].querySelector("input").checked
		&& document.querySelector("[data-count]").textContent === "1 selected" && document.querySelector(".pickbar").checkVisibility()`)
	b.shoot(t, "journey-selection")
	b.do(t, chromedp.KeyEvent("w"))
	b.until(t, "the evidence is open", `location.pathname.endsWith("/why/type") && document.getElementById("drawer") !== null && document.documentElement.classList.contains("scripted")`)
	b.do(t, chromedp.KeyEvent("\x1b"))
	b.until(t, "Esc closes it", `document.getElementById("drawer") === null && !location.pathname.includes("/why/")`)
	b.do(t, chromedp.KeyEvent("/"))
	b.until(t, "the slash goes to the finder", `document.activeElement.id === "find"`)
}

func whyAndBack(t *testing.T, b *tab, base string) {
	b.do(t, chromedp.Navigate(base+"/"))
	b.until(t, "the swapped pump is a problem", `[...document.querySelectorAll("#problems a")].some(a => a.textContent.startsWith("Compare both"))`)
	ask[bool](t, b, `[...document.querySelectorAll("#problems a")].find(a => a.textContent.startsWith("Compare both")).click(); true`)
	b.until(t, "old and new stand side by side", `document.querySelectorAll(".swap tbody tr").length === 2 && document.documentElement.classList.contains("scripted")`)
	b.shoot(t, "journey-swap")
	ask[bool](t, b, mark)
	b.do(t, chromedp.Click(chromedp.CSS(".swap a.main")))
	b.until(t, "both frames are shown", `document.querySelectorAll("#drawer .ev li").length >= 2 && document.querySelector("#drawer .against") !== null
		&& [...document.querySelectorAll("#drawer .ev")].filter(u => u.textContent.includes("frame")).length >= 2`)
	b.shoot(t, "journey-swap-why")
	b.do(t, chromedp.NavigateBack())
	b.until(t, "back closes the evidence in the same page", `document.getElementById("drawer") === null && window.marked === true`)
}

func alive(t *testing.T, b *tab, base string) {
	b.do(t, chromedp.Navigate(base+"/"))
	b.until(t, "the script runs", `document.documentElement.classList.contains("scripted")`)
	ask[bool](t, b, mark+`; window.stamp = document.getElementById("as-of").textContent; true`)
	b.until(t, "the page changes by itself", `document.getElementById("as-of").textContent !== window.stamp && window.marked === true`)
}

func dropped(t *testing.T, b *tab, base string) {
	text, err := sim.Capture(3, time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "friday.pcap")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	b.do(t, chromedp.Navigate(base+"/sensors"), chromedp.SetUploadFiles(chromedp.ID("capture"), []string{file}), chromedp.Click(chromedp.CSS(".drop button[type=submit]")))
	b.until(t, "its devices are named", `location.pathname.startsWith("/captures/") && document.querySelectorAll("#found tr").length > 20`)
	for _, v := range b.violations(t, axe(t)) {
		t.Errorf("axe: %s", v)
	}
	b.shoot(t, "journey-capture")
}
