// Package e2e_test checks what every change of template.yaml has to leave true, in milliseconds. What AWS's own tools say
// of it is deploy/e2e/template's business, and whether it works deploy/e2e/pipeline's.
package e2e_test

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryParameterIsExplainedAndUsed(t *testing.T) {
	template := readTemplate(t)
	parameters := at[shape](t, template, "Parameters")
	names := slices.Sorted(maps.Keys(parameters))

	var grouped []string
	for _, group := range at[[]any](t, template, "Metadata", "AWS::CloudFormation::Interface", "ParameterGroups") {
		for _, name := range at[[]any](t, group, "Parameters") {
			grouped = append(grouped, name.(string))
		}
	}
	slices.Sort(grouped)
	if diff := cmp.Diff(names, grouped); diff != "" {
		t.Errorf("the groups of the console's form (-want +got):\n%s", diff)
	}
	labels := at[shape](t, template, "Metadata", "AWS::CloudFormation::Interface", "ParameterLabels")
	if diff := cmp.Diff(names, slices.Sorted(maps.Keys(labels))); diff != "" {
		t.Errorf("the labels of the console's form (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(names, used(template, parameters)); diff != "" {
		t.Errorf("what conditions, resources and outputs use (-want +got):\n%s", diff)
	}
	for name, parameter := range parameters {
		if at[string](t, parameter, "Description") == "" {
			t.Errorf("%s has no description", name)
		}
		if at[shape](t, parameters, name)["AllowedPattern"] != nil {
			_ = at[string](t, parameter, "ConstraintDescription")
		}
	}
}

// used returns the names of the parameters that something refers to.
func used(template, parameters shape) []string {
	found := map[string]bool{}
	for _, section := range []string{"Conditions", "Resources", "Outputs"} {
		visit(template[section], func(value any) {
			for _, name := range references(value) {
				found[name] = parameters[name] != nil
			}
		})
	}
	maps.DeleteFunc(found, func(_ string, isParameter bool) bool { return !isParameter })
	return slices.Sorted(maps.Keys(found))
}

var variable = regexp.MustCompile(`\$\{([A-Za-z0-9]+)\}`)

// references returns what a function itself refers to, without what is inside of it.
func references(value any) (names []string) {
	m, _ := value.(shape)
	if name, ok := m["Ref"].(string); ok {
		names = append(names, name)
	}
	text, _ := m["Fn::Sub"].(string)
	if list, ok := m["Fn::Sub"].([]any); ok {
		text, _ = list[0].(string)
	}
	for _, found := range variable.FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	return names
}

// What a user types wrong has to be refused before anything is made.
func TestParametersTakeNamesAndRefuseAddresses(t *testing.T) {
	const topic = "arn:aws:sns:ap-northeast-2:111122223333:alarms"
	tests := map[string]struct{ takes, refuses []string }{
		"DiscordParameter": {
			[]string{"", "/alarmrelay/discord", "/a.b/c_d-e"},
			[]string{"alarmrelay", "/", "/alarmrelay/", "//a", "ssm:/alarmrelay/discord", "https://discord.com/api/webhooks/1/token", "/a b", "arn:aws:ssm:us-east-1:111122223333:parameter/a"},
		},
		"SlackParameter": {[]string{"", "/alarmrelay/slack"}, []string{"slack", "https://hooks.slack.com/services/T0/B0/token"}},
		"MoreParameters": {
			[]string{"", "/a", "/a/b,/c", strings.Repeat("/a,", 9) + "/a"},
			[]string{"/a, /b", "/a,", ",/a", "a", strings.Repeat("/a,", 10) + "/a", "/alarmrelay/*"},
		},
		"Secrets": {
			[]string{"", "alarmrelay/webhooks", "a,b,c,d"},
			[]string{"arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf", "a, b", "a,b,c,d,e", "a#key"},
		},
		"WebhookKeyArn": {
			[]string{"", "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd"},
			[]string{"alias/aws/ssm", "arn:aws:kms:us-east-1:111122223333:alias/mine", "1234abcd-12ab-34cd-56ef-1234567890ab"},
		},
		"TopicKeyArn": {[]string{"", "arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd"}, []string{"alias/aws/sns"}},
		"WatchEmail":  {[]string{"", "ops@example.com"}, []string{"ops", "ops@example", "a b@example.com", "a@example.com,b@example.com"}},
		"TopicArns": {
			[]string{"", topic, strings.Repeat(topic+",", 3) + topic, "arn:aws-us-gov:sns:us-gov-west-1:111122223333:a.fifo"},
			[]string{"alarms", topic + ", " + topic, strings.Repeat(topic+",", 4) + topic, topic + ":1234", "arn:aws:sqs:us-east-1:111122223333:alarms", "arn:aws:sns:us-east-1:1111:alarms"},
		},
		"OrganizationId":      {[]string{"", "o-a1b2c3d4e5"}, []string{"a1b2c3d4e5", "o-A1", "r-abcd"}},
		"PermissionsBoundary": {[]string{"", "arn:aws:iam::111122223333:policy/a/boundary", "arn:aws:iam::aws:policy/PowerUserAccess"}, []string{"boundary", "arn:aws:iam::111122223333:role/boundary"}},
	}
	parameters := at[shape](t, readTemplate(t), "Parameters")
	for name := range parameters {
		if _, tested := tests[name]; !tested && at[shape](t, parameters, name)["AllowedPattern"] != nil {
			t.Errorf("the pattern of %s is not tested", name)
		}
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			pattern := regexp.MustCompile(at[string](t, parameters, name, "AllowedPattern"))
			for _, value := range tt.takes {
				if !pattern.MatchString(value) {
					t.Errorf("refuses %q", value)
				}
			}
			for _, value := range tt.refuses {
				if pattern.MatchString(value) {
					t.Errorf("takes %q", value)
				}
			}
		})
	}
}

