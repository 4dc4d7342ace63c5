package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/cloud"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
	"alarmrelay/relay/setup"
)

// used is what one alarm took. Bytes are with what CloudWatch and the network add.
type used struct {
	Read, Written        float64
	Logged, Metrics, Own int // bytes of the log
	Posted               int // bytes to the chat service
}

// scales weighs what goes to a chat service.
type scales struct {
	http.Handler
	bytes int
}

func (s *scales) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := httputil.DumpRequest(r, true)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.bytes += len(raw)
	s.Handler.ServeHTTP(w, r)
}

// weighed is a relay with everything that the template gives it, and one destination.
type weighed struct {
	relay         *relay.Relay
	queue         *fake.Queue
	table         *fake.DynamoDB
	alarms        *fake.CloudWatch
	logs, metrics bytes.Buffer
	wire          *scales
}

func newWeighed(t *testing.T) *weighed {
	t.Helper()
	const config = "destinations: {ops: {discord: \"env:OPS\"}}\nrules: [{to: [ops]}]\nmetrics: {per_destination: true}\n"
	discord := fake.NewDiscord(fake.Options{})
	t.Cleanup(discord.Close)
	t.Setenv("OPS", discord.AddChannel(fake.Channel{Name: "ops"}).URL("https://discord.com"))
	rules, err := rule.Parse("alarmrelay.yaml", []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	w := &weighed{
		queue: fake.NewQueue(fake.QueueOptions{Name: "input"}), table: fake.NewDynamoDB(fake.Options{}, "state", "open"), wire: &scales{Handler: discord},
		alarms: fake.NewCloudWatch(fake.Options{}, pricesRegion, "111122223333"),
	}
	client := &http.Client{Transport: fake.Transport{
		"dynamodb.us-east-1.amazonaws.com": w.table, "monitoring.us-east-1.amazonaws.com": w.alarms, "discord.com": w.wire,
	}}
	load := func(context.Context) (aws.Config, error) {
		who := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "example"}, nil
		})
		return aws.Config{Region: pricesRegion, HTTPClient: client, Credentials: who}, nil
	}
	w.relay = &relay.Relay{
		Rules: rules, Store: cloud.NewTable("state", load, time.Now), Queue: w.queue, Alarms: cloud.NewAlarms(load), Now: time.Now,
		Channels: setup.Channels(setup.Destinations(rules, secret.Local{}, chat.Options{HTTP: client})),
		Measure:  cloud.NewMeasure(&w.metrics, true, time.Now),
		// As cmd/lambda writes them.
		Log: slog.New(slog.NewJSONHandler(&w.logs, nil)).With("version", "0.1.0", "request_id", "5707a1a2-0000-4000-8000-000000000001"),
	}
	return w
}

// handle lets the relay tell one alarm, and returns what that took.
func (w *weighed) handle(t *testing.T) (u used) {
	t.Helper()
	w.queue.Put(stormAlarms(1, time.Now())[0], nil)
	taken := w.queue.Take(batchSize)
	answer, err := w.relay.Handle(t.Context(), fake.BatchEvent(w.queue.ARN(), taken))
	if err := w.queue.Settle(taken, mustJSON(answer), err); err != nil || w.queue.Len() > 0 {
		t.Fatalf("%d messages left: %v", w.queue.Len(), err)
	}
	u.Read, u.Written = w.table.Units()
	u.Posted = w.wire.bytes + messageOverhead
	for line := range strings.Lines(w.logs.String()) {
		u.Logged += len(line) + lineOverhead
	}
	for line := range strings.Lines(w.metrics.String()) {
		if strings.Contains(line, `"Destination":"ops"`) {
			u.Own += len(line) + lineOverhead
		} else {
			u.Metrics += len(line) + lineOverhead
		}
	}
	return u
}

// tick lets the relay look after what is open, while nothing is, and returns what that took.
func (w *weighed) tick(t *testing.T) (u used, asked int) {
	t.Helper()
	if _, err := w.relay.Handle(t.Context(), []byte(`{"alarmrelay":"tick","sources":["arn:aws:sns:us-east-1:111122223333:alarms"]}`)); err != nil {
		t.Fatal(err)
	}
	u.Read, u.Written = w.table.Units()
	for line := range strings.Lines(w.logs.String() + w.metrics.String()) {
		u.Metrics += len(line) + lineOverhead
	}
	return u, len(w.alarms.Log())
}

func TestWhatATickUses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeighed(t)
		w.alarms.AddAlarm(fake.MetricAlarm{Alarm: fake.Alarm{Name: "well", State: "OK", Actions: []string{"arn:aws:sns:us-east-1:111122223333:alarms"}}})
		got, asked := w.tick(t)
		if got.Read != readsPerTick || got.Written != writesPerTick || asked != asksPerTick {
			t.Errorf("%v reads, %v writes and %d questions, the bill says %v, %v and %v", got.Read, got.Written, asked, readsPerTick, writesPerTick, asksPerTick)
		}
		if got.Metrics > tickBytes || tickBytes*5 > got.Metrics*6 {
			t.Errorf("%d bytes of the log, the bill says %d", got.Metrics, tickBytes)
		}
	})
}

// What a bill says of the relay's own doing is measured: never less than it uses, and at most a fifth more.
func TestWhatAnAlarmUses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := newWeighed(t).handle(t)
		if got.Read != readsPerAlarm || got.Written != writesPerAlarm {
			t.Errorf("%v reads and %v writes, the bill says %v and %v", got.Read, got.Written, readsPerAlarm, writesPerAlarm)
		}
		for name, bytes := range map[string]struct{ measured, billed int }{
			"a line of the log":              {got.Logged, lineBytes},
			"the metrics":                    {got.Metrics, metricsBytes},
			"the metrics of one destination": {got.Own, ownBytes},
			"a message":                      {got.Posted, messageBytes},
		} {
			if bytes.measured > bytes.billed || bytes.billed*5 > bytes.measured*6 {
				t.Errorf("%s has %d bytes, the bill says %d", name, bytes.measured, bytes.billed)
			}
		}
	})
}
