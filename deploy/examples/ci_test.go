package examples_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// handlers are the actions with which CloudFormation makes, reads, changes and removes each kind of resource, for the
// properties that template.yaml uses: the "handlers" of the resource's schema, as "aws cloudformation describe-type" prints it.
var handlers = map[string]string{
	"AWS::Lambda::Function": `lambda: CreateFunction DeleteFunction GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration
		GetFunctionRecursionConfig GetRuntimeManagementConfig ListTags TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration`,
	"AWS::Lambda::Version":           `lambda: DeleteFunction GetFunctionConfiguration GetProvisionedConcurrencyConfig GetRuntimeManagementConfig ListVersionsByFunction PublishVersion`,
	"AWS::Lambda::Alias":             `lambda: CreateAlias DeleteAlias GetAlias GetProvisionedConcurrencyConfig UpdateAlias`,
	"AWS::Lambda::Permission":        `lambda: AddPermission GetPolicy RemovePermission`,
	"AWS::Lambda::EventInvokeConfig": `lambda: DeleteFunctionEventInvokeConfig GetFunctionEventInvokeConfig PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig`,
	"AWS::Lambda::EventSourceMapping": `lambda: CreateEventSourceMapping DeleteEventSourceMapping GetEventSourceMapping ListTags TagResource UntagResource
		UpdateEventSourceMapping`,
	"AWS::CodeDeploy::Application": `codedeploy: CreateApplication DeleteApplication GetApplication ListTagsForResource TagResource UntagResource`,
	"AWS::CodeDeploy::DeploymentGroup": `codedeploy: CreateDeployment CreateDeploymentGroup DeleteDeploymentGroup GetApplicationRevision GetDeployment GetDeploymentConfig
		GetDeploymentGroup ListTagsForResource RegisterApplicationRevision StopDeployment TagResource UntagResource UpdateDeploymentGroup`,
	"AWS::SNS::Topic": `sns: CreateTopic DeleteTopic GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource SetTopicAttributes
		TagResource UntagResource`,
	"AWS::SNS::TopicPolicy":  `sns: SetTopicAttributes`,
	"AWS::SNS::Subscription": `sns: GetSubscriptionAttributes ListSubscriptionsByTopic SetSubscriptionAttributes Subscribe Unsubscribe`,
	"AWS::SQS::Queue":        `sqs: CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue UntagQueue`,
	"AWS::SQS::QueuePolicy":  `sqs: SetQueueAttributes`,
	// Not DeleteTable: the template keeps the table.
	"AWS::DynamoDB::Table": `dynamodb: CreateTable DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination DescribeTable
		DescribeTimeToLive GetResourcePolicy ListTagsOfResource TagResource UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive`,
	"AWS::Logs::LogGroup": `logs: CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DescribeIndexPolicies DescribeLogGroups GetDataProtectionPolicy
		ListTagsForResource PutRetentionPolicy TagResource UntagResource`,
	"AWS::CloudWatch::Alarm":     `cloudwatch: DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource`,
	"AWS::CloudWatch::Dashboard": `cloudwatch: DeleteDashboards GetDashboard PutDashboard`,
	"AWS::Scheduler::Schedule":   `scheduler: CreateSchedule DeleteSchedule GetSchedule UpdateSchedule`,
	// No policy of AWS's is attached, and the boundary is never taken away.
	"AWS::IAM::Role": `iam: CreateRole DeleteRole DeleteRolePolicy GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies ListRoleTags PassRole
		PutRolePermissionsBoundary PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole`,
}

// generated are the resources that SAM makes of a function like ours.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
var generated = []string{
	"AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias", "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping",
	"AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup",
}

// besides are the actions that no resource needs, but a deployment of SAM.
var besides = []string{"cloudformation:CreateChangeSet", "s3:GetObject"}

