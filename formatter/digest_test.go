package formatter

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"alarmrelay/alert"
)

// digests are those whose whole text is kept, to be looked at.
func digests() map[string]Digest {
	oncall := []Mention{{Kind: "role", ID: "123456789012345678"}, {Kind: "subteam", ID: "S012ABC"}}
	over := stormLines(12)
	for i := range over {
		over[i].State, over[i].Severity = alert.StateOK, ""
	}
	most, cared := stormLines(50), stormLines(12)
	for i := range most[:37] {
		most[i].State, most[i].Trail = alert.StateOK, []Step{{alert.StateAlarm, most[i].At}}
		most[i].At = most[i].At.Add(time.Duration(i) * time.Second)
	}
	cared[0].Acked, cared[1].Acked, cared[2].Closed, cared[3].Closed = "mina", "@everyone **you**", true, true
	return map[string]Digest{
		"37-over": {Lines: most}, "cared-for": {Lines: cared},
		"12": {Lines: stormLines(12)}, "60": {Lines: stormLines(60), Mentions: oncall}, "200": {Lines: stormLines(200), Mentions: oncall},
		"1000": {Lines: stormLines(1000), Mentions: oncall}, "later": {Lines: stormLines(60)[40:], Earlier: 1040},
		"mixed": {Lines: mixedLines(), InsteadOf: "backend"}, "foreign": {Lines: foreignLines()}, "hostile": {Lines: hostileLines()}, "over": {Lines: over},
	}
}

func TestDigestsAreSaidAsBefore(t *testing.T) {
	for name, d := range digests() {
		d.Room, d.Arrived = 5, fired.Add(time.Minute)
		for _, locale := range []string{"en", "ko"} {
			s := Style{Locale: locale, Accounts: map[string]string{"111122223333": "prod"}, Zone: time.FixedZone("KST", 9*3600)}
			for _, service := range []Service{ServiceDiscord, ServiceSlack} {
				compareGolden(t, filepath.Join("testdata", "digests", name+"."+string(service)+"."+locale+".json"), DigestOf(service, d, s))
			}
		}
	}
}

func TestHowManyMessagesADigestTakes(t *testing.T) {
	type taken struct{ Messages, Files int }
	for name, c := range map[string]struct {
		lines          []Line
		room           int
		discord, slack taken
	}{
		"none":                                    {nil, 5, taken{}, taken{}},
		"one":                                     {stormLines(1), 1, taken{1, 0}, taken{1, 0}},
		"sixty in one":                            {stormLines(60), 5, taken{1, 0}, taken{1, 0}},
		"two hundred in two and three":            {stormLines(200), 5, taken{2, 0}, taken{3, 0}},
		"two hundred without room are one":        {stormLines(200), 1, taken{1, 1}, taken{1, 0}},
		"a thousand are one with a file":          {stormLines(1000), 5, taken{1, 1}, taken{1, 0}},
		"ten thousand are one with a file":        {stormLines(10_000), 5, taken{1, 1}, taken{1, 0}},
		"lines that say the same key are one":     {slices.Repeat(stormLines(10), 100), 1, taken{1, 0}, taken{1, 0}},
		"no room at all is taken for room of one": {stormLines(5), 0, taken{1, 0}, taken{1, 0}},
	} {
		for service, want := range map[Service]taken{ServiceDiscord: c.discord, ServiceSlack: c.slack} {
			messages := DigestOf(service, Digest{Lines: c.lines, Room: c.room}, Style{})
			got := taken{Messages: len(messages)}
			for _, m := range messages {
				got.Files += len(m.Files)
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("%s at %s (-want +got):\n%s", name, service, diff)
			}
		}
	}
}

// shown is what a reader can tell of an alert.
type shown struct {
	Name  string
	State alert.State
	At    int64
}

func TestEveryNameStandsThereWithItsStateAndSecond(t *testing.T) {
	for _, n := range []int{1, 12, 60, 200, 1000} {
		lines := stormLines(n)
		var want []shown
		for _, l := range lines {
			want = append(want, shown{l.Name, l.State, l.At.Unix()})
		}
		for _, service := range []Service{ServiceDiscord, ServiceSlack} {
			if n == 1000 && service == ServiceSlack {
				continue // counts, and a link to the console's list
			}
			d := Digest{Lines: lines, Room: 5, Arrived: fired}
			got := readDigest(t, DigestOf(service, d, Style{Locale: "ko", Zone: time.FixedZone("KST", 9*3600)}))
			if diff := gocmp.Diff(ordered(want), ordered(got)); diff != "" {
				t.Errorf("%d at %s (-want +got):\n%s", n, service, diff)
			}
		}
	}
}

