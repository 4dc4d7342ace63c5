package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
)

// call is what the function asked for, of what.
type call struct {
	operation
	part     string // of a transaction: "Put"
	resource string // a queue's URL, the name of a table or a parameter
}

// readCalls reads what the function's recorder wrote.
func readCalls(path string) (all []call, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("the function called nothing of AWS")
	}
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(data) {
		fields := strings.Split(strings.TrimSuffix(string(line), "\n"), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("the recorder wrote %q", line)
		}
		name, part, _ := strings.Cut(fields[1], "/")
		c := call{operation{strings.ToLower(fields[0]), name}, part, fields[2]}
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all, nil
}

// actions are what AWS wants granted for the operations that the function calls. Batches of SQS take the permission of the single one:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
// and transactions of DynamoDB those of what is in them:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
// All actions: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var actions = map[operation]string{
	{"sqs", "ReceiveMessage"}:               "sqs:ReceiveMessage",
	{"sqs", "SendMessage"}:                  "sqs:SendMessage",
	{"sqs", "DeleteMessageBatch"}:           "sqs:DeleteMessage",
	{"sqs", "ChangeMessageVisibilityBatch"}: "sqs:ChangeMessageVisibility",
	{"dynamodb", "BatchGetItem"}:            "dynamodb:BatchGetItem",
	{"dynamodb", "PutItem"}:                 "dynamodb:PutItem",
	{"dynamodb", "TransactWriteItems/Put"}:  "dynamodb:PutItem",
	{"ssm", "GetParameter"}:                 "ssm:GetParameter",
	{"cloudwatch", "GetMetricWidgetImage"}:  "cloudwatch:GetMetricWidgetImage",
	{"cloudwatch", "GetMetricData"}:         "cloudwatch:GetMetricData",
	{"cloudwatch", "DescribeAlarms"}:        "cloudwatch:DescribeAlarms",

	{"cloudwatch", "DescribeAlarmContributors"}: "cloudwatch:DescribeAlarmContributors",
	{"cloudwatch", "ListAlarmMuteRules"}:        "cloudwatch:ListAlarmMuteRules",
	{"cloudwatch", "GetAlarmMuteRule"}:          "cloudwatch:GetAlarmMuteRule",
	{"dynamodb", "Query"}:                       "dynamodb:Query",
}

// action returns what has to be granted for a call; it is empty where nobody has said.
func (c call) action() string {
	key := c.operation
	if c.part != "" {
		key.name += "/" + c.part
	}
	return actions[key]
}

// Where the deployments are.
const (
	partition = "aws"
	region    = "ap-northeast-2"
	account   = "111122223333"
)

func arn(service, resource string) string {
	return strings.Join([]string{"arn", partition, service, region, account, resource}, ":")
}

// arn returns the resource of a call as policies name it.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html for the parameter's slash
func (c call) arn() string {
	switch c.service {
	case "sqs":
		if address, err := url.Parse(c.resource); err == nil {
			return arn("sqs", path.Base(address.Path))
		}
	case "cloudwatch":
		switch {
		case c.resource == "*": // what has no resource
		case c.name == "DescribeAlarms": // of whatever Region
			return strings.Join([]string{"arn", partition, "cloudwatch", "*", account, c.resource}, ":")
		default:
			return arn("cloudwatch", c.resource)
		}
	case "dynamodb":
		return arn("dynamodb", "table/"+c.resource)
	case "ssm":
		return arn("ssm", "parameter/"+strings.TrimPrefix(c.resource, "/"))
	}
	return c.resource
}
