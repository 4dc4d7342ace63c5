package main

import (
	"fmt"
	"time"

	"alarmrelay/alert"
)

// troubles are what goes wrong in a storm, service by service.
var troubles = []struct {
	suffix, namespace, metric, dimension, unit string
	threshold, value                           float64
}{
	{"errors", "AWS/Lambda", "Errors", "FunctionName", "Count", 5, 61},
	{"cpu", "AWS/ECS", "CPUUtilization", "ServiceName", "Percent", 85, 98.4},
	{"memory", "AWS/ECS", "MemoryUtilization", "ServiceName", "Percent", 90, 99.1},
	{"queue-age", "AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", "Seconds", 300, 1140},
	{"connections", "AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", "Count", 180, 200},
}

var stormServices = []string{
	"checkout", "orders", "carts", "payments", "search", "images", "mail", "users", "stock", "pricing",
	"reviews", "coupons", "delivery", "returns", "sessions", "login", "feed", "reports", "ledger", "webhooks",
}

// stormAlarms are n alarms that fire within seconds, as a queue behind a topic holds them.
func stormAlarms(n int, now time.Time) []string { return stormChanges(n, now, alert.StateAlarm) }

// stormRecoveries are the same alarms as they recover.
func stormRecoveries(n int, now time.Time) []string { return stormChanges(n, now, alert.StateOK) }

func stormChanges(n int, now time.Time, to alert.State) []string {
	bodies := make([]string, n)
	for i := range bodies {
		bodies[i] = stormChange(i, now, to)
	}
	return bodies
}

// stormChange is what a topic hands to a queue when an alarm of the storm came into a state within the last seconds.
func stormChange(i int, now time.Time, to alert.State) string {
	at := now.Add(time.Duration(i%7-7) * time.Second).UTC()
	id := fmt.Sprintf("5707a1a2-0000-4000-%04d-%012d", len(to), i+1)
	name, message := stormAlarm(i, at, to)
	return string(mustJSON(map[string]any{
		"Type": "Notification", "MessageId": id, "TopicArn": stormTopic, "Subject": string(to) + `: "` + name + `" in Asia Pacific (Seoul)`,
		"Message": string(mustJSON(message)), "Timestamp": at.Format(time.RFC3339),
	}))
}

// stormAlarm is what CloudWatch tells of an alarm of the storm that comes into a state, ALARM or OK.
func stormAlarm(i int, at time.Time, to alert.State) (name string, message map[string]any) {
	service := stormServices[i%len(stormServices)]
	if round := i / (len(stormServices) * len(troubles)); round > 0 {
		service = fmt.Sprintf("%s-%d", service, round+1)
	}
	trouble := troubles[(i/len(stormServices))%len(troubles)]
	name = "prod-" + service + "-" + trouble.suffix
	from, value, is := alert.StateOK, trouble.value, "was"
	if to == alert.StateOK {
		from, value, is = alert.StateAlarm, trouble.threshold/2, "was not"
	}
	return name, map[string]any{
		"AlarmName": name, "AlarmDescription": "Part of a storm that alarmrelay made up.",
		"AWSAccountId": "111122223333", "Region": "Asia Pacific (Seoul)",
		"AlarmArn":      "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:" + name,
		"OldStateValue": from, "NewStateValue": to,
		"StateChangeTime": at.Format("2006-01-02T15:04:05.000-0700"),
		"NewStateReason": fmt.Sprintf("Threshold Crossed: 1 out of the last 1 datapoints [%v (%s)] %s greater than the threshold (%v) "+
			"(minimum 1 datapoint for %s -> %s transition).", value, at.Format("02/01/06 15:04:05"), is, trouble.threshold, from, to),
		"OKActions": []string{stormTopic}, "AlarmActions": []string{stormTopic},
		"Trigger": map[string]any{
			"MetricName": trouble.metric, "Namespace": trouble.namespace, "StatisticType": "Statistic", "Statistic": "MAXIMUM",
			"Unit": trouble.unit, "Dimensions": []map[string]string{{"name": trouble.dimension, "value": "prod-" + service}},
			"Period": 60, "EvaluationPeriods": 1, "DatapointsToAlarm": 1, "Threshold": trouble.threshold,
			"ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "missing",
		},
	}
}

const stormTopic = "arn:aws:sns:ap-northeast-2:111122223333:storm"
