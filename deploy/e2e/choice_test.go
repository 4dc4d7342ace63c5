package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type values = map[string]string

func TestRulesRefuseContradictions(t *testing.T) {
	tests := map[string]struct {
		given values
		want  []string
	}{
		"no webhook":                   {nil, []string{"AWebhookIsNamed"}},
		"one for Discord":              {values{"DiscordParameter": "/a"}, nil},
		"one for Slack":                {values{"SlackParameter": "/a"}, nil},
		"both":                         {values{"DiscordParameter": "/a", "SlackParameter": "/b"}, nil},
		"those of alarmrelay.yaml":     {values{"MoreParameters": "/a,/b"}, nil},
		"secrets of alarmrelay.yaml":   {values{"Secrets": "a"}, nil},
		"one for both, which can't be": {values{"DiscordParameter": "/a", "SlackParameter": "/a"}, []string{"DiscordIsNotSlack"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, deploy(t, tt.given).refusals()); diff != "" {
				t.Errorf("rules that refuse (-want +got):\n%s", diff)
			}
		})
	}
}

func (d deployment) refusals() (names []string) {
	for _, name := range []string{"AWebhookIsNamed", "DiscordIsNotSlack"} {
		rule := at[shape](d.t, d.template, "Rules", name)
		if condition, ok := rule["RuleCondition"]; ok && !d.truth(condition) {
			continue
		}
		for _, assertion := range at[[]any](d.t, rule, "Assertions") {
			if !d.truth(at[shape](d.t, assertion, "Assert")) {
				names = append(names, name)
			}
		}
	}
	return names
}

// subscribed is what is made for one of the topics that exist already.
type subscribed struct{ Topic, Region, DeadLetters string }

func TestExistingTopicsAreSubscribed(t *testing.T) {
	const here, there, other = "arn:aws:sns:ap-northeast-2:111122223333:a", "arn:aws:sns:us-east-1:111122223333:b", "arn:aws:sns:ap-northeast-2:444455556666:c"
	const deadLetters = "[SubscriptionDeadLetterQueue.Arn]"
	tests := map[string]struct {
		topics []string
		want   []subscribed
	}{
		"none":               {nil, nil},
		"one of this region": {[]string{here}, []subscribed{{here, "ap-northeast-2", deadLetters}}},
		"one of another region, which can have no dead-letter queue here": {[]string{there}, []subscribed{{there, "us-east-1", ""}}},
		"four": {[]string{there, other, here, there}, []subscribed{
			{there, "us-east-1", ""}, {other, "ap-northeast-2", deadLetters}, {here, "ap-northeast-2", deadLetters}, {there, "us-east-1", ""},
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t, values{"TopicArns": strings.Join(tt.topics, ",")})
			if diff := cmp.Diff(tt.want, d.subscriptions()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, queue := range []string{"Queue", "SubscriptionDeadLetterQueue"} {
				statement := at[[]any](t, d.template, "Resources", queue+"Policy", "Properties", "PolicyDocument", "Statement")[0]
				got := d.list(at[shape](t, statement, "Condition", "ArnEquals")["aws:SourceArn"])
				if diff := cmp.Diff(append([]string{"[Topic]"}, tt.topics...), got); diff != "" {
					t.Errorf("topics that may send to %s (-want +got):\n%s", queue, diff)
				}
			}
		})
	}
}

func (d deployment) subscriptions() (made []subscribed) {
	for n := range 4 {
		resource := at[shape](d.t, d.template, "Resources", fmt.Sprintf("Subscription%d", n+1))
		if !d.holds(at[string](d.t, resource, "Condition")) {
			continue
		}
		properties := at[shape](d.t, resource, "Properties")
		s := subscribed{Topic: d.text(properties["TopicArn"]), Region: d.text(properties["Region"])}
		if policy, ok := d.chosen(at[[]any](d.t, properties, "RedrivePolicy", "Fn::If")).(shape); ok && policy["deadLetterTargetArn"] != nil {
			s.DeadLetters = d.text(policy["deadLetterTargetArn"])
		}
		made = append(made, s)
	}
	return made
}

// What the function may read is what was named, and nothing beside it.
func TestWebhooksThatAreNamedCanBeRead(t *testing.T) {
	const ssm = "arn:aws:ssm:ap-northeast-2:111122223333:parameter"
	const secret = "arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:"
	const key = "arn:aws:kms:ap-northeast-2:111122223333:key/1234abcd"
	tests := map[string]struct {
		given values
		want  map[string][]string
	}{
		"one parameter":  {values{"SlackParameter": "/s"}, map[string][]string{"ReadTheWebhook": {ssm + "/s"}}},
		"two parameters": {values{"DiscordParameter": "/d", "SlackParameter": "/s"}, map[string][]string{"ReadTheWebhook": {ssm + "/d", ssm + "/s"}}},
		"parameters of alarmrelay.yaml": {values{"MoreParameters": "/a,/b/c"}, map[string][]string{
			"ReadMoreParameters": {ssm + "/a", ssm + "/b/c", ssm, ssm, ssm, ssm, ssm, ssm, ssm, ssm},
		}},
		"secrets, and a key": {values{"Secrets": "a/b,c", "WebhookKeyArn": key}, map[string][]string{
			"AskParameterStoreForSecrets": {
				ssm + "/aws/reference/secretsmanager/a/b", ssm + "/aws/reference/secretsmanager/c", ssm + "/aws/reference/secretsmanager/", ssm + "/aws/reference/secretsmanager/",
			},
			"ReadSecrets":     {secret + "a/b-??????", secret + "c-??????", secret + "-??????", secret + "-??????"},
			"DecryptWebhooks": {key},
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t, tt.given)
			policies := at[[]any](t, d.template, "Resources", "RelayRole", "Properties", "Policies")
			got := map[string][]string{}
			for _, statement := range d.present(at[[]any](t, policies[0], "PolicyDocument", "Statement")) {
				switch sid := at[string](t, statement, "Sid"); sid {
				case "WriteTheLog", "WorkOffTheQueue", "WriteDeadLetters", "RememberWhatWasTold", "FindWhatIsOpen":
				case "AskHowAlarmsStand", "AskWhomAMuteRuleMutes": // tick_test.go
				case "DecryptWebhooks":
					got[sid] = []string{d.text(statement.(shape)["Resource"])}
				default:
					got[sid] = d.list(statement.(shape)["Resource"])
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
