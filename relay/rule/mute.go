package rule

import (
	"time"

	"go.yaml.in/yaml/v4"

	"alarmrelay/alert"
)

// mute reads when nothing new is posted for a rule.
func (r *reader) mute(n *yaml.Node, c *Config) (windows Windows) {
	r.list(n, func(item *yaml.Node) {
		if r.value(item).Kind != yaml.MappingNode {
			windows = append(windows, r.window(item, c)...)
			return
		}
		windows = append(windows, r.muteBelow(item, c)...)
	})
	r.endless(n, windows)
	return windows
}

// muteBelow reads windows that don't count for everything.
func (r *reader) muteBelow(n *yaml.Node, c *Config) (windows Windows) {
	var below alert.Severity
	r.object(n, "mute",
		entry{"when", func(v *yaml.Node) {
			r.list(v, func(one *yaml.Node) { windows = append(windows, r.window(one, c)...) })
		}},
		entry{"below", func(v *yaml.Node) { below = r.severity(v) }},
	)
	if !r.hasKey(n, "when") {
		r.wrong(n, "says nothing of when; add \"when: weekdays 22:00-07:00\"")
	}
	if below == alert.SeverityInfo {
		r.wrong(r.child(n, "below"), "nothing is less severe than info; write warning, high or critical")
	}
	for i := range windows {
		windows[i].Below = below
	}
	return windows
}

// endless refuses windows of which one is always open: a rule that tells nobody says so.
func (r *reader) endless(n *yaml.Node, windows Windows) {
	const everything alert.Severity = alert.SeverityCritical
	some := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	if end, _ := windows.of(everything).Until(some); end.Sub(some) >= chain {
		r.wrong(n, "this never ends; leave some time of the week, or write \"to: []\" for a rule that tells nobody")
	}
}

// window reads one text; no windows where it has a mistake.
func (r *reader) window(n *yaml.Node, c *Config) Windows {
	text, ok := r.text(n)
	if !ok {
		return nil
	}
	t, err := parseTimes(text)
	if err != nil {
		r.wrong(n, "%v", err)
		return nil
	}
	if t.zone == "" {
		t.zone = c.Timezone
		t.text += " " + t.zone
	}
	zone := c.zones[t.zone]
	if zone == nil {
		if zone, ok = r.zone(n, t.zone); !ok {
			return nil
		}
		c.zones[t.zone] = zone
	}
	return Windows{{On: t.on, From: t.from, To: t.to, Zone: zone, text: t.text}}
}

// Muted is a rule that posts nothing for a while.
type Muted struct {
	Rule   string // as messages call it: "rule 2 (databases)"
	Window string // as the file has it
	Until  time.Time
}

// MutedRules returns the rules that post nothing now because of their windows, in the order of the file; those that do so for
// some severities only are among them.
func (c *Config) MutedRules(now time.Time) (muted []Muted) {
	for i := range c.Rules {
		rule := &c.Rules[i]
		if w, ok := rule.Mute.now(now); ok {
			end, _ := rule.Mute.Until(now)
			muted = append(muted, Muted{Rule: rule.title(i), Window: w.String(), Until: end})
		}
	}
	return muted
}
