package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"alarmrelay/relay/rule"
)

// The exit codes.
const (
	exitDone    = 0
	exitFailure = 1
	exitMisuse  = 2
)

// run runs one command and returns its exit code.
func run(ctx context.Context, e *env) int {
	root, started := newRoot(e)
	ran, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	// Before a command has started, only its arguments can be wrong.
	if _, misused := errors.AsType[*misuseError](err); !*started || misused {
		fmt.Fprintf(e.stderr, "%s: %s\nsee %s --help\n", ran.CommandPath(), strings.TrimSpace(visible(err.Error())), ran.CommandPath())
		return exitMisuse
	}
	if problems, ok := errors.AsType[rule.Errors](err); ok {
		fmt.Fprintln(e.stderr, visible(problems.Error())) // as file:line:column, for editors
	} else if !errors.Is(err, errTold) {
		fmt.Fprintf(e.stderr, "%s: %s\n", ran.CommandPath(), visible(err.Error()))
	}
	return exitFailure
}

// errTold ends a command that failed and has said why.
var errTold = errors.New("told already")

// misuseError is a command asked for something that it does not do.
type misuseError struct{ text string }

func (e *misuseError) Error() string { return e.text }

func misuse(format string, args ...any) error { return &misuseError{fmt.Sprintf(format, args...)} }

// newRoot builds the command line; started tells whether a command has begun its work.
func newRoot(e *env) (root *cobra.Command, started *bool) {
	started = new(bool)
	root = &cobra.Command{
		Use:   "alarmrelay",
		Short: "CloudWatch alarms to Discord and Slack",
		Long: `alarmrelay tells CloudWatch alarms, and what else AWS announces, to people in
Discord and Slack. The function in AWS does the work; this command shows on your
desk what it does, with the same code.`,
		Example: `  alarmrelay demo                            everything at once: no account, no webhook
  alarmrelay init                            set one up, ready to be deployed
  alarmrelay preview sns-alarm-cpu-high      what a sample event would look like
  alarmrelay explain event.json              which rule takes it, and why
  alarmrelay check alarmrelay.yaml           is the configuration right?
  alarmrelay send --to ops event.json        for real
  alarmrelay test-alarm                      let an alarm fire, in AWS
  alarmrelay dead --stack alarmrelay         what could not be delivered, and why
  alarmrelay redrive --stack alarmrelay      put it back into the queue
  alarmrelay ack prod-db-cpu                 I take care of it
  alarmrelay mute 'prod-*' --for 1h --why .. nothing of it for a while
  alarmrelay cost --alarms 1000              what a month costs`,
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
		PersistentPreRun:           func(*cobra.Command, []string) { *started = true },
		Args:                       cobra.ArbitraryArgs,
	}
	root.RunE = func(_ *cobra.Command, args []string) error { return unknownCommand(root, args) }
	root.SetArgs(e.args)
	root.SetIn(e.stdin)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	root.AddCommand(newDemo(e), newInit(e), newPreview(e), newExplain(e), newCheck(e), newSend(e), newTestAlarm(e), newDead(e), newRedrive(e),
		newAck(e), newMute(e), newUnmute(e), newCost(e), newVersion(e))
	askForShell(root)
	return root, started
}

// askForShell makes cobra's completion command refuse a shell that it does not know.
func askForShell(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args = cobra.ArbitraryArgs
			c.RunE = func(*cobra.Command, []string) error { return misuse("which shell? bash, zsh, fish or powershell") }
		}
	}
}

// unknownCommand says what else there is.
func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return misuse("which command? there are demo, init, preview, explain, check, send, test-alarm, dead, redrive, ack, mute, unmute, cost and version")
	}
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		return misuse("no command %q; did you mean %s?", args[0], strings.Join(near, " or "))
	}
	return misuse("no command %q", args[0])
}

// atLeastOneEvent is what commands that read events ask of their arguments.
func atLeastOneEvent(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return misuse("which event? name a file, a sample such as sns-alarm-cpu-high, or - for standard input")
	}
	return nil
}
