package rule

import (
	"iter"
	"slices"
	"strings"
)

// index finds the rules that may match an alert without asking all of them.
// Each rule lies under one of its matchers whose patterns all have a fixed
// beginning or end, the one that fewest rules share; rules without such a
// matcher (regular expressions, "*text*") are always candidates.
type index struct {
	always  []int
	rules   map[literal][]int
	lengths [allFields][2][]int // of the heads and tails in rules, ascending
}

// literal is the whole, the fixed beginning or the fixed end of a field's value.
type literal struct {
	field field
	key   string // of a dimension or tag
	part  part
	text  string
}

type part uint8

const (
	head part = iota
	tail
	whole
)

func newIndex(rules []Rule) *index {
	crowd := map[literal]int{}
	for i := range rules {
		for j := range rules[i].match.all {
			m := &rules[i].match.all[j]
			for k := range m.patterns {
				for _, l := range m.literals(k) {
					crowd[l]++
				}
			}
		}
	}
	ix := &index{rules: map[literal][]int{}}
	for i := range rules {
		ix.add(i, rarest(&rules[i].match, crowd))
	}
	return ix
}

// literals returns what a value must be, begin with or end with to fit one of
// the patterns; nothing when that can't be told. The severity changes on the way and is no guide.
func (m *matcher) literals(pattern int) []literal {
	p := &m.patterns[pattern]
	switch {
	case m.field == fieldSeverity || p.regexp != nil:
		return nil
	case p.exact:
		return []literal{{m.field, m.key, whole, p.text}}
	}
	var found []literal
	if p.literal != "" {
		found = append(found, literal{m.field, m.key, head, p.literal})
	}
	if end := p.text[strings.LastIndexAny(p.text, "*?")+1:]; end != "" {
		found = append(found, literal{m.field, m.key, tail, end})
	}
	return found
}

// rarest returns the literals of the matcher that shares them with the fewest rules.
func rarest(m *match, crowd map[literal]int) (best []literal) {
	least := 0
	for i := range m.all {
		found, shared := m.all[i].rarest(crowd)
		if len(found) > 0 && (best == nil || shared < least) {
			best, least = found, shared
		}
	}
	return best
}

// rarest returns one literal for each pattern, each once, and how many rules
// share them; nothing where a pattern has none.
func (m *matcher) rarest(crowd map[literal]int) (found []literal, shared int) {
	for i := range m.patterns {
		choice := m.literals(i)
		if len(choice) == 0 {
			return nil, 0
		}
		l := slices.MinFunc(choice, func(a, b literal) int { return crowd[a] - crowd[b] })
		if !slices.Contains(found, l) {
			found = append(found, l)
			shared += crowd[l]
		}
	}
	return found, shared
}

func (ix *index) add(rule int, under []literal) {
	if len(under) == 0 {
		ix.always = append(ix.always, rule)
	}
	for _, l := range under {
		ix.rules[l] = append(ix.rules[l], rule)
		if l.part == whole {
			continue
		}
		lengths := &ix.lengths[l.field][l.part]
		if at, known := slices.BinarySearch(*lengths, len(l.text)); !known {
			*lengths = slices.Insert(*lengths, at, len(l.text))
		}
	}
}

// candidates yields the numbers of the rules that may match, in order, each once.
func (ix *index) candidates(s *subject) iter.Seq[int] {
	lists := [][]int{ix.always}
	look := func(l literal) {
		if found := ix.rules[l]; found != nil {
			lists = append(lists, found)
		}
	}
	s.each(func(f field, key, value string) {
		look(literal{f, key, whole, value})
		for _, length := range ix.lengths[f][head] {
			if length > len(value) {
				break
			}
			look(literal{f, key, head, value[:length]})
		}
		for _, length := range ix.lengths[f][tail] {
			if length > len(value) {
				break
			}
			look(literal{f, key, tail, value[len(value)-length:]})
		}
	})
	return merged(lists)
}

// merged yields the numbers of ascending lists in ascending order, each once.
func merged(lists [][]int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for {
			next := -1
			for _, list := range lists {
				if len(list) > 0 && (next < 0 || list[0] < next) {
					next = list[0]
				}
			}
			if next < 0 || !yield(next) {
				return
			}
			for i, list := range lists {
				if len(list) > 0 && list[0] == next {
					lists[i] = list[1:]
				}
			}
		}
	}
}

// every yields all numbers below n: the candidates of somebody who wants to be told about each rule.
func every(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}
