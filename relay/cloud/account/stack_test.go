package account_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

// cloudFormation knows one stack. It answers in the XML of AWS's query protocol:
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
type cloudFormation struct{ denied bool }

func (c cloudFormation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	refuse := func(status int, code, message string) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>%s</Code>`+
			`<Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>`, code, message)
	}
	name := r.FormValue("StackName")
	switch {
	case r.FormValue("Action") != "DescribeStacks":
		refuse(http.StatusBadRequest, "InvalidAction", "Could not find operation "+r.FormValue("Action"))
	case c.denied:
		refuse(http.StatusForbidden, "AccessDenied", "User: arn:aws:iam::111122223333:user/minji is not authorized")
	case name == "":
		refuse(http.StatusBadRequest, "ValidationError", "1 validation error detected")
	case name != "alarmrelay":
		refuse(http.StatusBadRequest, "ValidationError", "Stack with id "+name+" does not exist")
	default:
		var outputs strings.Builder
		for _, o := range []struct{ key, value string }{{"QueueUrl", inputURL}, {"DeadLetterQueueUrl", deadURL}, {"Table", "alarmrelay-Table-1A2B"}} {
			fmt.Fprintf(&outputs, "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>", o.key, o.value)
		}
		fmt.Fprintf(w, `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>`+
			`<StackName>alarmrelay</StackName><CreationTime>2026-11-20T00:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus>`+
			`<Outputs>%s</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`, outputs.String())
	}
}

func TestStackOutputs(t *testing.T) {
	for name, row := range map[string]struct {
		service cloudFormation
		stack   string
		region  string
		want    map[string]string
		err     string
	}{
		"a stack tells its outputs": {
			cloudFormation{},
			"alarmrelay", "ap-northeast-2",
			map[string]string{"QueueUrl": inputURL, "DeadLetterQueueUrl": deadURL, "Table": "alarmrelay-Table-1A2B"},
			"",
		},
		"there is no such stack": {
			cloudFormation{},
			"alarmreley", "ap-northeast-2", nil,
			"read the outputs of stack alarmreley: there is no such stack in ap-northeast-2 (AWS_REGION says where to look)",
		},
		"a permission is missing": {
			cloudFormation{denied: true},
			"alarmrelay", "ap-northeast-2", nil,
			"read the outputs of stack alarmrelay: access denied: it takes cloudformation:DescribeStacks (User: arn:aws:iam::111122223333:user/minji is not authorized)",
		},
		"no region is set": {
			cloudFormation{},
			"alarmrelay", "", nil,
			"read the outputs of stack alarmrelay: no AWS region: set AWS_REGION, or a region in your profile",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := configFor(fake.Transport{"cloudformation.ap-northeast-2.amazonaws.com": row.service})
				cfg.Region = row.region
				got, err := account.StackOutputs(t.Context(), cfg, row.stack)
				said := ""
				if err != nil {
					said = err.Error()
				}
				if diff := cmp.Diff(row.want, got); diff != "" || said != row.err {
					t.Errorf("error %q, want %q; outputs (-want +got):\n%s", said, row.err, diff)
				}
			})
		})
	}
}

func TestSignInSaysWhatToDoWithoutCredentials(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	const want = "no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with aws sso login ("
	if _, err := account.SignIn(t.Context()); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "example")
	if _, err := account.SignIn(t.Context()); err != nil {
		t.Error(err)
	}
}
