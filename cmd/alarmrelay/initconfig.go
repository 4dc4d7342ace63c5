package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
)

// configText is a short alarmrelay.yaml that tells everything to one destination.
func configText(a answers) string {
	hosts := ""
	if len(a.allowHosts) > 0 {
		hosts = "\n# Where webhooks may lie beside Discord's and Slack's own hosts.\nallow_hosts: [" + quotedList(a.allowHosts) + "]\n"
	}
	mention := `on-duty: {discord: ["role:123456789012345678"]}`
	if a.service == string(formatter.ServiceSlack) {
		mention = `on-duty: {slack: ["subteam:S0ONDUTY"]}`
	}
	return fmt.Sprintf(`# yaml-language-server: $schema=./alarmrelay.schema.json
#
# Who is told what. README.md has a table of every key, alarmrelay.example.yaml shows more of them. After a change:
#
#     sam build && sam deploy

%-24s # the language of the messages: en or ko
%-24s # for times that the chat does not turn into each reader's own
%s
# Where people read. What stands here is where the webhook's address is kept, never the address.
destinations:
%s

# Names for people who may be pinged; nobody else ever is. Put in the id of yours and take the # away, here and below.
# mentions:
#   %s

# Asked from the top; the first rule that matches decides. The last one takes everything.
rules:
#   - match: {severity: critical}
#     to: [%s]
#     mention: on-duty
  - to: [%s]
`, "locale: "+a.locale, "timezone: "+a.timezone, hosts, destinationLine(a), mention, yamlName(a.name), yamlName(a.name))
}

// destinationLine declares the destination.
func destinationLine(a answers) string {
	return fmt.Sprintf("  %s: {%s: \"%s\"}", yamlName(a.name), a.service, a.reference())
}

// reference is where the address is kept, as alarmrelay.yaml names it.
func (a answers) reference() secret.Reference {
	return secret.Reference{Scheme: secret.SchemeSSM, Name: a.parameter}
}

// plainName is what YAML reads as a text without quotes, but for a few words.
var plainName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// yamlWords are read as something else than a text, by YAML 1.1 or 1.2.
var yamlWords = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

// yamlName writes a destination's name.
func yamlName(name string) string {
	if plainName.MatchString(name) && !slices.Contains(yamlWords, strings.ToLower(name)) {
		return name
	}
	return `"` + name + `"`
}

func quotedList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = `"` + t + `"`
	}
	return strings.Join(quoted, ", ")
}

// leadsThere tells whether a configuration has a destination of the service that reads the parameter.
func leadsThere(text string, a answers) bool {
	c, err := rule.Parse("alarmrelay.yaml", []byte(text))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(c.Destinations, func(d rule.Destination) bool {
		return string(d.Service) == a.service && d.Webhook.Reference == a.reference()
	})
}
