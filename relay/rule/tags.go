package rule

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
)

// tagPrefix begins the tags that are meant for the relay: alarmrelay:severity.
const tagPrefix = "alarmrelay:"

// TagEffect is what became of one of the alarm's own tags.
type TagEffect struct {
	Tag      string `json:"tag"`
	Value    string `json:"value"`
	Accepted bool   `json:"accepted"`
	Why      string `json:"why"` // what it changes, or why it is ignored
}

// wish is what an alarm's own tags ask for and may have.
type wish struct {
	severity   alert.Severity
	runbook    string
	to         []string
	mention    []string
	mutedUntil time.Time // zero unless it lies after now
	effects    []TagEffect
}

// wishes reads the alarm's tags as far as the configuration accepts them.
func (c *Config) wishes(a *alert.Alert, now time.Time) (w wish) {
	var ours []string
	for key := range a.Tags {
		if strings.HasPrefix(key, tagPrefix) {
			ours = append(ours, key)
		}
	}
	slices.Sort(ours)
	for _, key := range ours {
		w.read(c, a, Tag(strings.TrimPrefix(key, tagPrefix)), a.Tags[key], now)
	}
	return w
}

func (w *wish) read(c *Config, a *alert.Alert, tag Tag, value string, now time.Time) {
	if why := c.refuses(a, tag); why != "" {
		w.note(tag, value, false, why)
		return
	}
	switch tag {
	case TagSeverity:
		w.readSeverity(value)
	case TagRunbook:
		if !c.runbookAllowed(value) {
			w.note(tag, value, false, "not an https address on a host that runbook_hosts lists")
			return
		}
		w.runbook = value
		w.note(tag, value, true, "is the runbook")
	case TagTo:
		w.to = w.names(tag, value, "destination", c.destinationNames(), "goes to ")
	case TagMention:
		w.mention = w.names(tag, value, "mention", c.mentionNames(), "mentions ")
	case TagMute:
		w.readMute(value, c.zones[c.Timezone], now)
	}
}

// refuses says why a tag may change nothing, or nothing.
func (c *Config) refuses(a *alert.Alert, tag Tag) string {
	switch {
	case !slices.Contains(allTags(), tag):
		return "no tag of the relay's"
	case !slices.Contains(c.Tags, tag):
		return "the configuration's tags: does not list " + string(tag)
	case tag == TagSeverity || tag == TagRunbook || c.trusts(a.Account):
		return ""
	}
	return "account " + a.Account + " is foreign: neither the relay's own nor one of trusted_accounts"
}

func (c *Config) trusts(account string) bool {
	return account != "" && (account == c.Home || slices.Contains(c.Trusted, account))
}

func (w *wish) note(tag Tag, value string, accepted bool, why string) {
	w.effects = append(w.effects, TagEffect{Tag: tagPrefix + string(tag), Value: value, Accepted: accepted, Why: why})
}

func (w *wish) readSeverity(value string) {
	severity, ok := alert.ParseSeverity(value)
	if !ok {
		w.note(TagSeverity, value, false, "not one of "+strings.Join(severities(), ", "))
		return
	}
	w.severity = severity
	w.note(TagSeverity, value, true, "the severity is "+string(severity))
}

// names returns the declared ones of the names in a tag; several are separated by spaces.
func (w *wish) names(tag Tag, value, what string, known []string, does string) (names []string) {
	for name := range strings.FieldsSeq(value) {
		if !slices.Contains(known, name) {
			w.note(tag, value, false, fmt.Sprintf("the configuration declares no %s %s", what, quote(name)))
			continue
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		w.note(tag, value, true, does+strings.Join(names, ", "))
	}
	return names
}

// readMute reads the time until which the alarm is muted. A date means the end
// of that day in the configuration's time zone.
func (w *wish) readMute(value string, zone *time.Location, now time.Time) {
	if zone == nil {
		zone = time.UTC
	}
	until, err := time.Parse(time.RFC3339, strings.TrimSpace(value))
	if err != nil {
		var day time.Time
		if day, err = time.ParseInLocation(time.DateOnly, strings.TrimSpace(value), zone); err != nil {
			w.note(TagMute, value, false, "not a time such as 2026-11-22T18:00:00Z or a date such as 2026-11-22")
			return
		}
		until = day.AddDate(0, 0, 1)
	}
	if !until.After(now) {
		w.note(TagMute, value, false, "is over")
		return
	}
	w.mutedUntil = until
	w.note(TagMute, value, true, "muted until "+until.Format(time.RFC3339))
}

// runbookAllowed tells whether a tag may lead readers to an address.
func (c *Config) runbookAllowed(text string) bool {
	if !isHTTPS(text) {
		return false
	}
	u, err := url.Parse(text)
	if err != nil || u.Port() != "" && u.Port() != "443" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return slices.ContainsFunc(c.RunbookHosts, func(allowed string) bool {
		if below, any := strings.CutPrefix(allowed, "*"); any {
			return strings.HasSuffix(host, below)
		}
		return host == allowed
	})
}
