package chat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
)

// delivery is one message, or other request, on its way: what is sent next,
// and what was tried already.
type delivery struct {
	call    call
	draft   *draft // what call's body is made of; nil for none
	channel string // Discord: where the message to edit or delete was posted
	detour  detour // Discord: where a new message goes instead
	stays   bool   // Discord: it goes to its thread or nowhere

	patience  patience
	requests  int
	failures  int  // answers and silences that a later try may mend
	crashes   int  // those of them that were status 500
	searched  bool // the message was looked for in channel as well
	refetched bool // the address was fetched anew
}

// draft is what a message says, and how a body is made of it.
type draft struct {
	payload any
	files   []formatter.File
	plain   func() any // what is said when the service refuses payload; nil when there is nothing, or no more
	encode  func(payload any, files []formatter.File) (*body, error)
}

const (
	// maxFailures is how often a service that is down is tried in all.
	maxFailures = 3
	// maxRequests ends a delivery to a service that answers in circles.
	maxRequests = 10
	// maxDetail is how many characters of a refusal are retold. What is secret is
	// hidden before the cut, which could leave half of it otherwise.
	maxDetail = 300
)

// deliver makes requests until the service accepts one, or until no further
// one would help or there is no time for it.
func (l *line) deliver(ctx context.Context, d *delivery) (answer, error) {
	if err := d.write(); err != nil {
		return answer{}, err
	}
	if err := l.takeTurn(ctx); err != nil {
		return answer{}, err
	}
	defer l.endTurn()
	if err := l.resolve(ctx); err != nil {
		return answer{}, err
	}
	d.patience = patience{left: l.options.MaxWait, reserve: l.options.Reserve}
	for {
		if err := l.waitForLimits(ctx, d); err != nil {
			return answer{}, err
		}
		d.requests++
		a, err := l.exchange(ctx, l.address, d.call)
		l.pace.note(d.call.method, a, time.Now())
		if err != nil {
			err = d.retryUnreached(ctx, err)
		} else {
			v := l.verdict(a)
			if v.kind == accepted {
				return a, nil
			}
			err = l.react(ctx, d, a.status, v)
		}
		if err != nil {
			return answer{}, err
		}
	}
}

// react prepares the next try after an answer that was no success, or returns
// the error with which the delivery ends.
func (l *line) react(ctx context.Context, d *delivery, status int, v verdict) error {
	v.code, v.detail = l.address.hide(v.code), cut(l.address.hide(v.detail), maxDetail)
	switch v.kind {
	case limited:
		l.noteLimit(v)
		return nil
	case oldMessage:
		return &relay.LimitError{RetryAfter: orElse(v.after, time.Minute), Message: true}
	case blocked:
		pause := min(orElse(v.after, blockPause()), maxBlock)
		l.options.Gate.block(l.service, time.Now().Add(pause))
		return &relay.BlockedError{RetryAfter: pause}
	case down:
		if status == 500 {
			d.crashes++
		}
		if d.crashes == 2 && d.hasPlain() {
			// Some payloads crash the service every time they are sent:
			// https://github.com/discord/discord-api-docs/issues/8554
			if err := d.sendPlain(); err != nil {
				return err
			}
			d.failures = maxFailures - 2 // one more try
		}
		return d.retryLater(ctx, v.after, fmt.Errorf("the service is down: %s", outcome(status, v.code)))
	case halved:
		return d.retryLater(ctx, 0, fmt.Errorf("the answer was cut off behind its status %d", status))
	case unclear:
		return &relay.UncertainError{Err: fmt.Errorf("status %d without an answer of the service's", status)}
	case redirected:
		return fmt.Errorf("the service answered with a redirect (status %d), which is not followed", status)
	}
	return l.reroute(ctx, d, status, v)
}

