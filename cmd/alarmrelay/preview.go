package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/rule"
)

func newPreview(e *env) *cobra.Command {
	var flags configFlags
	var locale string
	asJSON := false
	cmd := &cobra.Command{
		Use:   "preview EVENT...",
		Short: "Show what each destination would get, without sending it",
		Long: `preview shows what each destination would get, without sending it: events go
through the rules and the wording as in the function, as if each had just happened.
Graphs are left out: they take CloudWatch.
An EVENT is a file, - for standard input, or the name of a sample.`,
		Example: `  alarmrelay preview sns-alarm-cpu-high
  alarmrelay preview --config alarmrelay.yaml --locale ko event.json
  alarmrelay preview --json - < event.json       the requests, as the services get them`,
		Args:              atLeastOneEvent,
		ValidArgsFunction: completeEvents,
		RunE: func(cmd *cobra.Command, args []string) error {
			inputs, err := e.readInputs(args)
			if err != nil {
				return err
			}
			s, err := flags.orSample(e)
			if err != nil {
				return err
			}
			if err := speak(s.rules, locale); err != nil {
				return err
			}
			return e.preview(cmd.Context(), s, inputs, asJSON)
		},
	}
	flags.add(cmd)
	flags.addHome(cmd)
	addLocaleFlag(cmd, &locale)
	addJSONFlag(cmd, &asJSON)
	return cmd
}

func addLocaleFlag(cmd *cobra.Command, locale *string) {
	cmd.Flags().StringVar(locale, "locale", "", "the `LANGUAGE` of all messages, en or ko, whatever the configuration says")
}

func (e *env) preview(ctx context.Context, s setting, inputs []input, asJSON bool) error {
	at := newClock(e.now())
	written := newTray(s.rules, at)
	allWell := newDesk(s, written.channels(), newNotes(e.stderr, true), at).handleAll(ctx, inputs)
	var err error
	if asJSON {
		err = writeJSON(e.stdout, written.requests())
	} else {
		err = written.show(newScreen(e, s.rules))
	}
	if err == nil && !allWell {
		return errTold
	}
	return err
}

// tray keeps the messages that would be sent, of each destination in order.
type tray struct {
	config *rule.Config
	clock  *clock

	mu    sync.Mutex
	posts map[string][]post
}

// post is a message on the tray: as posted, then as each edit left it.
type post struct {
	id       string
	at       time.Time // of the desk's clock
	versions []formatter.Message
}

func (p post) latest() formatter.Message { return p.versions[len(p.versions)-1] }

func newTray(c *rule.Config, at *clock) *tray {
	return &tray{config: c, clock: at, posts: map[string][]post{}}
}

func (t *tray) channels() map[string]relay.Channel {
	channels := make(map[string]relay.Channel)
	for _, d := range t.config.Destinations {
		channels[d.Name] = slot{t, d}
	}
	return channels
}

// slot is the part of a tray for one destination. It takes every message.
type slot struct {
	tray        *tray
	destination rule.Destination
}

var _ relay.Channel = slot{}

// Service implements relay.Channel.
func (s slot) Service() formatter.Service { return s.destination.Service }

// Post implements relay.Channel.
func (s slot) Post(_ context.Context, m formatter.Message) (relay.Ref, error) {
	s.tray.mu.Lock()
	defer s.tray.mu.Unlock()
	name := s.destination.Name
	p := post{fmt.Sprintf("[message-%d]", len(s.tray.posts[name])+1), s.tray.clock.now(), []formatter.Message{m}}
	s.tray.posts[name] = append(s.tray.posts[name], p)
	return relay.Ref{Message: p.id}, nil
}

// Link implements [relay.Channel].
func (slot) Link(context.Context, relay.Ref) string { return "" }

// Edit implements relay.Channel. What Slack's webhooks have posted can't be edited.
func (s slot) Edit(_ context.Context, ref relay.Ref, m formatter.Message) (relay.Ref, error) {
	if !s.destination.CanEdit() {
		return relay.Ref{}, fmt.Errorf("edit at Slack: %w", errors.ErrUnsupported)
	}
	s.tray.mu.Lock()
	defer s.tray.mu.Unlock()
	posts := s.tray.posts[s.destination.Name]
	i := slices.IndexFunc(posts, func(p post) bool { return p.id == ref.Message })
	if i < 0 {
		return relay.Ref{}, fmt.Errorf("edit message %s: %w", ref.Message, relay.ErrGone)
	}
	posts[i].versions = append(posts[i].versions, m)
	return ref, nil
}

// request is one HTTP request of a preview.
type request struct {
	Destination string   `json:"destination"`
	Service     string   `json:"service"`
	Method      string   `json:"method"`
	Path        string   `json:"path"` // [secret] for the token, [id] where the webhook's address is not known
	Payload     any      `json:"payload"`
	Files       []string `json:"files,omitempty"` // names
}

// requests returns what would be sent: destination by destination, and within
// one message by message.
func (t *tray) requests() []request {
	requests := []request{}
	for _, d := range t.config.Destinations {
		for _, p := range t.posts[d.Name] {
			for n, m := range p.versions {
				r := requestOf(&d, m)
				if n > 0 {
					r = editOf(&d, p.id, m)
				}
				for _, f := range m.Files {
					r.Files = append(r.Files, f.Name)
				}
				requests = append(requests, r)
			}
		}
	}
	return requests
}

// requestOf is the request that posts a message.
func requestOf(d *rule.Destination, m formatter.Message) request {
	r := request{Destination: d.Name, Service: string(d.Service), Method: http.MethodPost}
	if d.IsBot() {
		r.Path, r.Payload = chat.PreviewBot(d.Channel, "", m)
	} else {
		r.Path, r.Payload = chat.PreviewPath(d.Service, d.Webhook.Address, m), m.Payload
	}
	return r
}

// editOf is the request that puts a message in the place of another.
func editOf(d *rule.Destination, id string, m formatter.Message) request {
	r := requestOf(d, m)
	if d.IsBot() {
		r.Path, r.Payload = chat.PreviewBot(d.Channel, id, m)
		return r
	}
	webhook, _, _ := strings.Cut(r.Path, "?")
	r.Method, r.Path = http.MethodPatch, webhook+"/messages/"+id
	return r
}

// show draws what each channel would show.
func (t *tray) show(s *screen) error {
	for _, d := range t.config.Destinations {
		var messages []shown
		for _, p := range t.posts[d.Name] {
			m, err := s.reader.payload(d.Service, p)
			if err != nil {
				return fmt.Errorf("read the message for %s: %w", d.Name, err)
			}
			messages = append(messages, m)
		}
		if len(messages) > 0 {
			s.channel(d.Name, d.Service, messages, len(messages))
		}
	}
	return s.flush()
}
