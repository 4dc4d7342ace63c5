package rule

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// reader walks a YAML document and collects what is wrong with it instead of
// stopping at the first mistake. What it could not read is left zero.
type reader struct {
	file     string
	data     []byte
	lines    []string // of data; read when they are needed
	problems Errors
	told     map[Problem]bool
	key      string // the key whose value is being read
	visits   int
	untold   int // mistakes beyond maxProblems
}

// maxProblems is how many mistakes are listed: who has more has named another program's file.
const maxProblems = 500

// maxVisits is how many values a file may have once its aliases are followed,
// so that a few lines of nested aliases can't occupy the function.
const maxVisits = 1 << 19

// document returns the root of the only document in data.
func (r *reader) document(data []byte) *yaml.Node {
	if len(data) > maxFile {
		r.whole("the file is larger than 1 MiB; a configuration of 10,000 rules is about that size")
		return nil
	}
	var document yaml.Node
	if err := yaml.Load(data, &document); err != nil {
		r.syntax(err, data)
		return nil
	}
	if len(document.Content) != 1 {
		r.whole("the file says nothing; it needs destinations and rules")
		return nil
	}
	r.data = data
	return document.Content[0]
}

// syntax reports why the YAML library could not read the file.
func (r *reader) syntax(err error, data []byte) {
	text := err.Error()
	one := (*yaml.LoadError)(nil)
	switch {
	case strings.Contains(text, "no documents"):
		r.whole("the file says nothing; it needs destinations and rules")
		return
	case strings.Contains(text, "expected single document"):
		r.whole("the file holds several YAML documents; put everything into one, without --- between")
		return
	case !errors.As(err, &one) || mayBeAddress(one.Message):
		r.whole("not YAML; check quotes, brackets and indentation")
		return
	}
	line, column := one.Mark.Line, one.Mark.Column
	if line == 0 { // bytes that are no text are told by their offset only
		before := data[:min(one.Mark.Index, len(data))]
		line, column = 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n')
	}
	r.problems = append(r.problems, Problem{
		File: r.file, Line: line, Column: column,
		Text: "not YAML: " + one.Message + "; check quotes, brackets and indentation",
	})
}

func (r *reader) whole(text string) {
	r.problems = append(r.problems, Problem{File: r.file, Text: text})
}

// wrong reports a mistake at a value, named by its key; but not what follows
// only from having stopped to read.
func (r *reader) wrong(n *yaml.Node, format string, args ...any) {
	if r.visits >= maxVisits {
		return
	}
	text := fmt.Sprintf(format, args...)
	if r.key != "" {
		text = r.key + ": " + text
	}
	problem := Problem{File: r.file, Line: n.Line, Column: n.Column, Text: text}
	if r.told[problem] { // by another alias of the same value
		return
	}
	if len(r.problems) >= maxProblems {
		r.untold++
		return
	}
	if r.told == nil {
		r.told = map[Problem]bool{}
	}
	r.told[problem] = true
	r.problems = append(r.problems, problem)
}