func TestTheRoleOfCIMayMakeWhatTheTemplateHasAndNothingElse(t *testing.T) {
	needed := slices.Clone(besides)
	for _, r := range readTemplate(t, "../../template.yaml").resources() {
		kinds := []string{r.kind}
		if r.kind == "AWS::Serverless::Function" {
			kinds = generated
		}
		for _, kind := range kinds {
			service, actions, known := strings.Cut(handlers[kind], ":")
			if !known {
				t.Errorf("template.yaml has %s: say here which actions it takes, and grant them in deploy/github-oidc.yaml", kind)
			}
			for action := range strings.FieldsSeq(actions) {
				needed = append(needed, service+":"+action)
			}
		}
	}
	slices.Sort(needed)
	var granted []string
	for _, s := range statements(t, "ExecutionRole") {
		granted = append(granted, list(s["Action"])...)
	}
	slices.Sort(granted)
	if diff := cmp.Diff(slices.Compact(needed), slices.Compact(granted)); diff != "" {
		t.Errorf("CloudFormation needs other actions than ExecutionRole grants (-needed +granted):\n%s", diff)
	}
}

func TestEveryRoleOfTheTemplateCanBeGivenTheBoundary(t *testing.T) {
	f := readTemplate(t, "../../template.yaml")
	var roles []string
	for _, r := range f.resources() {
		if r.kind != "AWS::IAM::Role" {
			continue
		}
		roles = append(roles, "${RelayStack}-"+r.id+"-*")
		if text := fmt.Sprint(r.properties["PermissionsBoundary"]); !strings.Contains(text, "Ref:PermissionsBoundary") {
			t.Errorf("template.yaml: %s has no PermissionsBoundary, so CI may not make it", r.id)
		}
	}
	for _, s := range statements(t, "ExecutionRole") {
		if !slices.Contains(list(s["Action"]), "iam:CreateRole") {
			continue
		}
		if diff := cmp.Diff(map[string]any{"StringEquals": map[string]any{"iam:PermissionsBoundary": map[string]any{"Ref": "Boundary"}}}, s["Condition"]); diff != "" {
			t.Errorf("a role can be made without the boundary (-want +got):\n%s", diff)
		}
		var allowed []string
		for _, arn := range list(s["Resource"]) {
			allowed = append(allowed, arn[strings.LastIndex(arn, "/")+1:])
		}
		slices.Sort(allowed)
		if diff := cmp.Diff(roles, allowed); diff != "" {
			t.Errorf("CI may make other roles than the template has (-template +allowed):\n%s", diff)
		}
	}
}

// nameless are the kinds of template.yaml whose names are not made of the stack's and the logical id: they have the name of what
// they belong to, or the template gives them one.
var nameless = []string{
	"AWS::SNS::TopicPolicy", "AWS::SNS::Subscription", "AWS::SQS::QueuePolicy", "AWS::Lambda::Permission", "AWS::Logs::LogGroup", "AWS::CloudWatch::Dashboard",
}

