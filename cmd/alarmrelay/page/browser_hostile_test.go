//go:build browser

package page_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestHostileNamesAreSeenAsText(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", everywhere)
	b := openTab(t, url, 1280, 800)
	hostile := []string{
		`<img src=x onerror=window.hacked=1>`, `<script>window.hacked=1</script>`, `</script><svg onload=window.hacked=1>`,
		`@everyone <@&1> <!channel> @here`, `[bank](https://evil.example)`, `<https://evil.example|bank>`, "flip\u202egnp.exe\u2066", `"><iframe src=//evil.example>`,
		"`*_~||code", `{{constructor.constructor('window.hacked=1')()}}`, `javascript:window.hacked=1`,
	}
	b.run(`document.querySelector("#own").open = true`)
	for n, name := range hostile {
		b.write("#own-editor", string(event(name)))
		b.click("#own-send")
		for _, service := range []string{"discord", "slack"} {
			b.wait(fmt.Sprintf(`document.querySelector("#live-%s article")`, service))
			all := b.messages(service)
			want, said := letters(name), letters(all[len(all)-1].Text)
			if !strings.Contains(said, want) {
				t.Errorf("%s shows %q as %q", service, name, all[len(all)-1].Text)
			}
			for _, m := range all {
				if m.Pinging {
					t.Errorf("%s: %q pings", service, name)
				}
			}
		}
		if n%4 == 0 {
			b.run(`document.querySelector("#live article").click()`)
			b.wait(`document.querySelector("#details .request")`)
			b.click("#tab-events")
		}
		if made := read[[]string](b, `[...document.querySelectorAll("article script, article iframe, article svg[onload], article img[onerror], #details script, #details img, a[href^='javascript:']")].map((e) => e.outerHTML)`); len(made) > 0 {
			t.Errorf("%q became %q", name, made)
		}
		if links := read[[]string](b, `[...document.querySelectorAll("article a")].filter((a) => a.host.includes("evil") && !a.innerText.includes("evil.example")).map((a) => a.outerHTML)`); len(links) > 0 {
			t.Errorf("%q hides where it leads: %q", name, links)
		}
		b.click("#clear")
		b.wait(`!document.querySelector("#live article")`)
	}
	if read[bool](b, `"hacked" in window`) {
		t.Error("a text was run")
	}
}

// event is an alarm of a name, as CloudWatch hands it over.
func event(name string) []byte {
	text, err := json.Marshal(map[string]string{
		"AlarmName": name, "AlarmDescription": name, "NewStateReason": name, "AWSAccountId": "111122223333", "Region": "Asia Pacific (Seoul)",
		"NewStateValue": "ALARM", "OldStateValue": "OK", "StateChangeTime": "2026-11-21T03:02:10.000+0000",
	})
	if err != nil {
		panic(err) // texts
	}
	return text
}
