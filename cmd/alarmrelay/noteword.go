package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// inTurn is why the relay leaves something for a moment because another invocation is at work there. That is no trouble, and what
// waits is told soon.
const inTurn = "another invocation is speaking there"

// mayBeTried begins when the service lets us ask again, at the end of an error.
const mayBeTried = ": may be tried again in "

// worded is what the relay logs, in words for who does not know it.
func worded(message string) string {
	switch message {
	case "dead-lettered":
		return "could not be told, and is in the dead-letter queue now"
	case "not dead-lettered":
		return "could not be put into the dead-letter queue"
	case "redirected":
		return "goes elsewhere"
	}
	return message
}

// spans are durations as Go writes them.
var spans = regexp.MustCompile(`\b(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?(?:s|ms|µs)\b`)

// legibly is why something failed, without what only a programmer reads.
func legibly(why string) string {
	why = strings.ReplaceAll(why, "address blocked by the service's front door", "the service blocks the relay's IP address")
	return spans.ReplaceAllStringFunc(why, func(text string) string {
		span, err := time.ParseDuration(text)
		if err != nil {
			return text
		}
		return about(span)
	})
}

// about is a duration as people say it.
func about(span time.Duration) string {
	if span < time.Second {
		return fmt.Sprintf("%d ms", span.Round(time.Millisecond).Milliseconds())
	}
	span = span.Round(time.Second)
	hours, minutes, seconds := int(span.Hours()), int(span.Minutes())%60, int(span.Seconds())%60
	var parts []string
	for _, p := range []struct {
		n    int
		unit string
	}{{hours, "h"}, {minutes, "min"}, {seconds, "s"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.unit))
		}
	}
	return strings.Join(parts, " ")
}

// until says how far away a time of the log is.
func (p *slate) until(value string) string {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return "at " + value
	}
	if left := at.Sub(p.now()); left >= time.Second {
		return "in " + about(left)
	}
	return "at once"
}
