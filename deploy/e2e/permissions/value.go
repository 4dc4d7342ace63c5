package main

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// nothing is what AWS::NoValue stands for: the property or the item is not there.
type nothing struct{}

// value is what CloudFormation makes of a node: a text, a list or an object.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func (s *stack) value(n *yaml.Node) any {
	switch name, argument := function(n); {
	case n == nil:
		return nil
	case name != "":
		return s.call(name, argument)
	case n.Kind == yaml.ScalarNode:
		return n.Value
	case n.Kind == yaml.SequenceNode:
		return s.list(n)
	case n.Kind == yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if v := s.value(n.Content[i+1]); v != (nothing{}) {
				object[n.Content[i].Value] = v
			}
		}
		return object
	}
	s.mistake("line %d is written in a way that is not known here", n.Line)
	return nil
}

func (s *stack) list(n *yaml.Node) []any {
	list := []any{}
	for _, item := range n.Content {
		if v := s.value(item); v != (nothing{}) {
			list = append(list, v)
		}
	}
	return list
}

// function returns the name of the function that a node is, in its long or its short form, and what it is given.
func function(n *yaml.Node) (name string, argument *yaml.Node) {
	switch {
	case n == nil:
	case strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!"):
		return strings.TrimPrefix(n.Tag, "!"), untagged(n)
	case n.Kind == yaml.MappingNode && len(n.Content) == 2:
		key := n.Content[0].Value
		if short, ok := strings.CutPrefix(key, "Fn::"); ok || key == "Ref" || key == "Condition" && n.Content[1].Kind == yaml.ScalarNode {
			return short, n.Content[1]
		}
	}
	return "", nil
}

func untagged(n *yaml.Node) *yaml.Node {
	plain := *n
	plain.Tag = ""
	return &plain
}

func (s *stack) call(name string, n *yaml.Node) any {
	switch name {
	case "Ref":
		return s.ref(n.Value)
	case "GetAtt":
		if logical, attribute, ok := attribute(n); ok {
			return s.attribute(logical, attribute)
		}
	case "Sub":
		return s.sub(n)
	case "Join":
		if list := s.arguments(n, 2); list != nil {
			return strings.Join(s.texts(list[1]), s.text(list[0]))
		}
	case "Split":
		if list := s.arguments(n, 2); list != nil {
			var parts []any
			for part := range strings.SplitSeq(s.text(list[1]), s.text(list[0])) {
				parts = append(parts, part)
			}
			return parts
		}
	case "Select":
		return s.pick(n)
	case "If":
		return s.choose(n)
	}
	s.mistake("line %d: !%s is not known here, or not in this form: teach value.go", n.Line, name)
	return nil
}

// arguments are a function's, if it has that many.
func (s *stack) arguments(n *yaml.Node, count int) []any {
	if n.Kind != yaml.SequenceNode || len(n.Content) != count {
		return nil
	}
	list := make([]any, count)
	for i, item := range n.Content {
		list[i] = s.value(item)
	}
	return list
}

func (s *stack) pick(n *yaml.Node) any {
	if list := s.arguments(n, 2); list != nil {
		items, ok := list[1].([]any)
		if i, err := strconv.Atoi(s.text(list[0])); ok && err == nil && i >= 0 && i < len(items) {
			return items[i]
		}
	}
	s.mistake("line %d: !Select finds nothing", n.Line)
	return nil
}

func (s *stack) choose(n *yaml.Node) any {
	if n.Kind != yaml.SequenceNode || len(n.Content) != 3 {
		s.mistake("line %d: !If takes a condition and two values", n.Line)
		return nil
	}
	if s.condition(n.Content[0].Value) {
		return s.value(n.Content[1])
	}
	return s.value(n.Content[2])
}

// pseudo are the parameters that every template has.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var pseudo = map[string]any{
	"AWS::AccountId": account, "AWS::NoValue": nothing{}, "AWS::Partition": partition, "AWS::Region": region,
	"AWS::StackName": stackName, "AWS::URLSuffix": "amazonaws.com",
}

func (s *stack) ref(name string) any {
	if value, ok := pseudo[name]; ok {
		return value
	}
	if value, ok := s.parameters[name]; ok {
		return value
	}
	if value, ok := s.refs[name]; ok {
		return value
	}
	// The alias that SAM makes of a function: https://github.com/aws/serverless-application-model/blob/master/docs/safe_lambda_deployments.rst
	if function, ok := strings.CutSuffix(name, ".Alias"); ok {
		return s.attribute(function, "Arn") + ":live"
	}
	if s.resource(name).kind == "AWS::SNS::Topic" {
		return arn("sns", s.name(name))
	}
	if s.resource(name).kind == "" {
		s.mistake("!Ref %s finds nothing", name)
	}
	return s.name(name)
}

// attributeOf reads a GetAtt; ok is false for what is none.
func attributeOf(n *yaml.Node) (logical, name string, ok bool) {
	if function, argument := function(n); function == "GetAtt" {
		return attribute(argument)
	}
	return "", "", false
}

func attribute(n *yaml.Node) (logical, name string, ok bool) {
	if n.Kind == yaml.SequenceNode && len(n.Content) == 2 {
		return n.Content[0].Value, n.Content[1].Value, true
	}
	return strings.Cut(n.Value, ".")
}

var variableForm = regexp.MustCompile(`\$\{([^!}][^}]*)\}`)

// sub puts values into a text: those that come with it, and else what Ref and GetAtt return.
func (s *stack) sub(n *yaml.Node) string {
	text, own := n, map[string]any{}
	if n.Kind == yaml.SequenceNode && len(n.Content) == 2 {
		text = n.Content[0]
		own, _ = s.value(n.Content[1]).(map[string]any)
	}
	return variableForm.ReplaceAllStringFunc(text.Value, func(found string) string {
		name := found[2 : len(found)-1]
		if value, ok := own[name]; ok {
			return s.text(value)
		}
		if logical, attribute, ok := strings.Cut(name, "."); ok {
			return s.attribute(logical, attribute)
		}
		return s.text(s.ref(name))
	})
}

// member is a property of an object as it stands; nil for none.
func member(n *yaml.Node, name string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}
