package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// redriveFlags are what redrive is asked for.
type redriveFlags struct {
	queueFlags
	choice
	yes    bool
	dryRun bool
	asJSON bool
}

func newRedrive(e *env) *cobra.Command {
	var flags redriveFlags
	cmd := &cobra.Command{
		Use:   "redrive [ID...]",
		Short: "Put dead letters back into the queue",
		Long: `redrive moves letters from the dead-letter queue back into the queue that invokes the
function: those named by id (as much of it as alarmrelay dead shows), those that
pass the filters, or --all. Each goes with its attributes, so that one which a
destination was not told goes to that destination only; one that was handed out
too often goes to all destinations that lack it. What a destination has been told
is not told again, as long as the relay's store remembers it.

A letter is first sent, then deleted. If that is interrupted in between, a copy stays
in the dead-letter queue; moving it later tells nobody twice, for the same reason.
What comes into the dead-letter queue meanwhile is left alone, so letters that fail
again don't go round in circles. SQS's own redrive can't choose, and needs to be told
where to for letters that the relay has put there; so this is done one way for all.

The role needs what alarmrelay dead needs, sqs:DeleteMessage on the dead-letter queue
and sqs:SendMessage on the other.`,
		Example: `  alarmrelay redrive --stack alarmrelay --all
  alarmrelay redrive --stack alarmrelay 3f2a9c10 77b01d5e
  alarmrelay redrive --stack alarmrelay --destination ops --newer-than 12h --dry-run`,
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.ids = args
			return e.redrive(cmd.Context(), flags)
		},
	}
	flags.addQueues(cmd, true)
	flags.addFilters(cmd)
	cmd.Flags().BoolVar(&flags.all, "all", false, "move every letter")
	cmd.Flags().BoolVarP(&flags.yes, "yes", "y", false, "don't ask before moving all")
	cmd.Flags().BoolVar(&flags.dryRun, "dry-run", false, "say what would be moved, and move nothing")
	addJSONFlag(cmd, &flags.asJSON)
	return cmd
}

// redriveReport is what a redrive came to.
type redriveReport struct {
	DryRun  bool     `json:"dry_run"`
	Moved   int      `json:"moved"`
	Failed  int      `json:"failed"`
	Left    int      `json:"left"`    // in the dead-letter queue, those that failed included
	Hidden  int      `json:"hidden"`  // about so many more are in somebody else's hands
	Letters []letter `json:"letters"` // that were chosen
}

func (e *env) redrive(ctx context.Context, flags redriveFlags) error {
	passes, err := flags.checked(e)
	if err != nil {
		return err
	}
	q, err := flags.open(ctx, e, true)
	if err != nil {
		return err
	}
	all, depth, err := e.look(ctx, q.dead, 0)
	if err != nil {
		return err
	}
	chosen, err := flags.of(all, passes)
	if err != nil {
		return err
	}
	report := redriveReport{DryRun: flags.dryRun, Left: len(all), Hidden: depth.Hidden, Letters: chosen}
	if !flags.dryRun && len(chosen) > 0 {
		if flags.all && !flags.yes {
			question := fmt.Sprintf("move %s from %s to %s, to be told now?", count(len(chosen), "letter"), q.dead.Name(), q.input.Name())
			if err := e.ask(ctx, question, errors.New("nothing was moved")); err != nil {
				return err
			}
		}
		report.fill((&move{queues: q, depth: depth, progress: newProgress(e)}).run(ctx, chosen))
	}
	if flags.asJSON {
		err = writeJSON(e.stdout, report)
	} else {
		err = report.write(e, newLetterTable(e, all), q)
	}
	if err == nil && report.Failed > 0 {
		return errTold
	}
	return err
}

// checked refuses flags that contradict one another, and returns what a letter has to pass.
func (f *redriveFlags) checked(e *env) (passes func(letter) bool, err error) {
	if passes, err = f.test(e.now()); err != nil {
		return nil, err
	}
	if err := f.choice.check(); err != nil {
		return nil, err
	}
	if f.all && !f.yes && !f.dryRun && !e.asking {
		return nil, misuse("--all asks before it moves, and there is no terminal to ask on: say --yes")
	}
	return passes, f.queueFlags.check(e, true)
}

// fill notes what became of the letters, whose errors are given by id.
func (r *redriveReport) fill(failed map[string]error) {
	for i, l := range r.Letters {
		if err := failed[l.ID]; err != nil {
			r.Letters[i].Error = err.Error()
			r.Failed++
		}
	}
	r.Moved = len(r.Letters) - r.Failed
	r.Left -= r.Moved
}

// write tells the report to people.
func (r redriveReport) write(e *env, table letterTable, q queues) error {
	if r.DryRun && len(r.Letters) > 0 {
		if err := table.write(e.stdout, r.Letters); err != nil {
			return err
		}
	}
	for _, l := range r.Letters {
		if l.Error != "" {
			fmt.Fprintf(e.stdout, "✗ %s %s: %s\n", inOneLine(l.short(table.id)), inOneLine(l.subject()), inOneLine(l.Error))
		}
	}
	moved, number, left := "moved", r.Moved, r.Left
	if r.DryRun {
		moved, number, left = "would move", len(r.Letters), r.Left-len(r.Letters)
	}
	said := fmt.Sprintf("%s %s from %s to %s", count(number, "letter"), moved, q.dead.Name(), q.input.Name())
	if len(r.Letters) == 0 {
		said = "no letter is chosen"
	}
	if r.Failed > 0 {
		said += fmt.Sprintf(", %d failed", r.Failed)
	}
	_, err := fmt.Fprintf(e.stdout, "%s %s, %d left%s\n", tick(r.Failed == 0), said, left, aside(r.Hidden))
	return err
}
