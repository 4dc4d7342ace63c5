//go:build browser

package page_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// audited is everywhere with one channel more.
var audited = strings.NewReplacer("destinations:\n", "destinations:\n  audit: {discord: \"env:NOWHERE\"}\n", "to: [ops,", "to: [ops, audit,").Replace(everywhere)

func TestAPreviewHasTheChannelsOfTheDraft(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", everywhere)
	b := openTab(t, url, 1280, 800)
	b.click("#tab-config")
	b.write("#config-editor", audited)
	b.wait(`document.querySelector("#preview-note").innerText === "with your changes, not sent"`)
	b.run(`document.querySelector("#preview-discord [role=tab][data-name=audit]").click()`)
	b.wait(`document.querySelector("#preview-discord article")?.innerText.includes("ALARM prod-api-cpu-high")`)
	b.click("#config-revert")
	b.wait(`document.querySelector("#preview-note").innerText === "not sent" && !document.querySelector("#preview-discord [data-name=audit]")`)
	if !read[bool](b, `document.querySelector("#config-changed").hidden`) {
		t.Error("what is undone still counts as changed")
	}
}

func TestAPreviewOfNobodySaysWhy(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", everywhere)
	b := openTab(t, url, 1280, 800)
	b.click("#tab-config")
	b.write("#config-editor", strings.Replace(everywhere, "  - to: [ops, backend]", "  - name: logs\n    match: {kind: logs}\n    to: [ops]\n  - to: [backend]", 1))
	b.wait(`["Nothing of it comes to #ops", "logs, line 6"].every((said) => document.querySelector("#preview-discord .reasons")?.innerText.includes(said))`)
	b.run(`document.getElementById("sample-eventbridge-alarm-composite-suppressed").click()`)
	b.wait(`document.querySelector("#preview-slack .empty")?.innerText.includes("no news in it")`)
}

func TestADraftOutlivesAReload(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", everywhere)
	b, other := openTab(t, url, 1280, 800), openTab(t, url, 1280, 800)
	b.click("#tab-config")
	b.write("#config-editor", audited)
	b.wait(`document.querySelector("#config-verdict").innerText.includes("not applied yet")`)
	b.do(chromedp.Reload())
	b.click("#tab-config")
	const draft = `document.querySelector("#config-editor").shadowRoot.querySelector(".cm-content").innerText.includes("audit")`
	b.wait(`!document.querySelector("#config-changed").hidden && ` + draft)
	if !read[bool](b, `document.querySelector("#config-other").hidden`) {
		t.Error("it tells of another configuration, and there is none")
	}

	other.click("#tab-config")
	other.write("#config-editor", everywhere+"locale: ko\n")
	other.wait(`!document.querySelector("#config-apply").disabled`)
	other.click("#config-apply")
	b.wait(`!document.querySelector("#config-other").hidden && ` + draft)
	b.click("#config-revert")
	b.wait(`document.querySelector("#config-other").hidden && !(` + draft + `) && document.querySelector("#config-editor").shadowRoot.querySelector(".cm-content").innerText.includes("locale: ko")`)
}
