package rule

import (
	"fmt"
	"strings"
	"time"

	"alarmrelay/alert"
)

// Explanation is how an alert was routed: each rule in the order of the file,
// and the result that [Config.Route] gives.
type Explanation struct {
	Rules   []Verdict `json:"rules"`
	Routing Routing   `json:"routing"`
}

// Verdict is what one rule said about an alert.
type Verdict struct {
	Rule    int    `json:"rule"` // its place in the file, from 1
	Name    string `json:"name,omitempty"`
	Line    int    `json:"line,omitempty"`
	Asked   bool   `json:"asked"`
	Matched bool   `json:"matched"`
	// Why names the matcher that failed with the alert's own value, or what made the rule
	// match or go unasked. The alert's text in it is quoted as by %q.
	Why string `json:"why"`
}

// Explain routes an alert as [Config.Route] does and says why. It asks every
// rule up to the one that takes the alert.
func (c *Config) Explain(a *alert.Alert, now time.Time) Explanation {
	e := Explanation{Rules: make([]Verdict, len(c.Rules))}
	for i := range c.Rules {
		e.Rules[i] = Verdict{Rule: i + 1, Name: c.Rules[i].Name, Line: c.Rules[i].Line}
	}
	s := newSubject(a)
	taken := 0
	e.Routing = c.decide(s, now, every(len(c.Rules)), func(i int, o obstacle) {
		v := &e.Rules[i]
		v.Asked, v.Matched = true, o.none()
		if !v.Matched {
			v.Why = o.in(s)
			return
		}
		taken = i + 1
		v.Why = c.Rules[i].match.reason(s)
	})
	for i := range e.Rules {
		if !e.Rules[i].Asked {
			e.Rules[i].Why = fmt.Sprintf("not asked: rule %d took the alert", taken)
		}
	}
	return e
}

// reason says what made a rule match.
func (m *match) reason(s *subject) string {
	if len(m.all) == 0 && len(m.not) == 0 {
		return "it matches everything"
	}
	if len(m.all) == 0 {
		return "nothing under not fits"
	}
	var text strings.Builder
	for i := range m.all {
		value, _ := m.all[i].fits(s)
		if i > 0 {
			text.WriteString(", ")
		}
		fmt.Fprintf(&text, "%s is %q", m.all[i].name(), value)
	}
	return text.String()
}
