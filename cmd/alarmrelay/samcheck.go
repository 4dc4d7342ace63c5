package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
)

// The template's parameters that say what the function may read.
const (
	discordParameter = "DiscordParameter"
	slackParameter   = "SlackParameter"
	moreParameters   = "MoreParameters"
	secretNames      = "Secrets"
	graphsParameter  = "Graphs"
	ticksParameter   = "Ticks"
)

// checkGrants returns a problem for each secret that a configuration file refers to and that the function may not
// read, for graphs that it may not ask for, and for what takes ticks where there are none, as far as the samconfig.toml beside it says. Without such a file there is none.
func checkGrants(config string, rules *rule.Config) error {
	path := filepath.Join(filepath.Dir(config), samConfigFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what the function may read: %w", err)
	}
	c, err := readSamConfig(string(text))
	if err != nil {
		return err
	}
	if problems := c.ungranted(path, rules); len(problems) > 0 {
		return problems
	}
	return nil
}

// ungranted returns a problem for each reference that no parameter of the template names, and for graphs and ticks that none allows.
func (c samConfig) ungranted(path string, rules *rule.Config) (problems rule.Errors) {
	set, given := c.overrides()
	if !given {
		return nil
	}
	k, _ := c.find(samOverrides)
	problem := func(text string) rule.Problem { return rule.Problem{File: path, Line: k.line, Column: 1, Text: text} }
	if rules.WantsGraphs() && set[graphsParameter] != "true" {
		problems = append(problems, problem("a rule wants graphs, which the function may not ask for: add "+graphsParameter+"=true"))
	}
	if key := rules.NeedsTicks(); key != "" && set[ticksParameter] == "false" {
		problems = append(problems, problem(key+" takes the schedule that "+ticksParameter+"=false leaves out: make it "+ticksParameter+"=true"))
	}
	told := map[secret.Reference]bool{}
	for _, d := range rules.Destinations {
		r := d.Webhook.Reference
		text := ""
		switch r.Scheme {
		case secret.SchemeSSM:
			text = ungrantedParameter(set, r)
		case secret.SchemeSecretsManager:
			text = ungrantedSecret(set, r)
		}
		if text == "" || told[r] {
			continue
		}
		told[r] = true
		problems = append(problems, problem(fmt.Sprintf("destination %s reads %v, which the function may not: %s", d.Name, r, text)))
	}
	return problems
}

// ungrantedParameter says what to do about a parameter that is not named; it is empty for one that is.
func ungrantedParameter(set map[string]string, r secret.Reference) string {
	name, _, _ := strings.Cut(r.Name, ":") // a version or a label may follow
	granted := append(namesIn(set[moreParameters]), set[discordParameter], set[slackParameter])
	switch {
	case slices.Contains(granted, r.Name), slices.Contains(granted, name):
		return ""
	case !strings.HasPrefix(r.Name, "/"):
		return "the template allows names that begin with a slash only"
	}
	return "add " + name + " to " + moreParameters
}

// ungrantedSecret is the same for a secret, which is listed by its name or its ARN.
func ungrantedSecret(set map[string]string, r secret.Reference) string {
	name, _, _ := strings.Cut(r.Name, ":")
	for _, granted := range namesIn(set[secretNames]) {
		if granted == name || secretName(granted) == name {
			return ""
		}
	}
	return "add it to " + secretNames
}

// secretSuffix is what Secrets Manager puts after a secret's name in its ARN, or what stands for it in a policy.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
var secretSuffix = regexp.MustCompile(`-([A-Za-z0-9]{6}|\?{6}|\*)$`)

// secretName is the name in a secret's ARN.
func secretName(arn string) string {
	_, name, _ := strings.Cut(arn, ":secret:")
	return secretSuffix.ReplaceAllString(name, "")
}

// namesIn reads a comma-delimited list.
func namesIn(text string) (names []string) {
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
