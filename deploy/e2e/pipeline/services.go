package main

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// alarm is a metric alarm as somebody makes it by hand: above 5 on average in a minute.
type alarm struct{ name, description, namespace, topic string }

const metric = "Errors"

// putAlarm makes an alarm that acts on a topic both when it goes off and when it recovers.
func (a *aws) putAlarm(ctx context.Context, al alarm) error {
	return a.call(ctx, "monitoring", "GraniteServiceVersion20100801.PutMetricAlarm", map[string]any{
		"AlarmName": al.name, "AlarmDescription": al.description, "Namespace": al.namespace, "MetricName": metric,
		"Statistic": "Average", "Period": 60, "EvaluationPeriods": 1, "Threshold": 5.0,
		"ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching",
		"AlarmActions": []string{al.topic}, "OKActions": []string{al.topic},
	}, nil)
}

// putMetric puts values of the metric that the alarms of a namespace watch.
func (a *aws) putMetric(ctx context.Context, namespace string, values ...float64) error {
	var data []map[string]any
	for _, v := range values {
		data = append(data, map[string]any{"MetricName": metric, "Value": v})
	}
	return a.call(ctx, "monitoring", "GraniteServiceVersion20100801.PutMetricData",
		map[string]any{"Namespace": namespace, "MetricData": data}, nil)
}

// sendMessages puts messages into a queue, at most ten, at once.
func (a *aws) sendMessages(ctx context.Context, queue string, bodies ...string) error {
	var entries []map[string]string
	for i, b := range bodies {
		entries = append(entries, map[string]string{"Id": fmt.Sprintf("m%d", i), "MessageBody": b})
	}
	return a.call(ctx, "sqs", "AmazonSQS.SendMessageBatch", map[string]any{"QueueUrl": queue, "Entries": entries}, nil)
}

// letter is a message of a queue.
type letter struct {
	MessageID     string `json:"MessageId"`
	Body          string
	ReceiptHandle string

	MessageAttributes map[string]struct{ StringValue string }
}

// attribute returns a message attribute, empty where there is none.
func (l letter) attribute(name string) string { return l.MessageAttributes[name].StringValue }

// takeLetters removes all visible messages from a queue and returns them.
func (a *aws) takeLetters(ctx context.Context, queue string) (all []letter, err error) {
	for {
		var got struct{ Messages []letter }
		err := a.call(ctx, "sqs", "AmazonSQS.ReceiveMessage", map[string]any{
			"QueueUrl": queue, "MaxNumberOfMessages": 10, "MessageAttributeNames": []string{"All"},
		}, &got)
		if err != nil || len(got.Messages) == 0 {
			return all, err
		}
		all = append(all, got.Messages...)
		for _, l := range got.Messages {
			err := a.call(ctx, "sqs", "AmazonSQS.DeleteMessage", map[string]any{"QueueUrl": queue, "ReceiptHandle": l.ReceiptHandle}, nil)
			if err != nil {
				return all, err
			}
		}
	}
}

// held returns how many messages a queue holds, those that somebody has at the moment included.
func (a *aws) held(ctx context.Context, queue string) (int, error) {
	var got struct{ Attributes map[string]string }
	err := a.call(ctx, "sqs", "AmazonSQS.GetQueueAttributes", map[string]any{"QueueUrl": queue, "AttributeNames": []string{"All"}}, &got)
	total := 0
	for _, name := range []string{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"} {
		n, _ := strconv.Atoi(got.Attributes[name]) // one that is missing is none
		total += n
	}
	return total, err
}

// invokeEvent invokes the function as CloudWatch does, without waiting for what it answers.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (a *aws) invokeEvent(ctx context.Context, function string, event []byte) error {
	_, err := a.send(ctx, "lambda", "/2015-03-31/functions/"+url.PathEscape(function)+"/invocations", event, "X-Amz-Invocation-Type", "Event")
	return err
}

// items returns the keys of the table's items.
func (a *aws) items(ctx context.Context, table string) (keys []string, err error) {
	type text struct{ S string }
	var got struct {
		Items []struct {
			PK text `json:"pk"`
		}
	}
	err = a.call(ctx, "dynamodb", "DynamoDB_20120810.Scan", map[string]any{"TableName": table}, &got)
	for _, item := range got.Items {
		keys = append(keys, item.PK.S)
	}
	return keys, err
}

// logged returns what the function wrote to its log group, oldest first, without Lambda's own lines.
func (a *aws) logged(ctx context.Context, group string) (lines []string, err error) {
	err = a.eachEvent(ctx, group, func(message string) {
		if strings.HasPrefix(message, "{") {
			lines = append(lines, message)
		}
	})
	return lines, err
}

// eachEvent visits everything in a log group, oldest first.
func (a *aws) eachEvent(ctx context.Context, group string, visit func(message string)) error {
	next := map[string]any{"logGroupName": group, "limit": 10_000}
	for {
		var got struct {
			Events    []struct{ Message string }
			NextToken string
		}
		if err := a.call(ctx, "logs", "Logs_20140328.FilterLogEvents", next, &got); err != nil {
			return err
		}
		for _, e := range got.Events {
			visit(e.Message)
		}
		if got.NextToken == "" {
			return nil
		}
		next["nextToken"] = got.NextToken
	}
}

