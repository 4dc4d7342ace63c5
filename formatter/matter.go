package formatter

import (
	"strconv"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter/phrase"
)

// matter is what phrases are about: an item, and the card that is made of it.
type matter struct {
	teller
	it   *Item
	card *card
	hide func(string) string // cleans a text, and hides the secrets in it where it is a notice's or a log's
}

func newMatter(t teller, it *Item, c *card) *matter {
	m := &matter{t, it, c, hider(it.Kind)}
	if it.IsAlarm() && it.Kind != alert.KindAlarmConfig {
		m.hide = func(s string) string { return clean(source(s)) }
	}
	return m
}

func (m *matter) text(s string) phrase.Value {
	return phrase.Value{Text: strings.TrimSpace(m.hide(s))}
}

// state is what the alarm is; old news is about one that has become something else.
func (m *matter) state() alert.State {
	if m.it.Later != nil {
		return m.it.Later.State
	}
	return m.it.State
}

func (m *matter) previous() alert.State {
	if m.it.Later != nil {
		return m.it.State
	}
	return m.it.Previous
}

func (m *matter) account() string {
	if name := m.Accounts[m.it.Account]; name != "" {
		return name
	}
	return m.it.Account
}

// since is when the trouble began, as far as that is known.
func (m *matter) since() time.Time {
	switch {
	case m.it.State == alert.StateOK:
		return began(m.it)
	case m.it.State == alert.StateAlarm && isSet(m.it.Since):
		return m.it.Since
	}
	return m.it.ChangedAt
}

func (m *matter) moment(at time.Time) phrase.Value {
	if !isSet(at) {
		return phrase.Value{}
	}
	return phrase.Value{Text: clockText(at, m.Zone, "2006-01-02 15:04 MST"), At: at}
}

// metric returns what is watched; the zero Query where that is none.
func (m *matter) metric() alert.Query {
	if m.it.Metric == nil {
		return alert.Query{}
	}
	return watched(m.it.Metric)
}

func (m *matter) dimension(name string) phrase.Value {
	if m.it.Metric != nil {
		for _, q := range m.it.Metric.Queries {
			if v := dimension(q, name); v != "" {
				return m.text(v)
			}
		}
	}
	if m.it.Contributor != nil {
		return m.text(m.it.Contributor.Attributes[name])
	}
	return phrase.Value{}
}

// quantity is a number as the card writes it.
func (m *matter) quantity(v float64, unit, written string) phrase.Value {
	base, isRate := strings.CutSuffix(unit, "/Second")
	scaled, symbol := scale(v, base)
	if symbol != "" { // with what stands before it: " min", or "분"
		symbol = strings.TrimPrefix(m.measure("1 "+symbol), "1")
	}
	if isRate {
		symbol += "/s"
	}
	return phrase.Value{Text: m.measure(written), Number: &scaled, Unit: symbol}
}

// value is the datapoint that decided: the newest on the threshold's side that the state tells of.
func (m *matter) value() phrase.Value {
	metric := m.it.Metric
	if metric == nil || len(metric.Values) == 0 {
		return phrase.Value{}
	}
	unit := unitOf(m.metric())
	limit, comparison, ok := m.condition()
	if !ok {
		newest := metric.Values[len(metric.Values)-1]
		return m.quantity(newest, unit, quantity(newest, unit, digits))
	}
	v, found := latest(metric.Values, func(_ int, v float64) bool {
		return breaches(v, comparison, limit) == (m.it.State == alert.StateAlarm)
	})
	if !found {
		v = metric.Values[len(metric.Values)-1]
	}
	unit = unitFor(limit, unit)
	return m.quantity(v, unit, valueBeside(v, limit, unit))
}

// condition returns the threshold and how values are compared with it.
func (m *matter) condition() (limit float64, comparison string, ok bool) {
	said := clean(source(m.it.Reason))
	limit, ok = thresholdOf(m.it.Metric, said)
	if comparison = m.it.Metric.Comparison; comparison == "" {
		comparison = comparisonIn(said)
	}
	return limit, comparison, ok && isComparison(comparison)
}

func (m *matter) values() string {
	if m.it.Metric == nil {
		return ""
	}
	unit := unitOf(m.metric())
	all := make([]string, min(len(m.it.Metric.Values), maxRows))
	newest := m.it.Metric.Values[len(m.it.Metric.Values)-len(all):]
	for i, v := range newest {
		all[i] = m.measure(quantity(v, unit, digits))
	}
	return strings.Join(all, ", ")
}

func (m *matter) threshold() phrase.Value {
	if m.it.Metric == nil {
		return phrase.Value{}
	}
	limit, _, ok := m.condition()
	if !ok {
		return phrase.Value{}
	}
	unit := unitFor(limit, unitOf(m.metric()))
	return m.quantity(limit, unit, quantity(limit, unit, exactDigits))
}

// children names the alarms of a composite alarm that fire, or all that made it change.
func (m *matter) children() string {
	if m.it.Composite == nil {
		return ""
	}
	var firing, all []string
	for _, c := range m.it.Composite.Children {
		all = append(all, c.Name)
		if c.State == alert.StateAlarm {
			firing = append(firing, c.Name)
		}
	}
	if len(firing) > 0 {
		all = firing
	}
	return strings.Join(all, ", ")
}

// why is the card's reason in plain text.
func (m *matter) why() string {
	if m.it.Notice != nil {
		return m.hide(m.it.Reason)
	}
	var b strings.Builder
	for _, s := range m.reason(&m.it.Alert) {
		b.WriteString(s.text)
	}
	return b.String()
}

// logLine is the line that a card of logs shows first.
func (m *matter) logLine() string {
	if m.it.Logs == nil || len(m.it.Logs.Lines) == 0 {
		return ""
	}
	shown := m.it.Logs.Lines[0]
	if m.it.floods() {
		shown = m.it.Logs.Lines[len(m.it.Logs.Lines)-1]
	}
	return mask(clean(source(withoutTime(shown))))
}

// logLines is how many lines of a log the message stands for.
func (m *matter) logLines() phrase.Value {
	if m.it.Logs == nil {
		return phrase.Value{}
	}
	n := m.it.lines()
	exact := float64(n)
	return phrase.Value{Text: strconv.Itoa(n), Number: &exact}
}

// series names the one series of many that changed.
func (m *matter) series() string {
	if s := seriesOf(m.it.Contributor); s != "" {
		return s
	}
	return strings.Join(attributesOf(m.it.Contributor), ", ")
}

// news returns the notice, or one that says nothing.
func (m *matter) news() alert.Notice {
	if m.it.Notice == nil {
		return alert.Notice{}
	}
	return *m.it.Notice
}

// field returns a fact of a notice by its English label.
func (m *matter) field(label string) phrase.Value {
	for _, f := range m.news().Fields {
		switch {
		case !strings.EqualFold(f.Label, label):
		case isSet(f.At):
			return m.moment(f.At)
		case isSecretName(f.Label) && f.Value != "":
			return phrase.Value{Text: masked}
		default:
			return m.text(f.Value)
		}
	}
	return phrase.Value{}
}
