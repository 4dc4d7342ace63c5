package formatter

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
)

// card is one alert in words, before a service writes it in its own form. All
// that is decided about what is said is decided here; discord.go and slack.go
// decide how it looks.
type card struct {
	item    int // index into Notice.Items
	tone    tone
	head    string // of the title: the state
	title   string // raw, in one line, with the state in front
	summary string // raw, the sentence that a phone shows
	url     string // where the title leads
	body    text
	fields  []field
	links   []link
	footer  string
	quiet   bool // no reason to wake anybody
	alarm   bool // in ALARM
	name    string
	mention []Mention
	broken  []error // parts of the item's own wording that could not be said
	picture []byte  // a PNG; nil for none
	kept    string  // the id of a picture that the message has already; empty where there is none, or a new one
	alt     string  // what the picture shows, in words

	severity alert.Severity
}

type field struct {
	label string
	value text
	short bool // may share a row with others
}

// tone is how a card looks: its colour and its emoji. Worse ones come first.
type tone int

const (
	toneRed tone = iota
	toneOrange
	toneBlue
	toneGrey
	toneGreen
)

func (t tone) emoji() string {
	return [...]string{"🔴", "🟠", "🔵", "⚪", "🟢"}[t]
}

// teller knows for whom cards are written.
type teller struct {
	*words
	Style
	arrived time.Time
	trends  bool // a line of values is all that the service can show of a graph
}

func newTeller(n Notice, s Style) teller {
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	return teller{words: wordsFor(s.Locale), Style: s, arrived: n.Arrived}
}

// cards says every item, the worst first; equally bad ones stay in their order.
func (t teller) cards(n Notice) []card {
	type ranked struct {
		card
		severity int
	}
	all := make([]ranked, len(n.Items))
	for i := range n.Items {
		all[i] = ranked{t.card(&n.Items[i]), n.Items[i].Severity.Rank()}
		all[i].item = i
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.tone, b.tone), cmp.Compare(b.severity, a.severity))
	})
	out := make([]card, len(all))
	for i, r := range all {
		out[i] = r.card
	}
	if dead := clean(n.InsteadOf); dead != "" && len(out) > 0 {
		out[0].body = paragraphs(out[0].body, say(plain("ℹ️ "+t.InsteadOf(dead))))
	}
	return out
}

func (t teller) card(it *Item) card {
	var c card
	switch {
	case it.IsAlarm() && it.Kind != alert.KindAlarmConfig:
		c = t.alarm(it)
	case it.Logs != nil:
		c = t.logs(it)
	default:
		c = t.notice(it)
	}
	c.severity = it.Severity
	if it.Later == nil && !it.Closed { // old news wakes nobody
		c.mention = it.Mentions
	}
	if it.Wording != nil {
		t.reword(it, &c)
	}
	if c.summary == "" {
		c.summary = c.title
	}
	c.links = slices.DeleteFunc(c.links, func(l link) bool { return l.url == "" })
	if l := runbookLink(it.Runbook); l != "" {
		c.links = append(c.links, link{t.label("Runbook"), l})
	}
	return c
}

// field returns a field with a translated label.
func (t teller) field(label string, value ...span) field {
	return field{t.label(label), value, true}
}

// wide returns a field that takes a row of its own.
func (t teller) wide(label string, value ...span) field {
	return field{t.label(label), value, false}
}

// where says in which account and region something happened, as far as both are known.
func (t teller) where(a *alert.Alert) string {
	account := oneLine(t.Accounts[a.Account])
	if account == "" && a.Region == "" {
		account = a.Account
	}
	return join(account, oneLine(a.Region))
}

func (t teller) severity(s alert.Severity) []field {
	if s.Rank() == 0 {
		return nil
	}
	return []field{t.field("Severity", plain(t.Severities[s]))}
}

// remarks are what a reader should know about the news itself.
func (t teller) remarks(it *Item) text {
	var r []text
	if it.Escalated > 0 {
		r = append(r, say(plain("⏫ "+t.Tick.Neglected(t.duration(it.Escalated)))))
	}
	if late := t.arrived.Sub(it.happened()); isSet(t.arrived) && isSet(it.happened()) && late > lateAfter && !it.AfterMute && it.Escalated == 0 && !it.isOld() {
		r = append(r, say(plain("⏱️ "+t.Late(t.duration(late)))))
	}
	if it.AfterMute {
		r = append(r, say(plain("🔕 "+t.AfterMute)))
	}
	if it.NoOKActions && it.State == alert.StateAlarm && it.Later == nil {
		r = append(r, say(plain("⚠️ "+t.NoOKActions)))
	}
	if isSet(it.Unseen) && it.State == alert.StateAlarm {
		r = append(r, t.Unrecovered(t.toTheSecond(it.Unseen)))
	}
	if it.Repeat {
		r = append(r, say(plain("🔁 "+t.Repeated)))
	}
	return paragraphs(r...)
}

// isOld reports whether an item is said anew for another reason than that it has just happened.
func (it *Item) isOld() bool { return it.Shown || it.Closed || it.Acked != nil || it.Later != nil }

// lateAfter is how old news may be before it is marked.
const lateAfter = 10 * time.Minute

// happened is the moment against which lateness is measured. What a notice
// tells about may have begun long ago; what counts there is when it was sent.
func (it *Item) happened() time.Time {
	if it.IsAlarm() || it.Logs != nil {
		return it.ChangedAt
	}
	return it.Origin.SentAt
}

// rows shows the first of some lines, each as code, and how many more there are.
func (t teller) rows(lines []string) text {
	var all text
	used := 0
	for i, l := range lines {
		if used += units16(l); i == maxRows || used > maxCodeField {
			if i == 0 {
				l, _ = cut(l, maxCodeField, units16)
				return append(say(code(l)), t.more(len(lines)-1)...)
			}
			return append(all, t.more(len(lines)-i)...)
		}
		if i > 0 {
			all = all.with(plain("\n"))
		}
		all = all.with(code(l))
	}
	return all
}

func (t teller) more(n int) text {
	if n < 1 {
		return nil
	}
	return say(plain("\n" + t.More(n)))
}

// join puts a dot between the parts that are there.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}