// outputs are what a deployed stack says of itself.
type outputs map[string]string

// stackOutputs asks for the outputs of a stack.
func (a *aws) stackOutputs(ctx context.Context, stack string) (outputs, error) {
	var got struct {
		Outputs []struct{ OutputKey, OutputValue string } `xml:"DescribeStacksResult>Stacks>member>Outputs>member"`
	}
	if err := a.query(ctx, "cloudformation", "DescribeStacks", map[string]string{"StackName": stack}, &got); err != nil {
		return nil, err
	}
	out := outputs{}
	for _, o := range got.Outputs {
		out[o.OutputKey] = o.OutputValue
	}
	return out, nil
}

// resource returns the physical id of one of a stack's resources.
func (a *aws) resource(ctx context.Context, stack, logical string) (string, error) {
	var got struct {
		ID string `xml:"DescribeStackResourceResult>StackResourceDetail>PhysicalResourceId"`
	}
	err := a.query(ctx, "cloudformation", "DescribeStackResource", map[string]string{"StackName": stack, "LogicalResourceId": logical}, &got)
	return got.ID, err
}

// forbid makes the function's role unable to do something, until it is allowed again. No policy that
// allows helps against one that denies.
func (a *aws) forbid(ctx context.Context, role, action string) error {
	policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":%q,"Resource":"*"}]}`, action)
	return a.query(ctx, "iam", "PutRolePolicy", map[string]string{"RoleName": role, "PolicyName": "forbidden", "PolicyDocument": policy}, nil)
}

// allowAgain takes back [aws.forbid].
func (a *aws) allowAgain(ctx context.Context, role string) error {
	return a.query(ctx, "iam", "DeleteRolePolicy", map[string]string{"RoleName": role, "PolicyName": "forbidden"}, nil)
}

// invocations returns Lambda's own lines in the function's log on each invocation, oldest first.
func (a *aws) invocations(ctx context.Context, group string) (lines []string, err error) {
	err = a.eachEvent(ctx, group, func(message string) {
		if strings.HasPrefix(message, "START RequestId") {
			lines = append(lines, message)
		}
	})
	return lines, err
}

// makeTopic makes a topic that only its owner's requests may publish to, and returns its ARN.
func (a *aws) makeTopic(ctx context.Context, name string) (string, error) {
	var got struct {
		ARN string `xml:"CreateTopicResult>TopicArn"`
	}
	if err := a.query(ctx, "sns", "CreateTopic", map[string]string{"Name": name}, &got); err != nil {
		return "", err
	}
	policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sns:Publish","Resource":%q}]}`,
		"arn:aws:iam::"+accountID+":root", got.ARN)
	return got.ARN, a.query(ctx, "sns", "SetTopicAttributes",
		map[string]string{"TopicArn": got.ARN, "AttributeName": "Policy", "AttributeValue": policy}, nil)
}

// actionOutcome returns what an alarm's history says of its last action.
func (a *aws) actionOutcome(ctx context.Context, name string) (string, error) {
	var got struct {
		AlarmHistoryItems []struct{ HistoryData string }
	}
	err := a.call(ctx, "monitoring", "GraniteServiceVersion20100801.DescribeAlarmHistory",
		map[string]any{"AlarmName": name, "HistoryItemType": "Action"}, &got)
	if err != nil || len(got.AlarmHistoryItems) == 0 {
		return "nothing of an action", err
	}
	return got.AlarmHistoryItems[0].HistoryData, nil
}

// alarms returns the names of the alarms that begin with a prefix.
func (a *aws) alarms(ctx context.Context, prefix string) (names []string, err error) {
	var got struct{ MetricAlarms []struct{ AlarmName string } }
	err = a.call(ctx, "monitoring", "GraniteServiceVersion20100801.DescribeAlarms", map[string]any{"AlarmNamePrefix": prefix}, &got)
	for _, al := range got.MetricAlarms {
		names = append(names, al.AlarmName)
	}
	return names, err
}

// switchActionsOff has an alarm change its state from now on without a sign.
func (a *aws) switchActionsOff(ctx context.Context, name string) error {
	return a.call(ctx, "monitoring", "GraniteServiceVersion20100801.DisableAlarmActions", map[string]any{"AlarmNames": []string{name}}, nil)
}

// key is what somebody signs requests with.
type key struct {
	ID     string `xml:"CreateAccessKeyResult>AccessKey>AccessKeyId"`
	Secret string `xml:"CreateAccessKeyResult>AccessKey>SecretAccessKey"`
}

// makeUser makes a user who may do nothing.
func (a *aws) makeUser(ctx context.Context, name string) (k key, err error) {
	if err := a.query(ctx, "iam", "CreateUser", map[string]string{"UserName": name}, nil); err != nil {
		return k, err
	}
	return k, a.query(ctx, "iam", "CreateAccessKey", map[string]string{"UserName": name}, &k)
}

// allow lets a user do one thing to one resource.
func (a *aws) allow(ctx context.Context, user, action, resource string) error {
	policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":%q,"Resource":%q}]}`, action, resource)
	return a.query(ctx, "iam", "PutUserPolicy", map[string]string{"UserName": user, "PolicyName": "allowed", "PolicyDocument": policy}, nil)
}
