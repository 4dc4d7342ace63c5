package formatter

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

// phraseOf reads a phrase that has no mistakes.
func phraseOf(t testing.TB, text string) *Phrase {
	t.Helper()
	p, mistakes := ReadPhrase(text)
	if mistakes != nil {
		t.Fatalf("%s: %v", text, mistakes)
	}
	return p
}

// worded is an item whose rule has words of its own: a title, a summary, and fields in pairs of label and text.
func worded(t testing.TB, a alert.Alert, title, summary string, fields ...string) Item {
	t.Helper()
	w := &Wording{Title: phraseOf(t, title), Summary: phraseOf(t, summary)}
	for i := 0; i < len(fields); i += 2 {
		w.Fields = append(w.Fields, WordField{fields[i], phraseOf(t, fields[i+1])})
	}
	return Item{Alert: a, Wording: w}
}

// ownWords are items with words of their own, by what they are about.
func ownWords(t testing.TB) map[string]Item {
	alarm := cpuAlarm()
	alarm.Tags = map[string]string{"team": "checkout", "cost centre": "42"}
	alarm.ARN = "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:prod-api-cpu-high"
	recovered := recovery()
	recovered.Tags = alarm.Tags
	over := []string{
		"Owner", "${tag.team | upper} (${tag.'cost centre'})",
		"Began", "${since}, for ${lasted | default 'now'}",
		"Dashboard", "https://grafana.example.com/d/asg?var-asg=${dimension.AutoScalingGroupName | urlencode}",
		"Nobody knows", "the ${tag.none} of it",
	}
	const title, summary = "CPU of ${dimension.AutoScalingGroupName} is at ${value}", "${dimension.AutoScalingGroupName} needs a hand: ${metric} ${value | number 1}, limit ${threshold}"
	return map[string]Item{
		"alarm":    worded(t, alarm, title, summary, over...),
		"recovery": worded(t, recovered, title, summary, over...),
		"logs":     worded(t, logLines(), "${lines} errors of ${name | short}", "${line | cut 60}", "Text", "${line}"),
		"notice":   worded(t, bounce(), "Mail of ${account}: ${status | lower}", "${name}", "Job", "${field.job}", "Token", "${field.'Reset token'}", "Started", "${field.Started}"),
	}
}

func TestCardsWithWordsOfTheirOwn(t *testing.T) {
	for name, it := range ownWords(t) {
		n := Notice{Items: []Item{it}, Arrived: it.ChangedAt.Add(30 * time.Second)}
		s := Style{Zone: time.FixedZone("KST", 9*3600), Accounts: map[string]string{"111122223333": "prod"}}
		for service, messages := range map[Service][]Message{ServiceDiscord: Discord(n, s), ServiceSlack: Slack(n, s)} {
			compareGolden(t, filepath.Join("testdata", "wording", name+"."+string(service)+".json"), messages)
		}
	}
}

// discordCard is what a card of one embed shows.
type discordCard struct {
	Content, Title string
	Fields         map[string]string
}

func discordCardOf(t *testing.T, it Item) (c discordCard, m Message) {
	t.Helper()
	messages := Discord(Notice{Items: []Item{it}, Arrived: it.ChangedAt}, Style{})
	if len(messages) != 1 {
		t.Fatalf("%d messages", len(messages))
	}
	body := messages[0].Payload.(*DiscordBody)
	c = discordCard{body.Content, body.Embeds[0].Title, map[string]string{}}
	for _, f := range body.Embeds[0].Fields {
		c.Fields[f.Name] = f.Value
	}
	return c, messages[0]
}

func TestTheStateStandsInFrontOfOwnWords(t *testing.T) {
	const own = "own words"
	lack := cpuAlarm()
	lack.State = alert.StateInsufficientData
	fine := cpuAlarm()
	fine.State, fine.Previous = alert.StateOK, alert.StateInsufficientData
	for want, a := range map[string]alert.Alert{
		"🔴 ALARM own words":             cpuAlarm(),
		"🟢 RESOLVED own words":          recovery(),
		"🟢 OK own words":                fine,
		"⚪ INSUFFICIENT DATA own words": lack,
		"🟠 own words":                   logLines(),
	} {
		it := worded(t, a, own, own)
		it.Mentions = []Mention{{Kind: "here"}} // so that the sentence is shown for each of them
		got, _ := discordCardOf(t, it)
		if got.Title != want || got.Content != "@here "+want {
			t.Errorf("%q and %q, want %q", got.Title, got.Content, want)
		}
	}
}

