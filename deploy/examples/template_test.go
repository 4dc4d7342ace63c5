// Package examples_test holds the templates of this folder, the role for CI and the workflows to what they promise. It needs
// neither AWS nor a tool: deploy/e2e/template lints the same files.
package examples_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// template is a CloudFormation template with its functions in the long form: {"Ref": "TopicArn"}, {"Fn::Sub": "..."}.
type template struct {
	file string
	text string
	tree map[string]any
}

// resource is one entry of a template's Resources.
type resource struct {
	id, kind   string
	condition  string
	properties map[string]any
}

func readTemplate(t *testing.T, file string) template {
	t.Helper()
	text := readText(t, file)
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	tree, ok := plain(t, document.Content[0]).(map[string]any)
	if !ok {
		t.Fatalf("%s is no template", file)
	}
	return template{file: file, text: text, tree: tree}
}

// examples reads every template of this folder.
func examples(t *testing.T) []template {
	t.Helper()
	files, err := filepath.Glob("*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no templates here")
	}
	var all []template
	for _, file := range files {
		all = append(all, readTemplate(t, file))
	}
	return all
}

// plain turns a node into maps, lists and scalars, and a short function into its long form.
func plain(t *testing.T, node *yaml.Node) any {
	t.Helper()
	value := untagged(t, node)
	tag := strings.TrimPrefix(node.Tag, "!")
	switch {
	case !strings.HasPrefix(node.Tag, "!") || strings.HasPrefix(node.Tag, "!!"):
		return value
	case tag == "Ref" || tag == "Condition":
		return map[string]any{tag: value}
	case tag == "GetAtt":
		id, attribute, _ := strings.Cut(fmt.Sprint(value), ".")
		return map[string]any{"Fn::GetAtt": []any{id, attribute}}
	default:
		return map[string]any{"Fn::" + tag: value}
	}
}

func untagged(t *testing.T, node *yaml.Node) any {
	t.Helper()
	switch node.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(node.Content); i += 2 {
			m[node.Content[i].Value] = plain(t, node.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, child := range node.Content {
			list = append(list, plain(t, child))
		}
		return list
	case yaml.ScalarNode:
		return node.Value
	default:
		t.Fatalf("line %d: aliases have no place in a template", node.Line)
		return nil
	}
}

// resources are in the order of their ids.
func (f template) resources() []resource {
	var all []resource
	for id, entry := range section(f.tree, "Resources") {
		r := resource{id: id, properties: section(entry, "Properties")}
		r.kind, _ = entry.(map[string]any)["Type"].(string)
		r.condition, _ = entry.(map[string]any)["Condition"].(string)
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b resource) int { return strings.Compare(a.id, b.id) })
	return all
}

// parameters have by name what stands below each.
func (f template) parameters() map[string]map[string]any {
	all := map[string]map[string]any{}
	for name := range section(f.tree, "Parameters") {
		all[name] = section(section(f.tree, "Parameters"), name)
	}
	return all
}

// head is the comment at the top, without its marks.
func (f template) head() string {
	var lines []string
	for line := range strings.Lines(f.text) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(strings.TrimRight(line, "\n"), "#"), " "))
	}
	return strings.Join(lines, "\n")
}

// section is what stands under a key of a mapping, or nil.
func section(tree any, key string) map[string]any {
	m, _ := tree.(map[string]any)
	below, _ := m[key].(map[string]any)
	return below
}

func fits(t *testing.T, pattern, value string) bool {
	t.Helper()
	compiled, err := regexp.Compile(`^(?:` + pattern + `)$`)
	if err != nil {
		t.Fatalf("pattern %s: %v", pattern, err)
	}
	return compiled.MatchString(value)
}

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
