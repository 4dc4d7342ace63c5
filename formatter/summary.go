package formatter

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// Summary is what a day's message tells of the alarms and of the relay itself.
type Summary struct {
	Open    []Open // what is in ALARM now
	Day     Day    // what came of the last day's alerts
	Muted   []Quiet
	Arrived time.Time // now
}

// Quiet is what is not told now, and why.
type Quiet struct {
	What  string    // an alarm's name, a pattern, a rule
	Until time.Time // zero where no end is known
	By    string    // who wanted it; may be empty
	Why   string    // may be empty
}

const (
	maxNoisiest  = 5
	leastNoise   = 2 // an alarm that fired once is not noisy
	maxNoiseName = 60
	maxQuietWhat = 120
	maxQuietWhy  = 300

	// The rows of the parts of a summary, which fit into one message with their titles.
	maxOpenRows  = 2400
	maxDayRow    = 400
	maxQuietRows = 1400
)

// SummaryOf tells a day in one message, silently where the service can: the alarms that are in ALARM, the worst and oldest first; how
// much fired and recovered, and which alarms most; how the relay did; what is muted. Of what has no room it says how much there is.
func SummaryOf(service Service, s Summary, style Style) []Message {
	t := newTeller(Notice{Arrived: s.Arrived}, style)
	form := formOf(service)
	f := form.frame(t)
	chapters := []chapter{t.openChapter(f, &s)}
	if !s.isQuiet() {
		chapters = append(chapters, t.dayChapter(f, &s))
	}
	if len(s.Muted) > 0 {
		chapters = append(chapters, t.quietChapter(f, s.Muted))
	}
	about := t.summarised(&s)
	said := told{pages: f.lay(nil, chapters), about: about, summary: "📋 " + about}
	if len(s.Open) > 0 {
		said.list = alarming(s.Open)
	}
	return []Message{form.page(t, &said, 0, nil)}
}

// isQuiet reports whether there is nothing to tell of alarms, nor of trouble of the relay's own.
func (s *Summary) isQuiet() bool {
	d := s.Day
	return len(s.Open) == 0 && d.Fired == 0 && d.Recovered == 0 && !d.isTroubled()
}

// summarised is the summary in one sentence.
func (t teller) summarised(s *Summary) string {
	if s.isQuiet() {
		return t.Tick.Daily + ": " + t.Tick.QuietDay
	}
	return t.Tick.Daily + ": " + t.Tick.Happened(s.Day.Fired, s.Day.Recovered, len(s.Open))
}

func (t teller) openChapter(f frame, s *Summary) chapter {
	all := t.standings(s.Open)
	c := chapter{tone: toneGreen, title: "📋 " + t.Tick.Daily}
	var rows []text
	switch {
	case len(all) > 0:
		c.tone = all[0].tone
		c.title += " · " + t.Digest(stateCounts(all))
	case s.isQuiet():
		rows = []text{say(plain("🟢 " + t.Tick.QuietDay))}
		if s.Day.Delivered > 0 || s.Day.Duplicates > 0 {
			rows = append(rows, t.relayed(s.Day.Count))
		}
	default:
		rows = []text{say(plain("🟢 " + t.Tick.NoneInAlarm))}
	}
	for i := range all {
		var since text
		if at := all[i].Since; isSet(at) {
			since = t.Tick.Since(say(span{face: faceDate, at: at}))
		}
		rows = append(rows, t.openLine(&all[i], since))
	}
	c.title = f.heading(c.title)
	c.blocks = []block{{rows: t.few(f, rows, maxOpenRows)}}
	return c
}

func (t teller) dayChapter(f frame, s *Summary) chapter {
	rows := []row{f.row(say(plain(t.Tick.Happened(s.Day.Fired, s.Day.Recovered, len(s.Open)))), maxDayRow)}
	if noisy := t.noisy(s.Day.Noisiest); len(noisy) > 0 {
		rows = append(rows, f.row(noisy, maxDayRow))
	}
	rows = append(rows, f.row(t.relayed(s.Day.Count), maxDayRow))
	c := chapter{tone: toneBlue, title: f.heading(t.Tick.LastDay), blocks: []block{{rows: rows}}}
	if s.Day.isTroubled() {
		c.tone = toneOrange
	}
	return c
}

// noisy names the alarms that fired most; nothing where none fired twice.
func (t teller) noisy(all []Noise) text {
	var said text
	for i, n := range all {
		if i == maxNoisiest || n.Times < leastNoise {
			break
		}
		between := " · "
		if i == 0 {
			between = t.Tick.Noisiest + ": "
		}
		name, _ := cut(oneLine(n.Name), maxNoiseName, units16)
		said = said.with(plain(between), bold(cmp.Or(name, nameless)), plain(" ×"+strconv.Itoa(n.Times)))
	}
	return said
}

// relayed is what the relay did with what came.
func (t teller) relayed(c Count) text {
	mark := "📨 "
	if c.isTroubled() {
		mark = "⚠️ "
	}
	said := []string{t.Tick.Delivered(c.Delivered)}
	for _, part := range [...]struct {
		n   int
		say func(int) string
	}{{c.Failed, t.Tick.Failed}, {c.DeadLettered, t.Tick.DeadLettered}, {c.Duplicates, t.Tick.Duplicates}} {
		if part.n > 0 {
			said = append(said, part.say(part.n))
		}
	}
	return say(plain(mark + strings.Join(said, " · ")))
}

func (t teller) quietChapter(f frame, muted []Quiet) chapter {
	rows := make([]text, len(muted))
	for i, q := range muted {
		what, _ := cut(oneLine(q.What), maxQuietWhat, units16)
		rows[i] = say(code(cmp.Or(what, nameless)))
		if isSet(q.Until) {
			rows[i] = append(rows[i].with(plain(" · ")), t.Tick.Until(say(span{face: faceDate, at: q.Until}))...)
		}
		if q.By != "" {
			rows[i] = rows[i].with(plain(" · " + person(q.By)))
		}
		if why, _ := cut(oneLine(q.Why), maxQuietWhy, units16); why != "" {
			rows[i] = rows[i].with(plain(" · " + why))
		}
	}
	title := f.heading("🔕 " + join(t.Tick.Muted, number(float64(len(muted)), digits)))
	return chapter{tone: toneGrey, title: title, blocks: []block{{rows: t.few(f, rows, maxQuietRows)}}}
}