// A stack whose name begins like the relay's, such as alarmrelay-staging beside alarmrelay, is none of its business.
func TestTheRoleOfCIMayChangeThisStackOnly(t *testing.T) {
	want := []string{"ServerlessDeploymentApplication"} // of SAM; its deployment group's ARN begins with it
	for _, r := range readTemplate(t, "../../template.yaml").resources() {
		if !slices.Contains(nameless, r.kind) {
			want = append(want, r.id)
		}
	}
	slices.Sort(want)
	var got []string
	for _, s := range statements(t, "ExecutionRole") {
		for _, arn := range list(s["Resource"]) {
			_, name, ok := strings.Cut(arn, "${RelayStack}-")
			if id, random := strings.CutSuffix(name, "-*"); ok && random {
				got = append(got, id)
			} else if strings.Contains(name, "*") {
				t.Errorf("%s: %s is also what other stacks are named", s["Sid"], arn)
			}
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("things that can be changed (-template +ExecutionRole):\n%s", diff)
	}
}

// everywhere are the statements whose actions know no narrower resource, by what AWS's Service Authorization Reference says.
var everywhere = []string{"ConnectTheQueue", "StopADeployment", "ChangeSubscriptions", "FindTheLogGroup"}

func TestWildcardsAreOnlyWhereAWSKnowsNothingNarrower(t *testing.T) {
	var wide []string
	for _, role := range []string{"DeployRole", "ExecutionRole"} {
		for _, s := range statements(t, role) {
			if slices.Contains(list(s["Resource"]), "*") {
				wide = append(wide, s["Sid"].(string))
			}
			for _, action := range list(s["Action"]) {
				if strings.Contains(action, "*") {
					t.Errorf("%s: %s", s["Sid"], action)
				}
			}
		}
	}
	if diff := cmp.Diff(everywhere, wide); diff != "" {
		t.Errorf("other statements than expected are for every resource (-want +got):\n%s", diff)
	}
}

func TestOnlyOneSubjectGetsTheRole(t *testing.T) {
	for _, r := range readTemplate(t, "../github-oidc.yaml").resources() {
		if r.id != "DeployRole" {
			continue
		}
		trust := section(r.properties, "AssumeRolePolicyDocument")["Statement"].([]any)
		want := map[string]any{"StringEquals": map[string]any{
			"token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
			"token.actions.githubusercontent.com:sub": map[string]any{"Fn::If": []any{
				"HasEnvironment",
				map[string]any{"Fn::Sub": "repo:${Repository}:environment:${Environment}"},
				map[string]any{"Fn::Sub": "repo:${Repository}:ref:refs/heads/${Branch}"},
			}},
		}}
		if diff := cmp.Diff(want, trust[0].(map[string]any)["Condition"]); diff != "" || len(trust) != 1 {
			t.Errorf("the role can be taken by others (-want +got):\n%s", diff)
		}
		return
	}
	t.Error("there is no DeployRole")
}

// statements are those of a role in github-oidc.yaml, of its Ifs those that hold when everything is given.
func statements(t *testing.T, role string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, r := range readTemplate(t, "../github-oidc.yaml").resources() {
		if r.id != role {
			continue
		}
		for _, policy := range r.properties["Policies"].([]any) {
			for _, s := range section(policy, "PolicyDocument")["Statement"].([]any) {
				statement := s.(map[string]any)
				if choice, ok := statement["Fn::If"].([]any); ok {
					statement = choice[1].(map[string]any)
				}
				all = append(all, statement)
			}
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s has no statements", role)
	}
	return all
}

// list is a list of texts, or a single one; of a function its text.
func list(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var all []string
		for _, one := range value {
			all = append(all, list(one)...)
		}
		return all
	case map[string]any:
		return list(value["Fn::Sub"])
	default:
		return nil
	}
}

// pinned is a step's action, by commit, with its version in words; or a workflow of this repository.
var pinned = regexp.MustCompile(`^\s*(- )?uses: (\./\S+|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$`)

func TestWorkflowsPinTheirActionsAndStartWithoutPermissions(t *testing.T) {
	files, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(files) != 2 {
		t.Fatalf("workflows: %v, %v", files, err)
	}
	commits := map[string]string{}
	for _, file := range files {
		text := readText(t, file)
		if !strings.Contains(text, "\npermissions: {}\n") {
			t.Errorf("%s: a job without permissions of its own gets more than none", file)
		}
		if strings.Contains(text, "secrets.") {
			t.Errorf("%s reads a secret; there is none", file)
		}
		for line := range strings.Lines(text) {
			if !strings.Contains(line, "uses:") {
				continue
			}
			if !pinned.MatchString(strings.TrimRight(line, "\n")) {
				t.Errorf("%s: not pinned by commit and version: %s", file, strings.TrimSpace(line))
			}
			action, commit, _ := strings.Cut(strings.TrimSpace(line), "@")
			if before, known := commits[action]; known && before != commit {
				t.Errorf("%s: %s has another commit than in the other workflow", file, action)
			}
			commits[action] = commit
		}
	}
}
