package formatter

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"alarmrelay/alert"
)

// words is everything this package says in one language. A language is one
// file that fills it; sentences are functions, since languages differ in order.
type words struct {
	Alarm, OK, Resolved, NoData string // the states
	Composite                   string // beside the name of a composite alarm
	Notice                      string // a notice whose service is not known
	LogLine                     func(n int) string
	AlarmConfig                 func(operation string) string

	// Labels of fields and links, from English. English itself has none.
	Labels     map[string]string
	Severities map[alert.Severity]string

	// What a phone shows. Names come as raw text.
	InAlarm  func(name, region string) string
	BackToOK func(name, after string) string
	Lacking  func(name string) string
	LogNews  func(lines int, group string) string
	Several  func(alarms, all int, names string) string
	Digest   func(tally) string
	Gathered func(alarms, notices int) string // a digest, whatever becomes of it
	Earlier  func(n int) string               // how much of a storm other messages have told

	// Why.
	Breach       func(finding) text
	Recovered    func(finding) text
	Fine         func(finding) text // not met, and perhaps never was
	Missing      func(subject span, periods int, period string, breaching bool) text
	Insufficient func(subject span, n int) text
	Outside      func(band) text // as a bound: "outside the expected 20–45"
	NoReason     string
	Bound        func(comparison, value string) string
	During       func(n, of int, period string) string
	Statistics   map[string]string
	Units        map[string]string // of a measured time, with what stands before them

	// What else there is to say.
	ChildrenFire func(n int) string
	Children     string
	More         func(n int) string
	MoreLines    func(n int) string
	Late         func(by string) string
	AfterMute    string
	NoOKActions  string
	InsteadOf    func(destination string) string
	Overtaken    func(passage) text
	Changes      func(n int) string
	Repeated     string
	Unrecovered  func(fired text) text
	GraphOf      func(alarm, metric, over, bound string) string                    // bound may be empty
	Trend        func(subject, bars span, least, greatest, last, over string) text // subject and over may be empty
	Flooded      func(lines, batches int, since text) text                         // since may be empty
	BudgetOver   func(name, threshold string, forecast bool) string
	BudgetSpent  func(b *alert.Budget) text

	// Of a digest.
	Notices   string
	Other     string // a group with nothing in common that has a name
	Continued string // beside a title that was there before
	AllIn     func(place text) text
	Attached  func(n int, file string) string

	Life lifeWords // of an alarm whose message is edited
	Tick tickWords // of alarms that last, and of a day

	// Units of a span of time, and what stands between them and the number.
	Day, Hour, Minute, Second string
}

// finding is what a metric alarm found.
type finding struct {
	subject span   // the metric, or the expression
	stat    string // in words, empty for an expression
	value   string
	bound   text   // the condition that is met, or no longer met
	during  string // for how many datapoints; empty where that is not known
}

// band tells on which side of the expected band a value lies.
type band struct{ lower, upper string }

var english, korean = sync.OnceValue(wordsEn), sync.OnceValue(wordsKo)

// wordsFor returns the words of a locale such as ko or ko-KR; English for one we don't speak.
func wordsFor(locale string) *words {
	switch language, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(locale), "_", "-"), "-"); language {
	case "ko":
		return korean()
	}
	return english()
}

// label translates a label; one that is not known stays as it is.
func (w *words) label(english string) string {
	if l, ok := w.Labels[english]; ok {
		return l
	}
	return english
}

// measure writes a quantity's unit in the language's own way: "15 min" is "15분".
func (w *words) measure(quantity string) string {
	if number, unit, ok := strings.Cut(quantity, " "); ok && w.Units[unit] != "" {
		return number + w.Units[unit]
	}
	return quantity
}

func (w *words) stat(s string) string {
	s = statistic(s)
	if l, ok := w.Statistics[s]; ok {
		return l
	}
	return oneLine(s)
}

// duration writes how long something took, in at most two units: 3 h 5 min.
func (w *words) duration(d time.Duration) string {
	seconds := int64(d.Abs() / time.Second)
	parts := [...]struct {
		n    int64
		unit string
	}{{seconds / 86400, w.Day}, {seconds / 3600 % 24, w.Hour}, {seconds / 60 % 60, w.Minute}, {seconds % 60, w.Second}}
	for i, p := range parts {
		if p.n == 0 && i < len(parts)-1 {
			continue
		}
		s := strconv.FormatInt(p.n, 10) + p.unit
		// Seconds matter only while there are few minutes of them.
		if i+1 < len(parts) && parts[i+1].n > 0 && (i < 2 || p.n < 5) {
			s += " " + strconv.FormatInt(parts[i+1].n, 10) + parts[i+1].unit
		}
		return s
	}
	return ""
}

// clockText writes a time of day for where a chat can't do it itself.
func clockText(at time.Time, zone *time.Location, layout string) string {
	return at.In(zone).Format(layout)
}
