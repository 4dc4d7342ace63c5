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

// The beginnings of Slack's tokens: https://docs.slack.dev/authentication/tokens
const (
	tokenOfBot     = "xoxb-"
	tokenOfUser    = "xoxp-"
	tokenOfApp     = "xapp-"
	tokenRotating  = "xoxe" // xoxe.xoxb-..., and xoxe-... to refresh it: https://docs.slack.dev/authentication/using-token-rotation
	slackAPI       = "/api/"
	slackHost      = "slack.com"
	slackHostOfGov = "slack-gov.com" // GovSlack: https://docs.slack.dev/govslack
)

var (
	errNoToken = errors.New("not a bot's token: it begins with xoxb- and stands under OAuth & Permissions on the app's page; " +
		"for another host than slack.com it is written https://TOKEN@HOST")
	errUserToken = errors.New("this is a user's token, with which messages would be that person's: take the bot's, which begins with xoxb-")
	errAppToken  = errors.New("this is an app-level token, which posts nothing: take the bot's, which begins with xoxb-")
	errRotating  = errors.New("this token ends within hours: switch token rotation off, which takes a new app, and take its token, which begins with xoxb-")
	errIsWebhook = errors.New("this is a webhook's address, not a bot's token: declare it with slack: or discord: instead of slack_bot: there")
	errPlainHTTP = errors.New("a bot's token is sent over https: plain http is for hosts in allow_hosts only")
)

// CheckToken reports what is wrong with the text that is kept for a bot, and how it is put right,
// without asking Slack: a bot's token, or https://TOKEN@HOST for GovSlack and for the hosts of allowHosts, which are
// those of [CheckURL]. The error holds nothing of it but the host.
func CheckToken(value secret.Value, allowHosts []string) error {
	_, err := parseToken(value, allowHosts)
	return err
}

func isSlackToken(text string) bool {
	for _, beginning := range []string{tokenOfBot, tokenOfUser, tokenOfApp, tokenRotating} {
		if strings.HasPrefix(text, beginning) {
			return true
		}
	}
	return false
}

func parseToken(value secret.Value, allowHosts []string) (*address, error) {
	token := strings.TrimSpace(value.Reveal())
	at := &url.URL{Scheme: "https", Host: slackHost}
	if strings.Contains(token, "://") {
		u, err := url.Parse(token)
		if err != nil || u.Hostname() == "" || u.Opaque != "" {
			return nil, errNoToken // err quotes it
		}
		if u.User == nil {
			return nil, errIsWebhook
		}
		if _, two := u.User.Password(); two || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return nil, errNoToken
		}
		at.Scheme, at.Host, token = strings.ToLower(u.Scheme), strings.ToLower(u.Host), u.User.Username()
	}
	// The token comes before the host, which is shown: who writes them the wrong way round has the token there.
	switch {
	case strings.HasPrefix(token, tokenOfUser):
		return nil, errUserToken
	case strings.HasPrefix(token, tokenOfApp):
		return nil, errAppToken
	case strings.HasPrefix(token, tokenRotating):
		return nil, errRotating
	case !strings.HasPrefix(token, tokenOfBot) || !made(token, word):
		return nil, errNoToken
	}
	if err := checkTokenHost(at, allowHosts); err != nil {
		return nil, err
	}
	return &address{service: formatter.ServiceSlack, origin: at.Scheme + "://" + at.Host, path: slackAPI, token: secret.New(token)}, nil
}

func checkTokenHost(u *url.URL, allowHosts []string) error {
	listed := slices.ContainsFunc(allowHosts, func(allowed string) bool { return sameHost(u, allowed) })
	ours := u.Host == slackHost || u.Host == slackHostOfGov
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return errNoToken
	case ours && u.Scheme == "https", listed:
		return nil
	case ours:
		return errPlainHTTP
	}
	return fmt.Errorf("%q is not Slack's host: list it under allow_hosts if the bot's token may be sent there", u.Host)
}
