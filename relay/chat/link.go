package chat

import (
	"context"

	"alarmrelay/relay"
)

// Link implements [relay.Channel].
func (w *Webhook) Link(context.Context, relay.Ref) string { return "" }

// Link implements [relay.Channel]: what is said about a message stands in its thread.
func (b *Bot) Link(context.Context, relay.Ref) string { return "" }
