// Package traffic makes up what AWS would put into the relay's queue: alarms
// that change their state, notices, log lines and nonsense, each with who is to
// be told of it. It is for the fault harness and for the storm table.
//
// It sends nothing, and it asks the relay's rules nothing: who is to be told
// follows from an alarm's name, in the way that [Rules] writes down.
package traffic

import (
	"encoding/json"
	"fmt"
	"time"

	"alarmrelay/alert"
)

// Change is one thing that happened, as a judge looks for it.
type Change struct {
	// Name is found in nobody else's texts, but for the composite alarms that the alarm is a part of: "ops-mail-000017-cpu",
	// "note-000018". The changes of one alarm have it in common.
	Name     string
	Key      string      // an alarm's ARN, by which it is remembered
	State    alert.State // empty for what is no alarm
	Previous alert.State
	At       time.Time // when it happened
	Since    time.Time // when the state before it began
	Turn     int       // which change of its alarm it is, 0 first
	To       []string  // the destinations that are to be told
	Lines    int       // of a log group's batch
}

// Second is the change's time as people are shown it.
func (c Change) Second() int64 { return c.At.Unix() }

// Parcel is one message for the queue, or one event that invokes the function directly.
type Parcel struct {
	After  time.Duration // from the start of the run
	Body   string
	Direct bool // an event: it is not put into the queue by AWS
	// Change is what it tells; nil for a body that nothing can be read from.
	Change *Change
}

// The accounts and regions that alarms come from; all are invented.
var (
	accounts = []string{"111122223333", "444455556666"}
	places   = []place{
		{"ap-northeast-2", "Asia Pacific (Seoul)"},
		{"eu-west-1", "EU (Ireland)"},
		{"us-east-1", "US East (N. Virginia)"},
	}
	services = []string{
		"checkout", "orders", "carts", "payments", "search", "images", "mail", "users", "stock", "pricing",
		"reviews", "coupons", "delivery", "returns", "sessions", "login", "feed", "reports", "ledger", "webhooks",
	}
)

type place struct{ region, name string }

// trouble is what an alarm watches.
type trouble struct {
	suffix, namespace, metric, dimension, unit string
	threshold, value                           float64
}

var troubles = []trouble{
	{"errors", "AWS/Lambda", "Errors", "FunctionName", "Count", 5, 61},
	{"cpu", "AWS/ECS", "CPUUtilization", "ServiceName", "Percent", 85, 98.4},
	{"memory", "AWS/ECS", "MemoryUtilization", "ServiceName", "Percent", 90, 99.1},
	{"queue-age", "AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", "Seconds", 300, 1140},
	{"connections", "AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", "Count", 180, 200},
}

// alarm is one CloudWatch alarm.
type alarm struct {
	name, service string
	account       string
	place
	trouble
	children []alarm // of a composite alarm
}

func newAlarm(route string, number int) alarm {
	a := alarm{
		service: services[number%len(services)],
		account: accounts[number/7%len(accounts)],
		place:   places[number/3%len(places)],
		trouble: troubles[number/len(services)%len(troubles)],
	}
	a.name = fmt.Sprintf("%s-%s-%06d-%s", route, a.service, number, a.suffix)
	return a
}

func (a alarm) arn() string {
	return "arn:aws:cloudwatch:" + a.region + ":" + a.account + ":alarm:" + a.name
}

func (a alarm) topic() string { return "arn:aws:sns:" + a.region + ":" + a.account + ":alerts" }

// millis is how CloudWatch writes times.
const millis = "2006-01-02T15:04:05.000-0700"

func (a alarm) reason(c *Change) string {
	value, verb := a.value, "was"
	if c.State != alert.StateAlarm {
		value, verb = a.threshold/2, "was not"
	}
	if c.State == alert.StateInsufficientData {
		return "Insufficient Data: 1 datapoint was unknown."
	}
	return fmt.Sprintf("Threshold Crossed: 1 out of the last 1 datapoints [%v (%s)] %s greater than the threshold (%v) (minimum 1 datapoint for %s -> %s transition).",
		value, c.At.UTC().Format("02/01/06 15:04:05"), verb, a.threshold, c.Previous, c.State)
}

// message is what CloudWatch hands to SNS.
func (a alarm) message(c *Change) string {
	actions := []string{a.topic()}
	told := map[string]any{
		"AlarmName": a.name, "AlarmDescription": "Made up. See *the runbook* of " + a.service + " first.",
		"AWSAccountId": a.account, "Region": a.place.name, "AlarmArn": a.arn(),
		"OldStateValue": c.Previous, "NewStateValue": c.State, "StateChangeTime": c.At.UTC().Format(millis),
		"NewStateReason": a.reason(c), "OKActions": actions, "AlarmActions": actions, "InsufficientDataActions": actions,
	}
	if len(a.children) > 0 {
		told["AlarmRule"], told["TriggeringChildren"] = a.rule(), a.triggers(c)
		return text(told)
	}
	told["Trigger"] = map[string]any{
		"MetricName": a.metric, "Namespace": a.namespace, "StatisticType": "Statistic", "Statistic": "MAXIMUM",
		"Unit": a.unit, "Dimensions": []map[string]string{{"name": a.dimension, "value": "prod-" + a.service}},
		"Period": 60, "EvaluationPeriods": 1, "DatapointsToAlarm": 1, "Threshold": a.threshold,
		"ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "missing",
	}
	return text(told)
}

// event is the same change as EventBridge tells it.
func (a alarm) event(c *Change, id string) string {
	state := func(s alert.State, at time.Time) map[string]any {
		return map[string]any{"value": s, "reason": a.reason(c), "timestamp": at.UTC().Format(millis)}
	}
	watched := map[string]any{"metrics": []map[string]any{{
		"id": "m1", "returnData": true,
		"metricStat": map[string]any{"period": 60, "stat": "Maximum", "metric": map[string]any{
			"namespace": a.namespace, "name": a.metric, "dimensions": map[string]string{a.dimension: "prod-" + a.service},
		}},
	}}}
	if len(a.children) > 0 {
		watched = map[string]any{"alarmRule": a.rule()}
	}
	return text(map[string]any{
		"version": "0", "id": id, "detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch",
		"account": a.account, "time": c.At.UTC().Format(time.RFC3339), "region": a.region, "resources": []string{a.arn()},
		"detail": map[string]any{
			"alarmName": a.name, "state": state(c.State, c.At), "previousState": state(c.Previous, c.Since), "configuration": watched,
		},
	})
}

// notification is what SNS puts into a queue.
func notification(topic, subject, message, id string, at time.Time) string {
	return text(map[string]any{
		"Type": "Notification", "MessageId": id, "TopicArn": topic, "Subject": subject,
		"Message": message, "Timestamp": at.UTC().Format("2006-01-02T15:04:05.000Z"),
	})
}

func (a alarm) notify(c *Change, id string) string {
	subject := fmt.Sprintf("%s: %q in %s", c.State, a.name, a.place.name)
	return notification(a.topic(), subject, a.message(c), id, c.At.Add(200*time.Millisecond))
}

// text encodes what is made of texts and numbers only.
func text(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

// uuid makes ids that follow from their number.
func uuid(kind, number int) string { return fmt.Sprintf("5707a1a2-%04d-4000-8000-%012d", kind, number) }
