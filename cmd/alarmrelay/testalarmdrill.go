package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"alarmrelay/relay/cloud/account"
)

const (
	// drillPause is between two looks at the history, of whose requests an account has twenty a second:
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
	drillPause = time.Second
	// drillRest is between ALARM and what follows: a topic promises no order, and people want to see it turn.
	drillRest = 3 * time.Second
	// cleanUpTimeout bounds what is done after the command was interrupted.
	cleanUpTimeout = 15 * time.Second
	drillReason    = "alarmrelay test-alarm: a test, nothing is wrong. Somebody set this alarm to %s to see the way to the chat work."
)

// drill sets an alarm to ALARM and back, and tells what becomes of it.
type drill struct {
	*env
	alarms    *account.Alarms
	wait      time.Duration
	quiet     bool
	begun     bool      // there is something to report
	undeleted bool      // the throw-away alarm, though it should be gone
	seen      time.Time // of the newest outcome that belongs to what went before, by CloudWatch's clock
	report    drillReport
}

// say tells how far the drill is.
func (d *drill) say(format string, args ...any) { d.tell(" ", format, args...) }

func (d *drill) tell(mark, format string, args ...any) {
	if !d.quiet {
		fmt.Fprintf(d.stdout, "%s %s %s\n", d.now().Format(time.TimeOnly), mark, inOneLine(fmt.Sprintf(format, args...)))
	}
}

// upAndDown sets the alarm to ALARM and then to the state where it ends. It does not go on where an action failed and
// nothing depends on it; whatever happens, the alarm is not left in ALARM.
func (d *drill) upAndDown(ctx context.Context, end string, onAlarm, onEnd []string) (err error) {
	back := false
	defer func() {
		if !back {
			d.putBack(ctx, end)
		}
	}()
	if err := d.step(ctx, account.StateAlarm, onAlarm); err != nil {
		return err
	}
	if !d.report.allDone() {
		return nil
	}
	if d.wait > 0 {
		sleep(ctx, drillRest)
	}
	err = d.step(ctx, end, onEnd)
	back = err == nil
	return err
}

// putBack sets the alarm to where it was, without a look at what becomes of it.
func (d *drill) putBack(ctx context.Context, state string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer cancel()
	if err := d.alarms.SetState(ctx, d.report.Alarm, state, fmt.Sprintf(drillReason, state)); err != nil {
		d.tell("!", "%v", err)
		return
	}
	d.say("set it back to %s", state)
}

// step sets the alarm to a state, and waits until CloudWatch says what became of each action.
func (d *drill) step(ctx context.Context, state string, actions []string) error {
	begin := d.now()
	if err := d.alarms.SetState(ctx, d.report.Alarm, state, fmt.Sprintf(drillReason, state)); err != nil {
		return wordInterrupt(ctx, err)
	}
	d.say("set it to %s", state)
	s := drillStep{State: state, At: begin.UTC(), Actions: []drillAction{}}
	for _, action := range slices.Compact(slices.Sorted(slices.Values(actions))) {
		s.Actions = append(s.Actions, drillAction{Action: action})
	}
	err := d.awaitOutcomes(ctx, &s)
	for i := range s.Actions {
		if a := &s.Actions[i]; err == nil || a.Outcome != outcomeUnknown {
			d.tellAction(state, a)
		}
	}
	d.report.Steps = append(d.report.Steps, s)
	return err
}

// awaitOutcomes asks the history until it knows every action of a step, or for as long as the drill waits.
func (d *drill) awaitOutcomes(ctx context.Context, s *drillStep) error {
	for begin, newest := d.now(), d.seen; d.wait > 0 && s.open() > 0; sleep(ctx, drillPause) {
		outcomes, err := d.alarms.Outcomes(ctx, d.report.Alarm, d.seen)
		if err != nil || ctx.Err() != nil {
			return wordInterrupt(ctx, err)
		}
		for _, o := range outcomes {
			if s.take(o) && o.At.After(newest) {
				newest = o.At
			}
		}
		if s.open() == 0 || d.now().Sub(begin) >= d.wait {
			d.seen = newest
			break
		}
	}
	if d.wait == 0 {
		s.unwatched()
	}
	return nil
}

func (d *drill) tellAction(state string, a *drillAction) {
	what := spoken(a.Action)
	switch a.Outcome {
	case outcomeDone:
		d.tell("✓", "%s: CloudWatch told %s", state, what)
	case outcomeFailed:
		d.tell("✗", "%s: CloudWatch could not tell %s: %s", state, what, a.Error)
		if hint := hintFor(a.Error); hint != "" {
			d.say("  %s", hint)
		}
	case outcomeUnknown:
		d.tell("!", "%s: CloudWatch has not said in %s what became of telling %s; a mute rule may hold it back", state, d.wait, what)
	}
}

// remove deletes the throw-away alarm, or says how to.
func (d *drill) remove(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer cancel()
	if err := d.alarms.Delete(ctx, d.report.Alarm); err != nil {
		d.report.Left, d.undeleted = true, true
		is := "is"
		if !d.begun { // its making was not answered either
			is = "may be"
		}
		fmt.Fprintf(d.stderr, "the alarm %s %s there still: %s\ndelete it: %s\n", d.report.Alarm, is, inOneLine(err.Error()), d.report.deletion())
		return
	}
	d.say("deleted the alarm")
}
