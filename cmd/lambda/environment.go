package main

import (
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/cloud"
	"alarmrelay/relay/incident"
)

// What the function is deployed with; each may be missing.
const (
	tableVariable       = "ALARMRELAY_TABLE"
	queueVariable       = "ALARMRELAY_QUEUE_URL"
	deadLettersVariable = "ALARMRELAY_DEAD_LETTER_QUEUE_URL"
)

// store is the table, or else the memory of this instance.
func store(getenv func(string) string) incident.Store {
	if table := getenv(tableVariable); table != "" {
		return cloud.NewTable(table, cloud.FromEnvironment, time.Now)
	}
	return incident.NewMemory(time.Now)
}

// queue is the queue that invokes the function; nil when nothing names it.
func queue(getenv func(string) string) relay.Queue {
	if url := getenv(queueVariable); url != "" {
		return cloud.NewQueue(url, cloud.FromEnvironment)
	}
	return nil
}

func deadLetters(getenv func(string) string) relay.DeadLetters {
	if url := getenv(deadLettersVariable); url != "" {
		return cloud.NewDeadLetters(url, cloud.FromEnvironment)
	}
	return nil
}

// home is what the environment tells of where the function runs.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func home(getenv func(string) string) alert.Home {
	return alert.Home{Region: getenv("AWS_REGION"), LogGroup: getenv("AWS_LAMBDA_LOG_GROUP_NAME")}
}
