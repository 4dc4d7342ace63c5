package phrase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxSource is how many characters a phrase may be written with.
const MaxSource = 1000

// Mistake is what is wrong in a phrase, and what would be right.
type Mistake struct {
	At   int // the byte at which it stands
	Text string
	// Word is set for a name that is not among Known. Text then is what it should name.
	Word  string
	Known []string
}

// Read reads a phrase. ${NAME} and ${NAME.KEY} are placeholders, behind each may
// stand functions with what they take: | cut 40 | default "nobody". Everything else is
// said as it stands. There is no Phrase where there is a mistake.
func (l *Language[S]) Read(source string) (*Phrase[S], []Mistake) {
	if n := utf8.RuneCountInString(source); n > MaxSource {
		return nil, []Mistake{{Text: fmt.Sprintf("has %d characters; write at most %d", n, MaxSource)}}
	}
	r := reader[S]{language: l, source: source, phrase: &Phrase[S]{source: source}}
	for r.at < len(source) {
		r.literal()
		if r.at < len(source) {
			r.placeholder()
		}
	}
	if len(r.mistakes) > 0 {
		return nil, r.mistakes
	}
	return r.phrase, nil
}

const (
	begin  = "${"
	nested = "no placeholder can stand inside another; write a text"
)

// reader goes through a phrase once.
type reader[S any] struct {
	language *Language[S]
	source   string
	at       int
	phrase   *Phrase[S]
	mistakes []Mistake
}

func (r *reader[S]) rest() string { return r.source[r.at:] }

func (r *reader[S]) wrong(at int, format string, args ...any) {
	r.mistakes = append(r.mistakes, Mistake{At: at, Text: fmt.Sprintf(format, args...)})
}

// literal reads up to the next placeholder.
func (r *reader[S]) literal() {
	start := r.at
	for r.at < len(r.source) && !strings.HasPrefix(r.rest(), begin) {
		if r.source[r.at] == '{' {
			r.suspect()
		}
		r.at++
	}
	if start < r.at {
		r.phrase.parts = append(r.phrase.parts, part[S]{literal: r.source[start:r.at]})
	}
}

// suspect refuses a bracket that other languages begin a placeholder with: it would be said as it stands.
func (r *reader[S]) suspect() {
	inside, _, closed := strings.Cut(r.rest()[1:], "}")
	if strings.HasPrefix(inside, "{") {
		r.wrong(r.at, "{{ begins no placeholder; write ${name}")
		r.at++ // the second is the same mistake
		return
	}
	name, _, _ := strings.Cut(inside, ".")
	if p := r.language.placeholder(strings.TrimSpace(name)); closed && p != nil {
		r.wrong(r.at, "a placeholder begins with a dollar sign; write %s", p.example())
	}
}

// placeholder reads what begins with ${. After a mistake it goes on behind the next bracket.
func (r *reader[S]) placeholder() {
	start, before := r.at, len(r.mistakes)
	r.at += len(begin)
	p := part[S]{}
	p.placeholder, p.key = r.name(start)
	for len(r.mistakes) == before {
		switch r.blanks(); {
		case r.take("}"):
			r.phrase.parts = append(r.phrase.parts, p)
			return
		case r.take("|"):
			p.calls = append(p.calls, r.call())
		case r.at == len(r.source):
			r.wrong(start, "the placeholder is not closed; end it with }")
		default:
			r.wrong(r.at, "expected } or | and a function here")
		}
	}
	if _, after, closed := strings.Cut(r.rest(), "}"); closed {
		r.at = len(r.source) - len(after)
		return
	}
	r.at = len(r.source)
}

// name reads a placeholder's name and key.
func (r *reader[S]) name(start int) (p *Placeholder[S], key string) {
	r.blanks()
	at := r.at
	name := r.word()
	p = r.language.placeholder(name)
	dotted := r.take(".")
	switch {
	case name == "":
		r.wrong(start, "a placeholder needs a name, such as ${name}")
	case p == nil:
		r.mistakes = append(r.mistakes, Mistake{At: at, Text: "placeholder", Word: name, Known: r.language.placeholders()})
	case p.Key == "" && dotted:
		r.wrong(at, "nothing can stand behind the dot of %s; write ${%s}", name, name)
	case p.Key != "" && !dotted:
		r.wrong(at, "%s needs a dot and which one, such as %s", name, p.example())
	case dotted:
		closed := false
		inside := r.at
		switch key, closed = r.text(); {
		case closed && key == "":
			r.wrong(at, "%s needs to know which one, such as %s", name, p.example())
		case strings.Contains(key, begin):
			r.wrong(inside, nested)
		}
	}
	return p, key
}

