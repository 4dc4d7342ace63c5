package e2e_test

import (
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// shape is a template as CloudFormation reads it: maps, lists and values, functions in their long form.
type shape = map[string]any

func readTemplate(t *testing.T) shape {
	t.Helper()
	data, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return long(t, doc.Content[0]).(shape)
}

// long writes !Ref X as {Ref: X} and !Sub X as {Fn::Sub: X}. Of numbers and the like it keeps the text.
func long(t *testing.T, node *yaml.Node) any {
	t.Helper()
	var value any
	switch node.Kind {
	case yaml.MappingNode:
		m := shape{}
		for i := 0; i < len(node.Content); i += 2 {
			m[node.Content[i].Value] = long(t, node.Content[i+1])
		}
		value = m
	case yaml.SequenceNode:
		list := make([]any, 0, len(node.Content))
		for _, item := range node.Content {
			list = append(list, long(t, item))
		}
		value = list
	case yaml.ScalarNode:
		value = node.Value
	default:
		t.Fatalf("template.yaml:%d: CloudFormation knows no aliases", node.Line)
	}
	name, isFunction := strings.CutPrefix(node.Tag, "!")
	switch {
	case !isFunction || strings.HasPrefix(name, "!"):
		return value
	case name == "Ref" || name == "Condition":
		return shape{name: value}
	case name == "GetAtt":
		resource, attribute, _ := strings.Cut(value.(string), ".")
		return shape{"Fn::GetAtt": []any{resource, attribute}}
	default:
		return shape{"Fn::" + name: value}
	}
}

// at follows keys into maps, and fails where there is nothing.
func at[T any](t *testing.T, from any, keys ...string) T {
	t.Helper()
	for i, key := range keys {
		m, _ := from.(shape)
		next, ok := m[key]
		if !ok {
			t.Fatalf("template.yaml has no %s", strings.Join(keys[:i+1], "."))
		}
		from = next
	}
	value, ok := from.(T)
	if !ok {
		t.Fatalf("template.yaml: %s is a %T", strings.Join(keys, "."), from)
	}
	return value
}

// visit calls see for every value in it, the outer ones first.
func visit(value any, see func(any)) {
	see(value)
	switch v := value.(type) {
	case shape:
		for _, inner := range v {
			visit(inner, see)
		}
	case []any:
		for _, inner := range v {
			visit(inner, see)
		}
	}
}
