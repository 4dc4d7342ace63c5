package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// permission is one action on one resource, perhaps on a condition.
type permission struct{ action, resource, condition string }

// need is a permission and who asks for it; grant is one and the statement that gives it.
type (
	need  map[permission][]string
	grant map[permission][]string
)

// needed is what the function and others in its name ask for, and what is unknown about it.
func needed(calls []call, s *stack) (needs need, unknown []string) {
	needs = need{}
	for _, c := range calls {
		action := c.action()
		if action == "" || c.resource == "" {
			unknown = append(unknown, fmt.Sprintf("the function calls %s %s %s: nobody has said in relay/cloud/record.go and in calls.go on what, and which action that takes", c.service, c.name, c.part))
			continue
		}
		needs.add(permission{action: action, resource: c.arn()}, "the function: "+c.name)
	}
	for _, b := range onBehalf {
		for _, resource := range b.of(s, calls) {
			p := permission{action: b.action, resource: resource}
			if b.condition != nil {
				p.condition = asText(b.condition(s))
			}
			needs.add(p, b.who)
		}
	}
	return needs, unknown
}

func (n need) add(p permission, who string) {
	if !slices.Contains(n[p], who) {
		n[p] = append(n[p], who)
	}
}

// asText writes a condition so that the same one is the same text. Of the values of a key any may fit, in whatever order.
func asText(condition any) string {
	if condition == nil {
		return ""
	}
	text, err := json.Marshal(inOrder(condition))
	if err != nil {
		return err.Error() // what a template holds is always JSON
	}
	return string(text)
}

func inOrder(v any) any {
	switch v := v.(type) {
	case map[string]any:
		object := map[string]any{}
		for key, value := range v {
			object[key] = inOrder(value)
		}
		return object
	case []any:
		return slices.SortedFunc(slices.Values(v), func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	return v
}

// compare says what is asked for and not granted, and what is granted and never asked for.
func compare(deployment string, needs need, grants grant) (found []string) {
	for _, p := range sorted(needs) {
		if grants[p] == nil {
			found = append(found, fmt.Sprintf("%s: not granted: %s on %s%s, for %s", deployment, p.action, p.resource, onCondition(p), strings.Join(needs[p], ", ")))
		}
	}
	for _, p := range sorted(grants) {
		if needs[p] == nil {
			found = append(found, fmt.Sprintf("%s: granted by %s, and never asked for: %s on %s%s", deployment, strings.Join(grants[p], ", "), p.action, p.resource, onCondition(p)))
		}
	}
	return found
}

func onCondition(p permission) string {
	if p.condition == "" {
		return ""
	}
	return " if " + p.condition
}

func sorted[M ~map[permission][]string](of M) []permission {
	all := make([]permission, 0, len(of))
	for p := range of {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b permission) int {
		return strings.Compare(a.action+"\x00"+a.resource+"\x00"+a.condition, b.action+"\x00"+b.resource+"\x00"+b.condition)
	})
	return all
}

// unique leaves out what comes again, as it does for each deployment.
func unique(found []string) (once []string) {
	for _, what := range found {
		if !slices.Contains(once, what) {
			once = append(once, what)
		}
	}
	return once
}

func printTable(w io.Writer, deployment string, needs need, grants grant) {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(columns, "%s\n", deployment)
	fmt.Fprintln(columns, "  action\tresource\tasked for by\tgranted by")
	for _, p := range sorted(needs) {
		resource := strings.TrimPrefix(p.resource, "arn:"+partition+":")
		fmt.Fprintf(columns, "  %s\t%s\t%s\t%s\n", p.action, resource, strings.Join(needs[p], ", "), strings.Join(grants[p], ", "))
	}
	_ = columns.Flush() // to a terminal or a pipe: whoever reads has gone, and there is nobody to tell
	fmt.Fprintln(w)
}
