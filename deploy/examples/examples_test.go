package examples_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// deployed takes the command apart by which a template's head says that it is deployed.
func deployed(t *testing.T, f template) (file string, overrides map[string]string) {
	t.Helper()
	_, command, found := strings.Cut(strings.ReplaceAll(f.head(), "\\\n", " "), "aws cloudformation deploy ")
	if !found {
		t.Fatalf("%s: the comment at the top has no command", f.file)
	}
	command, _, _ = strings.Cut(command, "\n")
	words := strings.Fields(command)
	if i := slices.Index(words, "--template-file"); i >= 0 {
		file = words[i+1]
	}
	overrides = map[string]string{}
	for _, word := range words[slices.Index(words, "--parameter-overrides")+1:] {
		name, value, _ := strings.Cut(word, "=")
		overrides[name] = value
	}
	return file, overrides
}

func TestEachExampleIsDeployedByTheCommandAtItsTop(t *testing.T) {
	for _, f := range examples(t) {
		file, given := deployed(t, f)
		if want := "deploy/examples/" + f.file; file != want {
			t.Errorf("%s: the command names %q", f.file, file)
		}
		for name, value := range given {
			p, known := f.parameters()[name]
			if pattern, _ := p["AllowedPattern"].(string); !known || pattern != "" && !fits(t, pattern, value) {
				t.Errorf("%s: the command gives %s=%s, which the template does not take", f.file, name, value)
			}
		}
		for name, p := range f.parameters() {
			if _, optional := p["Default"]; !optional && given[name] == "" {
				t.Errorf("%s: the command does not give %s, which has no default", f.file, name)
			}
		}
	}
}

func TestEachExampleSaysWhatItCosts(t *testing.T) {
	price := regexp.MustCompile(`A month \(.*November 2026`)
	for _, f := range examples(t) {
		if !price.MatchString(f.head()) {
			t.Errorf("%s: the comment at the top does not say what a month costs, and as of when", f.file)
		}
	}
}

func TestParametersSayWhatTheyAreAndWhatIsWrong(t *testing.T) {
	for _, f := range append(examples(t), readTemplate(t, "../github-oidc.yaml")) {
		for name, p := range f.parameters() {
			if p["Description"] == nil {
				t.Errorf("%s: %s has no description", f.file, name)
			}
			pattern, ok := p["AllowedPattern"].(string)
			if !ok {
				continue
			}
			if p["ConstraintDescription"] == nil {
				t.Errorf("%s: %s has a pattern and does not say in words what it wants", f.file, name)
			}
			if preset, optional := p["Default"].(string); optional && !fits(t, pattern, preset) {
				t.Errorf("%s: the default of %s does not fit its pattern", f.file, name)
			}
		}
	}
}

// wrong values, each of a kind that people really paste.
var wrong = map[string][]string{
	"TopicArn":         {"alarmrelay-Topic", "arn:aws:sns:us-east-1:111122223333", "arn:aws:sqs:us-east-1:111122223333:queue", "arn:aws:sns:us-east-1:111122223333:a:subscription-id"},
	"RelayFunctionArn": {"arn:aws:lambda:us-east-1:111122223333:function:relay", "relay:live"}, // without its alias, without its ARN
	"RelayQueueArn":    {"https://sqs.us-east-1.amazonaws.com/111122223333/relay"},
	"LoadBalancer":     {"net/shop/50dc6c495c0c9188", "shop", "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188"},
	"FunctionName":     {"arn:aws:lambda:us-east-1:111122223333:function:shop", "shop:live"},
	"Runbook":          {"http://wiki.example.com", "wiki.example.com", "https://wiki.example.com/?page=1", "https://wiki.example.com/#top", "https://wiki.example.com/a,b"},
	"InstanceId":       {"shop-1", "i-XYZ"},
	"RelayAccount":     {"1111-2222-3333", "production"},
	"Repository":       {"*/alarmrelay", "octo/*", "https://github.com/octo/alarmrelay", "octo/alarmrelay:ref:refs/heads/main", "octo"},
	"Environment":      {"*", "prod:ref", "production:*"},
	"Branch":           {"*", "refs:heads", "main?"},
	"RelayStack":       {"*", "a", "Relay", "a-stack-name-that-is-longer-than-thirty-one"},
	"ProviderArn":      {"token.actions.githubusercontent.com", "arn:aws:iam::111122223333:oidc-provider/evil.example.com"},
	"SecretPrefix":     {"*", "a", "alarmrelay/*"},
	"ParameterPath":    {"/", "alarmrelay", "/alarmrelay/", "/alarmrelay/*"},
}

