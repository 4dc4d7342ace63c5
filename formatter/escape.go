package formatter

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// zeroWidth keeps characters apart that would together be markup, where a
// service has no escape for them.
const zeroWidth = "\u200b"

// discordPen writes Discord's Markdown.
// https://docs.discord.com/developers/reference#message-formatting
type discordPen struct{}

func (discordPen) size(s string) int { return units16(s) }

func (discordPen) marks(s span) (open, shut string) {
	switch s.face {
	case faceBold:
		return "**", "**"
	case faceItalic:
		return "*", "*"
	case faceCode:
		if strings.Contains(s.text, "`") {
			return "``" + zeroWidth, zeroWidth + "``"
		}
		return "`", "`"
	case faceFence:
		return "```\n", "\n```"
	}
	return "", ""
}

func (discordPen) put(b []byte, s span, char string, at place) []byte {
	if s.face == faceCode || s.face == faceFence {
		return putMono(b, char)
	}
	accents := char[1:] // an accent does not keep a character from being markup
	switch c := char[0]; c {
	case '_':
		if isAlnum(at.before) && isAlnum(at.after) {
			return append(b, char...) // inside a word it closes nothing: db_free_mem
		}
		return append(append(b, '\\', c), accents...)
	case '\\', '*', '~', '|', '`', '[', ']', '<':
		return append(append(b, '\\', c), accents...)
	case '@':
		return append(append(b, "@"+zeroWidth...), accents...)
	case ':':
		if digit := at.after >= '0' && at.after <= '9'; !digit && at.after != ' ' && at.after != '\n' {
			return append(append(b, '\\', c), accents...) // :smile: and https:
		}
	case '#', '-', '+', '>':
		if at.first {
			return append(append(b, '\\', c), accents...)
		}
	case '.', ')':
		if at.number && (at.after == ' ' || at.after == 0 || at.after >= utf8.RuneSelf) { // blanks of other scripts, too
			return append(append(b, '\\', c), accents...)
		}
	}
	return append(b, char...)
}

// putMono writes a character of code. Nothing can be escaped there, so no two
// backticks may meet.
func putMono(b []byte, char string) []byte {
	if char[0] == '`' {
		return append(append(b, "`"+zeroWidth...), char[1:]...)
	}
	return append(b, char...)
}

func (discordPen) atom(s span) string {
	unix := strconv.FormatInt(s.at.Unix(), 10)
	switch s.face {
	case faceMoment:
		return "<t:" + unix + ":R>"
	case faceClock:
		return "<t:" + unix + ":t>"
	case faceDate:
		return "<t:" + unix + ":f>"
	case faceSecond:
		return "<t:" + unix + ":T>"
	case faceDay:
		return "<t:" + unix + ":d>"
	case faceArrow:
		return "[" + s.text + "](" + s.url + ")"
	}
	return "<" + s.text + ">" // so that nothing beside it is taken for a part of it
}

// gap parts two marks: **a***b* would be read in another way.
func (discordPen) gap(before, after rune) bool { return before == 0 && after == 0 }

// slackPen writes Slack's mrkdwn.
// https://docs.slack.dev/messaging/formatting-message-text
type slackPen struct{ clock func(span) string }

func (slackPen) size(s string) int { return units16(s) }

func (slackPen) marks(s span) (open, shut string) {
	switch s.face {
	case faceBold:
		return "*", "*"
	case faceItalic:
		return "_", "_"
	case faceCode:
		return "`", "`"
	case faceFence:
		return "```\n", "\n```"
	}
	return "", ""
}

func (slackPen) put(b []byte, s span, char string, at place) []byte {
	c, accents := char[0], char[1:]
	switch c {
	case '&':
		return append(append(b, "&amp;"...), accents...)
	case '<':
		return append(append(b, "&lt;"...), accents...)
	case '>':
		return append(append(b, "&gt;"...), accents...)
	}
	switch {
	case s.face == faceCode && c == '`':
		return append(append(b, "ˋ"...), accents...) // Slack's inline code ends at any backtick
	case s.face == faceFence:
		return putMono(b, char)
	case s.face == faceCode:
		return append(b, char...)
	case c == '_' && isAlnum(at.before) && isAlnum(at.after):
		return append(b, char...) // inside a word it is no markup
	case c == '*', c == '_', c == '~', c == '`':
		return append(append(append(append(b, zeroWidth...), c), accents...), zeroWidth...)
	case c == '@':
		return append(append(b, "@"+zeroWidth...), accents...)
	}
	return append(b, char...)
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (p slackPen) atom(s span) string {
	unix := strconv.FormatInt(s.at.Unix(), 10)
	switch s.face {
	case faceMoment:
		return "<!date^" + unix + "^{date_short_pretty} {time}|" + p.clock(s) + ">"
	case faceClock:
		return "<!date^" + unix + "^{time}|" + p.clock(s) + ">"
	case faceSecond:
		return "<!date^" + unix + "^{time_secs}|" + p.clock(s) + ">"
	case faceDay:
		return "<!date^" + unix + "^{date_short}|" + p.clock(s) + ">"
	case faceDate:
		return "<!date^" + unix + "^{date_short_pretty} {time}|" + p.clock(s) + ">"
	case faceArrow:
		return slackLink(s.url, s.text)
	}
	return "<" + strings.ReplaceAll(s.text, "&", "&amp;") + ">"
}

// slackLink writes a link with a label of ours.
func slackLink(url, label string) string {
	return "<" + strings.ReplaceAll(url, "&", "&amp;") + "|" + label + ">"
}

// gap keeps marks from touching letters: Slack reads *a*b as text.
func (slackPen) gap(before, after rune) bool {
	return before == 0 && (after == 0 || isWord(after)) || after == 0 && isWord(before)
}
