//go:build record

package cloud

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go/middleware"
)

// CallsVariable names the file that a function built with the tag record adds its calls to: a line for each service,
// operation and resource, when it is first asked for, and nothing of what is asked or answered. deploy/e2e/permissions compares
// them with what template.yaml grants. The function that is deployed is built without this file.
const CallsVariable = "ALARMRELAY_CALLS"

func init() {
	r := &recorder{path: os.Getenv(CallsVariable), seen: map[string]bool{}}
	watchers = append(watchers, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("record", r.note), middleware.After)
	})
}

type recorder struct {
	path string
	mu   sync.Mutex
	seen map[string]bool
}

// note writes before the call is made, so that also one that fails is known. A call that can't be noted is not made.
func (r *recorder) note(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	for _, c := range calls(in.Parameters) {
		line := fmt.Sprintf("%s\t%s%s\t%s\n", awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx), c.part, c.resource)
		if err := r.add(line); err != nil {
			return middleware.InitializeOutput{}, middleware.Metadata{}, fmt.Errorf("record a call: %w", err)
		}
	}
	return next.HandleInitialize(ctx, in)
}

func (r *recorder) add(line string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[line] {
		return nil
	}
	file, err := os.OpenFile(r.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.WriteString(line); err != nil {
		_ = file.Close() // that it could not be written is what counts
		return err
	}
	r.seen[line] = true
	return file.Close()
}

// call is what an operation asks for of one resource.
type call struct {
	part     string // of a transaction, such as "/Put"
	resource string // its name or URL; empty for an operation that nobody has told here of
}

// calls returns at least one: what is not known here has to be noticed.
func calls(input any) (all []call) {
	switch in := input.(type) {
	case *sqs.ReceiveMessageInput:
		return []call{{resource: aws.ToString(in.QueueUrl)}}
	case *sqs.SendMessageInput:
		return []call{{resource: aws.ToString(in.QueueUrl)}}
	case *sqs.DeleteMessageBatchInput:
		return []call{{resource: aws.ToString(in.QueueUrl)}}
	case *sqs.ChangeMessageVisibilityBatchInput:
		return []call{{resource: aws.ToString(in.QueueUrl)}}
	case *ssm.GetParameterInput:
		return []call{{resource: aws.ToString(in.Name)}}
	case *cloudwatch.GetMetricWidgetImageInput, *cloudwatch.GetMetricDataInput:
		return []call{{resource: "*"}} // metrics are no resources
	case *cloudwatch.DescribeAlarmsInput:
		if slices.Contains(in.AlarmTypes, cwtypes.AlarmTypeCompositeAlarm) {
			return []call{{resource: "*"}} // of those AWS tells nobody who may do less
		}
		return []call{{resource: "alarm:*"}} // by whatever name
	case *cloudwatch.ListAlarmMuteRulesInput, *cloudwatch.DescribeAlarmContributorsInput:
		return []call{{resource: "*"}}
	case *cloudwatch.GetAlarmMuteRuleInput:
		return []call{{resource: "alarm-mute-rule:*"}}
	case *dynamodb.QueryInput:
		return []call{{resource: aws.ToString(in.TableName) + "/index/" + aws.ToString(in.IndexName)}}
	case *dynamodb.PutItemInput:
		return []call{{resource: aws.ToString(in.TableName)}}
	case *dynamodb.BatchGetItemInput:
		for table := range in.RequestItems {
			all = append(all, call{resource: table})
		}
	case *dynamodb.TransactWriteItemsInput:
		all = transaction(in)
	}
	if len(all) == 0 {
		all = []call{{}}
	}
	return all
}

// transaction returns the kinds of writes in a transaction. Each takes its own permission:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
func transaction(in *dynamodb.TransactWriteItemsInput) (all []call) {
	for _, item := range in.TransactItems {
		var c call
		switch {
		case item.Put != nil:
			c = call{"/Put", aws.ToString(item.Put.TableName)}
		case item.Update != nil:
			c = call{"/Update", aws.ToString(item.Update.TableName)}
		case item.Delete != nil:
			c = call{"/Delete", aws.ToString(item.Delete.TableName)}
		case item.ConditionCheck != nil:
			c = call{"/ConditionCheck", aws.ToString(item.ConditionCheck.TableName)}
		}
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}
