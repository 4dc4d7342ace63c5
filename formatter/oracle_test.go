package formatter

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What follows reads messages as the services do, independently of the code
// that wrote them, and lists what of them is more than text.

var (
	ourDiscordTag = regexp.MustCompile(`^<(t:\d+:[RtfTd]|https?://[^\s<>\[\]()|\\"` + "`" + `]+)>`)
	ourArrow      = regexp.MustCompile(`^\[→\]\(https://([a-z0-9-]+\.console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/[^\s()<>]+|discord\.com/channels/\d+/\d+/\d+)\)`)
	ourMessage    = regexp.MustCompile(`^\[(→|message|메시지)\]\(https://(discord\.com/channels|shop\.slack\.com/archives)/[^\s()<>]+\)`)
	ourSlackTag   = regexp.MustCompile(`^<(!date\^\d+\^[^|<>&]*\|[^|<>&]*|https?://[^\s|<>]+(\|[^|<>]*)?)>`)
	autolink      = regexp.MustCompile(`(?i)^https?://`)
)

// discordMarkup returns the first thing in a Discord text that would ping, link
// or open a block of code and was not put there by us.
func discordMarkup(s string) string {
	line := true
	for s != "" {
		switch {
		case s[0] == '\\' && len(s) > 1 && s[1] < 0x80:
			s, line = s[2:], false
			continue
		case strings.HasPrefix(s, "```"):
			_, after, closed := strings.Cut(s[3:], "```")
			if !closed {
				return "open block of code: " + s
			}
			s = after
			continue
		case s[0] == '`':
			n := len(s) - len(strings.TrimLeft(s, "`"))
			_, after, closed := strings.Cut(s[n:], s[:n])
			if !closed {
				return "open code: " + s
			}
			s, line = after, false
			continue
		case s[0] == '<':
			tag := ourDiscordTag.FindString(s)
			if tag == "" {
				return "tag: " + s
			}
			s, line = s[len(tag):], false
			continue
		case s[0] == '[':
			link := cmp.Or(ourArrow.FindString(s), ourMessage.FindString(s))
			if link == "" {
				return "link: " + s
			}
			s, line = s[len(link):], false
			continue
		case strings.HasPrefix(s, "@everyone"), strings.HasPrefix(s, "@here"):
			return "ping: " + s
		case autolink.MatchString(s):
			return "address: " + s
		case line && (strings.HasPrefix(s, "# ") || strings.HasPrefix(s, "> ") || strings.HasPrefix(s, "-# ")):
			return "line markup: " + s
		case strings.HasPrefix(s, "||"):
			return "spoiler: " + s
		}
		r, n := utf8.DecodeRuneInString(s)
		line = r == '\n' || line && unicode.IsSpace(r)
		s = s[n:]
	}
	return ""
}

// slackMarkup does the same for a mrkdwn text.
func slackMarkup(s string) string {
	if strings.Count(s, "```")%2 != 0 {
		return "open block of code: " + s
	}
	for s != "" {
		switch s[0] {
		case '<':
			tag := ourSlackTag.FindString(s)
			if tag == "" {
				return "tag: " + s
			}
			s = s[len(tag):]
			continue
		case '>':
			return "bare >: " + s
		case '&':
			if !strings.HasPrefix(s, "&amp;") && !strings.HasPrefix(s, "&lt;") && !strings.HasPrefix(s, "&gt;") {
				return "bare &: " + s
			}
		}
		s = s[1:]
	}
	return ""
}
