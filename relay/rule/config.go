// Package rule is the configuration: it reads alarmrelay.yaml, refuses it with
// every mistake and its line, and decides which alerts go to which
// destinations, and how loudly.
//
// It sends nothing, resolves no webhook's address, opens no file and reads no
// clock: the same configuration, alert and time give the same [Routing].
package rule

import (
	"errors"
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/secret"
)

// maxFile is the largest configuration that is read, in bytes.
const maxFile = 1 << 20

// Config is a whole configuration, made by [Parse] or [FromWebhooks]. Once Home
// is set it may be used by several goroutines.
type Config struct {
	Locale       string
	Timezone     string
	Accounts     map[string]string // names of accounts
	AllowHosts   []string          // hosts, or host:port, in lower case, that a webhook or a bot's token may have beside Discord's and Slack's
	Destinations []Destination     // in the order of the file
	Mentions     []Mention         // in the order of the file
	Tags         []Tag             // what an alarm's own tags may change
	RunbookHosts []string          // where a tag's runbook may lead: hosts, or *.domain for those below it, in lower case
	Trusted      []string          // accounts whose to, mention and mute tags count, beside Home
	Rules        []Rule
	Storm        Storm
	Retry        Retry
	LogWindow    time.Duration // one message for each log group and filter in this span, at most 1 h; 0: one for each batch

	// Graph is whether rules that say nothing of it want graphs, which CloudWatch charges for.
	Graph bool

	Incidents Incidents
	Summary   *Summary // nil for none

	// MetricsPerDestination gives each destination metrics of its own, which CloudWatch charges for:
	// https://aws.amazon.com/cloudwatch/pricing/
	MetricsPerDestination bool

	// Home is the account that the relay runs in; the relay sets it. While it is empty,
	// only Trusted counts.
	Home string

	zones map[string]*time.Location
	index *index
}

// newConfig is what holds where the file says nothing, and without a file.
func newConfig() *Config {
	return &Config{
		Locale:    defaultLocale,
		Timezone:  defaultTimezone,
		Tags:      defaultTags(),
		Storm:     defaultStorm(),
		Retry:     defaultRetry(),
		LogWindow: defaultLogWindow,
		Incidents: defaultIncidents(),
		zones:     map[string]*time.Location{defaultTimezone: time.UTC},
	}
}

// Destination is one place where people read, behind one webhook, or where a bot posts.
type Destination struct {
	Name     string
	Service  formatter.Service
	Webhook  Webhook
	Channel  string // Slack: the id of the channel where a bot posts; empty behind a webhook
	Fallback string // the destination that takes over when this one is dead; may be empty
	Voice    Voice  // what a rule may override
	Buttons  bool   // Slack: links as buttons

	ForumTags map[alert.Severity]string // Discord: the id of the tag that a forum's post gets; "" is for the other severities. May be nil
}

// IsBot reports whether messages are posted with a bot's token, which [Destination.Webhook] then leads to, instead of
// by a webhook.
func (d *Destination) IsBot() bool { return d.Channel != "" }

// CanEdit reports whether messages there can be changed after they were posted. Slack's webhooks only post.
func (d *Destination) CanEdit() bool { return d.Service == formatter.ServiceDiscord || d.IsBot() }

// Webhook says where a webhook's address, or a bot's token, is kept, or holds it itself.
// Exactly one of the fields is set; only the environment may give an Address.
type Webhook struct {
	Reference secret.Reference
	Address   secret.Value
}

// Voice is how a destination is spoken to. It can be compared: alerts with the
// same voice may share a message. In a [Delivery] Locale and Timezone are set.
type Voice struct {
	Locale   string `json:"locale"`
	Timezone string `json:"timezone"`
	Username string `json:"username,omitempty"`
	Avatar   string `json:"avatar,omitempty"`
	Thread   string `json:"thread,omitempty"` // Discord only: an id, or ThreadIncident
}

// over returns v with what it leaves empty taken from base.
func (v Voice) over(base Voice) Voice {
	pick := func(text, otherwise string) string {
		if text != "" {
			return text
		}
		return otherwise
	}
	return Voice{
		Locale:   pick(v.Locale, base.Locale),
		Timezone: pick(v.Timezone, base.Timezone),
		Username: pick(v.Username, base.Username),
		Avatar:   pick(v.Avatar, base.Avatar),
		Thread:   pick(v.Thread, base.Thread),
	}
}

// Mention is a name for people who may be pinged, for each service.
type Mention struct {
	Name string
	Who  map[formatter.Service][]formatter.Mention
}

// Tag is a tag of an alarm that changes how the alarm is routed, without its
// prefix "alarmrelay:".
type Tag string

// The tags. To, mention and mute are never accepted from foreign accounts.
const (
	TagSeverity Tag = "severity" // replaces the notice's and the rules' severity
	TagRunbook  Tag = "runbook"  // replaces the rules' runbook; on RunbookHosts only
	TagTo       Tag = "to"       // replaces the destinations of the rule that matches
	TagMention  Tag = "mention"  // adds to the mentions of the rule that matches
	TagMute     Tag = "mute"     // until when nothing is posted: RFC 3339, or a date whose day is included
)

