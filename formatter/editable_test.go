package formatter

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

// TestSlacksPlainFormFitsIntoAnEdit has texts whose characters take three bytes each: an edit takes 4,000 bytes, a post many more.
func TestSlacksPlainFormFitsIntoAnEdit(t *testing.T) {
	a := cpuAlarm()
	a.Description = strings.Repeat("결제 서버가 응답하지 않습니다. ", 300)
	it := Item{Alert: a, Mentions: []Mention{{Kind: "subteam", ID: "S012ABC"}}}
	text := Slack(Notice{Items: []Item{it}, Arrived: fired}, Style{Locale: "ko"})[0].Plain().(*slack.WebhookMessage).Text
	if len(text) > 4000 || len(text) < 2000 || !strings.HasPrefix(text, "<!subteam^S012ABC>\n") {
		t.Errorf("%d bytes: %s", len(text), text)
	}
}

func TestAMessageSaysTheThreadThatItIsFor(t *testing.T) {
	style := Style{Thread: "1700000000.000100"}
	alone := Slack(Notice{Items: []Item{{Alert: cpuAlarm()}}, Arrived: fired}, style)[0]
	digest := DigestOf(ServiceSlack, Digest{Lines: stormLines(20), Room: 1, Arrived: fired}, style)[0]
	if alone.Thread != style.Thread || digest.Thread != style.Thread {
		t.Errorf("threads %q and %q", alone.Thread, digest.Thread)
	}
}

func TestADigestSaysWhetherItOnlyCounts(t *testing.T) {
	for _, service := range []Service{ServiceDiscord, ServiceSlack} {
		for size, counted := range map[int]bool{20: false, 2000: true} {
			m := DigestOf(service, Digest{Lines: stormLines(size), Room: 1, Arrived: fired}, Style{})[0]
			if m.Counted != counted {
				t.Errorf("%s, %d lines: counted %v", service, size, m.Counted)
			}
		}
	}
}
