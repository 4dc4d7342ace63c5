package formatter

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
)

// maxLineName is how much of a name a digest shows. An alarm's has at most 255 characters:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (AlarmName)
const maxLineName = 256

const maxLineDetail = 80

const (
	// maxLineKey is how many bytes of a key a line keeps as they are: more than the ARN of an alarm has whose name
	// is 255 letters of three bytes.
	maxLineKey = 1000
	// maxLineTrail is how much of a history a line keeps: one more than anybody is shown, so that it is seen to be cut.
	maxLineTrail = maxListedSteps + 1
)

// LineOf returns the line of an alert, which is small whatever the alert holds. What looks like a secret in a notice's
// title is hidden.
func LineOf(it *Item) Line {
	a := &it.Alert
	l := Line{
		Key: lineKey(a.Key), Kind: a.Kind, Name: a.Name, Severity: a.Severity, At: a.ChangedAt, Trail: it.Trail,
		Account: a.Account, Region: a.Region, Partition: a.Partition, Namespace: namespaceOf(a),
	}
	if a.Logs != nil {
		l.Lines = linesOf(a.Logs)
		if it.Flood != nil {
			l.Lines = max(l.Lines, it.Flood.Lines)
		}
	}
	switch {
	case isState(a.State) && a.Kind != alert.KindAlarmConfig:
		l.State, l.Detail, l.Closed = a.State, seriesOf(a.Contributor), it.Closed || it.Deleted
		if it.Acked != nil {
			l.Acked = person(it.Acked.By)
		}
	case a.Logs != nil:
		l.Name, l.Detail = cmp.Or(a.Logs.Group, a.Name), oneLine(strings.Join(a.Logs.Filters, ", "))
	default:
		l.Name = oneLine(hider(a.Kind)(a.Name))
		l.Detail = oneLine(string(a.State))
	}
	if n := a.Notice; n != nil {
		l.Good, l.Namespace = n.Good, oneLine(n.Service)
		if status := titleStatus(n); status != "" && !strings.Contains(l.Name, status) {
			l.Detail = status
		}
		if n.Budget != nil {
			l.Detail = oneLine(n.Budget.Threshold)
		}
	}
	if it.Later != nil {
		l.Trail = append(slices.Clone(l.Trail), Step{l.State, l.At})
		l.State, l.At = it.Later.State, it.Later.At
	}
	l.Trail = firstAndLast(l.Trail, maxLineTrail)
	l.Partition, _ = cut(l.Partition, maxLineDetail, units16)
	l.Name, _ = cut(l.Name, maxLineName, units16)
	l.Namespace, _ = cut(l.Namespace, maxLineName, units16)
	l.Detail, _ = cut(l.Detail, maxLineDetail, units16)
	return l
}

// Replaces reports whether an alarm's line says all that an earlier one of its key says: where that is in the past, or the same anew.
func (l *Line) Replaces(earlier *Line) bool {
	return l.Key != "" && l.Key == earlier.Key && isState(l.State) && isState(earlier.State) && !l.At.Before(earlier.At)
}

