package formatter

import (
	"cmp"
	"slices"

	"alarmrelay/alert"
)

// headOf is the state of an alarm in front of its name. What recovers after it fired is resolved, whatever came in between.
func (t teller) headOf(it *Item, tone tone) string {
	word := t.stateWord(&it.Alert)
	switch {
	case it.Closed, it.Deleted:
		word = t.Life.Closed
	case it.State == alert.StateOK && it.Fires > 0:
		word = t.Resolved
	}
	return tone.emoji() + " " + word
}

// alarmTone is an alarm's tone. One that fired anew elsewhere, or was deleted, is no longer bad here, and nobody knows that it was
// ever good.
func alarmTone(it *Item) tone {
	if it.Closed || it.Deleted {
		return toneGrey
	}
	return toneOf(&it.Alert)
}

// story is what became of an alarm that has had its message for a while: how it ended, how often it fired, who takes care of it.
func (t teller) story(it *Item) text {
	var ended, fired text
	switch e := t.ending(it); {
	case it.State == alert.StateOK && e != ending{low: e.low}:
		ended = t.Life.Over(e)
	case it.State != alert.StateOK && e.fires > 1:
		fired = t.Life.Fired(e.fires)
	}
	switch {
	case it.Closed:
		ended = say(plain("❔ " + t.Life.FiredNew))
	case it.Deleted:
		ended = say(plain("🗑️ " + t.Life.Deleted))
	}
	return paragraphs(ended, fired, t.acked(it))
}

func (t teller) ending(it *Item) ending {
	e := ending{after: t.lasted(it)}
	if it.Fires > 1 {
		e.fires = it.Fires
	}
	e.worst, e.low = t.peak(it)
	return e
}

func (t teller) acked(it *Item) text {
	if it.Acked == nil {
		return nil
	}
	var since text
	if it.State != alert.StateOK && !it.Closed {
		since = t.toTheSecond(it.Acked.At)
	}
	return append(say(plain("👀 ")), t.Life.Acked(person(it.Acked.By), since)...)
}

// partOf names the composite alarms that the alarm is a part of, with what they are and where their messages stand.
func (t teller) partOf(it *Item) text {
	const most = 3
	var rows []text
	for i := range it.Related {
		if r := &it.Related[i]; r.Parent && len(rows) < most {
			row := append(say(plain(stateTone(r.State).emoji()+" ")), t.Life.PartOf(r.named())...)
			rows = append(rows, append(row, r.link(arrow)...))
		}
	}
	return paragraphs(rows...)
}

func stateTone(s alert.State) tone { return toneOf(&alert.Alert{State: s}) }

const (
	maxRelatedName = 120
	maxRelatedLink = 300
)

func (r *Related) named() span {
	name, _ := cut(oneLine(r.Name), maxRelatedName, units16)
	return bold(cmp.Or(name, ellipsis))
}

// link leads to the message, where that is known.
func (r *Related) link(as func(url string) span) text {
	if url := messageLink(r.Link); url != "" {
		return say(plain(" "), as(url))
	}
	return nil
}

// messageLink is the address of a message if every service takes it for a link of ours.
func messageLink(address string) string {
	if address == "" || len(address) > maxRelatedLink || addressLength(address) != len(address) {
		return ""
	}
	return address
}

// toMessage is an [arrow] to a message that stands beside one to the console.
func (t teller) toMessage(url string) span {
	return span{face: faceArrow, text: t.Life.Message, url: url}
}

// messageOf is the link to a child's message; nothing where it has none that anybody knows.
func (t teller) messageOf(it *Item, child string) text {
	for i := range it.Related {
		if r := &it.Related[i]; !r.Parent && r.Name == child {
			return r.link(t.toMessage)
		}
	}
	return nil
}

// others are the messages of children that CloudWatch did not name.
func (t teller) others(it *Item, most int) text {
	var s text
	for i := range it.Related {
		r := &it.Related[i]
		if r.Parent || most < 1 || hasChild(it.Composite, r.Name) {
			continue
		}
		s = append(s.with(plain("\n"+stateTone(r.State).emoji()+" "), r.named()), r.link(t.toMessage)...)
		most--
	}
	return s
}

func hasChild(c *alert.Composite, name string) bool {
	return c != nil && slices.ContainsFunc(c.Children, func(child alert.Child) bool { return child.Name == name })
}
