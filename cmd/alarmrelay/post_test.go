package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

// postOffice is an AWS with an input queue, its dead-letter queue, alarms, a function that carries out orders, and the
// stacks alarmrelay, whose outputs name what a relay has, and half, which lacks most of it.
type postOffice struct {
	sqs         *fake.SQS
	lambda      *fake.Lambda
	duty        *duty
	cloudWatch  *cloudWatch
	dead, input *fake.Queue
	lost        *fake.Queue // what SNS could not put into the input queue
	base        string      // of the queues' URLs
}

func openPost() *postOffice {
	p := &postOffice{sqs: fake.NewSQS(), lambda: fake.NewLambda(), duty: new(duty), cloudWatch: newCloudWatch(), dead: fake.NewQueue(fake.QueueOptions{Name: "alarms-dead"}), base: "https://" + sqsHost}
	p.input = fake.NewQueue(fake.QueueOptions{Name: "alarms", DeadLetters: p.dead, MaxReceives: 3})
	p.lost = fake.NewQueue(fake.QueueOptions{Name: "alarms-lost"})
	p.sqs.Add(p.lost)
	p.sqs.Add(p.dead)
	p.sqs.Add(p.input)
	p.lambda.Add("alarmrelay", 0, p.duty.handle, "live")
	return p
}

// ServeHTTP answers for all services.
func (p *postOffice) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/service/GraniteServiceVersion20100801/") {
		p.cloudWatch.ServeHTTP(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/2015-03-31/functions/") {
		p.lambda.ServeHTTP(w, r)
		return
	}
	if r.Header.Get("X-Amz-Target") != "" {
		p.sqs.ServeHTTP(w, r)
		return
	}
	describeStacks(w, r.FormValue("StackName"), p.address("alarms-dead"), p.address("alarms"))
}

// address is a queue's URL.
func (p *postOffice) address(queue string) string { return p.base + "/111122223333/" + queue }

// describeStacks answers as CloudFormation does.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
func describeStacks(w http.ResponseWriter, stack, dead, input string) {
	w.Header().Set("Content-Type", "text/xml")
	outputs := "<member><OutputKey>DeadLetterQueueUrl</OutputKey><OutputValue>" + dead + "</OutputValue></member>"
	switch stack {
	case "half":
	case "alarmrelay":
		for _, o := range [][2]string{{"QueueUrl", input}, {"TopicArn", topic}, {"FunctionArn", function + ":live"}, {"SubscriptionDeadLetterQueueUrl", input + "-lost"}} {
			outputs += "<member><OutputKey>" + o[0] + "</OutputKey><OutputValue>" + o[1] + "</OutputValue></member>"
		}
	default:
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id %s does not exist</Message></Error></ErrorResponse>", stack)
		return
	}
	fmt.Fprintf(w, "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>%s</StackName><Outputs>%s</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>",
		stack, outputs)
}

// The hosts that the SDK asks in the region that env signs in to.
const (
	sqsHost            = "sqs.ap-northeast-2.amazonaws.com"
	cloudFormationHost = "cloudformation.ap-northeast-2.amazonaws.com"
	lambdaHost         = "lambda.ap-northeast-2.amazonaws.com"
	cloudWatchHost     = "monitoring.ap-northeast-2.amazonaws.com"
)

// inOffice runs a test in a synctest bubble with an office of its own.
func inOffice(t *testing.T, test func(*testing.T, *postOffice)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := openPost()
		defer p.sqs.Close()
		test(t, p)
	})
}

// env is an env whose AWS the office is, inside a bubble.
func (p *postOffice) env(args ...string) *testEnv { return p.envBehind(p, args...) }

func (p *postOffice) envBehind(h http.Handler, args ...string) *testEnv {
	e := newTestEnv(args...)
	e.signIn = func(context.Context) (account.Config, error) {
		return account.Config{
			Region: "ap-northeast-2", RetryMaxAttempts: 2,
			HTTPClient: &http.Client{Transport: fake.Transport{sqsHost: h, cloudFormationHost: h, lambdaHost: h, cloudWatchHost: h, "monitoring.us-east-1.amazonaws.com": h}},
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "example"}, nil
			}),
		}, nil
	}
	return e
}

// forbidDepth refuses to say how many messages a queue holds.
func (p *postOffice) forbidDepth() {
	p.sqs.Break(fake.Fault{Kind: fake.Forbidden, Method: "GetQueueAttributes"})
}
