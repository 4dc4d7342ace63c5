package relay

import (
	"context"
	"fmt"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// Channel is one destination as the flow sees it. relay/chat implements it for
// the webhooks of Discord and Slack, and for a bot in a channel of Slack.
//
// Post and Edit wait for a rate limit only while ctx has time for it, and
// return nil only when the service has said that it accepted the message.
// Otherwise the error wraps one of [*LimitError], [*RefusedError],
// [*DeadError], [*BlockedError] and [*UncertainError], or is none of them:
// then the service was down or unreachable and a later try may work. No error
// holds a webhook's address or a bot's token.
type Channel interface {
	Service() formatter.Service
	Post(ctx context.Context, m formatter.Message) (Ref, error)
	// Edit returns ref as it is after the edit, which may have brought another picture. The error wraps
	// [ErrGone] when the message no longer exists, and [errors.ErrUnsupported] where the service cannot edit.
	Edit(ctx context.Context, ref Ref, m formatter.Message) (Ref, error)
	// Link returns the address that shows a message to people; empty where none is known, or the service does
	// not tell in a second. It asks the service once, and again a while after that has failed.
	Link(ctx context.Context, ref Ref) string
}

// Ref names a posted message so that it can be edited. It is zero where the
// service tells none (Slack's incoming webhooks).
type Ref = incident.Ref

// LimitError means that the service's rate limit is met and ctx had no time to wait for it.
type LimitError struct {
	RetryAfter time.Duration
	// Message is whether the limit is on edits of old messages alone: posts and edits of young ones are free.
	Message bool
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("rate limit met: may be tried again in %v", e.RetryAfter)
}

// RefusedError means that the service will not take this message, however often it is sent.
type RefusedError struct {
	Status int
	Code   string // the service's own code: 50035, invalid_blocks
	Detail string // what it said, short and without addresses
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("message refused with status %d, code %s: %s", e.Status, e.Code, e.Detail)
}

// DeadError means that the webhook or the channel does not exist any more, that we may not post there, or that
// the webhook's address or the bot's token is missing or none: only its owner can mend that.
type DeadError struct {
	Status int // 0 when there is no address or token to ask with
	Code   string
	Remedy string // what its owner does about it, where that is known
	Bot    bool   // it is a bot's token, not a webhook's address
}

func (e *DeadError) Error() string {
	switch {
	case e.Bot && e.Status == 0:
		return "bot has no usable token"
	case e.Status == 0:
		return "webhook has no usable address"
	}
	what := "webhook is dead"
	switch {
	case e.Bot:
		what = "bot may not post"
	case e.Remedy != "":
		what = "webhook may not post"
	}
	what += fmt.Sprintf(": status %d, code %s", e.Status, e.Code)
	if e.Remedy != "" {
		what += ": " + e.Remedy
	}
	return what
}

// BlockedError means that the service's front door turned our IP address away
// (Cloudflare in front of Discord), which takes minutes and helps nobody to hurry.
type BlockedError struct{ RetryAfter time.Duration }

func (e *BlockedError) Error() string {
	return fmt.Sprintf("address blocked by the service's front door: may be tried again in %v", e.RetryAfter)
}

// UncertainError means that the request was sent and no whole answer came back: it may
// have been shown.
type UncertainError struct{ Err error }

func (e *UncertainError) Error() string { return "answer lost: " + e.Err.Error() }
func (e *UncertainError) Unwrap() error { return e.Err }

// ErrGone means that the message to edit was deleted.
var ErrGone = fmt.Errorf("message is gone")
