package rule

import "slices"

// WantsGraphs reports whether a rule wants graphs for somebody, which the function has to be allowed to ask for.
func (c *Config) WantsGraphs() bool {
	return slices.ContainsFunc(c.Rules, func(r Rule) bool { return len(r.To) > 0 && r.wantsGraph(c.Graph) })
}

func (rule *Rule) wantsGraph(otherwise bool) bool {
	if rule.Graph != nil {
		return *rule.Graph
	}
	return otherwise
}

// NeedsTicks returns a key of the file for which the relay has to look after open alarms from time to time; empty where there is
// none.
func (c *Config) NeedsTicks() string {
	if c.Summary != nil {
		return "summary"
	}
	for _, r := range c.Rules {
		switch {
		case len(r.To) == 0:
		case len(r.Remind) > 0:
			return "remind"
		case r.Escalate != nil:
			return "escalate"
		case len(r.Mute) > 0:
			return "mute"
		}
	}
	return ""
}
