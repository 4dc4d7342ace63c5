package traffic

import (
	"strings"
	"time"
)

// rule is the rule of a composite alarm.
func (a alarm) rule() string {
	var parts []string
	for _, child := range a.children {
		parts = append(parts, `ALARM("`+child.name+`")`)
	}
	return strings.Join(parts, " OR ")
}

// triggers are the children that a composite alarm's message names.
func (a alarm) triggers(c *Change) (all []map[string]any) {
	for i, child := range a.children {
		all = append(all, map[string]any{"Arn": child.arn(), "State": map[string]any{
			"Value": c.State, "Timestamp": c.At.Add(-time.Duration(i+1) * time.Second).UTC().Format(millis),
		}})
	}
	return all
}
