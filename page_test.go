package alarmrelay_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// block is a fenced piece of code: "yaml" is a whole configuration, "yaml
// fragment" some keys of one, "yaml refused" one with mistakes, "sh" commands,
// "text" what a command prints.
type block struct{ language, text string }

// page is a Markdown file, taken apart.
type page struct {
	headings []string
	blocks   []block
	tables   map[string][][]string // the cells of the tables under each heading, without the row of titles
	prose    string                // all that is no code
}

func readPage(t *testing.T, name string) page {
	t.Helper()
	p := page{tables: map[string][][]string{}}
	heading, code := "", (*block)(nil)
	for line := range strings.Lines(readText(t, name)) {
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && code == nil:
			p.blocks = append(p.blocks, block{language: strings.TrimSpace(fence)})
			code = &p.blocks[len(p.blocks)-1]
		case isFence:
			code = nil
		case code != nil:
			code.text += line
		case strings.HasPrefix(line, "#"):
			heading = strings.TrimSpace(strings.TrimLeft(line, "#"))
			p.headings = append(p.headings, heading)
		default:
			p.prose += line
			if row := strings.TrimSpace(line); strings.HasPrefix(row, "|") {
				cells := strings.Split(strings.Trim(row, "|"), "|")
				p.tables[heading] = append(p.tables[heading], cells)
			}
		}
	}
	for heading, rows := range p.tables {
		p.tables[heading] = rows[2:]
	}
	return p
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// words returns what stands in backquotes in the first column under the n-th heading.
func (p page) words(n int) (words []string) {
	for _, row := range p.tables[p.headings[n]] {
		words = append(words, quoted(row[0])...)
	}
	return words
}

func quoted(text string) (words []string) {
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			words = append(words, part)
		}
	}
	return words
}

// anchors are the names under which GitHub links to headings.
func anchors(p page) (names []string) {
	for _, heading := range p.headings {
		names = append(names, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, heading))
	}
	return names
}

// completed adds the keys that a fragment leaves out as another file has them.
func completed(fragment, whole string) string {
	given := sections(fragment)
	for key, text := range sections(whole) {
		if _, ok := given[key]; !ok {
			fragment += text
		}
	}
	return fragment
}

// sections cuts a YAML file at its top-level keys.
func sections(file string) map[string]string {
	found := map[string]string{}
	key := ""
	for line := range strings.Lines(file) {
		if unicode.IsLetter(rune(line[0])) {
			key, _, _ = strings.Cut(line, ":")
		}
		found[key] += line
	}
	delete(found, "")
	return found
}

func readSchema(t *testing.T) (schema map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(readText(t, "alarmrelay.schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// at follows a path into decoded JSON.
func at(value any, place string) any {
	for step := range strings.SplitSeq(place, "/") {
		object, _ := value.(map[string]any)
		value = object[step]
	}
	return value
}

// wordsOf returns the words of every enum under a piece of a schema, sorted, each once.
func wordsOf(value any) (words []string) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if list, ok := inner.([]any); ok && key == "enum" {
				for _, word := range list {
					words = append(words, word.(string))
				}
				continue
			}
			words = append(words, wordsOf(inner)...)
		}
	case []any:
		for _, inner := range v {
			words = append(words, wordsOf(inner)...)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}
