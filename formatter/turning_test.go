package formatter

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"alarmrelay/alert"
)

// turned are fifty alarms of which the first n have recovered, and of these the first again fire anew.
func turned(n, again int) []Line {
	lines := stormLines(50)
	for i := range lines {
		lines[i].State, lines[i].Severity, lines[i].Trail, lines[i].At = alert.StateAlarm, "", nil, fired
	}
	for _, l := range lines[:n] {
		l.State, l.At = alert.StateOK, after(time.Minute)
		lines = append(lines, l)
	}
	for _, l := range lines[:again] {
		l.At = after(2 * time.Minute)
		lines = append(lines, l)
	}
	return lines
}

func TestTheLinesOfADigestTurnOneByOne(t *testing.T) {
	type head struct {
		Sentence, First string
		Tones           []int
		Silent          bool
	}
	red, grey, green := discordColour(toneRed), discordColour(toneGrey), discordColour(toneGreen)
	closed := turned(0, 0)
	closed[0].Closed = true
	for name, c := range map[string]struct {
		lines  []Line
		locale string
		want   head
	}{
		"none yet":             {turned(0, 0), "en", head{"🔴 50 alarms in ALARM", "All in **111122223333 · ap-northeast-2** · `prod-*`.", []int{red}, false}},
		"some":                 {turned(37, 0), "en", head{"🔴 13 alarms in ALARM, 37 of 50 recovered", "✅ **37 of 50 recovered**", []int{red, green}, false}},
		"some, in Korean":      {turned(37, 0), "ko", head{"🔴 경보 13건 발생, 50건 중 37건 정상", "✅ **50건 중 37건 정상**", []int{red, green}, false}},
		"all":                  {turned(50, 0), "en", head{"🟢 All 50 alarms recovered", "✅ **All 50 alarms recovered**", []int{green}, true}},
		"all, in Korean":       {turned(50, 0), "ko", head{"🟢 경보 50건 모두 정상", "✅ **경보 50건 모두 정상**", []int{green}, true}},
		"one fires again":      {turned(50, 1), "en", head{"🔴 1 alarm in ALARM, 49 of 50 recovered", "✅ **49 of 50 recovered**", []int{red, green}, false}},
		"one fired anew later": {closed, "en", head{"🔴 49 alarms in ALARM, 1 closed", "All in **111122223333 · ap-northeast-2** · `prod-*`.", []int{red, grey}, false}},
	} {
		d := Digest{Lines: c.lines, Room: 1, Arrived: after(3 * time.Minute)}
		body := DigestOf(ServiceDiscord, d, Style{Locale: c.locale})[0].Payload.(*DiscordBody)
		text := DigestOf(ServiceSlack, d, Style{Locale: c.locale})[0].Payload.(*slack.WebhookMessage).Text
		sentence, _, _ := strings.Cut(text, " (1111")
		got := head{Sentence: sentence, First: firstOfLines(body.Embeds[0].Description), Silent: body.Content == ""}
		for _, e := range body.Embeds {
			if n := len(got.Tones); n == 0 || got.Tones[n-1] != e.Color {
				got.Tones = append(got.Tones, e.Color)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestADigestsLineSaysWhoTakesCareOfItWhileItLasts(t *testing.T) {
	line := func(change func(it *Item)) string {
		it := Item{Alert: cpuAlarm(), Acked: &Acked{By: "@here <@1>", At: after(time.Minute)}}
		change(&it)
		it.Severity = ""
		d := Digest{Lines: []Line{LineOf(&it)}, Room: 1, Arrived: after(time.Minute)}
		return DigestOf(ServiceDiscord, d, Style{})[0].Payload.(*DiscordBody).Embeds[0].Description
	}
	const console = " [→](https://ap-northeast-2.console.aws.amazon.com/cloudwatch/deeplink.js?region=ap-northeast-2#alarmsV2:alarm/prod-api-cpu-high)"
	for name, c := range map[string]struct{ got, want string }{
		"it fires":       {line(func(*Item) {}), "🔴 prod-api-cpu-high" + console + " <t:1795230130:T> 👀 @\u200bhere \\<@\u200b1>"},
		"nobody yet":     {line(func(it *Item) { it.Acked = nil }), "🔴 prod-api-cpu-high" + console + " <t:1795230130:T>"},
		"it is over":     {line(func(it *Item) { it.State = alert.StateOK }), "🟢 prod-api-cpu-high <t:1795230130:T>"},
		"it fired anew":  {line(func(it *Item) { it.Closed = true }), "⚪ prod-api-cpu-high <t:1795230130:T>"},
		"it is a notice": {line(func(it *Item) { it.Alert, it.Closed = bounce(), true }), "🔵 Bounce: your order <t:1795230130:T>"},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestOrdinals(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 102: "102nd", 111: "111th", 1000: "1000th"} {
		if got := ordinalEn(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
