// Package formatter says it: alerts in, Discord or Slack messages out. It owns
// every word, unit, link and limit, and is pure: the same [Notice] or [Digest] and
// [Style] give the same bytes.
package formatter

import (
	"time"

	"alarmrelay/alert"
)

// Service is a chat service.
type Service string

// The services.
const (
	ServiceDiscord Service = "discord"
	ServiceSlack   Service = "slack"
)

// Notice is what is to be told to one destination at once.
type Notice struct {
	Items     []Item
	Arrived   time.Time // when the relay got it; older news is marked late
	InsteadOf string    // the destination it was for, whose webhook is dead
}

// Item is one alert and what the configuration adds to it.
type Item struct {
	alert.Alert
	Mentions []Mention // who is pinged; empty for nobody
	Since    time.Time // when the trouble began, where that is known from elsewhere
	Trail    []Step    // earlier changes of the alarm that are told along with this one, oldest first
	Later    *Step     // what the alarm has become since: this alert is old news, told for completeness, and wakes nobody
	Unseen   time.Time // an ALARM: when it fired before, and nobody heard that it recovered; zero if that is not so
	Flood    *Flood    // logs: what else the message stands for
	Wording  *Wording  // what the rule says of it in words of its own; may be nil
	Repeat   bool      // it may have been told before: a relay was stopped while it was telling it
	Graph    *Graph    // an ALARM: what led to it; an OK: the whole trouble; nil where the configuration does not want that, or it is not known

	// Of an alarm whose message is edited while its trouble lasts.
	Shown   bool      // it has stood there before as it is: its message is edited for another reason
	Fires   int       // how often it came into ALARM; 0 and 1 say nothing
	Closed  bool      // it fired anew in another message, and nobody saw it recover before
	Acked   *Acked    // who takes care of it; nil for nobody
	Kept    string    // Discord: the id of the picture that the message has and is to keep; empty for none
	Related []Related // messages that are about the same trouble
	// Escalated is for how long nobody has taken care of it: it is told to those whom it escalates to. Zero for others.
	Escalated time.Duration
}

// Acked is who takes care of an alarm, and since when.
type Acked struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Related is another message about the same trouble: of a composite alarm that this one made fire, or of one of its children.
type Related struct {
	Name   string      // of the alarm
	State  alert.State // as that message says
	Link   string      // where that message is; empty where nothing leads there
	Parent bool        // it is the composite alarm
}

// Step is one state of an alarm and when it came.
type Step struct {
	State alert.State `json:"s"`
	At    time.Time   `json:"t"`
}

// Flood is how much came of the same log group and filter, the alert itself included. One batch is no flood.
type Flood struct {
	Batches int
	Lines   int
	Began   time.Time // when the first of its lines was written
}

// Mention is somebody whom the configuration allows to be pinged.
type Mention struct {
	Kind string // role, user, subteam, here, channel, everyone
	ID   string // empty for here, channel and everyone
}

// Style is how a destination wants to be spoken to.
type Style struct {
	Locale   string            // en, ko; empty is en
	Zone     *time.Location    // for times the chat does not turn into the reader's own; nil is UTC
	Accounts map[string]string // names of accounts
	Username string
	Avatar   string
	Thread   string // the thread to post in: Discord's by its id, Slack's by the ts of its first message
	// Opens has Discord open a post in a forum for the message, named after what it says, with the tag of its severity. Thread is
	// empty then.
	Opens     bool
	ForumTags map[alert.Severity]string
	Buttons   bool // Slack: links as buttons instead of a line of text
}

// Message is one request to a chat service, within all of its limits.
type Message struct {
	// Payload is the JSON body: a *[DiscordBody] or a *slack.WebhookMessage.
	Payload any
	// Plain says the same in the simplest form the service has, for when it
	// refuses Payload. It is nil when Payload holds several alerts: then each
	// is better tried alone. It is a function because it is hardly ever needed.
	Plain      func() any
	Files      []File   // attached files and pictures; Discord only
	Thread     string   // Discord: sent as ?thread_id=; Slack: what a bot sends as thread_ts
	Broadcast  bool     // Slack: what a bot posts in Thread is shown in the channel as well
	Components bool     // Discord: sent as ?with_components=true
	Items      []int    // which of Notice.Items, Digest.Lines or Update.Items it says
	Truncated  int      // how many texts were cut to fit
	Broken     []Broken // what of the items' own wording is said in built-in words instead
	Counted    bool     // a digest that counts its lines and names only the worst
}

// File is an attachment.
type File struct {
	Name        string
	ContentType string
	Data        []byte
}
