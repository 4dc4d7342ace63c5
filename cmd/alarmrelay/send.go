package main

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alarmrelay/relay/chat"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/setup"
)

// sendTimeout is how long one event may take.
const sendTimeout = time.Minute

func newSend(e *env) *cobra.Command {
	var flags configFlags
	var to string
	asJSON := false
	cmd := &cobra.Command{
		Use:   "send EVENT...",
		Short: "Send an event for real",
		Long: `send gives events to the relay as Lambda would, and so to the people who read its
channels. It says of each alert and destination what became of it, and fails when
something was not delivered. With --to, everything goes to one destination and
nobody is mentioned, whatever the rules say.`,
		Example: `  alarmrelay send --to ops sns-alarm-cpu-high     try a new webhook
  alarmrelay send event.json                      as the rules say
  alarmrelay send - < event.json`,
		Args:              atLeastOneEvent,
		ValidArgsFunction: completeEvents,
		RunE: func(cmd *cobra.Command, args []string) error {
			inputs, err := e.readInputs(args)
			if err != nil {
				return err
			}
			s, err := flags.own(e)
			if err != nil {
				return err
			}
			if to != "" {
				if err := sendOnlyTo(s.rules, to); err != nil {
					return err
				}
			}
			return e.send(cmd.Context(), s, inputs, asJSON)
		},
	}
	flags.add(cmd)
	flags.addHome(cmd)
	cmd.Flags().StringVar(&to, "to", "", "send everything to this `DESTINATION` only, and mention nobody")
	addJSONFlag(cmd, &asJSON)
	return cmd
}

func (e *env) send(ctx context.Context, s setting, inputs []input, asJSON bool) error {
	n := newNotes(e.stdout, false)
	log := slog.New(n)
	if asJSON {
		log = slog.New(slog.NewJSONHandler(e.stdout, nil))
	}
	destinations := setup.Destinations(s.rules, e.secrets, chat.Options{UserAgent: setup.UserAgent(version), Log: log})
	d := newDesk(s, setup.Channels(destinations), n, nil)
	d.relay.Log, d.relay.Now = log, e.now
	allWell := true
	for _, i := range inputs {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		allWell = d.handle(ctx, i) && allWell
		cancel()
	}
	if !allWell {
		return errTold
	}
	return nil
}

// sendOnlyTo makes every rule name one destination, with its own voice and
// nobody's mention, now and never again; no tag, fallback or escalation leads elsewhere.
func sendOnlyTo(c *rule.Config, name string) error {
	if _, ok := c.Destination(name); !ok {
		var names []string
		for _, d := range c.Destinations {
			names = append(names, d.Name)
		}
		return misuse("--to %s: the configuration has %s", name, strings.Join(names, ", "))
	}
	for i := range c.Destinations {
		c.Destinations[i].Fallback = ""
	}
	for i := range c.Rules {
		r := &c.Rules[i]
		if r.To == nil {
			continue // it sets a severity or a runbook for those after it
		}
		r.To, r.Continue = []string{name}, false
		r.Mention, r.Ignore, r.Voice = nil, nil, rule.Voice{}
		r.Mute, r.Remind, r.Escalate = nil, nil, nil
	}
	c.Tags = slices.DeleteFunc(c.Tags, func(t rule.Tag) bool {
		return t == rule.TagTo || t == rule.TagMention || t == rule.TagMute
	})
	return nil
}
