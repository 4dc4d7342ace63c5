package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/rule"
)

// readers is a configuration with references of every kind.
const readers = `destinations:
  ops: {discord: "ssm:/relay/discord/ops"}
  two: {slack: "ssm:/relay/slack/two:3"}
  old: {discord: "ssm:old"}
  box: {slack: "secretsmanager:relay/hooks#box"}
  arn: {slack: "secretsmanager:relay/arn"}
  env: {slack: "env:SLACK"}
  ops-again: {discord: "ssm:/relay/discord/ops"}
rules: [{to: [ops, two, old, box, arn, env, ops-again]}]
`

func TestWhatTheFunctionMayNotReadIsAProblem(t *testing.T) {
	c, err := rule.Parse("alarmrelay.yaml", []byte(readers))
	if err != nil {
		t.Fatal(err)
	}
	const (
		ops = "samconfig.toml:2:1: destination ops reads ssm:/relay/discord/ops, which the function may not: add /relay/discord/ops to MoreParameters\n"
		two = "samconfig.toml:2:1: destination two reads ssm:/relay/slack/two:3, which the function may not: add /relay/slack/two to MoreParameters\n"
		old = "samconfig.toml:2:1: destination old reads ssm:old, which the function may not: the template allows names that begin with a slash only\n"
		box = "samconfig.toml:2:1: destination box reads secretsmanager:relay/hooks#box, which the function may not: add it to Secrets\n"
		arn = "samconfig.toml:2:1: destination arn reads secretsmanager:relay/arn, which the function may not: add it to Secrets\n"
	)
	for name, row := range map[string]struct{ overrides, want string }{
		"nothing is allowed": {`"Architecture=arm64"`, ops + two + old + box + arn},
		"everything is": {
			`"DiscordParameter=/relay/discord/ops SlackParameter=/relay/slack/two MoreParameters=/x,old Secrets=relay/hooks,arn:aws:secretsmanager:us-east-1:111122223333:secret:relay/arn-a1B2c3"`,
			"",
		},
		"some are, by the others": {
			`["MoreParameters=/relay/slack/two,/relay/discord/ops", "Secrets=arn:aws:secretsmanager:us-east-1:111122223333:secret:relay/arn-??????"]`,
			old + box,
		},
		"parameters come from elsewhere": {`"file://mine.yaml"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := readSamConfig("[default.deploy.parameters]\nparameter_overrides = " + row.overrides + "\n")
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, p := range s.ungranted("samconfig.toml", c) {
				said += p.Error() + "\n"
			}
			if diff := cmp.Diff(row.want, said); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// ungranted is what is said where rules, with one destination, meet a samconfig.toml with a parameter.
func ungranted(t *testing.T, rules, parameter string) (said string) {
	t.Helper()
	c, err := rule.Parse("alarmrelay.yaml", []byte("destinations: {ops: {discord: \"env:OPS\"}}\n"+rules))
	if err != nil {
		t.Fatal(err)
	}
	s, err := readSamConfig("[default.deploy.parameters]\nparameter_overrides = \"Architecture=arm64" + parameter + "\"\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.ungranted("samconfig.toml", c) {
		said += p.Error() + "\n"
	}
	return said
}

func TestGraphsThatTheFunctionMayNotAskForAreAProblem(t *testing.T) {
	const missing = "samconfig.toml:2:1: a rule wants graphs, which the function may not ask for: add Graphs=true\n"
	for name, row := range map[string]struct{ rules, parameter, want string }{
		"the file wants them":            {"graph: true\nrules: [{to: [ops]}]\n", "", missing},
		"and they are turned off":        {"graph: true\nrules: [{to: [ops]}]\n", " Graphs=false", missing},
		"and may be asked for":           {"graph: true\nrules: [{to: [ops]}]\n", " Graphs=true", ""},
		"one rule wants them":            {"rules: [{match: {alarm: a}, to: [ops], graph: true}, {to: [ops]}]\n", "", missing},
		"no rule wants them":             {"graph: true\nrules: [{to: [ops], graph: false}]\n", "", ""},
		"who wants them tells nobody":    {"graph: true\nrules: [{match: {alarm: a}, to: []}, {to: [ops], graph: false}]\n", "", ""},
		"nobody has said anything of it": {"rules: [{to: [ops]}]\n", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, ungranted(t, row.rules, row.parameter)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestWhatTakesTicksIsAProblemWithoutThem(t *testing.T) {
	missing := func(key string) string {
		return "samconfig.toml:2:1: " + key + " takes the schedule that Ticks=false leaves out: make it Ticks=true\n"
	}
	for name, row := range map[string]struct{ rules, parameter, want string }{
		"a summary":                {"summary: {at: \"09:00\", to: [ops]}\nrules: [{to: [ops]}]\n", " Ticks=false", missing("summary")},
		"a reminder":               {"rules: [{to: [ops], remind: 1h}]\n", " Ticks=false", missing("remind")},
		"an escalation":            {"rules: [{to: [ops], escalate: {after: 15m, to: [ops]}}]\n", " Ticks=false", missing("escalate")},
		"a mute that ends":         {"rules: [{match: {alarm: a}, to: [ops], mute: weekends}, {to: [ops]}]\n", " Ticks=false", missing("mute")},
		"a mute of what is silent": {"rules: [{match: {alarm: a}, to: [], mute: weekends}, {to: [ops]}]\n", " Ticks=false", ""},
		"none of these":            {"rules: [{to: [ops]}]\n", " Ticks=false", ""},
		"ticks, by default":        {"rules: [{to: [ops], remind: 1h}]\n", "", ""},
		"ticks":                    {"rules: [{to: [ops], remind: 1h}]\n", " Ticks=true", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, ungranted(t, row.rules, row.parameter)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
