package rule

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// pattern is one value of a matcher: a glob, in which * stands for any text
// and ? for one character, or a regular expression between slashes. Both mind
// upper and lower case. A glob must fit the whole text, an expression is
// searched in it.
type pattern struct {
	text    string
	literal string         // what a text must begin with, or be when exact; empty for expressions
	exact   bool           // there is no wildcard
	regexp  *regexp.Regexp // nil for globs
}

// parsePattern reads a pattern; the error says what the expression lacks.
func parsePattern(text string) (pattern, error) {
	if len(text) > 1 && text[0] == '/' && text[len(text)-1] == '/' {
		inner := text[1 : len(text)-1]
		if inner == "" {
			return pattern{}, errors.New("// is an empty expression, which would match everything; write * for that")
		}
		re, err := regexp.Compile(inner)
		if err != nil {
			return pattern{}, fmt.Errorf("the expression does not compile: %w; the syntax is RE2's", reason(err))
		}
		return pattern{text: text, regexp: re}, nil
	}
	wild := strings.IndexAny(text, "*?")
	if wild < 0 {
		return pattern{text: text, literal: text, exact: true}, nil
	}
	return pattern{text: text, literal: text[:wild]}, nil
}

// reason is an expression's mistake without package regexp's preamble.
func reason(err error) error {
	if mistake := (*syntax.Error)(nil); errors.As(err, &mistake) {
		return fmt.Errorf("%s: %s", mistake.Code, quote(mistake.Expr))
	}
	return err
}

func (p *pattern) matches(text string) bool {
	switch {
	case p.regexp != nil:
		return p.regexp.MatchString(text)
	case p.exact:
		return text == p.literal
	case !strings.HasPrefix(text, p.literal):
		return false
	}
	return glob(p.text[len(p.literal):], text[len(p.literal):])
}

// glob tells whether the whole text fits. It goes back only to the last star,
// so its time is at most the product of the lengths.
func glob(pattern, text string) bool {
	star, resume := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
			continue
		case p < len(pattern) && pattern[p] == '?':
			_, size := utf8.DecodeRuneInString(text[t:])
			p, t = p+1, t+size
			continue
		case p < len(pattern) && pattern[p] == text[t]:
			p, t = p+1, t+1
			continue
		case star < 0:
			return false
		}
		_, size := utf8.DecodeRuneInString(text[resume:])
		resume += size
		p, t = star+1, resume
	}
	return strings.Trim(pattern[p:], "*") == ""
}
