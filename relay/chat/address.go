package chat

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"alarmrelay/formatter"
	"alarmrelay/relay/secret"
)

// address is a webhook's address, taken apart, or a bot's token and where it is used. Nothing
// of it but the host may be shown to anybody.
type address struct {
	service formatter.Service
	origin  string       // scheme, host and port
	path    string       // up to and including the slash before the secret
	id      string       // Discord: the webhook's
	token   secret.Value // the rest of the path (Slack-compatible services: with the query), or a bot's
}

var (
	errNoAddress = errors.New("not a webhook's address: it begins with https:// and is copied whole " +
		"from the channel's settings (Discord) or the app's page (Slack)")
	errUserInfo = errors.New("a webhook's address holds no user name and no #")
	errPlain    = errors.New("a webhook's address begins with https://: plain http is for hosts in allow_hosts only")

	errDiscordShape   = errors.New("not a Discord webhook's address: it reads /api/webhooks/ID/TOKEN after the host")
	errDiscordDialect = errors.New("the address ends in /slack or /github, which is for other programs' messages: leave that ending out")
	errDiscordQuery   = errors.New("the address goes on after the token: leave out everything from the ? on; a thread is named in the rule")
	errDiscordIsSlack = errors.New("this is a Slack webhook's address in a Discord destination: declare it with slack: instead of discord: there")

	errSlackShape     = errors.New("not a Slack incoming webhook's address: it reads /services/T.../B.../... after the host")
	errSlackWorkflow  = errors.New("this address starts a Slack workflow, which takes no messages: add the app Incoming Webhooks and take its /services/ address")
	errSlackIsDiscord = errors.New("this is a Discord webhook's address in a Slack destination: declare it with discord: instead of slack: there")
	errSlackIsBot     = errors.New("this is an app's token, not a webhook's address: declare it with slack_bot: instead of slack: there, and name the channel")
)

// CheckURL reports what is wrong with a webhook's address, and how it is put
// right, without asking the service. allowHosts are hosts ("chat.example.org",
// any port) or hosts with a port ("127.0.0.1:8080") that are accepted beside
// Discord's and Slack's own. The error holds nothing of the address but its host.
func CheckURL(service formatter.Service, value secret.Value, allowHosts []string) error {
	_, err := parseWebhook(service, value, allowHosts)
	return err
}

func parseWebhook(service formatter.Service, value secret.Value, allowHosts []string) (*address, error) {
	text := strings.TrimSpace(value.Reveal())
	if isSlackToken(text) {
		return nil, errSlackIsBot
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Opaque != "" {
		return nil, errNoAddress // err quotes the address
	}
	if u.User != nil || u.Fragment != "" {
		return nil, errUserInfo
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	listed := slices.ContainsFunc(allowHosts, func(allowed string) bool { return sameHost(u, allowed) })
	if err := checkHost(service, u, listed); err != nil {
		return nil, err
	}
	if service == formatter.ServiceSlack {
		return parseSlack(u, listed)
	}
	return parseDiscord(u, listed)
}

func sameHost(u *url.URL, allowed string) bool {
	allowed = strings.ToLower(strings.TrimSpace(allowed))
	return allowed != "" && (allowed == u.Host || strings.Trim(allowed, "[]") == u.Hostname())
}

func checkHost(service formatter.Service, u *url.URL, listed bool) error {
	owner := hostOwner(u)
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return errNoAddress
	case owner == service && u.Scheme == "https", listed:
		return nil
	case owner == service:
		return errPlain
	case owner == formatter.ServiceSlack:
		return errDiscordIsSlack
	case owner == formatter.ServiceDiscord:
		return errSlackIsDiscord
	}
	return fmt.Errorf("%q is not %s's host: list it under allow_hosts if alarms may be sent there", u.Host, title(service))
}

// hostOwner returns the service whose public host u names, or "".
func hostOwner(u *url.URL) formatter.Service {
	if port := u.Port(); port != "" && port != "443" && port != "80" {
		return ""
	}
	switch u.Hostname() {
	case "discord.com", "canary.discord.com", "ptb.discord.com",
		"discordapp.com", "canary.discordapp.com", "ptb.discordapp.com":
		return formatter.ServiceDiscord
	case "hooks.slack.com", "hooks.slack-gov.com":
		return formatter.ServiceSlack
	}
	return ""
}

// discordAPI is the version that every address is taken to. The one that
// Discord's own settings copy names no version, which means a deprecated one
// with errors that can't be read: https://docs.discord.com/developers/reference#api-versioning
const discordAPI = "/api/v10/"

func parseDiscord(u *url.URL, listed bool) (*address, error) {
	if !listed {
		// Its other names lead to the same webhooks; one host is one connection.
		u.Host = "discord.com"
	}
	parts := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	if len(parts) > 1 && parts[0] == "api" && isVersion(parts[1]) {
		parts = slices.Delete(parts, 1, 2)
	}
	if len(parts) < 4 || parts[0] != "api" || parts[1] != "webhooks" || !made(parts[2], digits) || !made(parts[3], word) {
		return nil, errDiscordShape
	}
	switch rest := parts[4:]; {
	case len(rest) == 1 && (rest[0] == "slack" || rest[0] == "github"):
		return nil, errDiscordDialect
	case len(rest) > 0:
		return nil, errDiscordShape
	case u.RawQuery != "":
		return nil, errDiscordQuery
	}
	return &address{
		service: formatter.ServiceDiscord,
		origin:  u.Scheme + "://" + u.Host,
		path:    discordAPI + "webhooks/" + parts[2] + "/",
		id:      parts[2],
		token:   secret.New(parts[3]),
	}, nil
}

func isVersion(part string) bool {
	number, ok := strings.CutPrefix(part, "v")
	return ok && made(number, digits)
}

func parseSlack(u *url.URL, listed bool) (*address, error) {
	path := strings.TrimRight(u.EscapedPath(), "/")
	parts := strings.Split(strings.TrimLeft(path, "/"), "/")
	a := &address{service: formatter.ServiceSlack, origin: u.Scheme + "://" + u.Host}
	switch {
	case parts[0] == "triggers" || parts[0] == "workflows":
		return nil, errSlackWorkflow
	case len(parts) == 4 && parts[0] == "services" && made(parts[1], word) && made(parts[2], word) && made(parts[3], word) && u.RawQuery == "":
		a.path, a.token = "/services/"+parts[1]+"/"+parts[2]+"/", secret.New(parts[3])
	case !listed || parts[0] == "":
		return nil, errSlackShape
	default: // compatible services have paths of their own: all of it may be secret
		rest := strings.TrimLeft(path, "/")
		if u.RawQuery != "" {
			rest += "?" + u.RawQuery
		}
		a.path, a.token = "/", secret.New(rest)
	}
	return a, nil
}

const (
	digits = "0123456789"
	word   = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"
)

// made reports whether text is not empty and has no characters but those of set.
func made(text, set string) bool {
	return text != "" && strings.Trim(text, set) == ""
}

func title(service formatter.Service) string {
	if service == formatter.ServiceSlack {
		return "Slack"
	}
	return "Discord"
}
