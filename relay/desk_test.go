package relay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
	"alarmrelay/relay/setup"
)

// desk is a whole relay on fakes, without sockets: what it runs is what runs in Lambda.
type desk struct {
	*relay.Relay
	discord *fake.Discord
	slack   *fake.Slack
	hooks   map[string]fake.Webhook   // Discord's, by destination
	slacks  map[string]fake.SlackHook // Slack's, by destination; of a bot's destination, only the channel matters
	log     *bytes.Buffer

	addresses addressBook
}

// newDesk reads a configuration whose references are names of fake channels: each destination
// gets a channel of its own. A reference that ends in "/missing" cannot be resolved.
func newDesk(t *testing.T, config string) *desk {
	t.Helper()
	rules, err := rule.Parse("alarmrelay.yaml", []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{
		discord: fake.NewDiscord(fake.Options{}), slack: fake.NewSlack(fake.Options{}),
		hooks: map[string]fake.Webhook{}, slacks: map[string]fake.SlackHook{}, log: new(bytes.Buffer),
	}
	addresses := addressBook{}
	d.addresses = addresses
	for i := range rules.Destinations {
		dest := &rules.Destinations[i]
		name := dest.Webhook.Reference.Name
		if strings.HasSuffix(name, "/missing") {
			continue
		}
		if dest.Service == "slack" {
			d.slacks[dest.Name] = d.slack.AddChannel(dest.Name)
			addresses[name] = d.slacks[dest.Name].URL("https://hooks.slack.com")
			if dest.IsBot() {
				bot := d.slack.AddBot()
				dest.Channel = d.slacks[dest.Name].Channel
				d.slack.Invite(bot, dest.Channel)
				addresses[name] = bot.Secret("https://slack.com")
			}
			continue
		}
		d.hooks[dest.Name] = d.discord.AddChannel(fake.Channel{Name: dest.Name})
		addresses[name] = d.hooks[dest.Name].URL("https://discord.com")
	}
	transport := fake.Transport{"discord.com": d.discord, "hooks.slack.com": d.slack, "slack.com": d.slack}
	webhooks := setup.Destinations(rules, addresses, chat.Options{HTTP: &http.Client{Transport: transport}})
	d.Relay = &relay.Relay{
		Rules: rules, Channels: setup.Channels(webhooks), Store: incident.NewMemory(time.Now), Measure: relay.NoMeasure{}, Home: alert.Home{Region: "ap-northeast-2", Partition: "aws"},
		Now: time.Now, Log: slog.New(slog.NewTextHandler(d.log, nil)),
	}
	return d
}

type addressBook map[string]string

func (a addressBook) Fetch(_ context.Context, r secret.Reference) (secret.Value, error) {
	if address, ok := a[r.Name]; ok {
		return secret.New(address), nil
	}
	return secret.Value{}, fmt.Errorf("%v: %w", r, secret.ErrMissing)
}

// titles returns what a Discord channel shows, one line an embed.
func (d *desk) titles(destination string) []string {
	var titles []string
	for _, m := range d.discord.Messages(d.hooks[destination].Channel) {
		if len(m.Embeds) == 0 {
			titles = append(titles, m.Content)
		}
		for _, e := range m.Embeds {
			titles = append(titles, e.Title)
		}
	}
	return titles
}

// handle runs an event as Lambda would, with its deadline, and returns the answer as JSON.
func (d *desk) handle(t *testing.T, event string) (answer string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	out, err := d.Handle(ctx, json.RawMessage(event))
	raw, encodeErr := json.Marshal(out)
	if encodeErr != nil {
		t.Fatal(encodeErr)
	}
	return string(raw), err
}

// batch is an SQS event of alarm messages, one record each.
func batch(bodies ...string) string {
	type record struct {
		ID     string `json:"messageId"`
		Source string `json:"eventSource"`
		Body   string `json:"body"`
	}
	var event struct{ Records []record }
	for i, body := range bodies {
		event.Records = append(event.Records, record{fmt.Sprintf("id-%d", i+1), "aws:sqs", body})
	}
	raw, _ := json.Marshal(event) // strings always encode
	return string(raw)
}

// alarm is CloudWatch's message about an alarm that has just fired.
func alarm(name string) string {
	return fmt.Sprintf(`{"AlarmName":%q,"AlarmArn":"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:%s","NewStateValue":"ALARM","OldStateValue":"OK",`+
		`"NewStateReason":"Threshold Crossed","StateChangeTime":%q}`, name, name, time.Now().UTC().Format("2006-01-02T15:04:05.000-0700"))
}
