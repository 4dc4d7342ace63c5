package alert

import "strings"

func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// firstOf returns the first text that is not empty.
func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