// value follows an alias and counts; past the limit it returns an empty node,
// which nobody reads.
func (r *reader) value(n *yaml.Node) *yaml.Node {
	r.visits++
	if r.visits == maxVisits {
		r.whole("the aliases of this file repeat too much; write out what differs")
	}
	if r.visits >= maxVisits {
		return &yaml.Node{}
	}
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// entry is one key that a mapping may have, and how its value is read.
type entry struct {
	key  string
	read func(value *yaml.Node)
}

// fewKeys is how many keys are named to who wrote none of them.
const fewKeys = 6

// object reads a mapping with a fixed set of keys, in the order of entries. It
// reports keys that nobody knows, in words that name the place.
func (r *reader) object(n *yaml.Node, place string, entries ...entry) {
	outer := r.key
	defer func() { r.key = outer }()
	if v := r.value(n); v.Kind != yaml.MappingNode && len(entries) <= fewKeys {
		r.expected(v, "keys with values ("+strings.Join(names(entries), ", ")+")")
		return
	}
	given := r.pairs(n)
	for _, pair := range given {
		if !has(entries, pair.name) {
			r.key = ""
			r.wrong(pair.key, "%s", unknownIn(place, "key", pair.name, names(entries)))
		}
	}
	for _, e := range entries {
		for _, pair := range given {
			if pair.name == e.key {
				r.key = e.key
				e.read(pair.value)
			}
		}
	}
}

func has(entries []entry, key string) bool {
	for _, e := range entries {
		if e.key == key {
			return true
		}
	}
	return false
}

func names(entries []entry) []string {
	keys := make([]string, len(entries))
	for i, e := range entries {
		keys[i] = e.key
	}
	return keys
}

// pair is one key of a mapping and its value.
type pair struct {
	name       string
	key, value *yaml.Node
}

// pairs returns a mapping's pairs in the order of the file, without those
// whose key is used twice.
func (r *reader) pairs(n *yaml.Node) []pair {
	n = r.value(n)
	if n.Kind != yaml.MappingNode {
		r.expected(n, "keys with values, such as \"name: value\"")
		return nil
	}
	seen := make(map[string]int, len(n.Content)/2)
	pairs := make([]pair, 0, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := r.value(n.Content[i])
		switch line, twice := seen[key.Value]; {
		case key.Kind == 0:
		case key.Tag == "!!merge":
			r.wrong(key, "merge keys (<<) are not understood here; write the keys out, or use an alias for a whole value")
		case key.Kind != yaml.ScalarNode || key.Value == "":
			r.wrong(key, "a key must be a word")
		case twice:
			r.wrong(key, "key %s is here twice, first on line %d; keep one", quote(key.Value), line)
		default:
			seen[key.Value] = key.Line
			pairs = append(pairs, pair{key.Value, key, n.Content[i+1]})
		}
	}
	return pairs
}

// list reads a sequence, or a single value as a sequence of one.
func (r *reader) list(n *yaml.Node, read func(item *yaml.Node)) {
	if v := r.value(n); v.Kind == yaml.SequenceNode && len(v.Content) == 0 {
		r.wrong(v, "the list is empty; give it a value or leave the key out")
		return
	}
	r.listOrNone(n, read)
}

// listOrNone is list for keys where an empty list says something.
func (r *reader) listOrNone(n *yaml.Node, read func(item *yaml.Node)) {
	v := r.value(n)
	if v.Kind != yaml.SequenceNode {
		read(n)
		return
	}
	for _, item := range v.Content {
		read(item)
	}
}

// text reads a string; numbers and booleans must be quoted to be one.
func (r *reader) text(n *yaml.Node) (text string, ok bool) {
	v := r.value(n)
	switch {
	case v.Kind != yaml.ScalarNode || v.Tag == "!!null":
		r.expected(v, "a text")
	case v.Tag == "!!int" || v.Tag == "!!float":
		r.wrong(v, "%s is a number to YAML; put it in quotes", v.Value)
	case v.Tag == "!!bool":
		r.wrong(v, "%s is no text to YAML; put it in quotes", v.Value)
	case v.Tag != "!!str" && v.Tag != "!!timestamp":
		r.wrong(v, "tags such as %s are not understood here; write plain text", quote(v.Tag))
	case strings.TrimSpace(v.Value) == "":
		r.wrong(v, "is empty; give it a value or leave the key out")
	default:
		return v.Value, true
	}
	return "", false
}

// raw reads any scalar as it is written: 012345678901 keeps its zero and true
// is a word. It is for patterns and ids.
func (r *reader) raw(n *yaml.Node) (text string, ok bool) {
	v := r.value(n)
	if v.Kind == yaml.ScalarNode && (v.Tag == "!!int" || v.Tag == "!!float" || v.Tag == "!!bool") {
		return v.Value, true
	}
	return r.text(n)
}

func (r *reader) boolean(n *yaml.Node) bool {
	v := r.value(n)
	if v.Tag != "!!bool" {
		r.expected(v, "true or false")
		return false
	}
	return strings.EqualFold(v.Value, "true")
}

// expected reports a value of the wrong shape.
func (r *reader) expected(v *yaml.Node, want string) {
	switch v.Kind {
	case yaml.MappingNode:
		r.wrong(v, "expected %s, found keys with values", want)
	case yaml.SequenceNode:
		r.wrong(v, "expected %s, found a list", want)
	case yaml.ScalarNode:
		if v.Tag == "!!null" {
			r.wrong(v, "is empty; expected %s", want)
			return
		}
		r.wrong(v, "expected %s, found %s", want, quote(v.Value))
	}
}
