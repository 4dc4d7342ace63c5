package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"alarmrelay/events"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/setup"
)

// function is the handler as Lambda would run it, with fake Discord on a real socket.
type function struct {
	handler
	discord *fake.Discord
	hook    fake.Webhook
	log     *bytes.Buffer
}

func newFunction(t *testing.T, wrap func(http.Handler) http.Handler) *function {
	t.Helper()
	f := &function{discord: fake.NewDiscord(fake.Options{Unlimited: true}), log: new(bytes.Buffer)}
	f.hook = f.discord.AddChannel(fake.Channel{Name: "ops"})
	server := httptest.NewServer(wrap(f.discord))
	t.Cleanup(server.Close)
	t.Setenv("OPS_WEBHOOK", f.hook.URL(server.URL))
	config := filepath.Join(t.TempDir(), "alarmrelay.yaml")
	text := fmt.Sprintf("allow_hosts: [%q]\ndestinations: {ops: {discord: \"env:OPS_WEBHOOK\"}}\nrules: [{to: [ops]}]\n", strings.TrimPrefix(server.URL, "http://"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{
		setup.PathVariable: config, "AWS_REGION": "ap-northeast-2", "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/alarmrelay",
	}
	handle, err := connect(t.Context(), newLogger(f.log, ""), func(name string) string { return environment[name] })
	if err != nil {
		t.Fatal(err)
	}
	f.handler = handle
	return f
}

func asItIs(h http.Handler) http.Handler { return h }

// invoke calls the handler with the context that Lambda's runtime makes.
func (f *function) invoke(t *testing.T, event []byte) (string, error) {
	t.Helper()
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{
		AwsRequestID: "req-1", InvokedFunctionArn: "arn:aws:lambda:ap-northeast-2:111122223333:function:alarmrelay",
	})
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	out, err := f.handler(ctx, json.RawMessage(event))
	raw, encodeErr := json.Marshal(out)
	if encodeErr != nil {
		t.Fatal(encodeErr)
	}
	return string(raw), err
}

func TestEveryEnvelopeIsAnsweredAsItsSourceExpects(t *testing.T) {
	f := newFunction(t, asItIs)
	for name, want := range map[string]string{
		"sns-alarm-cpu-high":          "null",
		"sqs-alarm-queue-age":         `{"batchItemFailures":[]}`,
		"sqs-mixed-batch":             `{"batchItemFailures":[]}`,
		"eventbridge-alarm-metric":    "null",
		"lambda-alarm-lambda-errors":  "null",
		"logs-lambda-errors":          "null",
		"logs-control-message":        "null",
		"failed-invocation-alarm":     "null",
		"sqs-failed-invocation-alarm": `{"batchItemFailures":[]}`,
	} {
		raw, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.invoke(t, raw); got != want || err != nil {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestTheLogIsJSONWithTheRequestAndWithoutTheAddress(t *testing.T) {
	f := newFunction(t, asItIs)
	raw, err := events.Read("sns-alarm-cpu-high")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.invoke(t, raw); err != nil {
		t.Fatal(err)
	}
	var line struct {
		Timestamp                          time.Time
		Level, Message, Alert, Destination string
		RequestID                          string `json:"request_id"`
	}
	if err := json.Unmarshal(f.log.Bytes(), &line); err != nil {
		t.Fatalf("%v in %s", err, f.log)
	}
	if line.Timestamp.IsZero() || line.Level != "INFO" || line.RequestID != "req-1" || line.Message != "delivered" || line.Destination != "ops" || !strings.HasSuffix(line.Alert, "alarm:prod-api-cpu-high") {
		t.Errorf("log %s", f.log)
	}
	for _, forbidden := range []string{f.hook.Token, f.hook.ID, "NewStateReason"} {
		if strings.Contains(f.log.String(), forbidden) {
			t.Errorf("the log holds %q: %s", forbidden, f.log)
		}
	}
}

func TestInitOpensTheConnectionBeforeTheFirstAlert(t *testing.T) {
	var paths []string
	f := newFunction(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			paths = append(paths, r.Method+" "+r.URL.Path)
			h.ServeHTTP(w, r)
		})
	})
	if len(paths) != 1 || paths[0] != "GET /api/v10/gateway" {
		t.Errorf("during init: %v", paths)
	}
	if n := len(f.discord.Messages(f.hook.Channel)); n != 0 {
		t.Errorf("init posted %d messages", n)
	}
}

func TestADeadServiceDoesNotFailTheInit(t *testing.T) {
	f := newFunction(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	})
	if !strings.Contains(f.log.String(), "destination not ready") || strings.Contains(f.log.String(), f.hook.Token) {
		t.Errorf("log %s", f.log)
	}
}

func TestAConfigurationWithMistakesIsAnError(t *testing.T) {
	config := filepath.Join(t.TempDir(), "alarmrelay.yaml")
	if err := os.WriteFile(config, []byte("rules: [{to: [nowhere]}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := connect(t.Context(), slog.New(slog.DiscardHandler), func(name string) string {
		return map[string]string{setup.PathVariable: config}[name]
	})
	if mistakes := rule.Errors(nil); !errors.As(err, &mistakes) || len(mistakes) < 1 {
		t.Errorf("error %v", err)
	}
}

func TestTheAccountAndPartitionComeFromTheFunctionsARN(t *testing.T) {
	f := newFunction(t, asItIs)
	raw, err := events.Read("logs-lambda-errors")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.invoke(t, raw); err != nil {
		t.Fatal(err)
	}
	shown := f.discord.Messages(f.hook.Channel)
	if len(shown) != 1 || len(shown[0].Components) == 0 {
		t.Fatalf("%+v", shown)
	}
	if url := shown[0].Components[0].Components[0].URL; !strings.HasPrefix(url, "https://ap-northeast-2.console.aws.amazon.com/") {
		t.Errorf("link to %s", url)
	}
}

func TestLogLevels(t *testing.T) {
	for name, want := range map[string]slog.Level{"": slog.LevelInfo, "DEBUG": slog.LevelDebug, "trace": slog.LevelDebug, "WARN": slog.LevelWarn, "FATAL": slog.LevelError, "loud": slog.LevelInfo} {
		if got := logLevel(name); got != want {
			t.Errorf("%q is %v", name, got)
		}
	}
}
