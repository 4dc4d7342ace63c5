//go:build browser

package page_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

func TestWhatWaitsIsSeen(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.set(`select[aria-label="What goes wrong at Discord"]`, "down")
	b.set(`select[aria-label="For how long at Discord"]`, "300")
	b.run(`document.querySelector("#faults button").click()`)
	b.wait(`document.querySelector("#live-discord .empty").innerText.includes("does not work as it should")`)
	b.send("sns-alarm-cpu-high")
	b.wait(`/^1 event waits, next try in \d+ s$/.test(document.querySelector("#waiting").innerText)`)
	b.wait(`document.querySelector("#live-discord .empty").innerText.includes("An event waits in the queue")`)

	b.click("#live-discord .channel-wire button") // "503 POST ops"
	b.wait(`document.querySelector("#log").open && document.querySelector("#notes").innerText.includes("503")`)
	b.waitMessages("slack", "ALARM prod-api-cpu-high", 1)
	b.click("#live-slack .channel-wire button") // "200 POST backend"
	b.wait(`document.querySelector("#details .request")`)

	b.click("#tab-events")
	b.click("#clear")
	b.wait(`document.querySelector("#waiting").hidden && document.querySelector("#notes").innerText === "" && !document.querySelector("#details .request")`)
	if read[bool](b, `document.querySelector("#live-discord .channel-fault").hidden`) {
		t.Error("emptying the channels has mended Discord")
	}
}

func TestARefusalOfSlackIsRed(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.set(`select[aria-label="What goes wrong at Slack"]`, "dead")
	b.set(`select[aria-label="For how long at Slack"]`, "300")
	b.run(`document.querySelectorAll("#faults button")[1].click()`)
	b.wait(`!document.querySelector("#live-slack .channel-fault").hidden`)
	b.send("sns-alarm-cpu-high")
	b.wait(`/^200 [a-z_]+$/.test(document.querySelector("#live-slack .channel-wire .status.bad")?.innerText)`)
}

func TestAStormIsLookedAt(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.click("#sample-preview")
	b.run(`document.querySelector("#storm").open = true`)
	b.set("#storm-alarms", "500")
	b.set("#storm-rate", "100")
	b.click("#storm-start")
	b.wait(`document.body.dataset.mode === "live"`)
	for _, service := range []string{"discord", "slack"} {
		b.wait(`[...document.querySelectorAll("#live-` + service + ` article > .row")].some((r) => /\b49\d alarms|\b49\d$/m.test(r.innerText))`)
		b.wait(`(() => {
			const s = document.querySelector("#live-` + service + ` .scroller");
			return s.scrollHeight - s.scrollTop - s.clientHeight < 40;
		})()`)
	}
}

func TestASearchSendsWhatItFinds(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.set("#sample-search", "nothing is called so")
	b.wait(`["send", "preview", "edit"].every((what) => document.querySelector("#sample-" + what).disabled)`)
	b.run(`document.querySelector("#sample-search").focus()`)
	b.press(kb.Enter)
	b.set("#sample-search", "budget actual")
	b.wait(`document.querySelector("#sample-list [aria-selected=true]")?.id === "sample-sns-budgets-actual"`)
	b.click("#sample-send")
	b.waitMessages("discord", "Budget shop-monthly", 1)
	if n := len(b.messages("discord")); n != 1 {
		t.Errorf("%d messages: what was not found was sent", n)
	}
}

func TestBrokenJSONIsNotSent(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.run(`document.querySelector("#own").open = true`)
	b.write("#own-editor", "{\"AlarmName\": \"x\",\n\n\"NewStateValue\": }")
	b.click("#own-send")
	b.wait(`document.querySelector("#toast:not([hidden])")?.innerText.includes("line 3")`)
	b.write("#own-editor", "the disk of db-1 is full")
	b.click("#own-preview")
	b.wait(`document.querySelector("#preview article")?.innerText.includes("the disk of db-1 is full")`)
	if read[bool](b, `document.querySelector("#live article") !== null`) {
		t.Error("it was sent")
	}
}
