//go:build browser

package page_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"alarmrelay/alert"
	"alarmrelay/events"
)

const everywhere = `graph: true
destinations:
  ops: {discord: "env:NOWHERE"}
  backend: {slack_bot: "env:NOWHERE", channel: C0BACKEND}
rules:
  - to: [ops, backend]
`

// letters leaves of a text what no client changes.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

var shortcode = regexp.MustCompile(`:[a-z_]+:`)

// The colours that bars have by an alarm's state, at Discord and at Slack: red, green and grey are told apart by their strongest part.
func hue(colour string) string {
	var r, g, b int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &r, &g, &b); err != nil {
		if _, err := fmt.Sscanf(colour, "rgb(%d, %d, %d)", &r, &g, &b); err != nil {
			return colour
		}
	}
	switch most := max(r, g, b); {
	case most-min(r, g, b) < 40:
		return "grey"
	case most == r && g < 2*r/3:
		return "red"
	case most == r:
		return "yellow"
	case most == g:
		return "green"
	}
	return "blue"
}

// looks is how an alarm's state is told: by a word, and by the colour of a bar, which of an ALARM depends on how bad it is.
func looks(a alert.Alert) (word, colours string) {
	switch a.State {
	case alert.StateOK:
		return "ok", "green"
	case alert.StateInsufficientData:
		return "data", "grey"
	}
	return "alarm", "red yellow"
}

func TestEachSampleIsSeenInBothChannels(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", everywhere)
	b := openTab(t, url, 1280, 800)
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		var news []alert.Alert
		for _, r := range alert.Parse(raw) {
			if r.Err == nil && r.Skip == "" {
				news = append(news, r.Alert)
			}
		}
		b.send(name)
		if len(news) == 0 {
			b.wait(`document.querySelector("#toast:not([hidden])")?.innerText.startsWith("no news: ")`)
			continue
		}
		for _, service := range []string{"discord", "slack"} {
			b.wait(fmt.Sprintf(`document.querySelector("#live-%s article")`, service))
			said := ""
			var bars []string
			for _, m := range b.messages(service) {
				said += letters(m.Text)
				bars = append(bars, m.Bars...)
			}
			if len(news) > 1 {
				continue // several messages, of which the others are still to come
			}
			a := news[0]
			name := []rune(letters(shortcode.ReplaceAllString(a.Name, ""))) // which Slack draws
			if !strings.Contains(said, string(name[:min(len(name), 30)])) {
				t.Errorf("%s at %s: no %q in %q", a.Kind, service, a.Name, said)
			}
			if a.IsAlarm() {
				word, colours := looks(a)
				if len(bars) == 0 || !strings.Contains(colours, hue(bars[0])) || !strings.Contains(said, word) {
					t.Errorf("%s at %s is %s: bars %q, text %q", a.Name, service, a.State, bars, said)
				}
			}
		}
		b.click("#clear")
		b.wait(`!document.querySelector("#live article")`)
	}
}

func TestARecoveryIsSeenInPlace(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.send("sns-alarm-cpu-high")
	b.waitMessages("discord", "ALARM prod-api-cpu-high", 1)
	b.waitMessages("slack", "ALARM prod-api-cpu-high", 1)
	before := map[string]seen{"discord": b.messages("discord")[0], "slack": b.messages("slack")[0]}
	b.wait(`document.querySelector("#live-discord .embed-image img")?.naturalWidth > 0`)
	b.send("sns-alarm-cpu-high-ok")
	for service, was := range before {
		b.waitMessages(service, "RESOLVED prod-api-cpu-high", 1)
		b.waitMessages(service, "prod-api-cpu-high recovered", 1)
		is := b.messages(service)[0]
		if is.ID != was.ID || was.Edits != "0" || is.Edits != "1" || hue(was.Bars[0]) != "red" || hue(is.Bars[0]) != "green" || !was.Pinging {
			t.Errorf("%s: %+v became %+v", service, was, is)
		}
	}
	if !read[bool](b, `document.querySelector("#live-slack article .replies article") !== null`) {
		t.Error("the line in Slack stands in no thread")
	}
	b.run(`[...document.querySelectorAll("#live-discord article a")].find((a) => a.innerText === "→").click()`)
	b.wait(fmt.Sprintf(`document.activeElement?.dataset.message === %q`, before["discord"].ID))
}

func TestOfAMessageOneSeesWhyAndHow(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.set(`select[aria-label="What goes wrong at Discord"]`, "limited")
	b.set(`select[aria-label="For how long at Discord"]`, "5")
	b.run(`[...document.querySelectorAll("#faults button")][0].click()`)
	b.wait(`document.querySelector("#live-discord .channel-fault:not([hidden])")?.innerText.includes("429")`)
	b.send("sns-alarm-cpu-high")
	b.waitMessages("slack", "ALARM prod-api-cpu-high", 1)
	b.waitMessages("discord", "ALARM prod-api-cpu-high", 1)
	b.run(`document.querySelector("#live-discord article").focus()`)
	b.press(kb.Enter)
	b.wait(`document.querySelector("#details .request")`)
	said := read[string](b, `document.querySelector("#details").textContent`)
	for _, want := range []string{"production wakes people", "line 18", "429", "X-Ratelimit-Remaining", "Retry-After", "[secret]", `"Name"`} {
		if !strings.Contains(said, want) {
			t.Errorf("details without %s: %s", want, said)
		}
	}
	answers := read[[]string](b, `[...document.querySelectorAll("#details .request > summary .status")].map((s) => s.innerText)`)
	if len(answers) < 2 || answers[0] != "429" || answers[len(answers)-1] != "200" {
		t.Errorf("answers %q", answers)
	}
	b.wait(`document.querySelector("#live-discord .channel-fault").hidden`)
}