func allTags() []Tag { return []Tag{TagSeverity, TagRunbook, TagTo, TagMention, TagMute} }

func defaultTags() []Tag { return []Tag{TagSeverity, TagRunbook} }

// Rule says where the alerts that it matches go. What it leaves empty is taken
// from the destination or the file.
type Rule struct {
	Name      string
	Line      int // in the file; 0 when there is none
	To        []string
	Mention   []string
	MentionOn []When
	Ignore    []When
	Severity  alert.Severity
	Runbook   string
	Voice     Voice
	Wording   *formatter.Wording // nil where the built-in words do
	Graph     *bool              // nil: as the file says
	Mute      Windows            // when nothing new is posted
	Recovery  Recovery           // empty: as the file says
	Remind    Marks              // when people are reminded of an alarm; ascending, may be empty
	Escalate  *Escalation        // nil for nobody
	Continue  bool               // the rules after it are asked as well

	match match
}

// When names an occasion that mention_on and ignore list.
type When string

// The occasions. Of them, first-ok is for ignore and notice for mention_on only.
const (
	WhenOK               When = "OK"
	WhenAlarm            When = "ALARM"
	WhenInsufficientData When = "INSUFFICIENT_DATA"
	WhenFirstOK          When = "first-ok" // OK after INSUFFICIENT_DATA, as after a deployment
	WhenNotice           When = "notice"   // everything that has no state
)

// FromWebhooks is the configuration without a file: each webhook that is set,
// an https address or a reference, becomes a destination named after its
// service, and everything goes to all of them. Its errors repeat neither text.
func FromWebhooks(discord, slack secret.Value) (*Config, error) {
	c := newConfig()
	var everywhere []string
	for _, given := range []struct {
		service  formatter.Service
		variable string
		text     secret.Value
	}{{formatter.ServiceDiscord, "DISCORD_WEBHOOK", discord}, {formatter.ServiceSlack, "SLACK_WEBHOOK", slack}} {
		if strings.TrimSpace(given.text.Reveal()) == "" {
			continue
		}
		webhook, err := parseWebhook(given.text)
		if err != nil {
			return nil, errors.New(given.variable + ": " + err.Error())
		}
		name := string(given.service)
		c.Destinations = append(c.Destinations, Destination{
			Name: name, Service: given.service, Webhook: webhook,
			Voice: Voice{Locale: c.Locale, Timezone: c.Timezone},
		})
		everywhere = append(everywhere, name)
	}
	if len(everywhere) == 0 {
		return nil, errors.New("nowhere to send to: set DISCORD_WEBHOOK or SLACK_WEBHOOK to a webhook's address or to " +
			"a reference such as ssm:/alarmrelay/discord, or write an alarmrelay.yaml")
	}
	c.Rules = []Rule{{To: everywhere, MentionOn: []When{WhenAlarm}}}
	c.index = newIndex(c.Rules)
	return c, nil
}

func parseWebhook(text secret.Value) (Webhook, error) {
	trimmed := strings.TrimSpace(text.Reveal())
	if low := strings.ToLower(trimmed); strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "http://") {
		return Webhook{Address: secret.New(trimmed)}, nil
	}
	reference, err := secret.ParseReference(trimmed)
	return Webhook{Reference: reference}, err
}

// Destination returns the destination of a name; ok is false when the file declares none.
func (c *Config) Destination(name string) (d Destination, ok bool) {
	i := slices.IndexFunc(c.Destinations, func(d Destination) bool { return d.Name == name })
	if i < 0 {
		return Destination{}, false
	}
	return c.Destinations[i], true
}

// Style returns how the formatter speaks to a destination in the voice of a delivery.
func (c *Config) Style(destination string, v Voice) formatter.Style {
	d, _ := c.Destination(destination)
	style := formatter.Style{
		Locale:   v.Locale,
		Zone:     c.zones[v.Timezone],
		Accounts: c.Accounts,
		Username: v.Username,
		Avatar:   v.Avatar,
		Thread:   v.Thread,
		Buttons:  d.Buttons,
	}
	if v.Thread == ThreadIncident {
		style.Thread, style.Opens, style.ForumTags = "", d.Service == formatter.ServiceDiscord, d.ForumTags
	}
	return style
}

// Zone returns a time zone that the configuration names, and UTC for a name that it does not have.
func (c *Config) Zone(name string) *time.Location {
	if zone := c.zones[name]; zone != nil {
		return zone
	}
	return time.UTC
}

func (c *Config) destinationNames() []string {
	names := make([]string, len(c.Destinations))
	for i, d := range c.Destinations {
		names[i] = d.Name
	}
	return names
}

func (c *Config) mention(name string) (m Mention, ok bool) {
	i := slices.IndexFunc(c.Mentions, func(m Mention) bool { return m.Name == name })
	if i < 0 {
		return Mention{}, false
	}
	return c.Mentions[i], true
}

func (c *Config) mentionNames() []string {
	names := make([]string, len(c.Mentions))
	for i, m := range c.Mentions {
		names[i] = m.Name
	}
	return names
}