// SAM does not look at the values of parameters, see VersionDescription.
func TestAChangeOfAParameterReachesTheAlias(t *testing.T) {
	template := readTemplate(t)
	parameters := at[shape](t, template, "Parameters")
	properties := maps.Clone(at[shape](t, template, "Resources", "RelayFunction", "Properties"))
	description := at[shape](t, properties, "VersionDescription")
	delete(properties, "DeploymentPreference") // is no property of a version
	delete(properties, "VersionDescription")
	want := used(shape{"Resources": properties}, parameters)
	if diff := cmp.Diff(want, used(shape{"Resources": description}, parameters)); diff != "" {
		t.Errorf("parameters that VersionDescription names (-want +got):\n%s", diff)
	}
	longest := variable.ReplaceAllStringFunc(at[string](t, description, "Fn::Sub"), func(v string) string {
		return strings.Repeat("x", longestValue(t, at[shape](t, parameters, strings.Trim(v, "${}"))))
	})
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html
	if len(longest) > 256 {
		t.Errorf("VersionDescription may have %d characters, and 256 are allowed", len(longest))
	}
}

func longestValue(t *testing.T, parameter shape) (longest int) {
	t.Helper()
	if text, ok := parameter["MaxLength"].(string); ok {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if text, ok := parameter["MaxValue"].(string); ok {
		return len(text)
	}
	for _, allowed := range at[[]any](t, parameter, "AllowedValues") {
		longest = max(longest, len(allowed.(string)))
	}
	return longest
}

// docs/delivery.md says why.
func TestTheQueuesGiveAnAlertItsTime(t *testing.T) {
	resources := at[shape](t, readTemplate(t), "Resources")
	const fortnight = "1209600"
	want := shape{
		"VisibilityTimeout": "180", "MessageRetentionPeriod": fortnight, "SqsManagedSseEnabled": "true",
		"RedrivePolicy":      shape{"deadLetterTargetArn": shape{"Fn::GetAtt": []any{"DeadLetterQueue", "Arn"}}, "maxReceiveCount": "200"},
		"RedriveAllowPolicy": shape{"redrivePermission": "denyAll"},
	}
	if diff := cmp.Diff(want, at[shape](t, resources, "Queue", "Properties")); diff != "" {
		t.Errorf("Queue (-want +got):\n%s", diff)
	}
	for _, name := range []string{"DeadLetterQueue", "SubscriptionDeadLetterQueue"} {
		properties := at[shape](t, resources, name, "Properties")
		if properties["MessageRetentionPeriod"] != fortnight || properties["SqsManagedSseEnabled"] != "true" {
			t.Errorf("%s: %v", name, properties)
		}
	}
	event := shape{
		"Queue": shape{"Fn::GetAtt": []any{"Queue", "Arn"}}, "BatchSize": "10",
		"FunctionResponseTypes": []any{"ReportBatchItemFailures"}, "ScalingConfig": shape{"MaximumConcurrency": "5"},
	}
	if diff := cmp.Diff(event, at[shape](t, resources, "RelayFunction", "Properties", "Events", "Queue", "Properties")); diff != "" {
		t.Errorf("what the function reads (-want +got):\n%s", diff)
	}
	if timeout := at[string](t, resources, "RelayFunction", "Properties", "Timeout"); timeout != "30" {
		t.Errorf("the function's timeout is %s s, a sixth of the queue's visibility timeout is 30 s", timeout)
	}
}

func TestTheTableIsWhatTheStoreReads(t *testing.T) {
	table := at[shape](t, readTemplate(t), "Resources", "Table")
	key := func(hash, sort string) []any {
		return []any{shape{"AttributeName": hash, "KeyType": "HASH"}, shape{"AttributeName": sort, "KeyType": "RANGE"}}
	}
	want := shape{
		"BillingMode":          "PAY_PER_REQUEST",
		"AttributeDefinitions": []any{shape{"AttributeName": "pk", "AttributeType": "S"}, shape{"AttributeName": "sk", "AttributeType": "S"}, shape{"AttributeName": "open", "AttributeType": "S"}},
		"KeySchema":            key("pk", "sk"),
		"GlobalSecondaryIndexes": []any{shape{
			"IndexName": "open", "KeySchema": key("open", "pk"), "Projection": shape{"ProjectionType": "KEYS_ONLY"},
		}},
		"TimeToLiveSpecification":          shape{"AttributeName": "ttl", "Enabled": "true"},
		"PointInTimeRecoverySpecification": shape{"PointInTimeRecoveryEnabled": "true"},
	}
	if diff := cmp.Diff(want, at[shape](t, table, "Properties")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if table["DeletionPolicy"] != "Retain" || table["UpdateReplacePolicy"] != "Retain" {
		t.Error("the table does not outlive the stack")
	}
}

func TestBothStatementsOfTheTopicNameTheSameServices(t *testing.T) {
	statements := at[[]any](t, readTemplate(t), "Resources", "TopicPolicy", "Properties", "PolicyDocument", "Statement")
	services := map[string][]any{}
	for _, statement := range statements {
		if choice, ok := statement.(shape)["Fn::If"].([]any); ok {
			statement = choice[1]
		}
		if principal, ok := at[shape](t, statement)["Principal"].(shape); ok && principal["Service"] != nil {
			services[at[string](t, statement, "Sid")] = at[[]any](t, principal, "Service")
		}
	}
	if len(services["ServicesPublish"]) == 0 {
		t.Fatalf("found %v", services)
	}
	if diff := cmp.Diff(services["ServicesPublish"], services["ServicesOfTheOrganizationPublish"]); diff != "" {
		t.Errorf("of this account and of the organization (-of the account +of the organization):\n%s", diff)
	}
}

// resourceless are actions for which AWS knows no resource, or documents none, or, of composite alarms, takes none but all.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
var resourceless = []string{"cloudwatch:GetMetricData", "cloudwatch:GetMetricWidgetImage", "cloudwatch:ListAlarmMuteRules", "cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmContributors"}

// takeNoResource reports whether all actions of a statement are such.
func takeNoResource(actions any) bool {
	all := true
	visit(actions, func(action any) {
		if s, ok := action.(string); ok {
			all = all && slices.Contains(resourceless, s)
		}
	})
	return all
}

// A wildcard is only for where AWS knows no narrower resource.
func TestRolesAreGrantedNothingInGeneral(t *testing.T) {
	resources := at[shape](t, readTemplate(t), "Resources")
	for name := range resources {
		if at[string](t, resources, name, "Type") != "AWS::IAM::Role" {
			continue
		}
		properties := at[shape](t, resources, name, "Properties")
		if properties["ManagedPolicyArns"] != nil {
			t.Errorf("%s has managed policies", name)
		}
		visit(properties["Policies"], func(value any) {
			statement, ok := value.(shape)
			if !ok || statement["Effect"] == nil {
				return
			}
			visit(statement["Action"], func(action any) {
				if s, ok := action.(string); ok && strings.Contains(s, "*") {
					t.Errorf("%s: %v allows %s", name, statement["Sid"], s)
				}
			})
			visit(statement["Resource"], func(resource any) {
				if resource == "*" && !takeNoResource(statement["Action"]) {
					t.Errorf("%s: %v is for every resource", name, statement["Sid"])
				}
			})
		})
	}
}
