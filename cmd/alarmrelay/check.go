package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"alarmrelay/formatter"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/setup"
)

// onlineTimeout bounds what check asks others.
const onlineTimeout = 20 * time.Second

// checkFlags are what check is asked for.
type checkFlags struct {
	configFlags
	online    bool
	asJSON    bool
	topics    []string
	functions []string
}

func newCheck(e *env) *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Check the configuration, and online what it leads to",
		Long: `check reads the configuration and names every mistake with its line and what would
be right, also where the samconfig.toml beside it lets the function read less than it
refers to. With --online it also asks whether each reference resolves and each
webhook or bot is alive, posting nothing, and, with AWS credentials, which alarms of the
account would tell nobody or are half set up. Alarms that act on something else are
counted, not faulted.`,
		Example: `  alarmrelay check
  alarmrelay check alarmrelay.yaml
  alarmrelay check --online
  alarmrelay check --online --topic arn:aws:sns:ap-northeast-2:111122223333:alarms`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if flags.path != "" {
					return misuse("name the configuration once: %s or --config %s", args[0], flags.path)
				}
				flags.path = args[0]
			}
			if err := checkTargets(flags.topics, flags.functions); err != nil {
				return err
			}
			return e.check(cmd.Context(), flags)
		},
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&flags.online, "online", false, "ask the services and AWS as well")
	cmd.Flags().StringArrayVar(&flags.topics, "topic", nil, "the `ARN` of a topic that leads to the relay (may be repeated)")
	cmd.Flags().StringArrayVar(&flags.functions, "function", nil, "the `ARN` of the relay's function, where alarms invoke it (may be repeated)")
	addJSONFlag(cmd, &flags.asJSON)
	return cmd
}

// checkReport is all that check found out.
type checkReport struct {
	OK           bool                `json:"ok"`
	Config       string              `json:"config,omitempty"` // what was checked
	Summary      string              `json:"summary,omitempty"`
	Problems     []configProblem     `json:"problems"`
	Destinations []destinationReport `json:"destinations,omitempty"`
	Account      *accountReport      `json:"account,omitempty"`
}

// configProblem is one mistake in the configuration.
type configProblem struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Text   string `json:"text"`
}

// destinationReport is whether a destination can be told anything.
type destinationReport struct {
	Name    string            `json:"name"`
	Service formatter.Service `json:"service"`
	Channel string            `json:"channel,omitempty"` // where a Slack bot posts
	Alive   bool              `json:"alive"`
	Error   string            `json:"error,omitempty"`
}

func (e *env) check(ctx context.Context, flags checkFlags) error {
	s, err := flags.own(e)
	if errors.Is(err, setup.ErrNoConfig) && !flags.online {
		s, err = flags.orSample(e)
	}
	if err == nil && s.file != "" {
		err = checkGrants(s.file, s.rules)
	}
	if err != nil {
		return e.reportProblems(err, flags.asJSON)
	}
	report := checkReport{OK: true, Config: s.from, Summary: summary(s.rules), Problems: []configProblem{}}
	if flags.online {
		ctx, cancel := context.WithTimeout(ctx, onlineTimeout)
		defer cancel()
		e.askOnline(ctx, s.rules, append(flags.topics, flags.functions...), &report)
	}
	if flags.asJSON {
		err = writeJSON(e.stdout, report)
	} else {
		_, err = io.WriteString(e.stdout, report.text())
	}
	if err == nil && !report.OK {
		return errTold
	}
	return err
}

// reportProblems tells why there is no configuration: as JSON here, as text by way of the error.
func (e *env) reportProblems(err error, asJSON bool) error {
	if _, misused := errors.AsType[*misuseError](err); !asJSON || misused {
		return err
	}
	report := checkReport{}
	if problems, ok := errors.AsType[rule.Errors](err); ok {
		for _, p := range problems {
			report.Problems = append(report.Problems, configProblem(p))
		}
	} else {
		report.Problems = []configProblem{{Text: err.Error()}}
	}
	if err := writeJSON(e.stdout, report); err != nil {
		return err
	}
	return errTold
}

func summary(c *rule.Config) string {
	services := map[formatter.Service]int{}
	for _, d := range c.Destinations {
		services[d.Service]++
	}
	return fmt.Sprintf("%s (%d Discord, %d Slack), %s, %s", count(len(c.Destinations), "destination"),
		services[formatter.ServiceDiscord], services[formatter.ServiceSlack],
		count(len(c.Rules), "rule"), count(len(c.Mentions), "mention"))
}

// askOnline asks destinations and account side by side.
func (e *env) askOnline(ctx context.Context, c *rule.Config, targets []string, report *checkReport) {
	destinations := setup.Destinations(c, e.secrets, chat.Options{UserAgent: setup.UserAgent(version), MaxWait: onlineTimeout / 2})
	report.Destinations = make([]destinationReport, len(c.Destinations))
	var wait sync.WaitGroup
	for i, d := range c.Destinations {
		wait.Go(func() {
			report.Destinations[i] = destinationReport{Name: d.Name, Service: d.Service, Channel: d.Channel, Alive: true}
			if err := destinations[d.Name].Alive(ctx); err != nil {
				report.Destinations[i].Alive, report.Destinations[i].Error = false, err.Error()
			}
		})
	}
	wait.Go(func() {
		account := e.lookAtAlarms(ctx, targets)
		report.Account = &account
	})
	wait.Wait()
	for _, d := range report.Destinations {
		report.OK = report.OK && d.Alive
	}
}

// text tells the report to people.
func (r checkReport) text() string {
	var w strings.Builder
	fmt.Fprintf(&w, "✓ %s: %s\n", inOneLine(r.Config), r.Summary)
	for _, d := range r.Destinations {
		said := "the webhook is alive"
		if d.Channel != "" {
			said = "the bot's token is good, and Slack knows channel " + d.Channel
		}
		if !d.Alive {
			said = d.Error
		}
		fmt.Fprintf(&w, "%s %s (%s): %s\n", tick(d.Alive), inOneLine(d.Name), d.Service, inOneLine(said))
	}
	if r.Account != nil {
		r.Account.write(&w)
	}
	return w.String()
}
