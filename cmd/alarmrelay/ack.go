package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alarmrelay/relay"
)

// ackFlags are what ack is asked for.
type ackFlags struct {
	orderFlags
	alarm string
	by    string
}

func newAck(e *env) *cobra.Command {
	var flags ackFlags
	cmd := &cobra.Command{
		Use:   "ack NAME",
		Short: "Say that somebody takes care of an alarm",
		Long: `ack says that somebody takes care of an alarm that is open: its message shows who, and
it is neither reminded of nor escalated any more. That holds until it has recovered;
when it fires anew, somebody has to take care of it anew.

NAME is the alarm's name, or a pattern as in rules: prod-*, or /^(api|web)-/. In the
shell a pattern stands in quotes.

The deployed function is invoked and does it. It is the output FunctionArn of the stack
that samconfig.toml in this folder names, else of the stack alarmrelay; --function names
another. Region and credentials are found as by every AWS tool (AWS_PROFILE, AWS_REGION
...). The role needs lambda:InvokeFunction on the function's alias live, and without
--function cloudformation:DescribeStacks.`,
		Example: `  alarmrelay ack prod-db-cpu
  alarmrelay ack 'prod-*' --by mina
  alarmrelay ack prod-db-cpu --function alarmrelay-RelayFunction-1A2B3C4D5E6F`,
		Args: oneAlarm,
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.alarm = args[0]
			return e.ack(cmd.Context(), flags)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&flags.by, "by", "", "`WHO` takes care of it (default: the name you are signed in with here, $USER)")
	return cmd
}

func (e *env) ack(ctx context.Context, flags ackFlags) error {
	who := whoAsks(e, flags.by)
	if who == "" {
		return misuse("who takes care of it? this machine does not say who you are: say --by NAME")
	}
	answer, err := e.order(ctx, flags.orderFlags, relay.Order{Do: relay.OrderAck, Alarm: flags.alarm, By: who})
	if err != nil {
		return err
	}
	if flags.asJSON {
		err = writeJSON(e.stdout, answer)
	} else {
		e.tellAcked(answer.Acked, who)
	}
	if err == nil && len(answer.Acked) == 0 {
		err = fmt.Errorf("no open incident matches %s: %s", flags.alarm, meant(flags.alarm, answer.Instead, "none is open", "open are"))
	}
	return err
}

// tellAcked tells each alarm in one line, whatever the number of destinations that show it.
func (e *env) tellAcked(acked []relay.AckedAlarm, who string) {
	var names []string
	shownAt, since := map[string][]string{}, map[string]time.Time{}
	for _, a := range acked {
		if shownAt[a.Alarm] == nil {
			names = append(names, a.Alarm)
			since[a.Alarm] = a.Since
		}
		shownAt[a.Alarm] = append(shownAt[a.Alarm], a.Destination)
		if a.Since.Before(since[a.Alarm]) {
			since[a.Alarm] = a.Since
		}
	}
	for _, name := range names {
		line := fmt.Sprintf("%s takes care of %s, which fired %s and is shown at %s", who, name, when(e, since[name]), strings.Join(shownAt[name], ", "))
		fmt.Fprintf(e.stdout, "%s %s\n", tick(true), inOneLine(line))
	}
}
