package e2e_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// deployment is a template with values for its parameters: what CloudFormation knows when it decides what to make.
type deployment struct {
	t        *testing.T
	template shape
	values   map[string]string
}

// deploy takes the defaults of all parameters but those that are given.
func deploy(t *testing.T, given map[string]string) deployment {
	t.Helper()
	d := deployment{t, readTemplate(t), map[string]string{
		"AWS::Region": "ap-northeast-2", "AWS::AccountId": "111122223333", "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com",
	}}
	for name := range at[shape](t, d.template, "Parameters") {
		d.values[name], _ = at[shape](t, d.template, "Parameters", name)["Default"].(string)
	}
	for name, value := range given {
		at[shape](t, d.template, "Parameters", name)
		d.values[name] = value
	}
	return d
}

func (d deployment) holds(condition string) bool {
	d.t.Helper()
	return d.truth(at[shape](d.t, d.template, "Conditions", condition))
}

func (d deployment) truth(value any) bool {
	d.t.Helper()
	m, _ := value.(shape)
	for function, argument := range m {
		list, _ := argument.([]any)
		switch function {
		case "Condition":
			return d.holds(argument.(string))
		case "Fn::Equals":
			return d.text(list[0]) == d.text(list[1])
		case "Fn::Not":
			return !d.truth(list[0])
		case "Fn::And":
			return !slices.ContainsFunc(list, func(v any) bool { return !d.truth(v) })
		case "Fn::Or":
			return slices.ContainsFunc(list, d.truth)
		}
	}
	d.t.Fatalf("no condition: %v", value)
	return false
}

var substitute = regexp.MustCompile(`\$\{([A-Za-z0-9:.]+)\}`)

// text is what a value comes to. What only AWS can say, such as the ARN of a queue, stays in brackets.
func (d deployment) text(value any) string {
	d.t.Helper()
	m, ok := value.(shape)
	if !ok {
		return value.(string)
	}
	for function, argument := range m {
		list, _ := argument.([]any)
		switch function {
		case "Ref":
			if known, ok := d.values[argument.(string)]; ok {
				return known
			}
			return "[" + argument.(string) + "]"
		case "Fn::GetAtt":
			return "[" + list[0].(string) + "." + list[1].(string) + "]"
		case "Fn::Select":
			n, err := strconv.Atoi(list[0].(string))
			if items := d.list(list[1]); err == nil && n < len(items) {
				return items[n]
			}
			d.t.Fatalf("nothing to select: %v", argument)
		case "Fn::Join":
			return strings.Join(d.list(list[1]), list[0].(string))
		case "Fn::Sub":
			return d.filled(argument)
		case "Fn::If":
			return d.text(d.chosen(list))
		}
	}
	d.t.Fatalf("no text: %v", value)
	return ""
}

func (d deployment) filled(argument any) string {
	template, own := argument, shape{}
	if list, ok := argument.([]any); ok {
		template, own = list[0], list[1].(shape)
	}
	return substitute.ReplaceAllStringFunc(template.(string), func(name string) string {
		name = strings.Trim(name, "${}")
		if value, ok := own[name]; ok {
			return d.text(value)
		}
		return d.text(shape{"Ref": name})
	})
}

func (d deployment) list(value any) (items []string) {
	d.t.Helper()
	if m, ok := value.(shape); ok {
		argument := at[[]any](d.t, m, "Fn::Split")
		return strings.Split(d.text(argument[1]), argument[0].(string))
	}
	for _, item := range d.present(value) {
		items = append(items, d.text(item))
	}
	return items
}

// present is a list without what AWS::NoValue takes out of it.
func (d deployment) present(value any) (items []any) {
	d.t.Helper()
	for _, item := range value.([]any) {
		if m, ok := item.(shape); ok && m["Fn::If"] != nil {
			item = d.chosen(m["Fn::If"].([]any))
		}
		if m, ok := item.(shape); ok && m["Ref"] == "AWS::NoValue" {
			continue
		}
		items = append(items, item)
	}
	return items
}

func (d deployment) chosen(choice []any) any {
	if d.holds(choice[0].(string)) {
		return choice[1]
	}
	return choice[2]
}
