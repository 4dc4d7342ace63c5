package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"alarmrelay/events"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/setup"
)

// TestAParameterStoreThatHangsInInitIsAskedAgainByTheFirstAlert has one of two destinations' addresses
// not come in time.
func TestAParameterStoreThatHangsInInitIsAskedAgainByTheFirstAlert(t *testing.T) {
	discord := fake.NewDiscord(fake.Options{Unlimited: true})
	hook, ready := discord.AddChannel(fake.Channel{Name: "ops"}), discord.AddChannel(fake.Channel{Name: "ready"})
	chat := httptest.NewServer(discord)
	defer chat.Close()
	var awake atomic.Bool
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Name string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || !awake.Load() {
			<-r.Context().Done()
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		fmt.Fprintf(w, `{"Parameter":{"Name":%q,"Value":%q}}`, in.Name, hook.URL(chat.URL))
	}))
	defer store.Close()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_SSM": store.URL, "AWS_REGION": "ap-northeast-2", "READY_WEBHOOK": ready.URL(chat.URL),
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret-key-of-nobody",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
	} {
		t.Setenv(name, value)
	}
	config := filepath.Join(t.TempDir(), "alarmrelay.yaml")
	text := fmt.Sprintf("allow_hosts: [%q]\ndestinations: {ops: {discord: \"ssm:/ops\"}, ready: {discord: \"env:READY_WEBHOOK\"}}\nrules: [{to: [ops, ready]}]\n",
		strings.TrimPrefix(chat.URL, "http://"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}

	var log bytes.Buffer
	hurry, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	handle, err := connect(hurry, newLogger(&log, ""), func(name string) string { return map[string]string{setup.PathVariable: config}[name] })
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), `"message":"destination not ready"`) || !strings.Contains(log.String(), "ssm:/ops") {
		t.Errorf("log %s", log.String())
	}

	awake.Store(true)
	raw, err := events.Read("sqs-alarm-queue-age")
	if err != nil {
		t.Fatal(err)
	}
	f := &function{handler: handle}
	if answer, err := f.invoke(t, raw); answer != `{"batchItemFailures":[]}` || err != nil {
		t.Errorf("%s, %v", answer, err)
	}
	for _, h := range []fake.Webhook{hook, ready} {
		if n := len(discord.Messages(h.Channel)); n != 1 {
			t.Errorf("a channel shows %d messages", n)
		}
		if strings.Contains(log.String(), h.Token) {
			t.Errorf("the log holds a token: %s", log.String())
		}
	}
}

func TestInitOpensTheConnectionToTheTableAndFindsNothingWrong(t *testing.T) {
	service := fake.NewDynamoDB(fake.Options{}, "alarmrelay-state", "open")
	server := httptest.NewServer(service)
	defer server.Close()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB": server.URL, "AWS_REGION": "ap-northeast-2",
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret-key-of-nobody",
	} {
		t.Setenv(name, value)
	}
	var log bytes.Buffer
	warm(t.Context(), newLogger(&log, ""), nil, store(func(name string) string { return map[string]string{tableVariable: "alarmrelay-state"}[name] }))
	if asked := service.Requests()["BatchGetItem"]; asked != 1 || log.Len() > 0 {
		t.Errorf("asked %d times, log %s", asked, log.String())
	}
}
