package rule

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"alarmrelay/formatter"
)

const (
	// maxName is the longest name of a destination or mention; several must fit into
	// a tag's 256 characters: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
	maxName = 64
	// maxUsername is Discord's: https://discord.com/developers/docs/resources/webhook#execute-webhook
	maxUsername = 80
	// maxAddress is the longest avatar_url that Discord takes, and shorter than what its embeds do:
	// https://github.com/discord/discord-api-spec
	maxAddress = 2048
)

// isName tells whether a text can name a destination or a mention: tags
// separate names by spaces.
func isName(text string) bool {
	for _, c := range text {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '-' && c != '_' {
			return false
		}
	}
	return text != "" && utf8.RuneCountInString(text) <= maxName
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func isAccount(text string) bool { return len(text) == 12 && isDigits(text) }

// isSnowflake tells whether a text is a Discord id: https://discord.com/developers/docs/reference#snowflakes
func isSnowflake(text string) bool { return len(text) >= 17 && len(text) <= 20 && isDigits(text) }

// isSlackID tells whether a text is an id of Slack that begins with one of letters.
func isSlackID(text, letters string) bool {
	if len(text) < 3 || len(text) > 21 || !strings.Contains(letters, text[:1]) {
		return false
	}
	return strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

func isHost(text string) bool {
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return len(text) <= 253
}

func isHostGlob(text string) bool { return isHost(strings.TrimPrefix(text, "*.")) }

func isHostPort(text string) bool {
	host, port, found := strings.Cut(text, ":")
	if found {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return false
		}
	}
	return isHost(host)
}

// isHTTPS tells whether a text is a plain https address.
func isHTTPS(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && len(text) <= maxAddress &&
		!strings.ContainsFunc(text, unicode.IsSpace)
}

// discordMention reads role:ID, user:ID, here or everyone; want says what
// would be right when it is none of these.
func discordMention(text string) (m formatter.Mention, want string) {
	kind, id, _ := strings.Cut(text, ":")
	switch {
	case text == "here" || text == "everyone":
		return formatter.Mention{Kind: text}, ""
	case (kind == "role" || kind == "user") && isSnowflake(id):
		return formatter.Mention{Kind: kind, ID: id}, ""
	}
	return formatter.Mention{}, "role:ID or user:ID with an id of 17 to 20 digits, here, or everyone"
}

// slackMention reads subteam:ID, user:ID, here or channel.
func slackMention(text string) (m formatter.Mention, want string) {
	kind, id, _ := strings.Cut(text, ":")
	switch {
	case text == "here" || text == "channel":
		return formatter.Mention{Kind: text}, ""
	case kind == "subteam" && isSlackID(id, "S"), kind == "user" && isSlackID(id, "UW"):
		return formatter.Mention{Kind: kind, ID: id}, ""
	}
	return formatter.Mention{}, "subteam:ID (S012ABC...), user:ID (U012ABC...), here, or channel"
}

// locales are the languages that the formatter has words in.
func locales() []string { return []string{"en", "ko"} }

func (r *reader) locale(n *yaml.Node, into *string) {
	if locale, ok := word(r, n, "language", locales()); ok {
		*into = locale
	}
}

func (r *reader) timezone(n *yaml.Node, c *Config, into *string) {
	name, ok := r.text(n)
	if !ok {
		return
	}
	if zone, ok := r.zone(n, name); ok {
		c.zones[name] = zone
		*into = name
	}
}

func (r *reader) zone(n *yaml.Node, name string) (zone *time.Location, ok bool) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		r.wrong(n, "no time zone is called %s; write a name such as Asia/Seoul, Europe/Paris or UTC", quote(name))
		return nil, false
	}
	return zone, true
}

// username reads a name that Discord accepts; it trims and forbids more, but
// does not say what: https://discord.com/developers/docs/resources/webhook#create-webhook
func (r *reader) username(n *yaml.Node, into *string) {
	name, ok := r.text(n)
	if !ok {
		return
	}
	low := strings.ToLower(strings.TrimSpace(name))
	switch {
	case utf8.RuneCountInString(name) > maxUsername:
		r.wrong(n, "a name of %d characters; Discord takes at most %d", utf8.RuneCountInString(name), maxUsername)
	case strings.Contains(low, "clyde"), strings.Contains(low, "discord"), low == "here", low == "everyone":
		r.wrong(n, "Discord refuses %s: no name may contain \"clyde\" or \"discord\", or be \"here\" or \"everyone\"", quote(name))
	default:
		*into = name
	}
}

func (r *reader) https(n *yaml.Node, into *string) {
	text, ok := r.text(n)
	if ok && !isHTTPS(text) {
		r.wrong(n, "not an address that people can open; write https://, a host and a path, at most %d characters", maxAddress)
		return
	}
	*into = text
}
