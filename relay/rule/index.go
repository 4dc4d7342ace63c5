package rule

import (
	"iter"
	"slices"
)

// index finds the rules that may match an alert without asking all of them.
// Each rule lies under one of its matchers whose patterns all begin with a
// literal, the one that fewest rules share; rules without such a matcher are
// always candidates.
type index struct {
	always  []int
	rules   map[literal][]int
	lengths [plainFields][]int // of the prefixes in rules, ascending
}

// literal is the fixed beginning, or the whole, of a field's value.
type literal struct {
	field field
	exact bool
	text  string
}

func newIndex(rules []Rule) *index {
	crowd := map[literal]int{}
	for i := range rules {
		for j := range rules[i].match.all {
			for _, l := range literals(&rules[i].match.all[j]) {
				crowd[l]++
			}
		}
	}
	ix := &index{rules: map[literal][]int{}}
	for i := range rules {
		ix.add(i, rarest(&rules[i].match, crowd))
	}
	return ix
}

// literals returns what a value must be or begin with to fit the matcher, or
// nothing when that can't be told. The severity changes on the way and is no guide.
func literals(m *matcher) []literal {
	if m.field >= plainFields || m.field == fieldSeverity {
		return nil
	}
	found := make([]literal, 0, len(m.patterns))
	for i := range m.patterns {
		p := &m.patterns[i]
		if p.literal == "" {
			return nil
		}
		if l := (literal{m.field, p.exact, p.literal}); !slices.Contains(found, l) {
			found = append(found, l)
		}
	}
	return found
}

// rarest returns the literals of the matcher that shares them with the fewest rules.
func rarest(m *match, crowd map[literal]int) (best []literal) {
	least := 0
	for i := range m.all {
		found := literals(&m.all[i])
		shared := 0
		for _, l := range found {
			shared += crowd[l]
		}
		if len(found) > 0 && (best == nil || shared < least) {
			best, least = found, shared
		}
	}
	return best
}

func (ix *index) add(rule int, under []literal) {
	if len(under) == 0 {
		ix.always = append(ix.always, rule)
	}
	for _, l := range under {
		ix.rules[l] = append(ix.rules[l], rule)
		if lengths := &ix.lengths[l.field]; !l.exact {
			if at, known := slices.BinarySearch(*lengths, len(l.text)); !known {
				*lengths = slices.Insert(*lengths, at, len(l.text))
			}
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
	for f := range plainFields {
		for _, value := range s.values[f] {
			look(literal{f, true, value})
			for _, length := range ix.lengths[f] {
				if length > len(value) {
					break
				}
				look(literal{f, false, value[:length]})
			}
		}
	}
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