// lineKey is a key, or what stands for a long one.
func lineKey(key string) string {
	if len(key) <= maxLineKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// firstAndLast leaves out steps behind the first, so that no more than most remain.
func firstAndLast(steps []Step, most int) []Step {
	if len(steps) <= most {
		return steps
	}
	return append([]Step{steps[0]}, steps[len(steps)-most+1:]...)
}

// isState reports whether s is one of the three states of an alarm.
func isState(s alert.State) bool {
	return s == alert.StateAlarm || s == alert.StateOK || s == alert.StateInsufficientData
}

// page is where a line leads; empty where nothing is known that fits into a line.
func (l *Line) page() string {
	const most = 400 // of a link among names
	home, ok := consoleOf(l.Partition, l.Region, l.Account)
	url := ""
	switch {
	case !ok || l.Name == "" || units16(l.Name) >= maxLineName: // a name that was cut leads nowhere
	case isState(l.State), l.Kind == alert.KindAlarmConfig && l.Detail != "delete":
		url = home.alarm(l.Name)
	case l.Kind == alert.KindLogs && isSet(l.At):
		url = home.logGroup(l.Name, l.At.Add(-5*time.Minute), l.At.Add(10*time.Minute))
	}
	if len(url) > most {
		return ""
	}
	return url
}

// entry is what a digest tells of one key: the newest line, and what came before it.
type entry struct {
	Line
	tone  tone
	name  string // as it is shown, raw
	bare  string // the name alone, in one line
	cut   bool   // the name was too long
	items []int  // the places of its lines in Digest.Lines
}

// entries makes one entry of all lines of a key. The newest counts, and of equally old ones the later.
func (t teller) entries(lines []Line) []entry {
	all := make([]entry, 0, len(lines))
	known := make(map[string]int, len(lines))
	for i, l := range lines {
		at, seen := known[l.Key]
		if l.Key == "" || !seen {
			known[l.Key] = len(all)
			all = append(all, entry{Line: l, items: []int{i}})
			continue
		}
		all[at].add(l, i)
	}
	for i := range all {
		e := &all[i]
		e.Trail = stepsBefore(e.Trail, Step{e.State, e.At})
		if !isState(e.State) {
			e.State = ""
		}
		e.Account, e.Region, e.Namespace = oneLine(e.Account), oneLine(e.Region), oneLine(e.Namespace)
		if e.Severity.Rank() == 0 {
			e.Severity = ""
		}
		e.Closed = e.Closed && e.State != ""
		if e.tone = toneFor(e.State, e.Severity, e.Good, e.Lines > 0 || e.Kind == alert.KindLogs); e.Closed {
			e.tone = toneGrey
		}
		e.bare, e.cut = cut(oneLine(e.Name), maxLineName, units16)
		e.cut = e.cut || strings.HasSuffix(e.bare, ellipsis)
		e.name = t.lineName(e)
	}
	return all
}

func (e *entry) add(l Line, item int) {
	e.items = append(e.items, item)
	newer, older := l, e.Line
	if l.At.Before(e.At) {
		newer, older = older, newer
	}
	steps := slices.Concat(older.Trail, newer.Trail, []Step{{older.State, older.At}})
	e.Line = newer
	e.Trail = steps
	e.Lines = older.Lines + newer.Lines
}

// stepsBefore puts steps in order, each once, and leaves out what the last one says already.
func stepsBefore(steps []Step, last Step) []Step {
	if len(steps) == 0 {
		return nil
	}
	same := func(a, b Step) bool { return a.State == b.State && a.At.Equal(b.At) }
	steps = slices.Clone(steps)
	slices.SortStableFunc(steps, func(a, b Step) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.State, b.State)) })
	steps = slices.CompactFunc(steps, same)
	return slices.DeleteFunc(steps, func(s Step) bool { return same(s, last) })
}

// lineName is the name as a digest shows it.
func (t teller) lineName(e *entry) string {
	detail := oneLine(e.Detail)
	switch e.Kind {
	case alert.KindAlarmConfig:
		return strings.TrimSpace(t.AlarmConfig(detail) + " " + e.bare)
	case alert.KindLogs:
		return t.LogNews(max(1, e.Lines), e.bare)
	}
	return join(cmp.Or(e.bare, e.Namespace, t.Notice), detail)
}

// line is an entry as one line of a digest.
func (t teller) line(e *entry, page string) text {
	s := say(plain(e.tone.emoji() + " " + e.name))
	if page != "" {
		s = s.with(plain(" "), arrow(page))
	}
	if isSet(e.At) {
		s = append(s.with(plain(" ")), t.toTheSecond(e.At)...)
	}
	if who := oneLine(e.Acked); who != "" && e.State != alert.StateOK && !e.Closed {
		s = s.with(plain(" 👀 " + person(who)))
	}
	if len(e.Trail) == 0 {
		return s
	}
	s = s.with(plain(" ("))
	for i, step := range shortened(e.Trail, maxLineSteps) {
		if i > 0 {
			s = s.with(plain(" → "))
		}
		s = append(s, t.lineStep(e, step)...)
	}
	return s.with(plain(")"))
}

const maxLineSteps = 3

func (t teller) lineStep(e *entry, s *Step) text {
	if s == nil {
		return say(plain(ellipsis))
	}
	var said text
	if isState(s.State) {
		said = say(plain(toneFor(s.State, e.Severity, false, false).emoji() + " "))
	}
	return append(said, t.toTheSecond(s.At)...)
}