// call reads a function and what it is given.
func (r *reader[S]) call() (c call) {
	r.blanks()
	at := r.at
	name := r.word()
	f := slices.IndexFunc(r.language.Functions, func(f Function) bool { return f.Name == name })
	if f < 0 {
		if name == "" {
			r.wrong(at, "expected a function behind |, such as %s", r.language.Functions[0].Example)
		} else {
			r.mistakes = append(r.mistakes, Mistake{At: at, Text: "function", Word: name, Known: r.language.functions()})
		}
		return c
	}
	c.function = &r.language.Functions[f]
	var given []Argument
	before := len(r.mistakes)
	for r.blanks(); r.at < len(r.source) && !strings.ContainsRune("|}", rune(r.source[r.at])); r.blanks() {
		inside := r.at
		said, ok := r.text()
		if strings.Contains(said, begin) {
			r.wrong(inside, nested)
			return c
		}
		if !ok {
			return c
		}
		given = append(given, Argument{Text: said})
	}
	if len(r.mistakes) == before && !c.function.accepts(given) {
		r.wrong(at, "%s", c.function.usage())
	}
	c.args = given
	return c
}

// accepts reports whether the arguments are what the function takes, and reads its numbers.
func (f *Function) accepts(given []Argument) bool {
	if len(given) != len(f.Takes) {
		return false
	}
	for i, takes := range f.Takes {
		if takes.Most == 0 {
			if given[i].Text == "" && !takes.MayBeEmpty {
				return false
			}
			continue
		}
		n, err := strconv.Atoi(given[i].Text)
		if err != nil || n < takes.Least || n > takes.Most {
			return false
		}
		given[i].Number = n
	}
	return true
}

// usage says how the function is used.
func (f *Function) usage() string {
	if len(f.Takes) == 0 {
		return f.Name + " takes nothing; write " + f.Example
	}
	takes := make([]string, len(f.Takes))
	for i, p := range f.Takes {
		if takes[i] = "a text"; p.Most != 0 {
			takes[i] = fmt.Sprintf("a whole number from %d to %d", p.Least, p.Most)
		}
	}
	return f.Name + " takes " + strings.Join(takes, " and ") + "; write " + f.Example
}

// text reads a text in quotes of either kind, or up to a blank, | or }.
func (r *reader[S]) text() (said string, ok bool) {
	rest := r.rest()
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		said, _, ok = strings.Cut(rest[1:], rest[:1])
		if !ok {
			r.wrong(r.at, "the text is not closed; end it with another %s", rest[:1])
			return "", false
		}
		r.at += len(said) + 2
		return said, true
	}
	end := strings.IndexAny(rest, " \t\n|}")
	if end < 0 {
		end = len(rest)
	}
	r.at += end
	return rest[:end], true
}

// word reads the name of a placeholder or function.
func (r *reader[S]) word() string {
	rest := r.rest()
	end := 0
	for end < len(rest) && (rest[end] == '_' || rest[end] == '-' || rest[end]|0x20 >= 'a' && rest[end]|0x20 <= 'z' || rest[end] >= '0' && rest[end] <= '9') {
		end++
	}
	r.at += end
	return rest[:end]
}

func (r *reader[S]) blanks() {
	for r.at < len(r.source) && strings.IndexByte(" \t\n", r.source[r.at]) >= 0 {
		r.at++
	}
}

func (r *reader[S]) take(mark string) bool {
	found := strings.HasPrefix(r.rest(), mark)
	if found {
		r.at += len(mark)
	}
	return found
}

// example is how the placeholder is written.
func (p *Placeholder[S]) example() string {
	if p.Key == "" {
		return "${" + p.Name + "}"
	}
	return "${" + p.Name + "." + p.Key + "}"
}

func (l *Language[S]) placeholder(name string) *Placeholder[S] {
	i := slices.IndexFunc(l.Placeholders, func(p Placeholder[S]) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &l.Placeholders[i]
}

func (l *Language[S]) placeholders() (names []string) {
	for i := range l.Placeholders {
		names = append(names, l.Placeholders[i].Name)
	}
	return names
}

func (l *Language[S]) functions() (names []string) {
	for i := range l.Functions {
		names = append(names, l.Functions[i].Name)
	}
	return names
}
