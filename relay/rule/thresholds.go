package rule

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Storm says when many alerts at one destination are told in few messages.
type Storm struct {
	Alerts   int           // alerts of a batch that still get a card each; 1 to 10
	Messages int           // messages of a storm; 1 to 20
	Window   time.Duration // how long a storm stays open after its last alert; 10 s to 1 h
}

// Retry says when what failed is tried again. First is not above Longest, and Longest not above GiveUp.
type Retry struct {
	First   time.Duration // the pause after the first failure; 100 ms to 15 min
	Longest time.Duration // what the pauses grow to; at most 12 h
	GiveUp  time.Duration // the age at which an alert becomes a dead letter; 1 min to 13 days
}

const day = 24 * time.Hour

const (
	// maxCards is how many embeds fit into a message of Discord's:
	// https://discord.com/developers/docs/resources/webhook#execute-webhook
	maxCards = 10
	// maxPause is how long a message of SQS can be kept invisible:
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
	maxPause = 12 * time.Hour
	// maxAge leaves a day of the 14 that SQS can keep a message:
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
	maxAge = 13 * day
)

func defaultStorm() Storm { return Storm{Alerts: 10, Messages: 5, Window: time.Minute} }

func defaultRetry() Retry {
	return Retry{First: 30 * time.Second, Longest: 15 * time.Minute, GiveUp: day}
}

const defaultLogWindow = 5 * time.Minute

func (r *reader) storm(n *yaml.Node, s *Storm) {
	r.object(n, "storm",
		entry{"alerts", func(v *yaml.Node) { r.count(v, &s.Alerts, 1, maxCards) }},
		entry{"messages", func(v *yaml.Node) { r.count(v, &s.Messages, 1, 20) }},
		entry{"window", func(v *yaml.Node) { r.duration(v, &s.Window, 10*time.Second, time.Hour) }},
	)
}

// retry reads the pauses and refuses those that contradict each other or a default.
func (r *reader) retry(n *yaml.Node, p *Retry) {
	before := len(r.problems)
	r.object(n, "retry",
		entry{"first", func(v *yaml.Node) { r.duration(v, &p.First, 100*time.Millisecond, 15*time.Minute) }},
		entry{"longest", func(v *yaml.Node) { r.duration(v, &p.Longest, 100*time.Millisecond, maxPause) }},
		entry{"give_up", func(v *yaml.Node) { r.duration(v, &p.GiveUp, time.Minute, maxAge) }},
	)
	if len(r.problems) > before { // a default in place of a mistake contradicts nothing
		return
	}
	if p.Longest < p.First {
		r.wrong(r.child(n, "longest"), "longest is %s, shorter than first, which is %s; pauses only grow", brief(p.Longest), brief(p.First))
	}
	if p.GiveUp < p.Longest {
		r.wrong(r.child(n, "give_up"), "give_up is %s, shorter than longest, which is %s; make one longer or the other shorter",
			brief(p.GiveUp), brief(p.Longest))
	}
}

func (r *reader) logs(n *yaml.Node, c *Config) {
	r.object(n, "logs", entry{"window", func(v *yaml.Node) { r.duration(v, &c.LogWindow, 0, time.Hour) }})
}

func (r *reader) metrics(n *yaml.Node, c *Config) {
	r.object(n, "metrics", entry{"per_destination", func(v *yaml.Node) { c.MetricsPerDestination = r.boolean(v) }})
}

// count reads a whole number from least to most.
func (r *reader) count(n *yaml.Node, into *int, least, most int) {
	v := r.value(n)
	number, err := strconv.Atoi(v.Value)
	plain := err == nil && strconv.Itoa(number) == v.Value // 010 is eight to some
	switch {
	case plain && v.Tag == "!!str":
		r.wrong(v, "%s in quotes is a text to YAML; write it without", quote(v.Value))
	case !plain || number < least || number > most:
		r.expected(v, fmt.Sprintf("a whole number from %d to %d", least, most))
	default:
		*into = number
	}
}

// duration reads a time such as 30s from least to most. Only zero needs no unit.
func (r *reader) duration(n *yaml.Node, into *time.Duration, least, most time.Duration) {
	const such = "a duration such as 30s, 15m, 1h30m or 2d"
	v := r.value(n)
	if v.Kind != yaml.ScalarNode || v.Tag == "!!null" {
		r.expected(v, such)
		return
	}
	text, ok := r.raw(n)
	if !ok {
		return
	}
	number := v.Tag == "!!int" || v.Tag == "!!float"
	zero := number && text == "0"
	switch d, ok := parseDuration(text); {
	case number && !zero:
		r.wrong(v, "%s has no unit; write %s", quote(text), such)
	case !ok && !zero:
		r.wrong(v, "%s is no duration; write one such as 30s, 15m, 1h30m or 2d", quote(text))
	case d < least || d > most:
		r.wrong(v, "%s is out of range; write a duration from %s to %s", quote(text), brief(least), brief(most))
	default:
		*into = d
	}
}

// parseDuration reads 1h30m as Go does, and whole days before that.
func parseDuration(text string) (d time.Duration, ok bool) {
	days, rest, found := strings.Cut(text, "d")
	if !found {
		days, rest = "0", text
	}
	count, err := strconv.Atoi(days)
	if err != nil || !isDigits(days) || rest == "0" || strings.Trim(rest, "0123456789.hms") != "" {
		return 0, false
	}
	if rest != "" || !found {
		if d, err = time.ParseDuration(rest); err != nil {
			return 0, false
		}
	}
	const enough = 10_000 // days; beyond every range, and far from an overflow
	return time.Duration(min(count, enough))*day + min(d, enough*day), true
}

// brief is d without the zeros at its end: 15m, not 15m0s.
func brief(d time.Duration) string {
	if d >= 2*day && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
