package main

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// condition is whether one of the template's conditions holds.
func (s *stack) condition(name string) bool {
	n, ok := s.Conditions[name]
	if !ok {
		s.mistake("the template has no condition %s", name)
		return false
	}
	return s.holds(&n)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
func (s *stack) holds(n *yaml.Node) bool {
	name, argument := function(n)
	var items []*yaml.Node
	if argument != nil {
		items = argument.Content
	}
	switch {
	case name == "Condition":
		return s.condition(argument.Value)
	case name == "Equals" && len(items) == 2:
		return s.text(s.value(items[0])) == s.text(s.value(items[1]))
	case name == "Not" && len(items) == 1:
		return !s.holds(items[0])
	case name == "And":
		return !slices.ContainsFunc(items, func(item *yaml.Node) bool { return !s.holds(item) })
	case name == "Or":
		return slices.ContainsFunc(items, s.holds)
	}
	s.mistake("line %d: a condition is written in a way that is not known here: teach condition.go", n.Line)
	return false
}

// text is a value that has to be one; empty for nothing.
func (s *stack) text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case nil, nothing:
		return ""
	}
	s.mistake("%v is no text", v)
	return ""
}

// texts is a text or a list of them.
func (s *stack) texts(v any) (all []string) {
	list, ok := v.([]any)
	if !ok {
		return []string{s.text(v)}
	}
	for _, item := range list {
		all = append(all, s.text(item))
	}
	return all
}

// objects are the objects in a list, or the members of an object.
func (s *stack) objects(v any) (all []map[string]any) {
	add := func(item any) {
		object, ok := item.(map[string]any)
		if !ok {
			s.mistake("%v is no object", item)
			return
		}
		all = append(all, object)
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			add(item)
		}
	case map[string]any:
		for _, item := range v {
			add(item)
		}
	}
	return all
}