func TestParametersRefuseWhatPeoplePaste(t *testing.T) {
	tried := map[string]bool{}
	for _, f := range append(examples(t), readTemplate(t, "../github-oidc.yaml")) {
		for name, p := range f.parameters() {
			for _, value := range wrong[name] {
				tried[name] = true
				if fits(t, p["AllowedPattern"].(string), value) {
					t.Errorf("%s: %s takes %q", f.file, name, value)
				}
			}
		}
	}
	if len(tried) != len(wrong) {
		t.Errorf("of %d parameters only these are there: %v", len(wrong), tried)
	}
}

func TestRepositoryTakesWhatGitHubsTokensSay(t *testing.T) {
	pattern := readTemplate(t, "../github-oidc.yaml").parameters()["Repository"]["AllowedPattern"].(string)
	for _, name := range []string{"octocat/alarmrelay", "octo-org/alarm.relay_2", "octocat@123456/alarmrelay@456789", "octocat-123456/alarmrelay-456789"} {
		if !fits(t, pattern, name) {
			t.Errorf("refused: %s", name)
		}
	}
}

// chosenData finds TreatMissingData with its reason behind it.
var chosenData = regexp.MustCompile(`TreatMissingData: \w+( # \w+)?`)

func TestMissingDataIsDecidedWithAReason(t *testing.T) {
	for _, f := range examples(t) {
		alarms := 0
		for _, r := range f.resources() {
			if r.kind == "AWS::CloudWatch::Alarm" {
				alarms++
			}
		}
		chosen := chosenData.FindAllStringSubmatch(f.text, -1)
		if len(chosen) != alarms {
			t.Errorf("%s: %d alarms, %d times TreatMissingData", f.file, alarms, len(chosen))
		}
		for _, c := range chosen {
			if c[1] == "" {
				t.Errorf("%s: %s without its reason", f.file, c[0])
			}
		}
	}
}

func TestAlarmsTellBothWaysWithTheirTags(t *testing.T) {
	told := 0
	for _, f := range examples(t) {
		for _, r := range f.resources() {
			if r.kind != "AWS::CloudWatch::Alarm" && r.kind != "AWS::CloudWatch::CompositeAlarm" {
				continue
			}
			if r.properties["AlarmActions"] == nil {
				if rule := fmt.Sprint(section(f.tree, "Resources")); !strings.Contains(rule, "${"+r.id+"}") && !strings.Contains(rule, "ActionsSuppressor:map[Ref:"+r.id+"]") {
					t.Errorf("%s: %s tells nobody, and no composite alarm speaks for it", f.file, r.id)
				}
				continue
			}
			if diff := cmp.Diff(r.properties["AlarmActions"], r.properties["OKActions"]); diff != "" {
				t.Errorf("%s: %s tells its recovery to others (-alarm +ok):\n%s", f.file, r.id, diff)
			}
			if fmt.Sprint(r.properties["AlarmActions"]) == "[map[Ref:WatchTopicArn]]" {
				continue // to people directly, by e-mail
			}
			told++
			severity := severityOf(r)
			propagated := fmt.Sprint(section(r.properties["ActionConfiguration"], "AlarmTagsPropagation")["Enabled"])
			if !slices.Contains([]string{"critical", "high", "warning", "info"}, severity) || propagated != "true" {
				t.Errorf("%s: %s has severity %q, propagated: %s", f.file, r.id, severity, propagated)
			}
		}
	}
	if told != 10 {
		t.Errorf("%d alarms go to the relay: were all templates read?", told)
	}
}

func severityOf(r resource) string {
	tags, _ := r.properties["Tags"].([]any)
	for _, tag := range tags {
		if m, _ := tag.(map[string]any); m["Key"] == "alarmrelay:severity" {
			value, _ := m["Value"].(string)
			return value
		}
	}
	return ""
}

func TestReadmeHasARowForEachExample(t *testing.T) {
	readme := readText(t, "README.md")
	row := regexp.MustCompile(`(?m)^\| \[([a-z0-9-]+\.yaml)\].*$`)
	rows := map[string]string{}
	for _, found := range row.FindAllStringSubmatch(readme, -1) {
		rows[found[1]] = found[0]
	}
	for _, f := range examples(t) {
		for name, p := range f.parameters() {
			if _, optional := p["Default"]; !optional && !strings.Contains(rows[f.file], "`"+name+"`") {
				t.Errorf("README.md: the row of %s does not say that %s is needed", f.file, name)
			}
		}
		for _, name := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(rows[f.file], -1) {
			if _, known := f.parameters()[name[1]]; !known && name[1] != "TopicArns" {
				t.Errorf("README.md: the row of %s names %s, which it does not have", f.file, name[1])
			}
		}
		delete(rows, f.file)
	}
	if len(rows) > 0 {
		t.Errorf("README.md has rows for what is not there: %v", rows)
	}
}
