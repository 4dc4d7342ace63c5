package formatter

import (
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Reminders are alarms that are still in ALARM.
type Reminders struct {
	Items    []Open
	Mentions []Mention // who is pinged; empty for nobody
	Arrived  time.Time // now
}

// maxReminder is the line about one alarm, whose name has 256 units, each escaped, with its link.
const maxReminder = 1800

// reminded is reminders in words: one line, or a page about several.
type reminded struct {
	line text // of one alarm
	told
}

// RemindersOf reminds of alarms in one message, which is never silent; none where there is nothing to remind of. One alarm is a line of
// text; several are listed in an embed or attachment, the worst and oldest first, and those that have no room there are counted.
// Message.Items are all of r.Items.
func RemindersOf(service Service, r Reminders, s Style) []Message {
	if len(r.Items) == 0 {
		return nil
	}
	t := newTeller(Notice{Arrived: r.Arrived}, s)
	form := formOf(service)
	said := t.remind(r, form.frame(t))
	m := form.reminder(t, said, once(r.Mentions))
	m.Items = make([]int, len(r.Items))
	for i := range m.Items {
		m.Items[i] = i
	}
	return []Message{m}
}

func (t teller) remind(r Reminders, f frame) reminded {
	all := t.standings(r.Items)
	if len(all) == 1 {
		return reminded{line: t.still(&all[0]), told: told{about: all[0].name, worst: all[0].Severity}}
	}
	rows := make([]text, len(all))
	for i := range all {
		rows[i] = t.openLine(&all[i], t.lasting(all[i].Since))
	}
	title := "⏰ " + t.Tick.AllStill(len(all))
	c := chapter{tone: all[0].tone, title: f.heading(title), again: f.heading(title), blocks: []block{{rows: t.few(f, rows, f.box*3/4)}}}
	names := make([]string, min(3, len(all)))
	for i := range names {
		names[i], _ = cut(all[i].name, 60, units16)
	}
	if len(all) > len(names) {
		names = append(names, ellipsis)
	}
	about := t.Tick.AllStill(len(all)) + ": " + strings.Join(names, ", ")
	return reminded{told: told{
		pages: f.lay(nil, []chapter{c}), fires: true, list: alarming(r.Items),
		about: about, summary: "⏰ " + about, worst: all[0].Severity,
	}}
}

// still is the line about one alarm.
func (t teller) still(s *standing) text {
	name, link := s.named(maxLineName)
	lasted := ""
	if since := t.since(s.Since); since > 0 {
		lasted = t.duration(since)
	}
	line := append(say(plain("⏰ ")), t.Tick.Still(name, lasted, s.Fires)...)
	if severity := t.Severities[s.Severity]; severity != "" {
		line = line.with(plain(" · " + severity))
	}
	return append(line, link...)
}

// lasting is for how long something has been so.
func (t teller) lasting(since time.Time) text {
	if d := t.since(since); d > 0 {
		return say(plain(t.Tick.For(t.duration(d))))
	}
	return nil
}

// since is how long ago something was; 0 where that is not known.
func (t teller) since(at time.Time) time.Duration {
	if !isSet(at) || !isSet(t.arrived) {
		return 0
	}
	return max(0, t.arrived.Sub(at))
}

func (t teller) discordReminder(r reminded, mentions []Mention) Message {
	if len(r.line) == 0 {
		return t.discordPage(&r.told, 0, mentions)
	}
	pings, _ := discordMentionsOf(mentions)
	body, _ := t.discordBody(mentions, true, "")
	said, wasCut := write(discordPen{}, r.line, min(maxReminder, discordContent-units16(pings)-1))
	body.Content = strings.TrimSpace(pings + " " + said)
	t.opens(body, r.about, r.worst)
	body.Flags = discordgo.MessageFlagsSuppressEmbeds // no preview of the link
	return Message{Payload: body, Thread: t.Thread, Truncated: count(wasCut)}
}

func (t teller) slackReminder(r reminded, mentions []Mention) Message {
	if len(r.line) == 0 {
		return t.slackPage(&r.told, 0, mentions)
	}
	said, wasCut := write(t.slackPen(), r.line, maxReminder)
	return Message{Payload: t.slackBody(strings.TrimSpace(slackMentionsOf(mentions) + " " + said)), Thread: t.Thread, Truncated: count(wasCut)}
}
