package chat

import (
	"context"
	"errors"
	"net/http"

	"alarmrelay/formatter"
	"alarmrelay/relay"
)

// errArchived means that the message to edit is in a thread that was archived, where nothing can be changed.
var errArchived = errors.New("the thread of the message is archived")

func (d *delivery) isArchived(v verdict) bool {
	return v.code == threadArchived && d.call.method == http.MethodPatch && d.call.target.thread != ""
}

// awake does something in an archived thread. Only a post opens it again, which nobody is notified of and which
// is taken back at once: https://docs.discord.com/developers/resources/webhook#execute-webhook
// The error wraps [relay.ErrGone] where the thread stays shut.
func (w *Webhook) awake(ctx context.Context, thread string, do func() error) error {
	d := &delivery{call: call{method: http.MethodPost, target: target{wait: true, thread: thread}}, stays: true}
	d.draft = &draft{
		payload: map[string]any{"content": "…", "flags": flagSilent, "allowed_mentions": map[string]any{"parse": []string{}}},
		encode:  func(payload any, _ []formatter.File) (*body, error) { return encodeBody(payload, nil) },
	}
	a, err := w.deliver(ctx, d)
	if err != nil {
		return err
	}
	err = do()
	if errors.Is(err, errArchived) {
		err = relay.ErrGone
	}
	if ref := a.ref(); ref.Message != "" {
		_ = w.Delete(ctx, ref) // what stays behind harms nobody
	}
	return err
}
