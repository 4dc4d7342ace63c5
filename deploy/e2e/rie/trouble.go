package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/deploy/mapping"
	"alarmrelay/deploy/runtimeapi"
	"alarmrelay/events"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

// troubled is the sample that all of these cases are about.
const troubled = "sns-alarm-cpu-high"

// misfortune is a case in which something goes wrong, and an error has to be logged.
type misfortune struct {
	name string
	with setting
	run  func(ctx context.Context, t *trial, event []byte) error
}

var troubles = []misfortune{
	{"a dead webhook", direct, deadWebhook},
	{"a dead webhook", queued, deadWebhookOfAQueue},
	{"a service that is down", queued, downForAWhile},
	{"a mistake in the configuration", queued, mistakenConfiguration},
	{"no configuration", queued, noConfiguration},
}

func (s *stage) trouble(ctx context.Context, arch string, m misfortune) (row, error) {
	event, err := events.Read(troubled)
	if err != nil {
		return row{}, err
	}
	t, err := s.newTrial(arch, m.with, m.name)
	if err != nil {
		return row{}, err
	}
	defer t.close()
	t.row.Trouble = true
	if err := m.run(ctx, t, event); err != nil {
		return row{}, err
	}
	t.judgeLog(true)
	return t.finish(), nil
}

// deadWebhook: who invokes the function directly gets an error, and others are told all the same.
func deadWebhook(ctx context.Context, t *trial, event []byte) error {
	t.discord.RemoveWebhook(t.ops.ID)
	return t.on(ctx, func(e *emulator) error {
		expected, _ := t.ledger.read(event)
		answer, err := e.invoke(ctx, event)
		said, ok := errors.AsType[*runtimeapi.FunctionError](err)
		if err != nil && !ok {
			return err
		}
		t.time(answer.Took)
		t.row.Answer = string(answer.Payload)
		if !ok || !strings.Contains(said.Message, "deliver to ops: ") || strings.Contains(said.Message, "crew") {
			t.complain("answered %.200s, want an error about ops alone", answer.Payload)
		}
		t.shows("crew", expected)
		return nil
	})
}

// deadWebhookOfAQueue: who is not told has a dead letter with the reason, and the message is done.
func deadWebhookOfAQueue(ctx context.Context, t *trial, event []byte) error {
	t.discord.RemoveWebhook(t.ops.ID)
	t.queue.Put(string(event), nil)
	return t.on(ctx, func(e *emulator) error {
		expected, err := t.batch(ctx, e, false)
		if err != nil {
			return err
		}
		t.shows("crew", expected)
		t.left(0, 1)
		for _, letter := range t.dead.All() {
			to, reason := letter.Attributes[relay.AttributeDestination], letter.Attributes[relay.AttributeReason]
			if letter.Body != string(event) || to != "ops" || !strings.Contains(reason, "404") {
				t.complain("the dead letter is for %q, because %q", to, reason)
			}
			t.mustHoldNoSecret("a dead letter", reason)
		}
		return nil
	})
}

// downForAWhile: what a service cannot take comes back, and is told there when it can.
func downForAWhile(ctx context.Context, t *trial, event []byte) error {
	t.discord.Break(fake.Fault{Kind: fake.Down, Status: http.StatusServiceUnavailable})
	t.queue.Put(string(event), nil)
	return t.on(ctx, func(e *emulator) error {
		expected, err := t.batch(ctx, e, true)
		if err != nil {
			return err
		}
		t.shows("crew", expected)
		if messages, _ := t.channel("ops"); len(messages) > 0 {
			t.complain("ops shows %d messages of a service that is down", len(messages))
		}
		t.discord.Mend()
		if _, err := t.batch(ctx, e, false); err != nil {
			return err
		}
		t.shows("ops", expected)
		if messages, _ := t.channel("crew"); len(messages) != 1 {
			t.complain("crew shows %d messages, want the one that it had", len(messages))
		}
		t.left(0, 0)
		return nil
	})
}

// batch hands what the queue holds to the function, which has to answer that all of it is done, or that all of it is to come back.
func (t *trial) batch(ctx context.Context, e *emulator, back bool) ([]news, error) {
	messages, err := t.take(ctx)
	if err != nil {
		return nil, err
	}
	event := fake.BatchEvent(mapping.QueueARN, messages)
	expected, _ := t.ledger.read(event)
	answer, ok, err := t.invoke(ctx, e, event)
	if err != nil || !ok {
		return nil, err
	}
	t.answered(batchAnswer(messages, back), answer)
	t.settle(messages, answer)
	return expected, nil
}

func batchAnswer(messages []alert.Message, back bool) string {
	var named []string
	for _, m := range messages {
		if back {
			named = append(named, fmt.Sprintf(`{"itemIdentifier":%q}`, m.ID))
		}
	}
	return `{"batchItemFailures":[` + strings.Join(named, ",") + `]}`
}

// shows complains about what of the news a destination lacks.
func (t *trial) shows(destination string, expected []news) {
	messages, _ := t.channel(destination)
	for _, n := range expected {
		if n.destination != destination {
			continue
		}
		if what := missing(n, messages); what != "" {
			t.complain("%s", what)
		}
	}
}

// mistakenConfiguration: the function ends at once, and its log says where the mistake is.
func mistakenConfiguration(ctx context.Context, t *trial, event []byte) error {
	text := "destinations: {ops: {discord: \"env:OPS_WEBHOOK\"}}\nrules: [{to: [opps]}]\n"
	if err := os.WriteFile(t.config, []byte(text), 0o600); err != nil {
		return err
	}
	return t.refused(ctx, event, `unknown destination \"opps\"; did you mean \"ops\"?`)
}

// noConfiguration: the function ends at once, and its log says what it needs.
func noConfiguration(ctx context.Context, t *trial, event []byte) error {
	if err := os.Remove(t.config); err != nil {
		return err
	}
	return t.refused(ctx, event, "configuration "+t.config+" does not exist")
}

func (t *trial) refused(ctx context.Context, event []byte, because string) error {
	err := t.on(ctx, func(e *emulator) error {
		answer, err := e.invoke(ctx, event)
		t.time(answer.Took)
		if err == nil {
			t.complain("answered %.200s, although it cannot work", answer.Payload)
		}
		if errors.Is(err, errNoAnswer) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	if !strings.Contains(t.logs.String(), because) {
		t.complain("the log does not say: %s", because)
	}
	if len(t.discord.Log())+len(t.slack.Log()) > 0 {
		t.complain("a chat was asked, although nobody can know which")
	}
	return nil
}
