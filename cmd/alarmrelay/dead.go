package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"alarmrelay/relay/cloud/account"
)

// deadFlags are what dead is asked for.
type deadFlags struct {
	queueFlags
	filters
	limit  int
	asJSON bool
}

func newDead(e *env) *cobra.Command {
	var flags deadFlags
	cmd := &cobra.Command{
		Use:   "dead",
		Short: "List what could not be delivered, and why",
		Long: `dead lists what lies in the dead-letter queue: which alert, which destination was not
told, why, and how often it was tried. The relay puts an alert there for each
destination that it gave up; the queue itself puts there what was handed out too
often without being finished, and then any destination may lack it.

A queue shows its messages only by handing them out. So they are hidden from others
while they are listed (for half a minute or more, if the command is killed), and their
receive counts rise by one. Region and credentials are found as by every AWS tool
(AWS_PROFILE, AWS_REGION ...). The role needs sqs:GetQueueAttributes,
sqs:ReceiveMessage and sqs:ChangeMessageVisibility, and for --stack
cloudformation:DescribeStacks.`,
		Example: `  alarmrelay dead --stack alarmrelay
  alarmrelay dead --stack alarmrelay --destination ops --newer-than 2d
  alarmrelay dead --dead-letter-queue https://sqs.ap-northeast-2.amazonaws.com/111122223333/alarmrelay-dead --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return e.dead(cmd.Context(), flags) },
	}
	flags.addQueues(cmd, false)
	flags.addFilters(cmd)
	cmd.Flags().IntVar(&flags.limit, "limit", 0, "look at no more than `N` letters; 0 for all")
	addJSONFlag(cmd, &flags.asJSON)
	return cmd
}

// deadReport is what lies in a dead-letter queue.
type deadReport struct {
	Letters  []letter `json:"letters"`
	LookedAt int      `json:"looked_at"` // before filters
	Unseen   int      `json:"unseen"`    // about so many more there are, because of a limit
	Hidden   int      `json:"hidden"`    // about so many are in somebody else's hands
}

func (e *env) dead(ctx context.Context, flags deadFlags) error {
	passes, err := flags.test(e.now())
	if err != nil {
		return err
	}
	if flags.limit < 0 {
		return misuse("--limit %d: 0 or more", flags.limit)
	}
	if err := flags.check(e, false); err != nil {
		return err
	}
	q, err := flags.open(ctx, e, false)
	if err != nil {
		return err
	}
	met, depth, err := e.look(ctx, q.dead, flags.limit)
	if err != nil {
		return err
	}
	all := met
	if flags.limit > 0 {
		all = met[:min(flags.limit, len(met))]
	}
	report := deadReport{Letters: those(all, passes), LookedAt: len(all), Hidden: depth.Hidden}
	if len(all) == flags.limit {
		report.Unseen = max(0, depth.Visible-len(all))
	}
	if flags.asJSON {
		return writeJSON(e.stdout, report)
	}
	return report.write(e, newLetterTable(e, met), q.dead.Name())
}

// look returns what lies in a dead-letter queue, the oldest first, and leaves it there. Where there is a limit, it
// stops once it has met as many, so a few more may come along.
func (e *env) look(ctx context.Context, dead *account.Queue, limit int) (letters []letter, depth account.Depth, err error) {
	if depth, err = dead.Depth(ctx); err != nil {
		return nil, depth, err
	}
	if depth.DeadLetters != "" {
		return nil, depth, fmt.Errorf("queue %s is no dead-letter queue: what it gives up goes to %s", dead.Name(), depth.DeadLetters)
	}
	p := newProgress(e)
	defer p.clear()
	letters = []letter{}
	err = dead.Walk(ctx, depth, func(batch []account.Letter) bool {
		for _, l := range batch {
			letters = append(letters, newLetter(l.Message))
		}
		p.say("%d of about %d looked at", len(letters), max(depth.Visible, len(letters)))
		return limit == 0 || len(letters) < limit
	})
	if back := dead.PutBack(ctx); back != nil {
		p.clear()
		fmt.Fprintf(e.stderr, "the letters stay hidden for some time: %s\n", inOneLine(back.Error()))
	}
	if err != nil {
		return nil, depth, wordInterrupt(ctx, err)
	}
	byTime(letters)
	return letters, depth, nil
}

// wordInterrupt words the end of a context for who ended it.
func wordInterrupt(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted: %w", context.Cause(ctx))
	}
	return err
}

// write tells the report to people.
func (r deadReport) write(e *env, table letterTable, name string) error {
	if len(r.Letters) > 0 {
		if err := table.write(e.stdout, r.Letters); err != nil {
			return err
		}
	}
	said := count(len(r.Letters), "letter")
	if r.LookedAt > len(r.Letters) {
		said = fmt.Sprintf("%d of %s", len(r.Letters), count(r.LookedAt, "letter"))
	}
	if r.LookedAt == 0 {
		said = "nothing"
	}
	said += " in " + name
	if r.Unseen > 0 {
		said += fmt.Sprintf("; about %d more were not looked at", r.Unseen)
	}
	_, err := fmt.Fprintln(e.stdout, said+aside(r.Hidden))
	return err
}

// aside tells of letters that nobody else can be shown at the moment.
func aside(hidden int) string {
	if hidden == 0 {
		return ""
	}
	return fmt.Sprintf("; about %d more are in somebody's hands, look again in a minute", hidden)
}
