package rule

import (
	"time"

	"alarmrelay/alert"
)

// Window is a time of the week by the clocks of a place. It belongs to the days that it starts on: weekdays
// 22:00-07:00 lasts until seven on Saturday morning, and begins again on Monday night.
//
// It is open whenever a clock there shows a time of it. Where clocks are put forward, a time that they leave out is
// no time of it; where they are put back, it is open at both times that they show the same.
type Window struct {
	On    [7]bool // by time.Weekday
	From  int     // minutes after midnight
	To    int     // after From, by a day at most; beyond 24 h it is on the next day
	Zone  *time.Location
	Below alert.Severity // only for what is less severe; empty for everything

	text string // as the file has it
}

const (
	minutesADay = 24 * 60
	// chain is how far the end of windows that follow one another is looked for. What lasts for longer than a week does
	// not end.
	chain = 8 * day
)

// String is the window as people write it.
func (w Window) String() string {
	if w.Below != "" {
		return w.text + " below " + string(w.Below)
	}
	return w.text
}

// Until returns when the window closes that is open now; active is false when none is.
func (w Window) Until(now time.Time) (end time.Time, active bool) { return Windows{w}.Until(now) }

// open reports whether a clock of the window's place shows a time of it.
func (w *Window) open(at time.Time) bool {
	at = at.In(w.Zone)
	minute, today := at.Hour()*60+at.Minute(), at.Weekday()
	yesterday := (today + 6) % 7
	return w.On[today] && w.From <= minute && minute < w.To || w.On[yesterday] && minute < w.To-minutesADay
}

// turn returns the next moment at which the window may open or close: when clocks show its beginning, its end or midnight,
// or are put forward or back.
func (w *Window) turn(at time.Time) time.Time {
	at = at.In(w.Zone)
	second := at.Hour()*3600 + at.Minute()*60 + at.Second()
	next := minutesADay
	for _, minute := range [...]int{w.From, w.To, w.To - minutesADay} {
		if minute*60 > second && minute < next {
			next = minute
		}
	}
	then := at.Add(time.Duration(next*60-second)*time.Second - time.Duration(at.Nanosecond()))
	if _, change := at.ZoneBounds(); !change.IsZero() && change.Before(then) {
		return change.In(w.Zone)
	}
	return then
}

// Windows are times of which each counts.
type Windows []Window

// Until returns when none of the windows is open any more: the end of the last of those that follow one another without
// a break. An end that is more than a week away may be later than that. Active is false when none is open now.
func (ws Windows) Until(now time.Time) (end time.Time, active bool) {
	at := now
	for at.Sub(now) < chain {
		next, open := ws.turn(at)
		if !open {
			break
		}
		at = next
	}
	return at, at.After(now)
}

// turn returns until when one of the windows is certainly open.
func (ws Windows) turn(at time.Time) (next time.Time, open bool) {
	for i := range ws {
		if !ws[i].open(at) {
			continue
		}
		if then := ws[i].turn(at); then.After(next) {
			next, open = then, true
		}
	}
	return next, open
}

// of returns the windows that count for what is so severe.
func (ws Windows) of(severity alert.Severity) (some Windows) {
	for _, w := range ws {
		if w.Below == "" || severity.Rank() < w.Below.Rank() {
			some = append(some, w)
		}
	}
	return some
}

// now returns the first window that is open.
func (ws Windows) now(now time.Time) (w Window, ok bool) {
	for i := range ws {
		if ws[i].open(now) {
			return ws[i], true
		}
	}
	return Window{}, false
}

// gravity is how severe an alert is that says nothing of it: as severe as it looks, which the formatter decides alike.
func gravity(a *alert.Alert, severity alert.Severity) alert.Severity {
	switch {
	case severity.Rank() > 0:
		return severity
	case a.IsAlarm():
		return alert.SeverityHigh
	case a.Logs != nil:
		return alert.SeverityWarning
	}
	return alert.SeverityInfo
}