func ordered(s []shown) []shown {
	slices.SortFunc(s, func(a, b shown) int { return cmp.Compare(a.Name, b.Name) })
	return s
}

// The forms that DigestOf promises, read without its code.
var (
	discordLine = regexp.MustCompile(`(?m)^(🔴|🟠|🔵|⚪|🟢) (\S+)(?: \[→\]\(\S+\))? (?:<t:\d+:d> )?<t:(\d+):T>(?: \(.*\))?$`)
	slackLine   = regexp.MustCompile(`(?m)^(🔴|🟠|🔵|⚪|🟢) (\S+)(?: <\S+\|→>)? (?:<!date\^\d+\^\{date_short\}\|[^>]*> )?<!date\^(\d+)\^\{time_secs\}\|[^>]*>(?: \(.*\))?$`)
	emojiStates = map[string]alert.State{
		"🔴": alert.StateAlarm, "🟠": alert.StateAlarm, "🔵": alert.StateAlarm, "⚪": alert.StateInsufficientData, "🟢": alert.StateOK,
	}
)

func readDigest(t *testing.T, messages []Message) (all []shown) {
	t.Helper()
	for _, m := range messages {
		switch body := m.Payload.(type) {
		case *DiscordBody:
			for _, e := range body.Embeds {
				all = append(all, readLines(discordLine, e.Description)...)
			}
		case *slack.WebhookMessage:
			for _, a := range body.Attachments {
				for _, b := range a.Blocks.BlockSet {
					if section, ok := b.(*slack.SectionBlock); ok {
						all = append(all, readLines(slackLine, section.Text.Text)...)
					}
				}
			}
		}
		if len(m.Files) > 0 {
			return readList(t, m.Files[0])
		}
	}
	return all
}

func readLines(form *regexp.Regexp, text string) (all []shown) {
	for _, m := range form.FindAllStringSubmatch(text, -1) {
		unix, _ := strconv.ParseInt(m[3], 10, 64)
		all = append(all, shown{m[2], emojiStates[m[1]], unix})
	}
	return all
}

func readList(t *testing.T, f File) (all []shown) {
	t.Helper()
	if f.Name != "alarms.txt" || f.ContentType != "text/plain; charset=utf-8" {
		t.Errorf("file %s of type %s", f.Name, f.ContentType)
	}
	for _, row := range strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")[1:] {
		cells := strings.Split(row, "\t")
		at, err := time.Parse("2006-01-02 15:04:05 -07:00", cells[2])
		if err != nil || len(cells) != 8 {
			t.Fatalf("%q: %v", row, err)
		}
		all = append(all, shown{cells[6], alert.State(cells[0]), at.Unix()})
	}
	return all
}

func TestTheNewestLineOfAKeyCountsAndTheOlderAreItsHistory(t *testing.T) {
	at := func(s int) time.Time { return fired.Add(time.Duration(s) * time.Second) }
	line := func(state alert.State, s int, trail ...Step) Line {
		return Line{Key: "a", Kind: alert.KindMetricAlarm, Name: "a", State: state, At: at(s), Trail: trail}
	}
	stamp := func(s int) string { return "<t:" + strconv.FormatInt(at(s).Unix(), 10) + ":T>" }
	for name, c := range map[string]struct {
		lines []Line
		want  string
	}{
		"in order":                      {[]Line{line(alert.StateAlarm, 0), line(alert.StateOK, 39)}, "🟢 a " + stamp(39) + " (🔴 " + stamp(0) + ")"},
		"out of order":                  {[]Line{line(alert.StateOK, 39), line(alert.StateAlarm, 0)}, "🟢 a " + stamp(39) + " (🔴 " + stamp(0) + ")"},
		"equally old: the later":        {[]Line{line(alert.StateAlarm, 0), line(alert.StateOK, 0)}, "🟢 a " + stamp(0) + " (🔴 " + stamp(0) + ")"},
		"the same twice is one":         {[]Line{line(alert.StateAlarm, 0), line(alert.StateAlarm, 0)}, "🔴 a " + stamp(0)},
		"histories are joined":          {[]Line{line(alert.StateOK, 9, Step{alert.StateAlarm, at(5)}), line(alert.StateAlarm, 5, Step{alert.StateOK, at(1)})}, "🟢 a " + stamp(9) + " (🟢 " + stamp(1) + " → 🔴 " + stamp(5) + ")"},
		"a long history is shortened":   {[]Line{line(alert.StateAlarm, 1), line(alert.StateOK, 2), line(alert.StateAlarm, 3), line(alert.StateInsufficientData, 4), line(alert.StateAlarm, 5)}, "🔴 a " + stamp(5) + " (🔴 " + stamp(1) + " → … → 🔴 " + stamp(3) + " → ⚪ " + stamp(4) + ")"},
		"a line without a key is alone": {[]Line{{Name: "a"}, {Name: "a"}}, "🔵 a\n🔵 a"},
	} {
		t.Run(name, func(t *testing.T) {
			messages := DigestOf(ServiceDiscord, Digest{Lines: c.lines, Room: 1, Arrived: fired}, Style{})
			got := messages[0].Payload.(*DiscordBody).Embeds[0].Description
			if diff := gocmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(messages[0].Items) != len(c.lines) {
				t.Errorf("items %v of %d lines", messages[0].Items, len(c.lines))
			}
		})
	}
}

