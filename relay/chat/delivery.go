package chat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"alarmrelay/relay"
)

// delivery is one message, or other request, on its way: what is sent next,
// and what was tried already.
type delivery struct {
	call    call
	plain   func() (*body, error) // makes what is sent when the service refuses call's body; nil when there is none, or no more
	channel string                // Discord: where the message to edit or delete was posted

	patience  patience
	requests  int
	failures  int  // answers and silences that a later try may mend
	crashes   int  // those of them that were status 500
	searched  bool // the message was looked for in channel as well
	refetched bool // the address was fetched anew
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
func (w *Webhook) deliver(ctx context.Context, d *delivery) (answer, error) {
	if err := w.takeTurn(ctx); err != nil {
		return answer{}, err
	}
	defer w.endTurn()
	if err := w.resolve(ctx); err != nil {
		return answer{}, err
	}
	d.patience = patience{left: w.options.MaxWait, reserve: w.options.Reserve}
	for {
		if err := w.waitForLimits(ctx, d); err != nil {
			return answer{}, err
		}
		d.requests++
		a, err := w.exchange(ctx, w.address, d.call)
		w.pace.note(d.call.method, a, time.Now())
		if err != nil {
			err = d.retryUnreached(ctx, err)
		} else {
			v := judge(w.service, a)
			if v.kind == accepted {
				return a, nil
			}
			err = w.react(ctx, d, a.status, v)
		}
		if err != nil {
			return answer{}, err
		}
	}
}

// react prepares the next try after an answer that was no success, or returns
// the error with which the delivery ends.
func (w *Webhook) react(ctx context.Context, d *delivery, status int, v verdict) error {
	v.code, v.detail = w.address.hide(v.code), cut(w.address.hide(v.detail), maxDetail)
	switch v.kind {
	case limited:
		w.noteLimit(v)
		return nil
	case oldMessage:
		return &relay.LimitError{RetryAfter: orElse(v.after, time.Minute)}
	case blocked:
		pause := min(orElse(v.after, blockPause()), maxBlock)
		w.options.Gate.block(w.service, time.Now().Add(pause))
		return &relay.BlockedError{RetryAfter: pause}
	case down:
		if status == 500 {
			d.crashes++
		}
		if d.crashes == 2 && d.plain != nil {
			// Some payloads crash the service every time they are sent:
			// https://github.com/discord/discord-api-docs/issues/8554
			if err := d.sendPlain(); err != nil {
				return err
			}
			d.failures = maxFailures - 2 // one more try
		}
		return d.retryLater(ctx, v.after, fmt.Errorf("the service is down: status %d", status))
	case unclear:
		return &relay.UncertainError{Err: fmt.Errorf("status %d with a web page instead of an answer", status)}
	case redirected:
		return fmt.Errorf("the service answered with a redirect (status %d), which is not followed", status)
	}
	return w.reroute(ctx, d, status, v)
}

// reroute answers refusals: of the message, of its thread, of the webhook.
func (w *Webhook) reroute(ctx context.Context, d *delivery, status int, v verdict) error {
	wrongThread := v.kind == misplaced || v.code == unknownChannel
	switch {
	case v.kind == gone, wrongThread && d.searched:
		return d.searchChannel()
	case wrongThread && d.call.target.thread != "":
		d.call.target.thread = ""
		return nil
	case v.kind == misplaced: // the channel is of another type than its owner thinks
		return &relay.DeadError{Status: status, Code: v.code}
	case v.kind == dead:
		return w.refetch(ctx, d, &relay.DeadError{Status: status, Code: v.code})
	case v.kind == refused && d.plain != nil:
		return d.sendPlain()
	}
	return &relay.RefusedError{Status: status, Code: v.code, Detail: v.detail}
}

// sendPlain goes on with the simplest form of the message. That is done once.
func (d *delivery) sendPlain() error {
	plain, err := d.plain()
	if err != nil {
		return err
	}
	d.call.body, d.plain = plain, nil
	d.call.target.components = false
	return nil
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
func (w *Webhook) refetch(ctx context.Context, d *delivery, dead error) error {
	if d.refetched {
		return dead
	}
	d.refetched = true
	fetched, err := w.fetchAddress(ctx)
	if err != nil {
		return fmt.Errorf("%w; looked for a new one: %w", dead, err)
	}
	if *fetched == *w.address {
		return dead
	}
	w.address, w.pace = fetched, pace{}
	return nil
}

// waitForLimits returns when the webhook may be used, a [relay.LimitError] when
// that takes longer than there is time, or a [relay.BlockedError] while the service
// turns our address away.
func (w *Webhook) waitForLimits(ctx context.Context, d *delivery) error {
	for {
		if pause := w.options.Gate.blockedFor(w.service); pause > 0 {
			return &relay.BlockedError{RetryAfter: pause}
		}
		free := later(w.pace.until(d.call.method), w.options.Gate.until(w.service))
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
func (w *Webhook) noteLimit(v verdict) {
	until := time.Now().Add(orElse(v.after, time.Second))
	w.pace.hold(until)
	if v.global {
		w.options.Gate.close(w.service, until)
	}
}

// retryUnreached tries again after no answer came, unless a message may have
// been posted. An edit does no harm when it is made twice.
func (d *delivery) retryUnreached(ctx context.Context, err error) error {
	if errors.As(err, new(*relay.UncertainError)) && d.call.method == http.MethodPost || ctx.Err() != nil {
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

func orElse(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}
