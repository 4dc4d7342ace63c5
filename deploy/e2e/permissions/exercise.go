package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/runtimeapi"
	"alarmrelay/events"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/setup"
)

// deployment is the stack with some values for its parameters, and a configuration that goes with them.
type deployment struct {
	name       string
	parameters map[string]string
	// destinations are where the configuration says that the addresses are, first Discord's, then Slack's.
	discord, slack []string
}

// deployments are the least that a stack can have, and all that it can.
var deployments = []deployment{
	{
		name:       "one webhook",
		parameters: map[string]string{"DiscordParameter": "/alarmrelay/discord", "Ticks": "false"},
		discord:    []string{"ssm:/alarmrelay/discord"},
	},
	{
		name: "everything",
		parameters: map[string]string{
			"DiscordParameter": "/alarmrelay/discord", "SlackParameter": "/alarmrelay/slack",
			"MoreParameters": "/alarmrelay/discord/ops,/alarmrelay/slack/orders", "Secrets": "alarmrelay/webhooks,alarmrelay/others",
			"WebhookKeyArn": arn("kms", "key/11112222-3333-4444-5555-666677778888"),
			"TopicKeyArn":   arn("kms", "key/99998888-7777-6666-5555-444433332222"),
			"TopicArns":     arn("sns", "first") + "," + arn("sns", "second"), "WatchEmail": "oncall@example.com", "OrganizationId": "o-a1b2c3d4e5",
			"Graphs": "true",
		},
		discord: []string{"ssm:/alarmrelay/discord/ops", "secretsmanager:alarmrelay/webhooks#ops"},
		slack:   []string{"ssm:/alarmrelay/slack/orders", "secretsmanager:alarmrelay/others"},
	},
}

// act is something that the function is taken through, in a world of its own. It ends with an error where the function did something
// else: then it has called something else, too.
type act struct {
	name string
	do   func(context.Context, *world, *runtimeapi.Function) error
}

// acts are all that the function does, as far as AWS is concerned.
func acts() []act {
	all := []act{{"a storm", storm}, {"a service that is down", down}, {"a dead webhook", dead}, {"a composite alarm of its own account", family}, {"an alarm that somebody takes care of", acked}, {"a tick", ticked}}
	for _, name := range events.Names() {
		all = append(all, act{name, func(ctx context.Context, w *world, f *runtimeapi.Function) error { return sample(ctx, w, f, name) }})
	}
	return all
}

// exercise takes the function through all that it can do in a deployment, and returns what it called.
func exercise(ctx context.Context, binary, folder string, d deployment, t *template) (calls []call, err error) {
	files := files{calls: filepath.Join(folder, "calls"), config: filepath.Join(folder, setup.DefaultFile)}
	defer files.remove()
	if err := withoutFile(ctx, binary, files, t.with(d.parameters)); err != nil {
		return nil, fmt.Errorf("without a configuration: %w", err)
	}
	for _, a := range acts() {
		if err := onStage(ctx, binary, files, d, t.with(d.parameters), a); err != nil {
			return nil, fmt.Errorf("%s: %w", a.name, err)
		}
	}
	return readCalls(files.calls)
}

// files are what a function reads and writes.
type files struct{ config, calls string }

// remove makes room for the next deployment's. What is left lies in a folder that is removed.
func (f files) remove() {
	_ = os.Remove(f.config)
	_ = os.Remove(f.calls)
}

// withoutFile starts the function as it is where no alarmrelay.yaml is packed: with the webhooks of the template's own
// variables. They have the services' hosts, which nobody reaches through a proxy that is not there.
func withoutFile(ctx context.Context, binary string, at files, s *stack) error {
	w := newWorld(s)
	defer w.close()
	w.keepRealAddresses()
	env, err := w.environment(at)
	if err != nil {
		return err
	}
	f, err := runtimeapi.Start(ctx, binary, runtimeapi.Options{Env: append(env, "HTTPS_PROXY=http://127.0.0.1:9")})
	if err != nil {
		return err
	}
	defer f.Stop()
	_, err = f.Ready(ctx)
	return err
}

// actTime is how long an act may take: a function that never gets done has to be noticed.
const actTime = 2 * time.Minute

func onStage(ctx context.Context, binary string, at files, d deployment, s *stack, a act) error {
	ctx, cancel := context.WithTimeout(ctx, actTime)
	defer cancel()
	w := newWorld(s)
	defer w.close()
	if err := os.WriteFile(at.config, w.configure(d), 0o600); err != nil {
		return err
	}
	env, err := w.environment(at)
	if err != nil {
		return err
	}
	f, err := runtimeapi.Start(ctx, binary, runtimeapi.Options{Env: append(env, setup.PathVariable+"="+at.config)})
	if err != nil {
		return err
	}
	defer f.Stop()
	return a.do(ctx, w, f)
}

// sample hands over an event; one that is no batch is put into the queue then, and comes back as a batch.
func sample(ctx context.Context, w *world, f *runtimeapi.Function, name string) error {
	event, err := events.Read(name)
	if err != nil {
		return err
	}
	if _, err := f.Invoke(ctx, event); err != nil {
		return err
	}
	if _, isBatch := alert.Messages(event); isBatch {
		return nil
	}
	if w.queue.Len() != 1 {
		return errors.New("it was not put into the queue")
	}
	if err := w.batch(ctx, f); err != nil {
		return err
	}
	return w.left(0, 0)
}

// storm is more than a batch holds: the function fetches the rest by itself, tells it as one and deletes it. On a slow machine it takes
// more than one invocation.
func storm(ctx context.Context, w *world, f *runtimeapi.Function) error {
	event, err := events.Read(alarmSample)
	if err != nil {
		return err
	}
	for i := range stormSize {
		w.queue.Put(strings.ReplaceAll(string(event), alarmName, fmt.Sprintf("%s-%d", alarmName, i)), nil)
	}
	for w.queue.Len() > 0 {
		if err := errors.Join(w.batch(ctx, f), ctx.Err()); err != nil {
			return err
		}
	}
	return w.left(0, 0)
}

const (
	alarmSample, alarmName = "sns-alarm-cpu-high", "prod-api-cpu-high"
	// stormSize is more than a transaction holds.
	stormSize = 150
)

// down: what can't be told is put off.
func down(ctx context.Context, w *world, f *runtimeapi.Function) error {
	w.discord.Break(fake.Fault{Kind: fake.Down, Status: http.StatusServiceUnavailable})
	if err := w.one(ctx, f); err != nil {
		return err
	}
	if next, waits := w.queue.NextVisible(); !waits || time.Until(next) > visibility/2 {
		return errors.New("it was not put off")
	}
	return w.left(1, 0)
}

// dead: what never can be told goes to the dead letters, one for each destination.
func dead(ctx context.Context, w *world, f *runtimeapi.Function) error {
	w.discord.Break(fake.Fault{Kind: fake.Unknown})
	if err := w.one(ctx, f); err != nil {
		return err
	}
	return w.left(0, w.discords)
}

// family is a composite alarm whose child, where there are graphs, is asked for. The account is that of the function's ARN.
func family(ctx context.Context, w *world, f *runtimeapi.Function) error {
	event, err := events.Read("sns-alarm-composite")
	if err != nil {
		return err
	}
	w.queue.Put(strings.ReplaceAll(string(event), account, "123456789012"), nil)
	if err := w.batch(ctx, f); err != nil {
		return err
	}
	return w.left(0, 0)
}
