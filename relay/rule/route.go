package rule

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
)

// Routing is what the configuration says about one alert.
type Routing struct {
	// Deliveries are what is to be told, one for each destination, in the order in which
	// the rules name them.
	Deliveries []Delivery `json:"deliveries"`
	// Held are the deliveries that are not made, one for each destination that has none above. Nothing new is posted for
	// them; a message that is already there may still be brought up to date.
	Held []Held `json:"held,omitempty"`
	// Silence says why there are no Deliveries; it is empty when there are some.
	Silence string `json:"silence,omitempty"`
	// Tags are the alarm's own tags for the relay, and what became of them.
	Tags []TagEffect `json:"tags,omitempty"`
}

// Delivery is one alert for one destination.
type Delivery struct {
	Destination string         `json:"destination"`
	Rule        int            `json:"rule"` // its place in the file, from 1
	Severity    alert.Severity `json:"severity,omitempty"`
	Runbook     string         `json:"runbook,omitempty"`
	// Mentions are the people behind Mention, the names that rules and tags use for them.
	Mentions []formatter.Mention `json:"mentions,omitempty"`
	Mention  []string            `json:"mention,omitempty"`
	Voice    Voice               `json:"voice"`
	Wording  *formatter.Wording  `json:"wording,omitempty"`
	// Graph is whether the alarm's card is to show what led to it.
	Graph bool `json:"graph,omitempty"`

	// Recovery is how people hear that the alarm is over. It, Remind and Escalate are empty for what is no alarm.
	Recovery Recovery `json:"recovery,omitempty"`
	// Remind are the times after the ALARM at which people are reminded of it, ascending.
	Remind Marks `json:"remind,omitempty"`
	// Escalate is who is told when nobody has taken care of the alarm after a while; nil for nobody.
	Escalate *Escalation `json:"escalate,omitempty"`
}

// Held is a delivery that is not made.
type Held struct {
	Delivery
	Kind  HeldKind  `json:"kind"`
	Until time.Time `json:"until,omitzero"` // HeldMuted: when the mute ends
	Why   string    `json:"why"`
}

// HeldKind is why a delivery is not made.
type HeldKind string

// The kinds.
const (
	HeldIgnored   HeldKind = "ignored"   // the rule ignores the state
	HeldMuted     HeldKind = "muted"     // what still fires when the mute ends is told then
	HeldEscalated HeldKind = "escalated" // an escalation goes there: it is told further changes once it was told
)

// Route decides where an alert goes; now is for what is muted alone.
//
// The first rule that matches decides, and with continue the next ones as
// well. A destination that several of these rules name is told once, as [Delivery.join] says, by those that hold nothing back.
// Where all of them do, one that mutes counts for more than one that ignores, and the mute that ends first for more than others.
func (c *Config) Route(a *alert.Alert, now time.Time) Routing {
	s := newSubject(a)
	return c.decide(s, now, c.candidates(s), nil)
}

func (c *Config) candidates(s *subject) iter.Seq[int] {
	if c.index == nil {
		return every(len(c.Rules))
	}
	return c.index.candidates(s)
}

// decide asks the rules in order until one takes the alert. It tells see, if
// given, what stood in the way of each rule that was asked.
func (c *Config) decide(s *subject, now time.Time, rules iter.Seq[int], see func(rule int, o obstacle)) Routing {
	d := decision{config: c, subject: s, now: now, severity: s.alert.Severity, runbook: s.alert.Runbook}
	d.wish = c.wishes(s.alert, now)
	d.accept()
	for i := range rules {
		rule := &c.Rules[i]
		o := rule.match.obstacle(s)
		if see != nil {
			see(i, o)
		}
		if !o.none() {
			continue
		}
		d.take(i, rule)
		if !rule.Continue {
			break
		}
	}
	return d.routing()
}

// decision is what is known on the way through the rules.
type decision struct {
	config   *Config
	subject  *subject
	now      time.Time
	wish     wish
	severity alert.Severity
	runbook  string
	told     []Delivery
	held     []Held
	later    []*later
	silent   []string
}

// accept puts what the alarm's tags say in the place of what the notice said.
func (d *decision) accept() {
	if d.wish.severity != "" {
		d.severity = d.wish.severity
		d.subject.set(fieldSeverity, string(d.severity))
	}
	if d.wish.runbook != "" {
		d.runbook = d.wish.runbook
	}
}

