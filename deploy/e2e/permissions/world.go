package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"alarmrelay/deploy/mapping"
	"alarmrelay/deploy/runtimeapi"
	"alarmrelay/events"
	"alarmrelay/relay/fake"
)

// world is all that the function talks to, with the names that the template's resources have.
type world struct {
	discord *fake.Discord
	slack   *fake.Slack
	queue   *fake.Queue
	letters *fake.Queue
	table   *fake.DynamoDB
	store   *fake.ParameterStore
	metrics *fake.CloudWatch
	server  *httptest.Server
	stack   *stack

	discords int // destinations at Discord
}

// visibility is template.yaml's.
const visibility = 180 * time.Second

// newWorld tells the stack what its queues' URLs are.
func newWorld(s *stack) *world {
	w := &world{
		discord: fake.NewDiscord(fake.Options{Unlimited: true}), slack: fake.NewSlack(fake.Options{Unlimited: true}),
		table: fake.NewDynamoDB(fake.Options{}, s.name("Table"), "open"), store: fake.NewParameterStore(), stack: s,
		metrics: fake.NewCloudWatch(fake.Options{}, region, account),
	}
	w.letters = fake.NewQueue(fake.QueueOptions{Name: s.name("DeadLetterQueue")})
	w.queue = fake.NewQueue(fake.QueueOptions{Name: s.name("Queue"), Visibility: visibility, MaxReceives: 200, DeadLetters: w.letters})
	sqs := fake.NewSQS()
	paths := map[string]string{"Queue": sqs.Add(w.queue), "DeadLetterQueue": sqs.Add(w.letters)}
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.service(r, sqs).ServeHTTP(rw, r)
	}))
	for logical, path := range paths {
		s.refs[logical] = w.server.URL + path
	}
	return w
}

// service is whom a request is for; all of them have one address.
func (w *world) service(r *http.Request, sqs http.Handler) http.Handler {
	switch name, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "."); {
	case name == "AmazonSQS":
		return sqs
	case name == "AmazonSSM":
		return w.store
	case name != "":
		return w.table
	case strings.HasPrefix(r.URL.Path, "/service/"):
		return w.metrics
	case strings.HasPrefix(r.URL.Path, "/services/"):
		return w.slack
	}
	return w.discord
}

func (w *world) close() {
	w.discord.Close()
	w.slack.Close()
	w.table.Close()
	w.store.Close()
	w.metrics.Close()
	w.server.Close()
}

// environment is the template's, and what makes AWS's services be found here. An error says what of the template can't be read.
func (w *world) environment(at files) ([]string, error) {
	env := []string{
		"AWS_ENDPOINT_URL=" + w.server.URL, "AWS_REGION=" + region, "ALARMRELAY_CALLS=" + at.calls,
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret-key-of-nobody", "AWS_SESSION_TOKEN=token-of-nobody",
	}
	for name, value := range w.stack.environment() {
		env = append(env, name+"="+value)
	}
	return env, w.stack.err()
}

// one puts an alarm into the queue and hands it over.
func (w *world) one(ctx context.Context, f *runtimeapi.Function) error {
	event, err := events.Read(alarmSample)
	if err != nil {
		return err
	}
	w.queue.Put(string(event), nil)
	return w.batch(ctx, f)
}

// batch hands over as much as the mapping does at once, as soon as there is something.
func (w *world) batch(ctx context.Context, f *runtimeapi.Function) error {
	messages := w.queue.Take(10)
	for ; len(messages) == 0; messages = w.queue.Take(10) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for a message of the queue: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
	answer, err := f.Invoke(ctx, fake.BatchEvent(mapping.QueueARN, messages))
	if err != nil {
		return err
	}
	return w.queue.Settle(messages, answer.Payload, nil)
}

// left returns an error unless the queues hold so many messages.
func (w *world) left(queue, letters int) error {
	if a, b := w.queue.Len(), w.letters.Len(); a != queue || b != letters {
		return fmt.Errorf("%d messages are in the queue and %d among the dead letters, want %d and %d", a, b, queue, letters)
	}
	return nil
}

// keepRealAddresses puts addresses at Discord's and Slack's own hosts into the two parameters that the template knows.
func (w *world) keepRealAddresses() {
	w.keep(w.stack.text(w.stack.parameters["DiscordParameter"]), w.discord.AddChannel(fake.Channel{Name: "real"}).URL("https://discord.com"))
	w.keep(w.stack.text(w.stack.parameters["SlackParameter"]), w.slack.AddChannel("real").URL("https://hooks.slack.com"))
}

func (w *world) keep(name, value string) {
	if name != "" {
		w.store.Put(name, fake.StoredParameter{Value: value, Type: "SecureString", Version: 1})
	}
}

// configure keeps an address here for each destination of a deployment, and returns the configuration that names them.
func (w *world) configure(d deployment) []byte {
	var destinations, to []string
	add := func(service, reference, address string) {
		name := fmt.Sprintf("d%d", len(to))
		to = append(to, name)
		destinations = append(destinations, fmt.Sprintf("  %s: {%s: %q}\n", name, service, reference))
		w.keepAt(reference, address)
	}
	w.discords = len(d.discord)
	for _, reference := range d.discord {
		add("discord", reference, w.discord.AddChannel(fake.Channel{Name: reference}).URL(w.server.URL))
	}
	for _, reference := range d.slack {
		add("slack", reference, w.slack.AddChannel(reference).URL(w.server.URL))
	}
	return fmt.Appendf(nil, "graph: %t\nallow_hosts: [%q]\nretry: {first: 1s, longest: 10s, give_up: 1m}\ndestinations:\n%srules: [{to: [%s]}]\n",
		d.parameters["Graphs"] == "true", strings.TrimPrefix(w.server.URL, "http://"), strings.Join(destinations, ""), strings.Join(to, ", "))
}

// keepAt puts an address where a reference of the configuration says that it is.
func (w *world) keepAt(reference, address string) {
	scheme, name, _ := strings.Cut(reference, ":")
	if scheme == "secretsmanager" {
		secret, key, hasKey := strings.Cut(name, "#")
		name = secretsPath + secret
		if hasKey {
			object, err := json.Marshal(map[string]string{key: address})
			if err != nil {
				panic(err) // two texts are always JSON
			}
			address = string(object)
		}
	}
	w.keep(name, address)
}
