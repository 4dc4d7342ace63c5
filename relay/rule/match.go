package rule

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"alarmrelay/alert"
)

// field is what a matcher looks at.
type field uint8

const (
	fieldAlarm field = iota
	fieldSubject
	fieldTopic
	fieldMetric
	fieldDetailType
	fieldSource
	fieldNamespace
	fieldAccount
	fieldRegion
	fieldKind
	fieldState
	fieldDescription
	fieldSeverity // changes on the way through the rules
	plainFields   // how many fields have no key
	fieldDimension
	fieldTag
	allFields // how many there are
)

var fieldNames = [...]string{
	fieldAlarm: "alarm", fieldSubject: "subject", fieldTopic: "topic", fieldMetric: "metric",
	fieldDetailType: "detail-type", fieldSource: "source", fieldNamespace: "namespace",
	fieldAccount: "account", fieldRegion: "region", fieldKind: "kind", fieldState: "state",
	fieldDescription: "description", fieldSeverity: "severity",
	fieldDimension: "dimension", fieldTag: "tag",
}

// matcher wants one of its patterns to fit one of the field's values.
type matcher struct {
	field    field
	key      string // of a dimension or tag
	patterns []pattern
}

// match is the condition of a rule: all matchers must fit, and no group of not
// may fit as a whole.
type match struct {
	all []matcher
	not [][]matcher
}

// fits returns the value that fits, if any does.
func (m *matcher) fits(s *subject) (value string, ok bool) {
	for _, v := range s.valuesOf(m.field, m.key) {
		for i := range m.patterns {
			if m.patterns[i].matches(v) {
				return v, true
			}
		}
	}
	return "", false
}

// obstacle is why a rule does not match; it is zero when it does.
type obstacle struct {
	matcher  *matcher
	excluded []matcher
}

func (m *match) obstacle(s *subject) obstacle {
	for i := range m.all {
		if _, ok := m.all[i].fits(s); !ok {
			return obstacle{matcher: &m.all[i]}
		}
	}
	for _, group := range m.not {
		if allFit(group, s) {
			return obstacle{excluded: group}
		}
	}
	return obstacle{}
}

func allFit(group []matcher, s *subject) bool {
	for i := range group {
		if _, ok := group[i].fits(s); !ok {
			return false
		}
	}
	return true
}

func (o obstacle) none() bool { return o.matcher == nil && o.excluded == nil }

// in says the obstacle in words, with the alert's own values.
func (o obstacle) in(s *subject) string {
	if o.excluded != nil {
		var parts []string
		for i := range o.excluded {
			m := &o.excluded[i]
			value, _ := m.fits(s)
			parts = append(parts, fmt.Sprintf("%s is %q", m.name(), value))
		}
		return "excluded by not: " + strings.Join(parts, ", ")
	}
	m := o.matcher
	values := s.valuesOf(m.field, m.key)
	if len(values) == 0 {
		return fmt.Sprintf("the alert has no %s (wanted %s)", m.name(), m.wanted())
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = fmt.Sprintf("%q", v)
	}
	return fmt.Sprintf("%s is %s, not %s", m.name(), strings.Join(quoted, " and "), m.wanted())
}

func (m *matcher) name() string {
	if m.key != "" {
		return fieldNames[m.field] + " " + m.key
	}
	return fieldNames[m.field]
}

func (m *matcher) wanted() string {
	texts := make([]string, len(m.patterns))
	for i, p := range m.patterns {
		texts[i] = p.text
	}
	return strings.Join(texts, " or ")
}

// match reads a rule's condition.
func (r *reader) match(n *yaml.Node) (m match) {
	entries := append(r.matchers(&m.all), entry{"not", func(v *yaml.Node) {
		r.list(v, func(item *yaml.Node) { m.not = append(m.not, r.group(item)) })
	}})
	r.object(n, "match", entries...)
	r.refuseEmpty(n)
	return m
}

// group reads the matchers under not.
func (r *reader) group(n *yaml.Node) (group []matcher) {
	r.object(n, "not", r.matchers(&group)...)
	r.refuseEmpty(n)
	return group
}

func (r *reader) refuseEmpty(n *yaml.Node) {
	if v := r.value(n); v.Kind == yaml.MappingNode && len(v.Content) == 0 {
		r.wrong(v, "says nothing; leave it out, or name what is to be matched")
	}
}

func (r *reader) matchers(into *[]matcher) []entry {
	entries := make([]entry, 0, len(fieldNames))
	for f := range plainFields {
		entries = append(entries, entry{fieldNames[f], func(v *yaml.Node) {
			*into = append(*into, matcher{field: f, patterns: r.patterns(v, f)})
		}})
	}
	for _, f := range []field{fieldDimension, fieldTag} {
		entries = append(entries, entry{fieldNames[f], func(v *yaml.Node) {
			for _, p := range r.pairs(v) {
				*into = append(*into, matcher{field: f, key: p.name, patterns: r.patterns(p.value, f)})
			}
			r.refuseEmpty(v)
		}})
	}
	return entries
}

func (r *reader) patterns(n *yaml.Node, f field) (patterns []pattern) {
	r.list(n, func(item *yaml.Node) {
		text, ok := r.raw(item)
		if !ok {
			return
		}
		p, err := parsePattern(canonical(f, text))
		if err == nil {
			err = possible(f, &p)
		}
		if err != nil {
			r.wrong(item, "%v", err)
			return
		}
		patterns = append(patterns, p)
	})
	return patterns
}

// canonical turns another word for a severity into the one that alerts have.
func canonical(f field, text string) string {
	if s, ok := alert.ParseSeverity(text); f == fieldSeverity && ok {
		return string(s)
	}
	return text
}

// possible refuses patterns that no alert can ever fit.
func possible(f field, p *pattern) error {
	switch f {
	case fieldSeverity:
		return amongst("severity", p, severities())
	case fieldState:
		return amongst("state", p, []string{string(alert.StateOK), string(alert.StateAlarm), string(alert.StateInsufficientData)})
	case fieldKind:
		var kinds []string
		for _, k := range alert.Kinds() {
			kinds = append(kinds, string(k))
		}
		return amongst("kind", p, kinds)
	case fieldAccount:
		if p.exact && !isAccount(p.text) || p.regexp == nil && strings.ContainsFunc(p.text, unicode.IsLetter) {
			return fmt.Errorf("%s is no account; an account id has twelve digits", quote(p.text))
		}
	}
	return nil
}

func amongst(what string, p *pattern, words []string) error {
	if slices.ContainsFunc(words, p.matches) {
		return nil
	}
	return fmt.Errorf("%s", unknown(what, p.text, words))
}
