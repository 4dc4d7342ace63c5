package rule

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"alarmrelay/alert"
)

// rules reads the rules and checks that every alert ends in one of them and
// that each of them can be reached.
func (r *reader) rules(n *yaml.Node, c *Config) {
	list := r.value(n)
	if list.Kind != yaml.SequenceNode {
		r.expected(list, "a list of rules, each beginning with \"- \"")
		return
	}
	if len(list.Content) == 0 {
		r.wrong(list, "the list is empty; the shortest that will do is [{to: [NAME]}] with a destination's name")
		return
	}
	r.key = ""
	everything := 0 // the number of the first rule that takes all
	for i, item := range list.Content {
		before := len(r.problems)
		rule, matches := r.rule(item, c)
		all := !matches && len(r.problems) == before // a rule with a mistake may have meant to match
		c.Rules = append(c.Rules, rule)
		if everything > 0 {
			r.wrong(item, "this rule is never asked: rule %d on line %d matches everything; put that one last, or give it \"continue: true\"",
				everything, c.Rules[everything-1].Line)
			continue
		}
		last := i == len(list.Content)-1
		switch {
		case last && matches:
			r.wrong(item, "the last rule must match everything, so that no alert is lost; add a rule without match, such as \"- to: [NAME]\"")
		case last && rule.Continue:
			r.wrong(item, "the last rule can't continue; leave that out")
		case all && !rule.Continue:
			everything = i + 1
		}
	}
}

// rule reads one rule; matches tells whether it has a condition.
func (r *reader) rule(n *yaml.Node, c *Config) (rule Rule, matches bool) {
	v := r.value(n)
	rule = Rule{Line: n.Line, MentionOn: []When{WhenAlarm}}
	var to, aloud bool // says where, says something that needs a where
	entries := append(r.life(&rule, c, &aloud),
		entry{"name", func(v *yaml.Node) { rule.Name, _ = r.text(v) }},
		entry{"match", func(v *yaml.Node) { rule.match = r.match(v); matches = true }},
		entry{"to", func(v *yaml.Node) { rule.To = r.targets(v, c); to = true }},
		entry{"mention", func(v *yaml.Node) { rule.Mention = r.mentioned(v, c, rule.To); aloud = true }},
		entry{"mention_on", func(v *yaml.Node) {
			rule.MentionOn = r.occasions(v, WhenOK, WhenAlarm, WhenInsufficientData, WhenNotice)
		}},
		entry{"ignore", func(v *yaml.Node) {
			rule.Ignore = r.occasions(v, WhenOK, WhenAlarm, WhenInsufficientData, WhenFirstOK)
			aloud = true
		}},
		entry{"severity", func(v *yaml.Node) { rule.Severity = r.severity(v) }},
		entry{"runbook", func(v *yaml.Node) { r.https(v, &rule.Runbook) }},
		entry{"title", func(v *yaml.Node) { rule.words().Title = r.phrase(v); aloud = true }},
		entry{"summary", func(v *yaml.Node) { rule.words().Summary = r.phrase(v); aloud = true }},
		entry{"fields", func(v *yaml.Node) { rule.words().Fields = r.wordFields(v); aloud = true }},
		entry{"locale", func(v *yaml.Node) { r.locale(v, &rule.Voice.Locale); aloud = true }},
		entry{"timezone", func(v *yaml.Node) { r.timezone(v, c, &rule.Voice.Timezone); aloud = true }},
		entry{"username", func(v *yaml.Node) { r.username(v, &rule.Voice.Username); aloud = true }},
		entry{"avatar", func(v *yaml.Node) { r.https(v, &rule.Voice.Avatar); aloud = true }},
		entry{"thread", func(v *yaml.Node) { r.ruleThread(v, &rule, c); aloud = true }},
		entry{"graph", func(v *yaml.Node) { rule.Graph = new(r.boolean(v)); aloud = true }},
		entry{"continue", func(v *yaml.Node) { rule.Continue = r.boolean(v) }},
	)
	r.object(n, "a rule", entries...)
	if v.Kind != yaml.MappingNode {
		return rule, matches
	}
	switch {
	case !to && !rule.Continue:
		r.wrong(n, "the rule has no destinations; add \"to: [NAME]\", or \"to: []\" to tell nobody")
	case !to && (aloud || rule.Severity == "" && rule.Runbook == ""):
		r.wrong(n, "a rule without destinations can only set severity or runbook for the rules after it; add \"to: [NAME]\"")
	}
	return rule, matches
}

func (r *reader) targets(n *yaml.Node, c *Config) []string {
	targets := []string{}
	r.listOrNone(n, func(item *yaml.Node) {
		name, ok := r.text(item)
		if !ok {
			return
		}
		if _, known := c.Destination(name); !known {
			r.wrong(item, "%s", unknown("destination", name, c.destinationNames()))
			return
		}
		targets = append(targets, name)
	})
	return targets
}

// mentioned reads names of mentions and checks that each has somebody, or
// nobody in so many words, for every service that the rule reaches, by itself or
// by a fallback.
func (r *reader) mentioned(n *yaml.Node, c *Config, to []string) (mentions []string) {
	r.list(n, func(item *yaml.Node) {
		name, ok := r.text(item)
		if !ok {
			return
		}
		m, known := c.mention(name)
		if !known {
			r.wrong(item, "%s", unknown("mention", name, c.mentionNames()))
			return
		}
		for _, target := range c.withFallbacks(to) {
			d, _ := c.Destination(target)
			if _, says := m.Who[d.Service]; !says && d.Service != "" {
				r.wrong(item, "%s has nobody for %s, where %s is; add %s: to it, or \"%s: []\" for nobody",
					name, d.Service, target, d.Service, d.Service)
			}
		}
		mentions = append(mentions, name)
	})
	return mentions
}

// withFallbacks returns the destinations and those that may take over for them, each once.
func (c *Config) withFallbacks(names []string) []string {
	all := slices.Clone(names)
	for i := 0; i < len(all); i++ {
		if d, _ := c.Destination(all[i]); d.Fallback != "" && !slices.Contains(all, d.Fallback) {
			all = append(all, d.Fallback)
		}
	}
	return all
}

func (r *reader) occasions(n *yaml.Node, known ...When) (occasions []When) {
	r.list(n, func(item *yaml.Node) {
		if when, ok := word(r, item, "occasion", known); ok {
			occasions = append(occasions, when)
		}
	})
	return occasions
}

func (r *reader) severity(n *yaml.Node) alert.Severity {
	text, ok := r.text(n)
	if !ok {
		return ""
	}
	severity, ok := alert.ParseSeverity(text)
	if !ok {
		r.wrong(n, "%s", unknown("severity", text, severities()))
	}
	return severity
}

func severities() []string {
	return []string{
		string(alert.SeverityCritical), string(alert.SeverityHigh),
		string(alert.SeverityWarning), string(alert.SeverityInfo),
	}
}
