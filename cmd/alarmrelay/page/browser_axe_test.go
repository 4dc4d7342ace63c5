//go:build browser

package page_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is the script that judges whether everybody can use the page: https://github.com/dequelabs/axe-core. It comes with the
// packages that the page is built with, and `make e2e-page` names it.
var axe = flag.String("axe", "", "axe-core's `SCRIPT`: cmd/alarmrelay/page/web/node_modules/axe-core/axe.min.js after npm ci, or run `make e2e-page`")

// violation is a rule that the page breaks, and where.
type violation struct {
	Rule, Impact, Help string
	Places             []string
}

// grave asks axe for what keeps people from using the page. A list of completions is scrolled by the keys of the editor that it
// belongs to, which axe does not see through the editor's shadow tree.
const grave = `axe.run({ resultTypes: ["violations"], runOnly: %s }).then((r) => r.violations
	.filter((v) => v.impact === "serious" || v.impact === "critical")
	.map((v) => ({ rule: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map((n) => n.target.flat().join(" ") + ": " + n.failureSummary) }))
	.map((v) => ({ ...v, places: v.nodes.filter((n) => v.rule !== "scrollable-region-focusable" || !n.startsWith("#config-editor #cm-ac-")) }))
	.filter((v) => v.places.length > 0))`

// still is whether no colour is on its way to another. A document does not count what moves in its shadow trees, where an editor's cursor
// blinks for ever.
const still = `document.getAnimations().length === 0 && [...document.querySelectorAll("*")].every((e) =>
	!e.shadowRoot?.getAnimations().some((a) => a instanceof CSSTransition))`

// judge fails the test for what keeps people from using the page in the state that it is in, in dark and in light colours.
func (b *tab) judge(state string) {
	b.t.Helper()
	rules := `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`
	for _, colours := range []string{"dark", "light"} {
		b.colours(colours)
		b.wait(fmt.Sprintf(`document.documentElement.dataset.theme === %q && %s`, colours, still))
		found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]violation](fmt.Sprintf(grave, rules), chromedp.EvalAwaitPromise))
		if err != nil {
			b.t.Fatalf("%s: %v", state, err)
		}
		for _, v := range found {
			b.t.Errorf("%s, %s: %s, %s: %s\n%s", state, colours, v.Rule, v.Impact, v.Help, strings.Join(v.Places, "\n"))
		}
		rules = `["color-contrast"]` // the rest is the same in all colours
	}
}

func TestEverybodyCanUseThePage(t *testing.T) {
	if *axe == "" {
		t.Fatal("this test needs axe-core: run `make e2e-page`, or name its script with -args -axe SCRIPT after npm ci in cmd/alarmrelay/page/web")
	}
	script, err := os.ReadFile(*axe)
	if err != nil {
		t.Fatal(err)
	}
	for _, window := range []struct {
		name          string
		width, height int64
	}{{"desktop", 1280, 800}, {"phone", 390, 844}} {
		t.Run(window.name, func(t *testing.T) {
			url, _ := startDemo(t, "127.0.0.1:0", "")
			b := openTab(t, url, window.width, window.height)
			b.run("%s", script)
			b.visit(b.judge)
		})
	}
}

// visit brings the page into each state that it is mostly in.
func (b *tab) visit(look func(state string)) {
	b.t.Helper()
	b.click("#tab-events")
	look("nothing sent")
	b.run(`for (const d of document.querySelectorAll("#panel-events details")) d.open = true`)
	b.set(`select[aria-label="What goes wrong at Slack"]`, "limited")
	b.run(`document.querySelectorAll("#faults button")[1].click()`)
	b.wait(`!document.querySelector("#live-slack .channel-fault").hidden`)
	b.write("#own-editor", `{"AlarmName": }`)
	b.wait(`document.querySelector("#own-verdict.bad")`)
	look("an event with a mistake, a service that is broken")

	for _, sample := range []string{"hostile-alarm-markup", "logs-many-lines", "sns-budgets-actual", "sns-alarm-cpu-high"} {
		b.run(`(() => {
			document.getElementById("sample-" + %q).click();
			document.querySelector("#sample-send").click(); // on a phone, the answers come to the front meanwhile
		})()`, sample)
	}
	for _, service := range []string{"discord", "slack"} {
		b.waitMessages(service, "ALARM prod-api-cpu-high", 1)
		b.run(`document.querySelector("#tab-%s").click()`, service)
		look("messages, " + service)
		b.run(`document.querySelector("#live-%s .scroller").scrollTop = 0`, service) // axe sees what is in sight
		look("messages from the first, " + service)
	}
	b.run(`document.querySelector("#live-slack article").click()`)
	b.wait(`document.querySelector("#details .request")`)
	b.run(`for (const d of document.querySelectorAll("#details details")) d.open = true`)
	look("details")

	b.click("#tab-config")
	look("rules")
	b.write("#config-editor", "destinations:\n  ops: {discord: \"env:NOWHERE\"}\nrules:\n  - to: [opps]\n")
	b.wait(`document.querySelector("#config-problems button")`)
	b.do(chromedp.KeyEvent(" ", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.wait(`document.querySelector("#config-editor").shadowRoot.querySelector(".cm-tooltip-autocomplete")`)
	look("rules with a mistake, and a choice of keys")

	b.click("#tab-events")
	b.click("#sample-preview")
	b.wait(`document.querySelector("#preview article")`)
	look("preview")
	b.click("#story-play")
	b.wait(`document.querySelector("#caption-why")?.innerText.length > 0 && document.querySelector("#live article")`)
	look("story")
}

func TestTheHeadFitsEveryPhone(t *testing.T) {
	url, end := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 320, 640)
	fits := func(state string) {
		t.Helper()
		for _, width := range []int64{320, 360, 390, 600} {
			b.do(chromedp.EmulateViewport(width, 640))
			b.wait(fmt.Sprintf("innerWidth === %d", width))
			if cut := read[[]string](b, `(() => {
				const parts = [...document.querySelectorAll(".top > *, .story > *")].filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()]);
				return parts.filter(([e, r]) => r.right > innerWidth || parts.some(([other, o]) => !e.contains(other) && !other.contains(e) && r.left < o.left && r.right > o.left))
					.map(([e, r]) => (e.id || e.className || e.tagName) + " to " + r.right);
			})()`); len(cut) > 0 {
				t.Errorf("%s, %d wide: %q do not fit", state, width, cut)
			}
		}
	}
	fits("connected")
	b.mu.Lock()
	b.quiet = true
	b.mu.Unlock()
	end()
	b.wait(`document.querySelector("#connection.off")`)
	fits("not connected")
}
