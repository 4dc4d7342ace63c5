package main

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stackOf is a stack of a template's text.
func stackOf(t *testing.T, text string, parameters map[string]string) *stack {
	t.Helper()
	path := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	read, err := readTemplate(path)
	if err != nil {
		t.Fatal(err)
	}
	return read.with(parameters)
}

const values = `
Parameters:
  Name: {Type: String, Default: /a}
  List: {Type: String, Default: "x,y"}
  Empty: {Type: String, Default: ""}
Conditions:
  HasName: !Not [!Equals [!Ref Name, ""]]
  HasEmpty: {"Fn::Not": [{"Fn::Equals": [{Ref: Empty}, ""]}]}
  Both: !And [!Condition HasName, !Condition HasEmpty]
  Either: !Or [Condition: HasName, Condition: HasEmpty]
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/own/${AWS::StackName}"}}
  RelayFunction:
    Type: AWS::Serverless::Function
    Properties:
      Environment:
        Variables:
          `

func TestValuesAreWhatCloudFormationMakesOfThem(t *testing.T) {
	for written, want := range map[string]string{
		`V: plain`:                        "plain",
		`V: !Ref Name`:                    "/a",
		`V: {Ref: Name}`:                  "/a",
		`V: !Ref Table`:                   "alarmrelay-Table",
		`V: !Ref Queue`:                   "http://here/queue",
		`V: !Ref Group`:                   "/own/alarmrelay",
		`V: !GetAtt Queue.Arn`:            "arn:aws:sqs:ap-northeast-2:111122223333:alarmrelay-Queue",
		`V: {"Fn::GetAtt": [Table, Arn]}`: "arn:aws:dynamodb:ap-northeast-2:111122223333:table/alarmrelay-Table",
		`V: !GetAtt Group.Arn`:            "arn:aws:logs:ap-northeast-2:111122223333:log-group:/own/alarmrelay:*",
		`V: !Sub "ssm:${Name} ${Queue.Arn} ${!Literal}"`: "ssm:/a arn:aws:sqs:ap-northeast-2:111122223333:alarmrelay-Queue ${!Literal}",
		`V: !Sub ["${own}-${Name}", {own: !Ref List}]`:   "x,y-/a",
		`V: !Join ["+", !Split [",", !Ref List]]`:        "x+y",
		`V: !Select [1, !Split [",", !Ref List]]`:        "y",
		`V: !Select [2, !Split [",", !Sub "${List},"]]`:  "",
		`V: !If [HasName, yes-it-has, no]`:               "yes-it-has",
		`V: !If [HasEmpty, a, !Ref AWS::NoValue]`:        "",
		`V: !If [Both, a, b]`:                            "b",
		`V: !If [Either, a, b]`:                          "a",
	} {
		t.Run(written, func(t *testing.T) {
			s := stackOf(t, values+written, nil)
			s.refs["Queue"] = "http://here/queue"
			if got := s.environment()["V"]; got != want || s.err() != nil {
				t.Errorf("got %q, %v, want %q", got, s.err(), want)
			}
		})
	}
}

func TestWhatIsNotKnownIsAMistake(t *testing.T) {
	for written, want := range map[string]string{
		`V: !Ref Nobody`:                           "!Ref Nobody finds nothing",
		`V: !GetAtt Queue.QueueName`:               "!GetAtt Queue.QueueName is not known here: teach template.go",
		`V: !Select [5, !Split [",", !Ref List]]`:  "line 20: !Select finds nothing",
		`V: !If [Nowhere, a, b]`:                   "the template has no condition Nowhere",
		`V: !FindInMap [a, b, c]`:                  "line 20: !FindInMap is not known here, or not in this form: teach value.go",
		`V: !Split [",", !Ref List]`:               "[x y] is no text",
		`V: {"Fn::ImportValue": of-another-stack}`: "line 20: !ImportValue is not known here, or not in this form: teach value.go",
	} {
		s := stackOf(t, values+written, nil)
		s.environment()
		if err := s.err(); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", written, err, want)
		}
	}
	if err := stackOf(t, values+"V: a", map[string]string{"Nobody": "b"}).err(); err == nil || err.Error() != "the template has no parameter Nobody" {
		t.Error(err)
	}
}

const withFunction = `
Parameters:
  Names: {Type: String, Default: ""}
Conditions:
  HasNames: !Not [!Equals [!Ref Names, ""]]
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table}
  RelayFunction:
    Type: AWS::Serverless::Function
    Properties:
      Role: !GetAtt Role.Arn
`

func TestARoleGrantsWhatItsStatementsSay(t *testing.T) {
	text := withFunction + `
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyDocument:
            Statement:
              - {Sid: Work, Effect: Allow, Action: ["sqs:SendMessage", "sqs:DeleteMessage"], Resource: !GetAtt Queue.Arn}
              - !If
                - HasNames
                - Sid: Read
                  Effect: Allow
                  Action: ssm:GetParameter
                  Resource:
                    - !Sub ["arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${n}", {n: !Select [0, !Split [",", !Sub "${Names},"]]}]
                    - !Sub ["arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${n}", {n: !Select [1, !Split [",", !Sub "${Names},"]]}]
                  Condition: {StringEquals: {"aws:SourceVpc": [b, a]}}
                - !Ref AWS::NoValue
`
	queue, parameter := arn("sqs", "alarmrelay-Queue"), arn("ssm", "parameter/ops")
	always := grant{{"sqs:SendMessage", queue, ""}: {"Work"}, {"sqs:DeleteMessage", queue, ""}: {"Work"}}
	named := grant{{"ssm:GetParameter", parameter, `{"StringEquals":{"aws:SourceVpc":["a","b"]}}`}: {"Read"}}
	maps.Copy(named, always)
	for names, want := range map[string]grant{"": always, "/ops": named} {
		s := stackOf(t, text, map[string]string{"Names": names})
		got, strange := granted(s)
		if diff := cmp.Diff(want, got); diff != "" || strange != nil || s.err() != nil {
			t.Errorf("names %q: %v, %v (-want +got):\n%s", names, strange, s.err(), diff)
		}
	}
}

func TestWhatOfARoleIsNotComparedIsSaid(t *testing.T) {
	const open = "\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n"
	statement := func(s string) string { return open + "      Policies: [{PolicyDocument: {Statement: [" + s + "]}}]\n" }
	for written, want := range map[string]string{
		"\n  Role: {Type: AWS::SQS::Queue}":                                        "RelayFunction has no role of the template's own: then SAM makes one, whose policies of AWS's allow more",
		open + "      ManagedPolicyArns: [arn]":                                    "Role has policies that AWS manages: write out what of them is needed",
		open + "      Policies: []\n  More: {Type: AWS::IAM::Policy}":              "the template has a resource of type AWS::IAM::Policy: only what stands in the role itself is compared",
		statement(`{Effect: Allow, Action: a, Resource: r}`):                       "a statement of Role has no Sid that says what it is for",
		statement(`{Sid: S, Effect: Deny, Action: a, Resource: r}`):                "S allows nothing: what a role is denied is not compared",
		statement(`{Sid: S, Effect: Allow, NotAction: a, Action: b, Resource: r}`): "S has a member NotAction, which is not compared",
	} {
		_, strange := granted(stackOf(t, withFunction+written, nil))
		if diff := cmp.Diff([]string{want}, strange); diff != "" {
			t.Errorf("%s (-want +got):\n%s", written, diff)
		}
	}
}
