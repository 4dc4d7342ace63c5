package rule

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"alarmrelay/formatter"
)

const (
	// maxWordFields is ours: beyond it nobody reads on.
	maxWordFields = 10
	// maxLabel is what a card has room for above a field.
	maxLabel = 80
)

// words returns the rule's own words, to be filled in.
func (rule *Rule) words() *formatter.Wording {
	if rule.Wording == nil {
		rule.Wording = &formatter.Wording{}
	}
	return rule.Wording
}

// phrase reads a text with placeholders.
func (r *reader) phrase(n *yaml.Node) *formatter.Phrase {
	if v := r.value(n); v.Kind == yaml.MappingNode {
		r.wrong(v, "to YAML, brackets without a dollar sign are keys with values; write a text, such as ${name}")
		return nil
	}
	text, ok := r.text(n)
	if !ok {
		return nil
	}
	p, mistakes := formatter.ReadPhrase(text)
	for _, m := range mistakes {
		if m.Word != "" {
			m.Text = unknown(m.Text, m.Word, m.Known)
		}
		r.wrong(r.inside(n, text, m.At), "%s", m.Text)
	}
	return p
}

// wordFields reads labels and what stands below them.
func (r *reader) wordFields(n *yaml.Node) (fields []formatter.WordField) {
	given := r.pairs(n)
	if v := r.value(n); v.Kind == yaml.MappingNode && len(v.Content) == 0 {
		r.wrong(v, "says nothing; leave it out, or write a label and a text, such as Host: ${dimension.InstanceId}")
	}
	if len(given) > maxWordFields {
		r.wrong(n, "%d fields; write at most %d", len(given), maxWordFields)
	}
	for _, p := range given {
		switch length := utf8.RuneCountInString(p.name); {
		case length > maxLabel:
			r.wrong(p.key, "a label of %d characters; write at most %d", length, maxLabel)
			continue
		case strings.TrimSpace(p.name) == "":
			r.wrong(p.key, "a label of blanks; write a word")
			continue
		}
		fields = append(fields, formatter.WordField{Label: p.name, Value: r.phrase(p.value)})
	}
	return fields
}

// inside returns where a byte of a text stands in the file. YAML has forgotten with which quotes and on how many
// lines the text is written, but its brackets are all there: what follows one on its line is counted from it.
func (r *reader) inside(n *yaml.Node, text string, at int) *yaml.Node {
	v := r.value(n)
	bracket := strings.LastIndexByte(text[:min(at+2, len(text))], '{')
	if bracket < 0 || len(r.problems) >= maxProblems {
		return v
	}
	if r.lines == nil {
		r.lines = strings.Split(string(r.data), "\n")
	}
	before := strings.Count(text[:bracket], "{")
	from := v.Column - 1
	for line := v.Line; line > 0 && line <= len(r.lines); line, from = line+1, 0 {
		written := []rune(r.lines[line-1])
		for column := from; column < len(written); column++ {
			if written[column] != '{' {
				continue
			}
			if before--; before < 0 {
				return &yaml.Node{Line: line, Column: 1 + column + distanceWritten(string(written[column:]), text, bracket, at)}
			}
		}
	}
	return v
}

// distanceWritten counts the characters from a bracket of a text to another place in it; none where the file, of
// which line is the rest from the bracket on, has them in another way.
func distanceWritten(line, text string, bracket, at int) int {
	if at < bracket {
		return -utf8.RuneCountInString(text[at:bracket])
	}
	if between := text[bracket:at]; strings.HasPrefix(line, between) {
		return utf8.RuneCountInString(between)
	}
	return 0
}
