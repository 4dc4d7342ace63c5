package events

import (
	"cmp"
	"slices"
	"strings"
)

// nearest is how many names an error offers.
const nearest = 5

// near returns the names most like the wanted one, the likest first: those
// that share most of its words, then those that are fewest edits away.
func near(want string, names []string) []string {
	ranked := slices.Clone(names)
	slices.SortStableFunc(ranked, func(a, b string) int {
		return cmp.Or(
			cmp.Compare(shared(want, b), shared(want, a)),
			cmp.Compare(edits(want, a), edits(want, b)),
		)
	})
	return ranked[:min(nearest, len(ranked))]
}

// shared counts the words of want, divided by hyphens, that name holds.
func shared(want, name string) int {
	n := 0
	for word := range strings.SplitSeq(strings.ToLower(want), "-") {
		if word != "" && strings.Contains(name, word) {
			n++
		}
	}
	return n
}

// edits is the Levenshtein distance in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
