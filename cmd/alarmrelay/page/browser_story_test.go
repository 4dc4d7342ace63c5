//go:build browser

package page_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// pictures is where the README's pictures go: `make pictures` names the folder.
var pictures = flag.String("pictures", "", "keep pictures of the story in this `FOLDER`")

// maxPicture is what a picture may weigh: somebody reads the README on a phone.
const maxPicture = 150_000

// colours has the page think that somebody wants the dark or the light, and that nothing moves.
func (b *tab) colours(which string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: which}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// picture takes a picture of the page.
func (b *tab) picture(name string) {
	b.t.Helper()
	b.wait(`[...document.images].every((i) => i.complete) && document.fonts.status === "loaded"`)
	quality := int64(85)
	shot, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatWebp, Quality: &quality})
	if err != nil {
		b.t.Fatal(err)
	}
	if len(shot.Data) > maxPicture || len(shot.Data) < 5000 {
		b.t.Errorf("picture %s has %d bytes", name, len(shot.Data))
	}
	folder := *pictures
	if folder == "" {
		folder = b.t.TempDir()
	}
	if err := os.WriteFile(filepath.Join(folder, name+".webp"), shot.Data, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func TestTheStoryIsSeenToItsEnd(t *testing.T) {
	url, _ := startDemo(t, "127.0.0.1:0", "")
	b, phone := openTab(t, url, 1280, 800), openTab(t, url, 390, 844)
	b.colours("dark")
	phone.colours("light")
	phone.click("#tab-discord")
	b.click("#story-play")
	phone.waitMessages("discord", "is in ALARM", 1)
	phone.wait(`document.querySelector("#live-discord .embed-image img")?.naturalWidth > 0`)
	phone.picture("phone")
	b.wait(`document.querySelector("#caption-text")?.innerText.includes("14 min later")`)
	b.waitMessages("discord", "recovered after 22 min", 1)
	b.waitMessages("slack", "recovered after 22 min", 1)
	b.run(`for (const s of document.querySelectorAll("#live .scroller")) s.scrollTop = 0`)
	b.picture("incident")
	b.colours("light")
	b.waitMessages("slack", "14 alarms", 1)
	b.run(`for (const s of document.querySelectorAll("#live .scroller")) s.scrollTop = s.scrollHeight`)
	b.picture("storm")
	b.wait(`document.querySelector("#story-play").innerText.includes("Play")`)
	for _, service := range []string{"discord", "slack"} {
		b.waitMessages(service, "결제 실패율 높음", 1)
		b.waitMessages(service, "All 14 alarms recovered", 1)
	}
	if said := read[string](b, `document.querySelector("#notes").innerText`); strings.TrimSpace(said) != "" {
		t.Errorf("the relay was in trouble: %s", said)
	}
}