// take applies a rule that matches. The alarm's own tags win over it.
func (d *decision) take(number int, rule *Rule) {
	if rule.Severity != "" && d.wish.severity == "" {
		d.severity = rule.Severity
		d.subject.set(fieldSeverity, string(d.severity))
	}
	if rule.Runbook != "" && d.wish.runbook == "" {
		d.runbook = rule.Runbook
	}
	if rule.To == nil {
		return
	}
	to := rule.To
	if d.wish.to != nil {
		to = d.wish.to
	}
	if len(to) == 0 {
		d.silent = append(d.silent, rule.title(number)+" tells nobody")
	}
	hold := d.holds(number, rule)
	for _, name := range to {
		destination, ok := d.config.Destination(name)
		if !ok {
			continue
		}
		hold.Delivery = d.delivery(number, rule, &destination)
		if hold.Kind != "" {
			d.hold(hold)
		} else {
			d.tell(hold.Delivery)
		}
		d.escalate(rule, &hold.Delivery)
	}
}

// delivery is what a rule says of the alert to a destination.
func (d *decision) delivery(number int, rule *Rule, to *Destination) Delivery {
	mention := d.mention(rule)
	delivery := Delivery{
		Destination: to.Name, Rule: number + 1, Severity: d.severity, Runbook: d.runbook,
		Mention: mention, Mentions: d.config.people(mention, to.Service),
		Voice: rule.voiceAt(to), Wording: rule.Wording, Graph: rule.wantsGraph(d.config.Graph),
	}
	if d.subject.alert.IsAlarm() {
		delivery.Recovery, delivery.Remind, delivery.Escalate = rule.recoveryOf(d.config), rule.Remind, rule.Escalate
	}
	return delivery
}

// tell adds a delivery, or joins it with the one that the destination already has.
func (d *decision) tell(next Delivery) {
	i := slices.IndexFunc(d.told, func(t Delivery) bool { return t.Destination == next.Destination })
	if i < 0 {
		d.told = append(d.told, next)
		return
	}
	d.told[i].join(&next)
}

// mention returns the names of those who are mentioned on this occasion.
func (d *decision) mention(rule *Rule) []string {
	when := When(d.subject.alert.State)
	if when == "" {
		when = WhenNotice
	}
	if !slices.Contains(rule.MentionOn, when) {
		return nil
	}
	return union(union(nil, rule.Mention), d.wish.mention)
}

// people returns who the names stand for at a service.
func (c *Config) people(names []string, service formatter.Service) (who []formatter.Mention) {
	for _, name := range names {
		m, _ := c.mention(name)
		who = union(who, m.Who[service])
	}
	return who
}

// union returns a with what it lacks of b, and leaves both as they are.
func union[T comparable](a, b []T) []T {
	joined := slices.Clone(a)
	for _, one := range b {
		if !slices.Contains(joined, one) {
			joined = append(joined, one)
		}
	}
	return joined
}

// Fallback redirects a delivery to the fallback of its destination, with that
// one's voice and the same people in its service's form; ok is false when there
// is none. Following fallbacks always comes to an end.
func (c *Config) Fallback(d Delivery) (next Delivery, ok bool) {
	dead, _ := c.Destination(d.Destination)
	to, ok := c.Destination(dead.Fallback)
	if !ok {
		return Delivery{}, false
	}
	d.Destination, d.Voice = to.Name, to.Voice
	d.Mentions = c.people(d.Mention, to.Service)
	return d, true
}

func (d *decision) routing() Routing {
	r := Routing{Deliveries: d.told, Tags: d.wish.effects}
	for _, h := range d.held {
		if !slices.ContainsFunc(d.told, func(t Delivery) bool { return t.Destination == h.Destination }) {
			r.Held = append(r.Held, h)
		}
	}
	d.escalations(&r)
	if len(r.Deliveries) == 0 {
		r.Silence = strings.Join(d.silent, "; ")
		if r.Silence == "" {
			r.Silence = "no rule matches"
		}
	}
	return r
}

// title is how messages call a rule: "rule 2 (databases)".
func (rule *Rule) title(number int) string {
	if rule.Name == "" {
		return fmt.Sprintf("rule %d", number+1)
	}
	return fmt.Sprintf("rule %d (%s)", number+1, rule.Name)
}

// voiceAt is the rule's voice at a destination. The rule's thread lies in the
// channel of its own Discord destination, not where a tag redirects to.
func (rule *Rule) voiceAt(d *Destination) Voice {
	v := rule.Voice.over(d.Voice)
	if d.Service != formatter.ServiceDiscord || !slices.Contains(rule.To, d.Name) {
		v.Thread = d.Voice.Thread
	}
	return v
}
