package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/secret"
)

// Bot is one channel of Slack's, where messages are posted and edited by the Web API with a bot's token. Its
// methods may be called from several goroutines; requests are made one after another, in the order of the calls.
type Bot struct {
	line
	channel string
}

var _ relay.Channel = (*Bot)(nil)

// NewBot returns the channel with this id. fetch gives the bot's token, in a form that [CheckToken] takes; it is
// called when the token is first needed, and again when Slack says that it is not valid or may not post. Its errors are passed on, so
// they must not hold the token.
func NewBot(channel string, fetch func(context.Context) (secret.Value, error), o Options) *Bot {
	b := &Bot{newLine(formatter.ServiceSlack, fetch, o), channel}
	b.bot, b.parse, b.judge = true, parseToken, judgeBot
	return b
}

// Format prints what it is and nothing else of it, with every verb.
func (b *Bot) Format(s fmt.State, _ rune) { fmt.Fprint(s, "Slack bot [secret]") }

// The methods of the Web API that a bot calls.
const (
	methodPost   = slackAPI + "chat.postMessage" // https://docs.slack.dev/reference/methods/chat.postMessage
	methodUpdate = slackAPI + "chat.update"      // https://docs.slack.dev/reference/methods/chat.update
	methodAuth   = slackAPI + "auth.test"        // https://docs.slack.dev/reference/methods/auth.test
	methodTest   = slackAPI + "api.test"         // https://docs.slack.dev/reference/methods/api.test
)

// Post sends a new message, as a reply where m.Thread names a message, and returns what names it.
//
// A message that is refused is sent once more as m.Plain, where there is one. A thread that Slack
// does not take is left out: the message then stands in the channel. See [relay.Channel] for the errors.
func (b *Bot) Post(ctx context.Context, m formatter.Message) (relay.Ref, error) {
	d := &delivery{call: call{method: http.MethodPost, target: target{front: methodPost, thread: m.Thread}}}
	a, err := b.tell(ctx, d, m, func(payload any) any {
		return posted{payload, b.channel, d.call.target.thread, m.Broadcast}
	})
	if err != nil {
		return relay.Ref{}, fmt.Errorf("post to Slack: %w", err)
	}
	said := a.botAnswer()
	if said.TS == "" || said.Channel == "" {
		return relay.Ref{}, nil // the answer was cut off: the message can't be edited later
	}
	return relay.Ref{Message: said.TS, Channel: said.Channel}, nil
}

// Edit replaces all that a message says, but for who said it. See [relay.Channel] for the errors; a message that Slack
// lets nobody edit any more counts as gone, and so does one in a channel that was left and may not be posted to.
func (b *Bot) Edit(ctx context.Context, ref relay.Ref, m formatter.Message) (relay.Ref, error) {
	err := b.update(ctx, ref, m)
	if b.place(ref) != b.channel && errors.As(err, new(*relay.DeadError)) {
		err = relay.ErrGone // which says nothing about this channel
	}
	if err != nil {
		return relay.Ref{}, fmt.Errorf("edit at Slack: %w", err)
	}
	return ref, nil
}

func (b *Bot) update(ctx context.Context, ref relay.Ref, m formatter.Message) error {
	d := &delivery{call: call{method: http.MethodPost, target: target{front: methodUpdate}, same: true}}
	_, err := b.tell(ctx, d, m, func(payload any) any { return updated{payload, b.place(ref), ref.Message} })
	return err
}

// place is the channel that a message was posted in, which the configuration may have left since.
func (b *Bot) place(ref relay.Ref) string {
	if ref.Channel != "" {
		return ref.Channel
	}
	return b.channel
}

// tell delivers m in d, as the body that address makes of a payload.
func (b *Bot) tell(ctx context.Context, d *delivery, m formatter.Message, address func(payload any) any) (answer, error) {
	d.draft = &draft{payload: m.Payload, plain: m.Plain, encode: func(payload any, _ []formatter.File) (*body, error) {
		return encodeBody(address(payload), nil)
	}}
	return b.deliver(ctx, d)
}

// noMessage names a message that no channel has.
const noMessage = "1.000000"

// Alive asks Slack whether the token is good, and then for the edit of a message that is not there: that needs what
// posting needs, and Slack says that the channel is unknown before it says that the message is. It shows nothing to anybody. It
// returns nil when Slack knows both, and otherwise an error as [Bot.Post] does. That the app is not in the channel may stay unseen.
func (b *Bot) Alive(ctx context.Context) error {
	auth := call{method: http.MethodPost, target: target{front: methodAuth}, same: true}
	if _, err := b.deliver(ctx, &delivery{call: auth}); err != nil {
		return fmt.Errorf("look for Slack's bot: %w", err)
	}
	err := b.update(ctx, relay.Ref{Message: noMessage}, formatter.Message{Payload: map[string]string{"text": "?"}})
	if err != nil && !isAboutMessage(err) {
		return fmt.Errorf("look for Slack's channel %s: %w", b.channel, err)
	}
	return nil
}

// isAboutMessage reports whether an error is about a message alone: token and channel are good then.
func isAboutMessage(err error) bool {
	return errors.Is(err, relay.ErrGone) || errors.As(err, new(*relay.RefusedError))
}

// Warm fetches the token and opens the connection that the first message
// will use. It posts nothing; any answer at all is a success.
func (b *Bot) Warm(ctx context.Context) error { return b.warm(ctx, methodTest) }

// PreviewBot returns the path and the body with which a bot posts m in a channel, or edits the message there
// that ts names.
func PreviewBot(channel, ts string, m formatter.Message) (path string, body any) {
	if ts != "" {
		return methodUpdate, updated{m.Payload, channel, ts}
	}
	return methodPost, posted{m.Payload, channel, m.Thread, m.Broadcast}
}

// posted is a message as chat.postMessage takes it.
type posted struct {
	payload         any
	channel, thread string
	broadcast       bool // what stands in the thread is shown in the channel as well
}

func (p posted) MarshalJSON() ([]byte, error) {
	body, err := membersOf(p.payload, "text", "blocks", "attachments", "username", "icon_url", "unfurl_links", "unfurl_media")
	if err != nil {
		return nil, err
	}
	body["channel"] = quoted(p.channel)
	if p.thread != "" {
		body["thread_ts"] = quoted(p.thread)
		if p.broadcast {
			body["reply_broadcast"] = json.RawMessage("true")
		}
	}
	return encodeJSON(body)
}

// updated is a message as chat.update takes it. Slack leaves alone what it is not told, and parse it then reads as
// "client", which looks for names and addresses in the text.
type updated struct {
	payload     any
	channel, ts string
}

func (u updated) MarshalJSON() ([]byte, error) {
	body, err := membersOf(u.payload, "text", "blocks", "attachments")
	if err != nil {
		return nil, err
	}
	body["text"] = or(body["text"], `""`)
	body["blocks"] = or(body["blocks"], "[]")
	body["attachments"] = or(body["attachments"], "[]")
	body["channel"], body["ts"], body["parse"] = quoted(u.channel), quoted(u.ts), quoted("none")
	return encodeJSON(body)
}

// membersOf returns those of a payload's members that have these names. The types of slack-go bring more, which are
// for a webhook's answers to commands.
func membersOf(payload any, names ...string) (map[string]json.RawMessage, error) {
	text, err := encodeJSON(payload)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	maps.DeleteFunc(all, func(name string, _ json.RawMessage) bool { return !slices.Contains(names, name) })
	return all, nil
}

// quoted is a text of ours, ids and words, in JSON.
func quoted(id string) json.RawMessage {
	text, _ := json.Marshal(id) // a text always can be
	return text
}
