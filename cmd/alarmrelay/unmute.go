package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"alarmrelay/relay"
)

func newUnmute(e *env) *cobra.Command {
	var flags orderFlags
	cmd := &cobra.Command{
		Use:   "unmute NAME",
		Short: "End a mute before its time",
		Long: `unmute ends mutes that were made with alarmrelay mute: the one of that name or pattern,
and those of names that a pattern fits, so that '*' ends all. alarmrelay mute --list
shows them. What was muted and still fires is told at once, unless something else mutes
it. What rules mute stays muted.

The deployed function is invoked and does it. It is the output FunctionArn of the stack
that samconfig.toml in this folder names, else of the stack alarmrelay; --function names
another. Region and credentials are found as by every AWS tool (AWS_PROFILE, AWS_REGION
...). The role needs lambda:InvokeFunction on the function's alias live, and without
--function cloudformation:DescribeStacks.`,
		Example: `  alarmrelay unmute prod-db-cpu
  alarmrelay unmute 'staging-*'
  alarmrelay unmute '*'`,
		Args: oneAlarm,
		RunE: func(cmd *cobra.Command, args []string) error { return e.unmute(cmd.Context(), flags, args[0]) },
	}
	flags.add(cmd)
	return cmd
}

func (e *env) unmute(ctx context.Context, flags orderFlags, alarm string) error {
	answer, err := e.order(ctx, flags, relay.Order{Do: relay.OrderUnmute, Alarm: alarm, By: whoAsks(e, "")})
	if err != nil {
		return err
	}
	if flags.asJSON {
		err = writeJSON(e.stdout, answer)
	} else {
		for _, m := range answer.Mutes {
			line := fmt.Sprintf("%s is no longer muted; it was, until %s: %s, says %s", m.Alarm, when(e, m.Until), m.Why, m.By)
			fmt.Fprintf(e.stdout, "%s %s\n", tick(true), inOneLine(line))
		}
	}
	if err == nil && len(answer.Mutes) == 0 {
		err = fmt.Errorf("no mute is made for %s: %s", alarm, meant(alarm, answer.Instead, "nothing is muted by order", "muted are"))
	}
	return err
}
