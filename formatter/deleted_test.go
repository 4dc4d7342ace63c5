package formatter

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// gone is the card of an alarm that was deleted while it was in ALARM.
func gone() Item {
	it := lives()["resolved"]
	it.Deleted, it.Reason = true, ""
	return it
}

func TestAnAlarmThatWasDeletedIsClosedAndNotSaidToHaveRecovered(t *testing.T) {
	it := gone()
	for locale, want := range map[string][2]string{
		"en": {"⚪ CLOSED prod-api-cpu-high", "🗑️ The alarm was deleted: nobody will tell how it ended."},
		"ko": {"⚪ 종료 prod-api-cpu-high", "🗑️ 경보가 삭제되어 어떻게 끝났는지는 알 수 없습니다."},
	} {
		n := Notice{Items: []Item{it}, Arrived: it.ChangedAt}
		body := Format(ServiceDiscord, n, Style{Locale: locale})[0].Payload.(*DiscordBody)
		first, _, _ := strings.Cut(body.Embeds[0].Description, "\n")
		if diff := cmp.Diff(want, [2]string{body.Embeds[0].Title, first}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", locale, diff)
		}
		if said := body.Content; strings.Contains(said, "OK") || strings.Contains(said, "정상") {
			t.Errorf("%s: a phone shows %q", locale, said)
		}
		said, err := json.Marshal(Format(ServiceSlack, n, Style{Locale: locale})[0].Payload)
		if err != nil || !strings.Contains(string(said), want[1][len("🗑️ "):]) || strings.Contains(string(said), "Resolved") {
			t.Errorf("%s in Slack: %s, %v", locale, said, err)
		}
	}
}

func TestTheLineAboutAnAlarmThatWasDeletedSaysSo(t *testing.T) {
	other := lives()["resolved"]
	other.Name = "prod-web"
	for name, c := range map[string]struct {
		items []UpdateItem
		want  string
	}{
		"alone":        {[]UpdateItem{{Item: gone()}}, "⚪ prod-api-cpu-high was deleted"},
		"among others": {[]UpdateItem{{Item: gone()}, {Item: other}}, "✅ 2 alarms recovered: prod-api-cpu-high (deleted), prod-web (12 min)"},
	} {
		got := UpdateOf(ServiceDiscord, Update{Items: c.items, Arrived: time.Now()}, Style{})[0].Payload.(*DiscordBody).Content
		if got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if l := LineOf(new(gone())); !l.Closed {
		t.Errorf("a digest's line is not closed: %+v", l)
	}
}
