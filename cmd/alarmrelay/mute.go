package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/spf13/cobra"

	"alarmrelay/relay"
	"alarmrelay/relay/incident"
)

// muteFlags are what mute is asked for.
type muteFlags struct {
	orderFlags
	alarm, long, why, by string
	list                 bool
}

func newMute(e *env) *cobra.Command {
	var flags muteFlags
	cmd := &cobra.Command{
		Use:   "mute NAME --for DURATION --why TEXT",
		Short: "Keep an alarm from posting for a while",
		Long: `mute keeps an alarm from posting and pinging for a while. Messages that are there
already still change, so that a recovery is seen; what still fires when the time is
over is told then. The daily summary names what is muted, until when, by whom and why.
A mute of the same name or pattern replaces the one before; unmute ends it.

NAME is the alarm's name, or a pattern as in rules: prod-*, or /^(api|web)-/. In the
shell a pattern stands in quotes. A mute lasts a minute to 30 days: what is to be quiet
for good, or every night, is a matter of the rules (mute, ignore).

--list shows what is muted by order.

The deployed function is invoked and does it. It is the output FunctionArn of the stack
that samconfig.toml in this folder names, else of the stack alarmrelay; --function names
another. Region and credentials are found as by every AWS tool (AWS_PROFILE, AWS_REGION
...). The role needs lambda:InvokeFunction on the function's alias live, and without
--function cloudformation:DescribeStacks.`,
		Example: `  alarmrelay mute prod-db-cpu --for 1h --why "moving the database"
  alarmrelay mute 'staging-*' --for 2d --why "load test" --by mina
  alarmrelay mute --list`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.read(e, cmd, args); err != nil {
				return err
			}
			if flags.list {
				return e.listMutes(cmd.Context(), flags.orderFlags)
			}
			return e.mute(cmd.Context(), flags)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&flags.long, "for", "", "how `LONG`, such as 30m, 1h30m or 2d; 30 days at most")
	cmd.Flags().StringVar(&flags.why, "why", "", "why, in a `TEXT` that others read")
	cmd.Flags().StringVar(&flags.by, "by", "", "`WHO` wants it (default: the name you are signed in with here, $USER)")
	cmd.Flags().BoolVar(&flags.list, "list", false, "show what is muted now")
	return cmd
}

// read takes the argument, and refuses flags that contradict it or one another.
func (f *muteFlags) read(e *env, cmd *cobra.Command, args []string) error {
	if f.list {
		others := []string{"for", "why", "by"}
		if len(args) > 0 || slices.ContainsFunc(others, cmd.Flags().Changed) {
			return misuse("--list shows what is muted, and mutes nothing: leave out the rest")
		}
		return nil
	}
	if err := oneAlarm(cmd, args); err != nil {
		return err
	}
	f.alarm, f.why, f.by = args[0], strings.TrimSpace(f.why), whoAsks(e, f.by)
	switch {
	case f.long == "":
		return misuse("for how long? --for 30m, 1h30m or 2d")
	case f.why == "":
		return misuse("why? say it with --why, for those who wonder why it is quiet")
	case f.by == "":
		return misuse("who wants it? this machine does not say who you are: say --by NAME")
	}
	return nil
}

func (e *env) mute(ctx context.Context, flags muteFlags) error {
	answer, err := e.order(ctx, flags.orderFlags, relay.Order{Do: relay.OrderMute, Alarm: flags.alarm, For: flags.long, Why: flags.why, By: flags.by})
	if err != nil {
		return err
	}
	if flags.asJSON {
		return writeJSON(e.stdout, answer)
	}
	if len(answer.Mutes) == 0 {
		return errors.New("the function muted nothing")
	}
	for _, m := range answer.Mutes {
		line := fmt.Sprintf("%s is muted until %s. What still fires then is told then; alarmrelay unmute ends it before.", m.Alarm, when(e, m.Until))
		fmt.Fprintf(e.stdout, "%s %s\n", tick(true), inOneLine(line))
	}
	return nil
}

func (e *env) listMutes(ctx context.Context, flags orderFlags) error {
	answer, err := e.order(ctx, flags, relay.Order{Do: relay.OrderMutes})
	if err != nil {
		return err
	}
	if flags.asJSON {
		if answer.Mutes == nil {
			answer.Mutes = []incident.Mute{}
		}
		return writeJSON(e.stdout, map[string]any{"mutes": answer.Mutes})
	}
	if len(answer.Mutes) == 0 {
		_, err := fmt.Fprintln(e.stdout, "nothing is muted by order; what rules mute stands in the configuration")
		return err
	}
	slices.SortFunc(answer.Mutes, func(a, b incident.Mute) int { return a.Until.Compare(b.Until) })
	bold := lipgloss.NewRenderer(e.stdout).NewStyle().Bold(true)
	for _, m := range answer.Mutes {
		_, err = fmt.Fprintf(e.stdout, "%s  until %s\n  %s\n", bold.Render(inOneLine(m.Alarm)), when(e, m.Until), inOneLine(m.Why+", says "+m.By))
	}
	return err
}
