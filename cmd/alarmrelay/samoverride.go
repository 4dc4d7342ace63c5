package main

import (
	"regexp"
	"slices"
	"strings"
)

// override is a parameter of the template that sam sets.
type override struct {
	name, value string
	start, end  int // of the value, in the text that was read
}

// overrideShape is how sam reads them: Name=value or ParameterKey=Name,ParameterValue=value, with quotes around what holds blanks.
// https://github.com/aws/aws-sam-cli/blob/v1.170.0/samcli/cli/types.py
var overrideShape = regexp.MustCompile(`(?s)(?:^|\s)(?:ParameterKey=([A-Za-z0-9]+),ParameterValue|([A-Za-z0-9]+))=` +
	`("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|[^\s"\\])*)`)

// overridesIn reads all that a text sets.
func overridesIn(text string) (found []override) {
	for _, at := range overrideShape.FindAllStringSubmatchIndex(text, -1) {
		name := ""
		for _, group := range []int{2, 4} {
			if at[group] >= 0 {
				name = text[at[group]:at[group+1]]
			}
		}
		start, end := at[6], at[7]
		value := text[start:end]
		if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') {
			value = value[1 : n-1]
		}
		value = strings.NewReplacer(`\ `, " ", `\"`, `"`, `\'`, `'`).Replace(value)
		found = append(found, override{name, value, start, end})
	}
	return found
}

// has tells whether a text sets a parameter.
func has(text, name string) bool {
	return slices.ContainsFunc(overridesIn(text), func(o override) bool { return o.name == name })
}

// overrideText returns a text with parameters set: in the place of their old values, or at the end. Their values hold
// neither blanks nor quotes.
func overrideText(text string, want []override) string {
	for _, w := range want {
		set := overridesIn(text)
		i := slices.IndexFunc(set, func(o override) bool { return o.name == w.name })
		switch {
		case i < 0:
			text = strings.TrimLeft(strings.TrimRight(text, " ")+" "+w.name+"="+w.value, " ")
		case set[i].value != w.value:
			text = text[:set[i].start] + w.value + text[set[i].end:]
		}
	}
	return text
}
