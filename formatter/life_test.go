package formatter

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"alarmrelay/alert"
)

func TestEditedCardsAreSaidAsBefore(t *testing.T) {
	for name, it := range lives() {
		for _, locale := range []string{"en", "ko"} {
			s := Style{Locale: locale, Accounts: map[string]string{"111122223333": "prod"}, Zone: time.FixedZone("KST", 9*3600)}
			for _, service := range []Service{ServiceDiscord, ServiceSlack} {
				n := Notice{Items: []Item{it}, Arrived: it.ChangedAt.Add(time.Minute)}
				compareGolden(t, filepath.Join("testdata", "lives", name+"."+string(service)+"."+locale+".json"), Format(service, n, s))
			}
		}
	}
}

func TestWhatAnEditedCardShows(t *testing.T) {
	type said struct {
		Title, First, Content string
		Colour                int
		Silent                bool
	}
	grey, green, red := discordColour(toneGrey), discordColour(toneGreen), discordColour(toneRed)
	back := recovery()
	back.Previous, back.Severity = alert.StateInsufficientData, ""
	back.PreviousAt = time.Time{}
	fine := back
	for name, c := range map[string]struct {
		item Item
		want said
	}{
		"the first ALARM is as ever": {
			Item{Alert: cpuAlarm(), Fires: 1},
			said{"🔴 ALARM prod-api-cpu-high", "**CPUUtilization** average is **97.2 %**, **≥ 80 %** for 3 of 3 datapoints of 1 min.", "🔴 prod-api-cpu-high is in ALARM (ap-northeast-2)", red, false},
		},
		"the third is counted": {
			lives()["again"],
			said{"🔴 ALARM prod-api-cpu-high", "Fired **3 times**.", "🔴 prod-api-cpu-high fires again (3rd time)", red, false},
		},
		"a recovery says how long it took": {
			lives()["resolved"],
			said{"🟢 RESOLVED prod-api-cpu-high", "Resolved after **12 min**.", "🟢 prod-api-cpu-high is back to OK after 12 min", green, false},
		},
		"a recovery of what flapped says how often, and the worst of its values": {
			lives()["resolved-flapped"],
			said{"🟢 RESOLVED prod-api-cpu-high", "Resolved after **12 min**, having fired **3 times**; peak **97.2 %**.", "🟢 prod-api-cpu-high is back to OK after 12 min", green, false},
		},
		"a recovery by way of missing data is one": {
			Item{Alert: back, Fires: 1, Since: fired},
			said{"🟢 RESOLVED prod-api-cpu-high", "Resolved after **12 min**.", "", green, true},
		},
		"an OK of what never fired is none": {
			Item{Alert: fine},
			said{"🟢 OK prod-api-cpu-high", "**CPUUtilization** average is **41.2 %**, not **≥ 80 %**.", "", green, true},
		},
		"missing data is grey": {
			lives()["no-data"],
			said{"⚪ INSUFFICIENT DATA prod-api-cpu-high", "Fired **2 times**.", "", grey, true},
		},
		"what fired anew elsewhere is no longer red, and pings nobody": {
			lives()["closed"],
			said{"⚪ CLOSED prod-api-cpu-high", "❔ It fired anew later; nobody saw it recover.", "", grey, true},
		},
		"who takes care of it is no markup": {
			lives()["acked"],
			said{"🔴 ALARM prod-api-cpu-high", "👀 **@\u200beveryone \\[mina\\](https\\://evil.example)** takes care of it, since <t:1795230370:T>.", "🔴 prod-api-cpu-high is in ALARM (ap-northeast-2)", red, false},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := Discord(Notice{Items: []Item{c.item}, Arrived: c.item.ChangedAt}, Style{})[0].Payload.(*DiscordBody)
			got := said{b.Embeds[0].Title, firstOfLines(b.Embeds[0].Description), b.Content, b.Embeds[0].Color, b.Flags == discordgo.MessageFlagsSuppressNotifications}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOnlyWhatHasJustHappenedIsMarkedLate(t *testing.T) {
	for name, c := range map[string]struct {
		item Item
		late bool
	}{
		"news":                             {Item{Alert: cpuAlarm(), Fires: 1}, true},
		"what has stood there for a while": {Item{Alert: cpuAlarm(), Fires: 1, Shown: true}, false},
		"what somebody takes care of":      {Item{Alert: cpuAlarm(), Fires: 1, Acked: &Acked{By: "mina"}}, false},
		"what fired anew elsewhere":        {Item{Alert: cpuAlarm(), Fires: 1, Closed: true}, false},
	} {
		n := Notice{Items: []Item{c.item}, Arrived: after(time.Hour)}
		got, _ := write(discordPen{}, newTeller(n, Style{}).remarks(&n.Items[0]), 1000)
		if late := strings.Contains(got, "Late"); late != c.late {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestTheFilesOfAnEditedMessage: the list of attachments names every file that the message has in the end, and no other.
func TestTheFilesOfAnEditedMessage(t *testing.T) {
	type shown struct {
		Images []string
		Listed []Attachment
		Files  []string
	}
	const alt, whole = "Graph of CPUUtilization Average over 3 h, for the alarm prod-api-cpu-high; threshold ≥ 80 %", "Graph of CPUUtilization Average over 4 h, for the alarm prod-api-cpu-high; threshold ≥ 80 %"
	kept, fresh := Item{Alert: cpuAlarm(), Kept: pictureID}, Item{Alert: recovery(), Graph: &Graph{PNG: aPicture, Span: 4 * time.Hour}}
	both := fresh
	both.Kept = pictureID
	for name, c := range map[string]struct {
		items []Item
		want  shown
	}{
		"neither: what was there goes":     {[]Item{{Alert: cpuAlarm()}}, shown{[]string{""}, []Attachment{}, nil}},
		"the old one stays":                {[]Item{kept}, shown{[]string{"attachment://graph.png"}, []Attachment{{ID: pictureID, Description: alt}}, nil}},
		"a new one takes its place":        {[]Item{both}, shown{[]string{"attachment://graph.png"}, []Attachment{{"0", "graph.png", whole}}, []string{"graph.png"}}},
		"an old one stays beside a new":    {[]Item{fresh, kept}, shown{[]string{"attachment://graph.png", "attachment://graph-2.png"}, []Attachment{{ID: pictureID, Description: alt}, {"0", "graph-2.png", whole}}, []string{"graph-2.png"}}},
		"what is no id is none of a file":  {[]Item{{Alert: cpuAlarm(), Kept: "1"}}, shown{[]string{""}, []Attachment{}, nil}},
		"a recovery has its own picture":   {[]Item{fresh}, shown{[]string{"attachment://graph.png"}, []Attachment{{"0", "graph.png", whole}}, []string{"graph.png"}}},
		"what has no metric has no words":  {[]Item{{Alert: compositeAlarm(), Kept: pictureID}}, shown{[]string{"attachment://graph.png"}, []Attachment{{ID: pictureID}}, nil}},
		"the picture of values that broke": {[]Item{{Alert: recovery(), Kept: pictureID, Graph: &Graph{Span: 4 * time.Hour}}}, shown{[]string{"attachment://graph.png"}, []Attachment{{ID: pictureID, Description: alt}}, nil}},
	} {
		m := Discord(Notice{Items: c.items}, Style{})[0]
		body := m.Payload.(*DiscordBody)
		got := shown{Listed: body.Attachments}
		for _, e := range body.Embeds {
			image := ""
			if e.Image != nil {
				image = e.Image.URL
			}
			got.Images = append(got.Images, image)
		}
		for _, f := range m.Files {
			got.Files = append(got.Files, f.Name)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if m.Plain != nil {
			if plain := m.Plain().(*DiscordBody); plain.Attachments == nil || len(plain.Attachments) > 0 {
				t.Errorf("%s: the plain form lists %v", name, plain.Attachments)
			}
		}
	}
}

func TestThePeakOfATrouble(t *testing.T) {
	type peak struct {
		Said string
		Low  bool
	}
	values := func(v ...float64) *Graph { return &Graph{Values: v, Span: time.Duration(len(v)) * time.Minute} }
	calm := make([]float64, 60)
	early := append([]float64{99}, calm...)
	for name, c := range map[string]struct {
		change func(it *Item)
		want   peak
	}{
		"the greatest of an upper threshold": {func(it *Item) { it.Graph = values(85, 97.25, math.NaN(), 40) }, peak{"97.2 %", false}},
		"the least of a lower one":           {func(it *Item) { it.Metric.Comparison, it.Graph = below, values(99, 3, 7) }, peak{"3 %", true}},
		"with the unit of the metric":        {func(it *Item) { it.Metric.Queries[0].Unit, it.Graph = "Bytes", values(97) }, peak{"97 B", false}},
		"a band that was left above": {func(it *Item) {
			it.Metric.Threshold, it.Metric.Comparison, it.Graph, it.Reason = nil, "GreaterThanUpperThreshold", values(12, 31), ""
		}, peak{"31 %", false}},
		"a band that can be left on either side": {func(it *Item) {
			it.Metric.Comparison, it.Graph = "LessThanLowerOrGreaterThanUpperThreshold", values(12, 31)
		}, peak{}},
		"what was before the trouble is no peak":    {func(it *Item) { it.Graph = values(early...) }, peak{}},
		"what is on the good side is none":          {func(it *Item) { it.Graph = values(79) }, peak{}},
		"without values nobody knows":               {func(it *Item) {}, peak{}},
		"the values of another alarm are none":      {func(it *Item) { it.Graph = values(97); it.Graph.Of = new(cpuAlarm()) }, peak{}},
		"while it fires it is not over":             {func(it *Item) { it.State, it.Graph = alert.StateAlarm, values(97) }, peak{}},
		"nobody knows when it began":                {func(it *Item) { it.Since, it.PreviousAt, it.Graph = time.Time{}, time.Time{}, values(97) }, peak{}},
		"EventBridge tells the comparison in words": {func(it *Item) { it.Metric.Comparison, it.Graph = "", values(97) }, peak{"97 %", false}},
	} {
		it := Item{Alert: recovery(), Since: fired}
		c.change(&it)
		said, low := newTeller(Notice{}, Style{}).peak(&it)
		if diff := cmp.Diff(c.want, peak{said, low}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLinksBetweenMessagesAreOursOrNone(t *testing.T) {
	for link, want := range map[string]string{
		messageURL: messageURL, "https://shop.slack.com/archives/C012/p1700000000000100?thread_ts=1700000000.000100&cid=C012": "https://shop.slack.com/archives/C012/p1700000000000100?thread_ts=1700000000.000100&cid=C012",
		"": "", "javascript:alert(1)": "", "https://a.example/x)[y](https://b.example": "", "https://a@evil.example/": "", "https://a.example/|b>": "",
		"https://a.example/" + strings.Repeat("x", 300): "",
	} {
		if got := messageLink(link); got != want {
			t.Errorf("%q becomes %q", link, got)
		}
	}
}

func TestAHistoryWhoseBeginningIsForgottenSaysSo(t *testing.T) {
	for name, c := range map[string]struct {
		item Item
		want string
	}{
		"all is known":        {lives()["again"], "ALARM <t:1795230130:T> → OK <t:1795230310:T> → ALARM <t:1795230430:T> → INSUFFICIENT DATA <t:1795230550:T> → ALARM <t:1795230610:T>"},
		"it is shortened":     {lives()["resolved-flapped"], "6 changes: ALARM <t:1795230130:T> → … → ALARM <t:1795230430:T> → INSUFFICIENT DATA <t:1795230550:T> → ALARM <t:1795230610:T> → OK <t:1795230850:T>"},
		"there were more":     {lives()["again-forgotten"], "… → ALARM <t:1795230130:T> → OK <t:1795230310:T> → ALARM <t:1795230430:T> → INSUFFICIENT DATA <t:1795230550:T> → ALARM <t:1795230610:T>"},
		"there was no change": {lives()["part-of"], ""},
	} {
		got, _ := write(discordPen{}, newTeller(Notice{}, Style{}).course(&c.item), 1000)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSlackShowsTheBarsOfAWholeTrouble(t *testing.T) {
	it := lives()["resolved-flapped"]
	body := Slack(Notice{Items: []Item{it}, Arrived: it.ChangedAt}, Style{})[0].Payload.(*slack.WebhookMessage)
	section := body.Attachments[0].Blocks.BlockSet[1].(*slack.SectionBlock).Text.Text
	if want := "\n`▂▃█▂▁▁▁▂▃▃▃▂▁▁▁▂▃▃▂▂▁███` min 30 % · max 99 % · last 48.6 % · over 3 h\n"; !strings.Contains(section, want) {
		t.Errorf("%q lacks %q", section, want)
	}
}