func TestAStormOfTwoHundredIsSeen(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.run(`document.querySelector("#storm").open = true`)
	b.set("#storm-alarms", "200")
	b.set("#storm-rate", "100")
	b.click("#storm-start")
	told := func(service string) string {
		return fmt.Sprintf(`(() => {
			const texts = [...document.querySelectorAll("#live-%s article > .row")].map((r) => r.innerText);
			const digests = texts.map((t) => /(\d+) alarms in ALARM|ALARM · (\d+)/.exec(t)).filter(Boolean);
			const cards = texts.filter((t) => /ALARM prod-/.test(t)).length;
			return cards + digests.reduce((sum, d) => sum + Number(d[1] ?? d[2]), 0);
		})()`, service)
	}
	for _, service := range []string{"discord", "slack"} {
		b.wait(told(service) + " >= 200")
		if n := len(b.messages(service)); n > 12 {
			t.Errorf("%s shows %d messages", service, n)
		}
	}
}

func TestAWrongConfigurationIsRefusedWithItsLine(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", everywhere)
	b := openTab(t, url, 1280, 800)
	b.click("#tab-config")
	b.write("#config-editor", strings.Replace(everywhere, "to: [ops,", "to: [opps,", 1))
	b.wait(`document.querySelector("#config-problems button")`)
	if got, want := read[string](b, `document.querySelector("#config-problems").innerText`), `line 6 to: unknown destination "opps"; did you mean "ops"?`; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if !read[bool](b, `document.querySelector("#config-apply").disabled`) {
		t.Error("it could be applied")
	}
	b.write("#config-editor", everywhere+"locale: ko\n")
	b.wait(`!document.querySelector("#config-apply").disabled && document.querySelector("#config-problems").innerText === ""`)
	b.click("#config-apply")
	b.wait(`document.querySelector("#config-verdict").innerText.includes("in force")`)
	b.click("#tab-events")
	b.send("sns-alarm-cpu-high")
	b.waitMessages("discord", "경보", 1)
	b.waitMessages("slack", "경보", 1)
}

func TestAPreviewIsSeenAndNotSent(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", everywhere)
	b := openTab(t, url, 1280, 800)
	b.run(`document.getElementById("sample-sns-alarm-cpu-high").click()`)
	b.click("#sample-preview")
	for _, service := range []string{"discord", "slack"} {
		b.wait(fmt.Sprintf(`document.querySelector("#preview-%s article")?.innerText.includes("ALARM prod-api-cpu-high")`, service))
	}
	b.click(`#modes button[data-mode="live"]`)
	if read[bool](b, `document.querySelector("#live article") !== null`) {
		t.Error("the preview was sent")
	}
}

func TestThePageSurvivesARestart(t *testing.T) {
	url, end := startDemo(t, "127.0.0.1:0", everywhere)
	b := openTab(t, url, 1280, 800)
	b.send("sns-alarm-cpu-high")
	b.waitMessages("discord", "ALARM prod-api-cpu-high", 1)
	b.mu.Lock()
	b.quiet = true
	b.mu.Unlock()
	end()
	b.wait(`document.querySelector("#connection.off")`)
	startDemo(t, strings.TrimPrefix(url, "http://"), everywhere)
	b.wait(`document.querySelector("#connection.on") && !document.querySelector("#live article")`)
	b.send("sns-alarm-korean-name")
	b.waitMessages("slack", "결제 실패율 높음", 1)
}

func TestThePageIsUsedByKeyboard(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", everywhere)
	b := openTab(t, url, 1280, 800)
	b.press("/")
	b.wait(`document.activeElement.id === "sample-search"`)
	b.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl))) // a driven browser types the "/", too
	b.insert("guardduty high")
	b.wait(`document.querySelector("#sample-list [aria-selected=true]")?.id === "sample-eventbridge-guardduty-high"`)
	b.press(kb.Enter)
	b.wait(`document.querySelectorAll("#live article").length === 2`)
	for range 60 {
		b.press(kb.Tab)
		if read[bool](b, `document.activeElement.matches("article")`) {
			break
		}
	}
	b.press(kb.Enter)
	b.wait(`document.querySelector("#details .request")`)
	b.press(kb.Escape)
	b.wait(`document.body.dataset.panel === "events"`)
	if nameless := read[[]string](b, `[...document.querySelectorAll("button, input, select, [role=tab], [role=listbox]")]
		.filter((e) => e.checkVisibility() && !(e.innerText || e.getAttribute("aria-label") || e.labels?.[0]?.innerText)).map((e) => e.outerHTML)`); len(nameless) > 0 {
		t.Errorf("without a name: %q", nameless)
	}
}

func TestAPhoneShowsOnePartAtATime(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", everywhere)
	b := openTab(t, url, 390, 844)
	b.send("sns-alarm-name-255-cjk-emoji")
	b.wait(`[...document.querySelectorAll("#live article")].some((a) => a.checkVisibility())`)
	if wide := read[[]string](b, `[...document.querySelectorAll("body, main, article, header, .pane")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > 391).map((e) => e.tagName + e.id)`); len(wide) > 0 {
		t.Errorf("wider than the phone: %q", wide)
	}
	b.click("#tab-slack")
	b.wait(`document.querySelector("#live-slack article")?.checkVisibility() && !document.querySelector("#live-discord article")?.checkVisibility()`)
}
