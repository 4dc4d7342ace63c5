// Command lambda is the function: it connects the relay to AWS Lambda.
package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // provided.al2023 has no time zones

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/cloud"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/setup"
)

// version is set by the build.
var version = "dev"

// warmTimeout is how long init waits for secrets and connections. Lambda allows ten seconds
// (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html); what is not
// ready by then is made ready when an alert needs it.
const warmTimeout = 4 * time.Second

func main() {
	collectSeldom(os.Getenv)
	log := newLogger(os.Stdout, os.Getenv("AWS_LAMBDA_LOG_LEVEL"))
	handle, err := connect(context.Background(), log, os.Getenv)
	if err != nil {
		log.Error("configuration refused", "error", err)
		os.Exit(1)
	}
	useOneThread(os.Getenv)
	lambda.Start(handle)
}

// handler is a [lambda.Handler]. It gets the event's own bytes: lambda.Start decodes
// and encodes once more for a function.
type handler func(context.Context, json.RawMessage) (any, error)

var _ lambda.Handler = handler(nil)

func (h handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	answer, err := h(ctx, event)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}

// connect builds the relay. Only a configuration that cannot be read is an
// error: a secret or a service that does not answer must not fail the init.
func connect(ctx context.Context, log *slog.Logger, getenv func(string) string) (handler, error) {
	rules, err := setup.Config(getenv)
	if err != nil {
		return nil, err
	}
	destinations := setup.Destinations(rules, cloud.NewSecrets(cloud.FromEnvironment), chat.Options{UserAgent: setup.UserAgent(version), Log: log})
	known := store(getenv)
	warm(ctx, log, destinations, known)

	r := &relay.Relay{
		Rules: rules, Channels: setup.Channels(destinations), Store: known, Queue: queue(getenv), DeadLetters: deadLetters(getenv),
		Graphs: cloud.NewGraphs(cloud.FromEnvironment), Alarms: cloud.NewAlarms(cloud.FromEnvironment),
		Measure: cloud.NewMeasure(os.Stdout, rules.MetricsPerDestination, time.Now), Home: home(getenv), Now: time.Now, Log: log,
	}
	var once sync.Once
	return func(ctx context.Context, event json.RawMessage) (any, error) {
		once.Do(func() { settle(ctx, r) })
		return r.Handle(ctx, event)
	}, nil
}

// settle adds what only an invocation tells: the function's ARN, and in it the
// account and the partition.
func settle(ctx context.Context, r *relay.Relay) {
	call, ok := lambdacontext.FromContext(ctx)
	if !ok {
		return
	}
	if arn := strings.Split(call.InvokedFunctionArn, ":"); len(arn) > 4 {
		r.Home.Partition, r.Home.Account = arn[1], arn[4]
		r.Rules.Home = r.Home.Account
	}
}

// nobody is what no destination is called: names have no blanks.
const nobody = "no destination"

// warm resolves the secrets and opens the connections side by side while init
// has the full CPU: a TLS handshake takes some 14 ms of it, which at 128 MB are 270 ms
// of the first alarm's way.
func warm(ctx context.Context, log *slog.Logger, destinations map[string]setup.Destination, known incident.Store) {
	ctx, cancel := context.WithTimeout(ctx, warmTimeout)
	defer cancel()
	var wait sync.WaitGroup
	wait.Go(func() {
		if _, err := known.Read(ctx, incident.ID{Destination: nobody}); err != nil { // it is for the connection
			log.WarnContext(ctx, "store not ready", "error", err)
		}
	})
	for name, d := range destinations {
		wait.Go(func() {
			if err := d.Warm(ctx); err != nil {
				log.WarnContext(ctx, "destination not ready", "destination", name, "error", err)
			}
		})
	}
	wait.Wait()
}