func TestWhomADigestWakes(t *testing.T) {
	lines := func(state alert.State) []Line { return []Line{{Key: "a", Name: "a", State: state, At: fired}} }
	oncall := []Mention{{"role", "123456789012345678"}, {"role", "123456789012345678"}}
	type woken struct {
		Content string
		Silent  bool
		Roles   []string
	}
	for name, c := range map[string]struct {
		digest Digest
		want   woken
	}{
		"what fires is told":                 {Digest{Lines: lines(alert.StateAlarm)}, woken{Content: "🔴 1 alarm in ALARM: a"}},
		"what is over is silent":             {Digest{Lines: lines(alert.StateOK)}, woken{Silent: true}},
		"missing data is silent":             {Digest{Lines: lines(alert.StateInsufficientData)}, woken{Silent: true}},
		"a notice is silent":                 {Digest{Lines: lines("")}, woken{Silent: true}},
		"a mention is heard, once":           {Digest{Lines: lines(alert.StateOK), Mentions: oncall}, woken{"<@&123456789012345678> 🟢 1 recovered: a", false, []string{"123456789012345678"}}},
		"how much of the storm stands above": {Digest{Lines: lines(alert.StateAlarm), Earlier: 1200}, woken{Content: "🔴 1 alarm in ALARM: a 1,200 earlier alerts of this storm stand above."}},
	} {
		b := DigestOf(ServiceDiscord, c.digest, Style{})[0].Payload.(*DiscordBody)
		got := woken{b.Content, b.Flags == discordgo.MessageFlagsSuppressNotifications, b.AllowedMentions.Roles}
		if diff := gocmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for i, m := range DigestOf(ServiceDiscord, Digest{Lines: stormLines(200), Room: 5, Mentions: oncall}, Style{}) {
		b := m.Payload.(*DiscordBody)
		if first := i == 0; first != (b.Content != "") || first != (b.Flags == 0) || first != (b.AllowedMentions.Roles != nil) {
			t.Errorf("message %d: content %q, flags %d, roles %v", i, b.Content, b.Flags, b.AllowedMentions.Roles)
		}
	}
}

func TestLineOf(t *testing.T) {
	series := cpuAlarm()
	series.Key, series.Contributor = "arn#1", &alert.Contributor{ID: "1", Attributes: map[string]string{"host": "i-0abc"}}
	changed := alert.Alert{Kind: alert.KindAlarmConfig, Name: "prod-api", State: alert.StateOK, ChangedAt: fired, Notice: &alert.Notice{Service: "CloudWatch", Status: "delete"}}
	mail := bounce()
	mail.Name = "mail to kim@example.net bounced"
	flood := logLines()
	trail := []Step{{alert.StateOK, fired.Add(-time.Hour)}}
	for name, c := range map[string]struct {
		item Item
		want Line
	}{
		"an alarm, its series and its history": {
			Item{Alert: series, Trail: trail},
			Line{Key: "arn#1", Kind: alert.KindMetricAlarm, Name: "prod-api-cpu-high", Detail: "i-0abc", State: alert.StateAlarm, Severity: alert.SeverityCritical, At: fired, Trail: trail, Account: "111122223333", Region: "ap-northeast-2", Partition: "aws", Namespace: "AWS/EC2"},
		},
		"a change of an alarm is a notice": {Item{Alert: changed}, Line{Kind: alert.KindAlarmConfig, Name: "prod-api", Detail: "delete", At: fired, Namespace: "CloudWatch"}},
		"a mail address is hidden": {
			Item{Alert: mail},
			Line{Kind: alert.KindSES, Name: "mail to " + maskMail("kim@example.net") + " bounced", Detail: "Bounce", Severity: alert.SeverityWarning, At: fired, Account: "444455556666", Region: "eu-west-1", Partition: "aws", Namespace: "SES"},
		},
		"log lines are counted": {
			Item{Alert: flood, Flood: &Flood{Batches: 3, Lines: 40}},
			Line{Kind: alert.KindLogs, Name: "/aws/lambda/checkout", Detail: "keyword-error", Lines: 40, At: fired, Account: "111122223333", Region: "ap-northeast-2", Partition: "aws"},
		},
	} {
		got := LineOf(&c.item)
		if diff := gocmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		text, err := json.Marshal(got)
		var again Line
		if err := cmp.Or(err, json.Unmarshal(text, &again)); err != nil || !gocmp.Equal(got, again) {
			t.Errorf("%s does not survive a store: %v\n%s", name, err, gocmp.Diff(got, again))
		}
	}
}

func TestConsoleListIsOfTheRegionWithMostAlarms(t *testing.T) {
	line := func(partition, region string, state alert.State) Line {
		return Line{Name: "a", Partition: partition, Region: region, State: state}
	}
	tokyo, beijing := line("aws", "ap-northeast-1", alert.StateAlarm), line("aws-cn", "cn-north-1", alert.StateAlarm)
	for name, c := range map[string]struct {
		lines []Line
		want  string
	}{
		"the most":               {[]Line{tokyo, beijing, beijing}, "https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#alarmsV2:?~(alarmStateFilter~'ALARM)"},
		"the most of ALARM":      {[]Line{tokyo, line("aws-cn", "cn-north-1", alert.StateOK), line("aws-cn", "cn-north-1", alert.StateOK)}, "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#alarmsV2:?~(alarmStateFilter~'ALARM)"},
		"nothing fires":          {[]Line{line("aws", "ap-northeast-1", alert.StateOK)}, ""},
		"a console nobody knows": {[]Line{line("aws-iso", "us-iso-east-1", alert.StateAlarm)}, ""},
	} {
		o := newTeller(Notice{}, Style{}).outline(Digest{Lines: c.lines})
		if got := o.list(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A composite alarm has no namespace, and one name is no family.
func TestTheCountOfAGroupIsNeverANumberAlone(t *testing.T) {
	composite := Line{Key: "shop is down", Kind: alert.KindCompositeAlarm, Name: "shop is down", State: alert.StateAlarm, At: fired}
	composite.Account, composite.Region, composite.Partition = "111122223333", "ap-northeast-2", "aws"
	alone := regexp.MustCompile(`(?m)^\*+[0-9,]+\*+$`)
	for _, service := range []Service{ServiceDiscord, ServiceSlack} {
		digest := DigestOf(service, Digest{Lines: append(stormLines(10_000), composite), Room: 1}, Style{})
		if found := alone.FindString(texts(digest[0])); found != "" {
			t.Errorf("%s says just %q in %q", service, found, texts(digest[0]))
		}
	}
}

func TestFamilies(t *testing.T) {
	var entries []entry
	for i := range 12 {
		entries = append(entries, entry{bare: fmt.Sprintf("prod-%s-%d", []string{"api", "web", "db"}[i%3], i)}, entry{bare: strconv.Itoa(i)})
	}
	entries = append(entries, entry{bare: "prod-queue-age"})
	want := []family{{"prod-api-", 4}, {"prod-db-", 4}, {"prod-web-", 4}, {"prod-", 1}}
	if diff := gocmp.Diff(want, families(entries), gocmp.AllowUnexported(family{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestALineIsSmallWhateverTheAlertHolds(t *testing.T) {
	endless := strings.Repeat("<\x1b", 1<<19)
	series := cpuAlarm()
	series.Key, series.Name, series.Partition, series.Metric.Queries[0].Namespace = endless, endless, endless, endless
	series.Contributor = &alert.Contributor{ID: endless, Attributes: map[string]string{"host": endless}}
	notice := bounce()
	notice.Key, notice.Name, notice.Partition, notice.Notice.Service, notice.Notice.Status = endless, endless, endless, endless, endless
	logs := logLines()
	logs.Key, logs.Logs.Group, logs.Logs.Filters = endless, endless, []string{endless}
	var trail []Step
	for i := range 10_000 {
		trail = append(trail, Step{alert.StateOK, fired.Add(time.Duration(i-10_000) * time.Second)})
	}
	for _, a := range []alert.Alert{series, notice, logs} {
		l := LineOf(&Item{Alert: a, Trail: trail})
		if text, err := json.Marshal(l); err != nil || len(text) > 6000 {
			t.Errorf("%s: %d bytes, %v", a.Kind, len(text), err)
		}
		a.Key += "x"
		if other := LineOf(&Item{Alert: a}); other.Key == l.Key {
			t.Errorf("%s: two keys became one: %s", a.Kind, l.Key)
		}
		if first, last := l.Trail[0].At, l.Trail[len(l.Trail)-1].At; !first.Equal(trail[0].At) || !last.Equal(trail[9999].At) || len(l.Trail) <= maxListedSteps {
			t.Errorf("%s: its %d steps are from %v to %v", a.Kind, len(l.Trail), first, last)
		}
	}
}
