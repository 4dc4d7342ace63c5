package rule

import "time"

// Pattern returns the test that a matcher makes of a text: whether a glob fits all of it, or an expression between
// slashes is found in it. The error says what the expression lacks.
func Pattern(text string) (fits func(string) bool, err error) {
	p, err := parsePattern(text)
	if err != nil {
		return nil, err
	}
	return p.matches, nil
}

// Duration reads a time as the configuration has it, such as 30s, 1h30m or 2d; ok is false for what is none.
func Duration(text string) (d time.Duration, ok bool) { return parseDuration(text) }

// Matches reports whether a name fits a pattern as [Pattern] has it; nothing fits what is none.
func Matches(pattern, name string) bool {
	fits, err := Pattern(pattern)
	return err == nil && fits(name)
}
