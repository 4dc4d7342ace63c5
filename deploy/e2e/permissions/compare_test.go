package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBothSidesHaveToBeEqual(t *testing.T) {
	put, get := permission{action: "dynamodb:PutItem", resource: "table"}, permission{action: "dynamodb:GetItem", resource: "table"}
	decrypt := permission{"kms:Decrypt", "key", `{"StringEquals":{}}`}
	anyone := permission{action: "kms:Decrypt", resource: "key"}
	for name, row := range map[string]struct {
		needs  need
		grants grant
		want   []string
	}{
		"equal":                {need{put: {"a"}}, grant{put: {"S"}}, nil},
		"a call without grant": {need{put: {"the function: PutItem"}}, grant{}, []string{"d: not granted: dynamodb:PutItem on table, for the function: PutItem"}},
		"a grant without call": {need{put: {"a"}}, grant{put: {"S"}, get: {"S", "T"}}, []string{"d: granted by S, T, and never asked for: dynamodb:GetItem on table"}},
		"a grant without its condition": {need{decrypt: {"a"}}, grant{anyone: {"S"}}, []string{
			`d: not granted: kms:Decrypt on key if {"StringEquals":{}}, for a`, "d: granted by S, and never asked for: kms:Decrypt on key",
		}},
	} {
		if diff := cmp.Diff(row.want, compare("d", row.needs, row.grants)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCallsAreReadAndNamedAsPoliciesDo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calls")
	text := "SQS\tSendMessage\thttp://127.0.0.1:1/111122223333/alarms\nDynamoDB\tTransactWriteItems/Put\tstate\nSSM\tGetParameter\t/a/b\nSSM\tGetParameter\tc\nSQS\tSendMessage\thttp://127.0.0.1:1/111122223333/alarms\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	calls, err := readCalls(path)
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]string
	for _, c := range calls {
		got = append(got, [2]string{c.action(), c.arn()})
	}
	want := [][2]string{
		{"sqs:SendMessage", "arn:aws:sqs:ap-northeast-2:111122223333:alarms"},
		{"dynamodb:PutItem", "arn:aws:dynamodb:ap-northeast-2:111122223333:table/state"},
		{"ssm:GetParameter", "arn:aws:ssm:ap-northeast-2:111122223333:parameter/a/b"},
		{"ssm:GetParameter", "arn:aws:ssm:ap-northeast-2:111122223333:parameter/c"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := readCalls(filepath.Join(t.TempDir(), "none")); err == nil || err.Error() != "the function called nothing of AWS" {
		t.Error(err)
	}
}

func TestACallThatNobodyKnowsIsSaid(t *testing.T) {
	s := stackOf(t, withFunction, nil)
	for _, c := range []call{
		{operation: operation{"sqs", "PurgeQueue"}, resource: "http://127.0.0.1/1/q"},
		{operation: operation{"dynamodb", "TransactWriteItems"}, part: "Delete", resource: "state"},
		{operation: operation{"sqs", "SendMessage"}},
	} {
		if needs, unknown := needed([]call{c}, s); len(needs) != 0 || len(unknown) != 1 {
			t.Errorf("%v: %v, %v", c, needs, unknown)
		}
	}
}

func TestWhatCanBeCalledHasToBeCalled(t *testing.T) {
	send := operation{"sqs", "SendMessage"}
	for name, row := range map[string]struct {
		linked []operation
		want   []string
	}{
		"all of it was":    {[]operation{send}, nil},
		"one was not":      {[]operation{send, {"sqs", "PurgeQueue"}}, []string{"the function can call sqs PurgeQueue, and was not seen doing so: let exercise.go make it, or nobody knows on what it is called"}},
		"nothing is found": {nil, []string{"no operation of AWS was found in the function: has the SDK changed the names that binary.go looks for?"}},
	} {
		if diff := cmp.Diff(row.want, uncalled(row.linked, []call{{operation: send}})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWrongUseIsRefused(t *testing.T) {
	if code := run(t.Context(), []string{"more"}, t.Output(), t.Output()); code != 2 {
		t.Errorf("code %d", code)
	}
}
