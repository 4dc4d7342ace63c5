package incident

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"alarmrelay/formatter"
)

// Tally counts what came of the alerts of one destination in the last 24 to 25 hours, in 2 KB or not much more. Its zero value
// has counted nothing.
type Tally struct {
	Hour   int64             `json:"h,omitempty"` // the newest hour that is counted, in hours since 1970
	Counts []formatter.Count `json:"c,omitempty"` // of that hour and of those before it
	Alarms []noise           `json:"a,omitempty"` // the noisiest and those that fired last; who fired last stands last
}

// noise is how often an alarm fired.
type noise struct {
	Name string `json:"n"`
	// Hours are how often in Tally.Hour and in each hour before it, where 255 are all that is counted. CloudWatch looks at
	// an alarm at most every ten seconds.
	Hours []byte `json:"t"`
}

// Happened is what came of some alerts at a destination.
type Happened struct {
	// Fired are the names of alarms that came into ALARM, and Recovered counts those that recovered. An alarm that several
	// destinations are told of is to be counted at one of them, or a sum of theirs counts it several times.
	Fired     []string
	Recovered int

	Delivered    int // alerts that people were told
	Failed       int // attempts to tell that failed, tried again or not
	DeadLettered int // alerts that went to the dead-letter queue
	Duplicates   int // alerts that came although people had been told them
}

const (
	maxTallied = 25 // hours
	// maxNoises is how many alarms are counted. Half of them are those that fired most: a storm of alarms that fire once
	// doesn't make the rest of the day forgotten. The others are those that fired last.
	maxNoises = 16
	// maxNoiseBytes is what they may take.
	maxNoiseBytes = 1000
)

// TallyID is where the tally of a destination is kept.
func TallyID(destination string) ID { return ID{destination, "tally"} }

// Add counts what happened now, or an hour or two ago by another invocation's clock.
func (t *Tally) Add(now time.Time, h Happened) {
	ago := t.advance(hourOf(now))
	for len(t.Counts) <= ago {
		t.Counts = append(t.Counts, formatter.Count{})
	}
	t.Counts[ago] = t.Counts[ago].Plus(formatter.Count{
		Fired: len(h.Fired), Recovered: h.Recovered,
		Delivered: h.Delivered, Failed: h.Failed, DeadLettered: h.DeadLettered, Duplicates: h.Duplicates,
	})
	for _, name := range h.Fired {
		t.fired(name, ago)
	}
}

// Sum returns what happened in the last day: since the beginning of this hour yesterday.
func (t *Tally) Sum(now time.Time) formatter.Day {
	c := t.clone()
	c.advance(hourOf(now))
	var d formatter.Day
	for _, n := range c.Counts {
		d.Count = d.Plus(n)
	}
	for _, n := range c.Alarms {
		d.Noisiest = append(d.Noisiest, formatter.Noise{Name: n.Name, Times: n.times()})
	}
	slices.SortFunc(d.Noisiest, noisiest)
	return d
}

// Merge returns what happened at several destinations: the sums, and the noisiest alarms of all of them.
func Merge(days ...formatter.Day) formatter.Day {
	var all formatter.Day
	times := map[string]int{}
	for _, d := range days {
		all.Count = all.Plus(d.Count)
		for _, n := range d.Noisiest {
			times[n.Name] += n.Times
		}
	}
	for name, n := range times {
		all.Noisiest = append(all.Noisiest, formatter.Noise{Name: name, Times: n})
	}
	slices.SortFunc(all.Noisiest, noisiest)
	return all
}

func noisiest(a, b formatter.Noise) int {
	return cmp.Or(cmp.Compare(b.Times, a.Times), strings.Compare(a.Name, b.Name))
}

func hourOf(at time.Time) int64 { return at.Unix() / 3600 }

// advance makes hour the newest one that is counted, where it is newer. It returns how many hours before the newest it is. A
// clock that was a day ahead is not waited for.
func (t *Tally) advance(hour int64) (ago int) {
	past := hour - t.Hour
	if past <= -maxTallied || past >= maxTallied {
		*t = Tally{Hour: hour}
		return 0
	}
	if past <= 0 {
		return int(-past)
	}
	t.Hour = hour
	t.Counts = shifted(t.Counts, int(past))
	for i := range t.Alarms {
		t.Alarms[i].Hours = shifted(t.Alarms[i].Hours, int(past))
	}
	t.Alarms = slices.DeleteFunc(t.Alarms, func(n noise) bool { return n.times() == 0 })
	return 0
}

// shifted puts empty hours before the others, and drops those that are a day old.
func shifted[T any](hours []T, by int) []T {
	if len(hours) == 0 {
		return nil
	}
	hours = append(make([]T, by, by+len(hours)), hours...)
	return hours[:min(len(hours), maxTallied)]
}

// fired counts an alarm.
func (t *Tally) fired(name string, ago int) {
	name = bounded(name)
	i := slices.IndexFunc(t.Alarms, func(n noise) bool { return n.Name == name })
	n := noise{Name: name}
	if i >= 0 {
		n = t.Alarms[i]
		t.Alarms = slices.Delete(t.Alarms, i, i+1)
	}
	for len(n.Hours) <= ago {
		n.Hours = append(n.Hours, 0)
	}
	n.Hours[ago] = min(n.Hours[ago], 254) + 1
	t.Alarms = append(t.Alarms, n)
	for len(t.Alarms) > maxNoises || len(t.Alarms) > 1 && t.noiseBytes() > maxNoiseBytes {
		t.forget()
	}
}

// forget drops the alarm that fired longest ago of all but the noisier half and the last.
func (t *Tally) forget() {
	times := make([]int, len(t.Alarms))
	for i, n := range t.Alarms {
		times[i] = n.times()
	}
	slices.Sort(times)
	median := times[(len(times)-1)/2]
	i := slices.IndexFunc(t.Alarms[:len(t.Alarms)-1], func(n noise) bool { return n.times() <= median })
	i = max(i, 0)
	t.Alarms = slices.Delete(t.Alarms, i, i+1)
}

func (n noise) times() (sum int) {
	for _, h := range n.Hours {
		sum += int(h)
	}
	return sum
}

func (t *Tally) noiseBytes() (sum int) {
	const syntax = 16 // {"n":"","t":""},
	for _, n := range t.Alarms {
		sum += encoded(n.Name) + (len(n.Hours)+2)/3*4 + syntax
	}
	return sum
}

// encoded is how many bytes a text takes in JSON, or some more.
func encoded(s string) int {
	n := len(s)
	for _, r := range s {
		if r < ' ' || strings.ContainsRune("\"\\<>&\u2028\u2029\x7f\ufffd", r) {
			n += 5 // \u003c
		}
	}
	return n
}

// bounded cuts a name that would take more than its share.
func bounded(name string) string {
	const most = maxNoiseBytes - 100
	name = strings.ToValidUTF8(name, "\ufffd")
	for encoded(name) > most {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	return name
}

func (t *Tally) clone() *Tally {
	c := Tally{Hour: t.Hour, Counts: slices.Clone(t.Counts), Alarms: slices.Clone(t.Alarms)}
	return &c
}
