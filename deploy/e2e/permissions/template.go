package main

import (
	"errors"
	"fmt"
	"os"

	"go.yaml.in/yaml/v4"
)

// template is template.yaml as it stands, before CloudFormation puts in what its functions stand for.
type template struct {
	Parameters map[string]struct {
		Default yaml.Node `yaml:"Default"`
	} `yaml:"Parameters"`
	Conditions map[string]yaml.Node `yaml:"Conditions"`
	Resources  map[string]struct {
		Type       string    `yaml:"Type"`
		Condition  string    `yaml:"Condition"`
		Properties yaml.Node `yaml:"Properties"`
	} `yaml:"Resources"`
}

func readTemplate(path string) (*template, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t := new(template)
	if err := yaml.Load(data, t); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return t, nil
}

// stack is a template with values for its parameters. It keeps what in the template it could not read; see err.
type stack struct {
	*template
	parameters map[string]any
	refs       map[string]string // what Ref returns of a resource, where that is not the name that the stack gives it
	mistakes   []error
}

// with returns the stack that these parameters make; the others have their defaults.
func (t *template) with(parameters map[string]string) *stack {
	s := &stack{template: t, parameters: map[string]any{}, refs: map[string]string{}}
	for name, p := range t.Parameters {
		s.parameters[name] = p.Default.Value
	}
	for name, value := range parameters {
		if _, there := t.Parameters[name]; !there {
			s.mistake("the template has no parameter %s", name)
		}
		s.parameters[name] = value
	}
	return s
}

func (s *stack) mistake(format string, args ...any) {
	s.mistakes = append(s.mistakes, fmt.Errorf(format, args...))
}

// err is what of the template could not be read so far.
func (s *stack) err() error { return errors.Join(s.mistakes...) }

// resource is one of the template's; its kind is empty where there is none of that name.
type resource struct {
	kind       string
	properties *yaml.Node
}

func (s *stack) resource(name string) resource {
	r, ok := s.Resources[name]
	if !ok {
		return resource{}
	}
	return resource{r.Type, &r.Properties}
}

// has reports whether there is a resource of that type.
func (s *stack) has(kind string) bool {
	for _, r := range s.Resources {
		if r.Type == kind {
			return true
		}
	}
	return false
}

// function is a property of the function.
func (s *stack) function(property string) any {
	r := s.resource("RelayFunction")
	if r.kind != "AWS::Serverless::Function" {
		s.mistake("the template has no function RelayFunction")
		return nil
	}
	return s.value(member(r.properties, property))
}

// roleOf is the logical id of a function's role; empty where it is none of the template's.
func (s *stack) roleOf(function string) string {
	node := member(s.resource(function).properties, "Role")
	if name, attribute, ok := attributeOf(node); ok && attribute == "Arn" {
		return name
	}
	return ""
}

// environment are the function's variables.
func (s *stack) environment() map[string]string {
	all := map[string]string{}
	environment, _ := s.function("Environment").(map[string]any)
	variables, _ := environment["Variables"].(map[string]any)
	for name, value := range variables {
		all[name] = s.text(value)
	}
	return all
}

// name is what a resource is called when it is deployed.
func (s *stack) name(logical string) string {
	if own := member(s.resource(logical).properties, "LogGroupName"); own != nil {
		return s.text(s.value(own))
	}
	return stackName + "-" + logical
}

const stackName = "alarmrelay"

// attribute is what GetAtt returns.
func (s *stack) attribute(logical, attribute string) string {
	if attribute == "Arn" {
		switch s.resource(logical).kind {
		case "AWS::SQS::Queue":
			return arn("sqs", s.name(logical))
		case "AWS::DynamoDB::Table":
			return arn("dynamodb", "table/"+s.name(logical))
		case "AWS::Logs::LogGroup":
			return arn("logs", "log-group:"+s.name(logical)+":*")
		case "AWS::Serverless::Function":
			return arn("lambda", "function:"+s.name(logical))
		case "AWS::IAM::Role":
			return "arn:" + partition + ":iam::" + account + ":role/" + s.name(logical)
		}
	}
	s.mistake("!GetAtt %s.%s is not known here: teach template.go", logical, attribute)
	return ""
}
