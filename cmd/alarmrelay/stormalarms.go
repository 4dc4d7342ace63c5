package main

import (
	"fmt"
	"time"
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
func stormAlarms(n int, now time.Time) []string {
	alarms := make([]string, n)
	for i := range alarms {
		service := stormServices[i%len(stormServices)]
		if round := i / (len(stormServices) * len(troubles)); round > 0 {
			service = fmt.Sprintf("%s-%d", service, round+1)
		}
		trouble := troubles[(i/len(stormServices))%len(troubles)]
		name := "prod-" + service + "-" + trouble.suffix
		at := now.Add(time.Duration(i%7-7) * time.Second)
		message := map[string]any{
			"AlarmName": name, "AlarmDescription": "Part of a storm that alarmrelay made up.",
			"AWSAccountId": "111122223333", "Region": "Asia Pacific (Seoul)",
			"AlarmArn":      "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:" + name,
			"OldStateValue": "OK", "NewStateValue": "ALARM",
			"StateChangeTime": at.UTC().Format("2006-01-02T15:04:05.000-0700"),
			"NewStateReason": fmt.Sprintf("Threshold Crossed: 1 out of the last 1 datapoints [%v (%s)] was greater than the threshold (%v) "+
				"(minimum 1 datapoint for OK -> ALARM transition).", trouble.value, at.UTC().Format("02/01/06 15:04:05"), trouble.threshold),
			"OKActions": []string{stormTopic}, "AlarmActions": []string{stormTopic},
			"Trigger": map[string]any{
				"MetricName": trouble.metric, "Namespace": trouble.namespace, "StatisticType": "Statistic", "Statistic": "MAXIMUM",
				"Unit": trouble.unit, "Dimensions": []map[string]string{{"name": trouble.dimension, "value": "prod-" + service}},
				"Period": 60, "EvaluationPeriods": 1, "DatapointsToAlarm": 1, "Threshold": trouble.threshold,
				"ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "missing",
			},
		}
		id := fmt.Sprintf("5707a1a2-0000-4000-8000-%012d", i+1)
		alarms[i] = string(mustJSON(map[string]any{
			"Type": "Notification", "MessageId": id, "TopicArn": stormTopic, "Subject": `ALARM: "` + name + `" in Asia Pacific (Seoul)`,
			"Message": string(mustJSON(message)), "Timestamp": at.UTC().Format(time.RFC3339),
		}))
	}
	return alarms
}

const stormTopic = "arn:aws:sns:ap-northeast-2:111122223333:storm"
