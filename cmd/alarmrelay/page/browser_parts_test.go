//go:build browser

package page_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestALongConfigurationIsScrolled(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.click("#tab-config")
	b.write("#config-editor", everywhere+strings.Repeat("# a line\n", 200))
	b.wait(`(() => {
		const scroller = document.querySelector("#config-editor").shadowRoot.querySelector(".cm-scroller");
		return scroller.scrollHeight > scroller.clientHeight && scroller.clientHeight <= document.querySelector("#config-editor").clientHeight && scroller.scrollTop > 0;
	})()`)
}

func TestAMistakeInAnEventHasItsLine(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.run(`document.querySelector("#own").open = true`)
	b.write("#own-editor", "{\"AlarmName\": \"x\",\n\n\"NewStateValue\": }")
	b.wait(`document.querySelector("#own-verdict").innerText.startsWith("✗ line 3: ")`)
	b.write("#own-editor", `{"AlarmName": "x"}`)
	b.wait(`document.querySelector("#own-verdict").innerText === "✓ JSON"`)
}

func TestAPreviewIsReadFromItsTopAndWithoutRulesThatHaveMistakes(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", everywhere)
	b := openTab(t, url, 1280, 800)
	b.run(`document.getElementById("sample-sns-alarm-description-markdown").click()`)
	b.click("#sample-preview")
	for _, service := range []string{"discord", "slack"} {
		b.wait(fmt.Sprintf(`document.querySelector("#preview-%[1]s article") && document.querySelector("#preview-%[1]s .scroller").scrollTop === 0`, service))
	}
	b.click("#tab-config")
	b.write("#config-editor", strings.Replace(everywhere, "to: [ops,", "to: [opps,", 1))
	b.wait(`document.querySelector("#config-problems button")`)
	b.click("#tab-events")
	b.run(`document.getElementById("sample-sns-alarm-cpu-high").click()`)
	b.wait(`document.querySelector("#preview-slack article")?.innerText.includes("prod-api-cpu-high")`)
	if got := read[string](b, `document.querySelector("#preview-note").innerText`); !strings.Contains(got, "which have mistakes") {
		t.Errorf("it says %q of the preview", got)
	}
}

func TestTheStoryShowsWhatChangesInPlace(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b := openTab(t, url, 1280, 800)
	b.click("#story-play")
	for _, where := range []string{
		`a.getBoundingClientRect().top >= s.getBoundingClientRect().top - 1 && a.innerText.includes("RESOLVED prod-api-cpu-high")`,
		`s.scrollHeight - s.scrollTop - s.clientHeight < 40`,
	} {
		b.wait(`(() => {
			const s = document.querySelector("#live-discord .scroller");
			const a = s.querySelector("article:not([data-edits='0'])");
			return a && ` + where + `;
		})()`)
	}
}
