package relay

import (
	"context"
	"errors"
	"slices"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay/incident"
)

const (
	// settled is how old what people know of an alarm is before CloudWatch is asked whether it is still so: until then
	// the queue may bring news.
	settled = 10 * time.Minute
	// underway is how long a notification may take: what changed just now is not told instead of it.
	underway = 2 * time.Minute
	// asking is how long CloudWatch may take to answer one question of a tick, whatever number of pages that has.
	asking = 5 * time.Second
)

// round is one tick: it looks after all that is open.
type round struct {
	*call
	sources []string
	open    []*trouble
	behind  map[string][]incident.ID // whose messages have to be changed yet, by destination
	mutes   incident.Mutes
	aws     standings
	firing  []Standing // all that are in ALARM; nil where CloudWatch was not asked, or did not answer
}

// tick looks after what is open, part by part: what one of them meets does not keep the others from their work. What there is no time
// for, the next tick does.
func (c *call) tick(sources []string) error {
	clock, err := c.beginTick()
	if clock == nil || err != nil {
		return err
	}
	r := &round{call: c, sources: sources}
	r.part("read what is open", r.look)
	r.part("ask CloudWatch", r.ask)
	r.part("reconcile", r.reconcile)
	r.part("tell what was muted", func() error { return r.resume(r.open) })
	r.part("change old messages", r.catchUp)
	r.part("announce", r.announce)
	r.part("renew", r.renew)
	r.part("escalate", r.escalate)
	r.part("remind", r.remind)
	r.part("summarise", func() error { return r.summarise(&clock.Is) })
	c.endTick(clock)
	return nil
}

// part does one part of a tick. What goes wrong is logged with what was being done.
func (r *round) part(doing string, do func() error) {
	err := r.safely(doing, do)
	if err != nil {
		r.Log.ErrorContext(r.saving, "tick", "doing", doing, "error", err)
	}
}

var errTicking = errors.New("another tick is at work")

// beginTick claims the tick. It returns nil where another one is at work.
func (c *call) beginTick() (*incident.Known[incident.Clock], error) {
	items, err := c.Store.Read(c.work, incident.ClockID())
	if err != nil {
		return nil, wrap("read when the last tick was", err)
	}
	clock, err := incident.Read[incident.Clock](items[0])
	if err != nil {
		return nil, err
	}
	now, taken := c.Now(), false
	if !clock.Is.Until.After(now) {
		clock.Is.Tick(now, c.Rules.Summary != nil)
		clock.Is.Until = c.until()
		stale, err := c.Store.Write(c.work, clock.Packed(now.Add(incident.Keep)))
		if err != nil {
			return nil, wrap("claim the tick", err)
		}
		taken = len(stale) == 0
	}
	if !taken {
		c.Log.InfoContext(c.work, "tick", "skipped", errTicking)
		return nil, nil
	}
	return clock, nil
}

func (c *call) endTick(clock *incident.Known[incident.Clock]) {
	clock.Is.Until = time.Time{}
	if _, err := c.Store.Write(c.saving, clock.Packed(c.Now().Add(incident.Keep))); err != nil {
		c.Log.WarnContext(c.saving, "tick not noted", "error", err)
	}
}

// look reads what is open, and what is muted by order.
func (r *round) look() (err error) {
	all, err := r.listed()
	if err != nil {
		return err
	}
	r.behind = behind(all)
	r.open = slices.DeleteFunc(all, func(t *trouble) bool { return !t.known.IsTrouble() })
	if r.mutes, err = r.readMutes(r.work); err != nil {
		return err
	}
	r.counts.Ticks = 1
	return nil
}

// ask asks CloudWatch how the alarms stand.
func (r *round) ask() (err error) {
	if r.Alarms == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.work, asking)
	defer cancel()
	r.aws, err = r.standingsOf(ctx, r.open)
	for _, t := range r.open {
		if now, ok := r.aws.of(t.alert); ok {
			t.over, t.quiet = now.State != alert.StateAlarm, now.quiet != ""
		}
	}
	return err
}

// say tells what a tick found out, as if it had come by the queue.
func (r *round) say(tellings []*telling) {
	r.deliver(tellings)
	r.addLateGraphs()
	r.touchUp()
	for _, t := range tellings {
		r.logFound(t)
	}
}

// noteTicked notes what matters later of an alert that a tick told: its notification may still come, and people had no chance to take
// care of the alarm before.
func (s *session) noteTicked(e *entry, t *telling) {
	i := &s.incidents[t.id()].Is
	if t.found != nil {
		i.Found = t.found
	}
	if t.piece.ticked && e.plan != nil && e.plan.Post != nil && t.alert.State == alert.StateAlarm && i.Episode != nil {
		i.Episode.Alone = s.Now()
	}
}

func (r *round) logFound(first *telling) {
	t := first.last()
	fields := []any{"alert", t.alert.Key, "change", t.alert.Change, "destination", t.delivery.Destination}
	switch {
	case t.fate == told:
		r.Log.InfoContext(r.saving, "delivered", append(fields, "found by", "tick")...)
	case t.isDone():
	default:
		r.Log.WarnContext(r.saving, "not delivered", append(fields, "found by", "tick", "error", t.why)...)
		if wasTried(t.why) {
			r.count(t.delivery.Destination, func(d *Deliveries) { d.Failed++; d.Retried++ })
		}
	}
}
