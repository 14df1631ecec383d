package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// pages are the pages whose address does not depend on what was heard.
var pages = []struct{ name, path string }{
	{"overview", "/"}, {"devices", "/devices"}, {"devices-found", "/devices?q=windows+7+imaging"}, {"devices-none", "/devices?q=nothing-is-called-this"},
	{"devices-add-filter", "/devices?add=1&category=medical"}, {"since-monday", "/devices?new=monday&sort=first&desc=1"}, {"alike", "/devices/alike"},
	{"map", "/map"}, {"interfaces", "/interfaces"}, {"patient-data", "/interfaces/patient-data"}, {"findings", "/findings"}, {"findings-closed", "/findings?closed=1"},
	{"sensors", "/sensors"}, {"import", "/import"}, {"help", "/help"}, {"me", "/me"}, {"missing", "/no-such-page"},
}

// firsts are pages reached by the first link of another.
var firsts = []struct{ name, from, link string }{
	{"device", "/devices", "#rows th a"}, {"device-why", "/devices", "#rows th a"}, {"zone", "/map", ".zones a"}, {"finding", "/findings", ".problems h2 a"},
}

// TestBrowser opens a hospital once, walks the journeys and then looks at every page in every way.
func TestBrowser(t *testing.T) {
	base, link := openHospital(t)
	browser := startBrowser(t)
	checker := axe(t)
	first := openTab(t, browser, looks[0])
	lookAt(t, first, looks[0], "sign-in", base+"/sign-in", checker)
	first.do(t, chromedp.Navigate(link))
	first.until(t, "devices are heard, findings judged", `document.querySelectorAll("#kinds tbody tr").length > 3 && document.querySelectorAll("#problems li").length >= 4`)
	for _, j := range journeys {
		t.Run(j.name, func(t *testing.T) {
			first.console()
			j.walk(t, first, base)
			for _, line := range first.console() {
				t.Errorf("console: %s", line)
			}
		})
	}
	addresses := addressesOf(t, first, base)
	for _, l := range looks {
		b := openTab(t, browser, l)
		for name, at := range addresses {
			lookAt(t, b, l, name, at, checker)
		}
	}
}

// addressesOf gives the address of every page, those of single things by following a link.
func addressesOf(t *testing.T, first *tab, base string) map[string]string {
	t.Helper()
	addresses := map[string]string{}
	for _, p := range pages {
		addresses[p.name] = base + p.path
	}
	for _, f := range firsts {
		first.do(t, chromedp.Navigate(base+f.from))
		at := ask[string](t, first, `(document.querySelector(`+"`"+f.link+"`"+`) || {href: ""}).href`)
		if at == "" {
			t.Errorf("%s leads to no %s", f.from, f.name)
			continue
		}
		if f.name == "device-why" {
			at += "/why/type"
		}
		addresses[f.name] = at
	}
	if rows := ask[string](t, first, `fetch("/devices").then(r => r.text()).then(s => [...s.matchAll(/name="device" value="([^"]+)"/g)].slice(0, 2).map(m => "device=" + m[1]).join("&"))`); rows != "" {
		addresses["label"] = base + "/devices/label?" + rows
	}
	return addresses
}

// lookAt opens one page and holds it to what every page owes.
func lookAt(t *testing.T, b *tab, l look, name, at, checker string) {
	t.Run(l.name+"/"+name, func(t *testing.T) {
		b.console()
		b.do(t, chromedp.Navigate(at))
		b.until(t, "the script runs", `document.documentElement.classList.contains("scripted")`)
		if wide := ask[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
			t.Errorf("the page scrolls sideways by %d px: %v", wide, ask[[]string](t, b, tooWide))
		}
		if l.phone {
			for _, small := range ask[[]string](t, b, smallTargets) {
				t.Errorf("a target smaller than 44 px: %s", small)
			}
		}
		for _, v := range b.violations(t, checker) {
			t.Errorf("axe: %s", v)
		}
		b.shoot(t, name+"-"+l.name)
		for _, line := range b.console() {
			if name == "missing" && strings.Contains(line, "404") {
				continue // the browser notes the status of the page itself
			}
			t.Errorf("console: %s", line)
		}
	})
}

// tooWide names what stands out of the page.
const tooWide = `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth && !e.closest(".scroll, .scroll-x, .chips, svg, .sr"))
	.slice(0, 5).map(e => e.outerHTML.slice(0, 120))`

// smallTargets finds buttons and form controls that are too small for a thumb. Links inside
// sentences and tables are exempt, as WCAG 2.5.5 has it.
const smallTargets = `[...document.querySelectorAll("button, .btn, .chip, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio])")]
	.filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 1 && e.getBoundingClientRect().height < 43.5 && !e.closest(".find"))
	.map(e => e.outerHTML.slice(0, 120) + " " + Math.round(e.getBoundingClientRect().height))`