func TestOldNewsKeepsItsOwnTitleAndNothingElse(t *testing.T) {
	it := worded(t, cpuAlarm(), "own ${state} after ${previous}", "own summary", "Own", "field")
	it.Later = &Step{State: alert.StateOK, At: fired.Add(time.Hour)}
	got, _ := discordCardOf(t, it)
	want := discordCard{"", "🟢 RESOLVED own OK after ALARM", map[string]string{"Where": "ap-northeast-2"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatCannotBeSaidIsSaidInBuiltInWords(t *testing.T) {
	alarm := cpuAlarm()
	alarm.Description = strings.Repeat("a", 4000)
	const grows = `${description | replace "a" "twenty times as long"}`
	built, _ := discordCardOf(t, Item{Alert: alarm})
	for name, c := range map[string]struct {
		item Item
		want []string
	}{
		"nothing is known": {worded(t, alarm, "of ${tag.team}", "of ${field.Status}", "Team", "${tag.team}"), nil},
		"it grows beyond its bound": {worded(t, alarm, grows, grows, "Grows", grows), []string{
			"title: ${description}: longer than 64 KiB", "summary: ${description}: longer than 64 KiB", "Grows: ${description}: longer than 64 KiB",
		}},
	} {
		n := Notice{Items: []Item{{Alert: cpuAlarm()}, c.item}}
		for service, messages := range map[Service][]Message{ServiceDiscord: Discord(n, Style{}), ServiceSlack: Slack(n, Style{})} {
			var got []string
			for _, b := range messages[0].Broken {
				if got = append(got, b.Err.Error()); b.Item != 1 {
					t.Errorf("%s: item %d is broken", name, b.Item)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s at %s (-want +got):\n%s", name, service, diff)
			}
		}
		said, _ := discordCardOf(t, c.item)
		if diff := cmp.Diff(built, said); diff != "" {
			t.Errorf("%s (-built in +said):\n%s", name, diff)
		}
	}
}

func TestOwnWordsAreCutWhereTheServiceHasNoMoreRoom(t *testing.T) {
	alarm := cpuAlarm()
	alarm.Description = strings.Repeat("word_*and* ", 1000)
	it := worded(t, alarm, "${description}", "${description}", "A", "${description}", "B", "${description}", "C", "${description}")
	n := Notice{Items: []Item{it}, Arrived: it.ChangedAt}
	discord, slack := Discord(n, Style{})[0], Slack(n, Style{})[0]
	body := discord.Payload.(*DiscordBody)
	sizes := []int{units16(body.Content), units16(body.Embeds[0].Title), units16(body.Embeds[0].Fields[0].Value)}
	if diff := cmp.Diff([]int{maxSummary, discordTitle, discordFieldValue}, sizes); diff != "" {
		t.Errorf("sizes at Discord (-limit +got):\n%s", diff)
	}
	if !strings.HasSuffix(body.Embeds[0].Title, ellipsis) || discord.Truncated < 3 || slack.Truncated < 3 {
		t.Errorf("%q; %d and %d cuts", body.Embeds[0].Title, discord.Truncated, slack.Truncated)
	}
}

func TestADigestNamesItsAlertsWhateverTheirOwnWordsAre(t *testing.T) {
	it := worded(t, cpuAlarm(), "own", "own", "Own", "own")
	if diff := cmp.Diff(LineOf(&Item{Alert: cpuAlarm()}), LineOf(&it)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatAWordingComesToIsToldToItsAuthor(t *testing.T) {
	alarm := cpuAlarm()
	alarm.Description = strings.Repeat("a", 4000)
	it := worded(t, alarm, "${name | upper} since ${since}", "${tag.team}", "Grows", `${description | replace "a" "twenty times as long"}`)
	want := []Worded{
		{Part: "title", Phrase: "${name | upper} since ${since}", Text: "PROD-API-CPU-HIGH since 2026-11-21 03:02 UTC"},
		{Part: "summary", Phrase: "${tag.team}"},
		{Part: "Grows", Phrase: `${description | replace "a" "twenty times as long"}`, Error: "${description}: longer than 64 KiB"},
	}
	if diff := cmp.Diff(want, WordingOf(it, Style{})); diff != "" || it.Wording == nil {
		t.Error(diff)
	}
	if got := WordingOf(Item{Alert: alarm}, Style{}); got != nil {
		t.Errorf("no wording comes to %v", got)
	}
}