// reroute answers refusals: of the message, of its thread, of the webhook.
func (l *line) reroute(ctx context.Context, d *delivery, status int, v verdict) error {
	wrongThread := v.kind == misplaced || v.code == unknownChannel
	switch {
	case d.isArchived(v):
		return errArchived
	case d.stays && wrongThread:
		return relay.ErrGone
	case d.redirect(v):
		l.tellDetour(ctx, d, v)
		return d.write()
	case v.kind == gone, wrongThread && d.searched:
		return d.searchChannel()
	case wrongThread && d.call.target.thread != "":
		if d.call.method == http.MethodPost {
			l.tellDetour(ctx, d, v)
		}
		return d.leaveThread()
	case v.kind == misplaced: // the channel is of another type than its owner thinks
		return l.deadError(status, v)
	case v.kind == dead:
		return l.refetch(ctx, d, l.deadError(status, v))
	case v.kind == refused && d.hasPlain():
		return d.sendPlain()
	case v.kind == refused && d.untag():
		l.tellDetour(ctx, d, v)
		return d.write()
	}
	return &relay.RefusedError{Status: status, Code: v.code, Detail: v.detail}
}

// sendPlain goes on with the simplest form of the message. That is done once.
func (d *delivery) sendPlain() error {
	d.draft.payload, d.draft.files, d.draft.plain = d.draft.plain(), nil, nil
	d.call.target.components = false
	return d.write()
}

func (d *delivery) hasPlain() bool { return d.draft != nil && d.draft.plain != nil }

// write makes call's body, anew where what it depends on has changed.
func (d *delivery) write() (err error) {
	if d.draft != nil {
		d.call.body, err = d.draft.encode(d.draft.payload, d.draft.files)
	}
	return err
}

// leaveThread goes on with the channel itself.
func (d *delivery) leaveThread() error {
	d.call.target.thread = ""
	return d.write()
}

// searchChannel looks for a message that is not where it should be in the
// thread that it may have opened, which is then the channel it was posted to.
func (d *delivery) searchChannel() error {
	if d.searched || d.channel == "" || d.channel == d.call.target.thread {
		return relay.ErrGone
	}
	d.searched = true
	d.call.target.thread = d.channel
	return nil
}

// refetch goes on with the webhook's new address, if it has one.
func (l *line) refetch(ctx context.Context, d *delivery, dead error) error {
	if d.refetched {
		return dead
	}
	d.refetched = true
	fetched, err := l.fetchAddress(ctx)
	if err != nil {
		return fmt.Errorf("%w; looked for a new one: %w", dead, err)
	}
	if *fetched == *l.address {
		return dead
	}
	l.address, l.pace = fetched, pace{}
	l.home.forget()
	return nil
}

// waitForLimits returns when the webhook may be used, a [relay.LimitError] when
// that takes longer than there is time, or a [relay.BlockedError] while the service
// turns our address away.
func (l *line) waitForLimits(ctx context.Context, d *delivery) error {
	for {
		if pause := l.options.Gate.blockedFor(l.service); pause > 0 {
			return &relay.BlockedError{RetryAfter: pause}
		}
		free := later(l.pace.until(d.call.method), l.options.Gate.until(l.service))
		pause := time.Until(free)
		switch {
		case pause <= 0 && d.requests < maxRequests:
			return nil
		case pause <= 0:
			return fmt.Errorf("no success after %d requests", d.requests)
		case !d.patience.allows(ctx, pause), d.requests >= maxRequests:
			return &relay.LimitError{RetryAfter: pause}
		}
		if err := d.patience.wait(ctx, pause); err != nil {
			return err
		}
	}
}

// noteLimit remembers until when the service wants to be left alone.
func (l *line) noteLimit(v verdict) {
	until := time.Now().Add(orElse(v.after, time.Second))
	l.pace.hold(until)
	if v.global {
		l.options.Gate.close(l.service, until)
	}
}

// retryUnreached tries again after no answer came, unless a message may have
// been posted. An edit does no harm when it is made twice.
func (d *delivery) retryUnreached(ctx context.Context, err error) error {
	if errors.As(err, new(*relay.UncertainError)) && !d.call.repeatable() || ctx.Err() != nil {
		return err
	}
	return d.retryLater(ctx, 0, fmt.Errorf("the service was not reached: %w", err))
}

// retryLater waits for the next try, or returns why when there is to be none.
func (d *delivery) retryLater(ctx context.Context, asked time.Duration, why error) error {
	d.failures++
	pause := max(asked, backOff(d.failures))
	if d.failures >= maxFailures || !d.patience.allows(ctx, pause) {
		return why
	}
	return d.patience.wait(ctx, pause)
}

// outcome is an answer in few words. Slack's Web API answers errors with status 200 and a code.
func outcome(status int, code string) string {
	if status == http.StatusOK {
		return "code " + code
	}
	return fmt.Sprintf("status %d", status)
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}
