package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/mapping"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/setup"
)

// setting is what the function is deployed with.
type setting string

// The settings.
const (
	direct setting = "alone"                // neither a queue nor a table: events are told at once
	queued setting = "with queue and table" // as template.yaml deploys it
)

const (
	tableName = "alarmrelay-state"
	// visibility is template.yaml's.
	visibility = 180 * time.Second
	// emulatorARN is what the emulator tells every function that it is, and name what comes after it.
	emulatorARN = "arn:aws:lambda:us-east-1:" + account + ":function:" + functionName
	account     = "012345678912"

	functionName = "alarmrelay"
	logGroup     = "/aws/lambda/" + functionName // also that of events/logs-relay-itself.json
	region       = "ap-northeast-2"
)

// world is all that the function of one case talks to, on loopback.
type world struct {
	setting
	discord     *fake.Discord
	slack       *fake.Slack
	ops         fake.Webhook
	crew        fake.SlackHook
	queue, dead *fake.Queue
	table       *fake.DynamoDB
	front       *mapping.Front
	urls        [2]string // of the queue and its dead letters
	config      string    // path of the configuration
}

func newWorld(folder string, with setting) (*world, error) {
	w := &world{
		setting: with, discord: fake.NewDiscord(fake.Options{Unlimited: true}), slack: fake.NewSlack(fake.Options{Unlimited: true}),
		table: fake.NewDynamoDB(fake.Options{}, tableName, "open"), dead: fake.NewQueue(fake.QueueOptions{Name: "alarms-dead"}),
	}
	w.queue = fake.NewQueue(fake.QueueOptions{Name: "alarms", Visibility: visibility, MaxReceives: 200, DeadLetters: w.dead})
	w.ops, w.crew = w.discord.AddChannel(fake.Channel{Name: "ops"}), w.slack.AddChannel("crew")
	queues := fake.NewSQS()
	paths := [2]string{queues.Add(w.queue), queues.Add(w.dead)}
	w.front = mapping.NewFront(mapping.World{Discord: w.discord, Slack: w.slack, Queues: queues, Table: w.table}, func() {})
	w.urls = [2]string{w.front.URL() + paths[0], w.front.URL() + paths[1]}
	file, err := os.CreateTemp(folder, "*.yaml")
	if err != nil {
		w.close()
		return nil, err
	}
	w.config = file.Name()
	_, err = fmt.Fprintf(file, configuration, w.front.Host())
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *world) close() {
	w.discord.Close()
	w.slack.Close()
	w.table.Close()
	w.front.Close()
}

// configuration has rules that tell somebody, one of two, and nobody. Pauses are short: a case waits for them.
const configuration = `allow_hosts: [%q]
destinations:
  ops: {discord: "env:OPS_WEBHOOK"}
  crew: {slack: "env:CREW_WEBHOOK"}
retry: {first: 200ms, longest: 1s, give_up: 1m}
rules:
  - {match: {kind: alarm-config}, to: []}
  - {match: {kind: [budget, cost-anomaly]}, to: crew}
  - {match: {state: INSUFFICIENT_DATA}, to: ops}
  - {to: [ops, crew], ignore: first-ok}
`

// environment is what the emulator is started with, and the function with it; nothing of ours is passed on.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (w *world) environment() []string {
	env := []string{
		"AWS_LAMBDA_FUNCTION_NAME=" + functionName, "AWS_LAMBDA_FUNCTION_TIMEOUT=30", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
		"AWS_LAMBDA_LOG_GROUP_NAME=" + logGroup, "AWS_REGION=" + region, "TZ=:UTC",
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret-key-of-nobody", "AWS_SESSION_TOKEN=token-of-nobody",
		setup.PathVariable + "=" + w.config,
		"OPS_WEBHOOK=" + w.ops.URL(w.front.URL()), "CREW_WEBHOOK=" + w.crew.URL(w.front.URL()),
	}
	if w.setting == queued {
		env = append(env,
			"ALARMRELAY_TABLE="+tableName, "ALARMRELAY_QUEUE_URL="+w.urls[0], "ALARMRELAY_DEAD_LETTER_QUEUE_URL="+w.urls[1],
			"AWS_ENDPOINT_URL_DYNAMODB="+w.front.URL(), "AWS_ENDPOINT_URL_SQS="+w.front.URL())
	}
	return env
}

// take waits until the queue hands out a message.
func (w *world) take(ctx context.Context) ([]alert.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		if messages := w.queue.Take(10); len(messages) > 0 {
			return messages, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for a message of the queue: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}
