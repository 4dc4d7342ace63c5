// Package judge says whether a relay kept its promise: nothing lost, nothing
// said twice without a reason, and the newest state of every alarm shown.
//
// It believes nobody but the services, and what the queues hold in the end: it reads what Discord and
// Slack accepted as people would, and asks no relay what it thinks that it did.
package judge

import (
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// Evidence is all that is looked at.
type Evidence struct {
	Parcels []traffic.Parcel // what the queue accepted
	Places  []Place
	Calls   map[string]Call // the invocations, by the ID that follows "invocation/" in their requests' User-Agent
	Queue   []alert.Message // what the relay's queue still holds
	Letters []alert.Message // what the dead-letter queue holds
	// LetterTrouble is when the dead-letter queue did not say that it had taken a letter for a place.
	LetterTrouble []Trouble
}

// Place is one destination and all requests that were made there.
type Place struct {
	Name     string
	Service  formatter.Service
	Fallback string // the destination that takes over while this one is dead; may be empty
	Log      []fake.Exchange
}

// Call is one invocation, as far as it may explain what was said twice.
type Call struct {
	Began, Ended time.Time
	Stopped      bool      // killed before it could answer
	Trouble      []Trouble // with the store
}

// Trouble is when something that an invocation asked for on behalf of a place was not done, or not known to be, for as
// long as it asked.
type Trouble struct {
	At    time.Time
	Place string
}

// Verdict is what a run came to.
type Verdict struct {
	Changes  int `json:"changes"`  // that the queue accepted
	Wanted   int `json:"wanted"`   // changes and the destinations that are to be told of them
	Shown    int `json:"shown"`    // of Wanted: at the destination, or at its fallback
	Counted  int `json:"counted"`  // of Wanted: told by their number only, in a digest whose names did not fit
	Buried   int `json:"buried"`   // of Wanted: in the dead-letter queue with destination and reason
	Requests int `json:"requests"` // posts and edits, accepted or not
	Messages int `json:"messages"` // that people see
	Twice    int `json:"twice"`    // second showings that a stop, a lost answer or a store in trouble explains
	Behind   int `json:"behind"`   // alarms that were seen in an older state last, because the store did not keep the newer or did not tell of it

	// First is when each change was first shown anywhere.
	First      map[*traffic.Change]time.Time `json:"-"`
	Complaints []Complaint                   `json:"complaints"`
}

// Complaint is one broken promise.
type Complaint struct {
	Kind        Kind   `json:"kind"`
	Destination string `json:"destination,omitempty"`
	Name        string `json:"name,omitempty"` // of the alarm that it is about, see [Trace]
	What        string `json:"what"`
}

// Kind is which promise was broken.
type Kind string

// The kinds of complaints.
const (
	Lost       Kind = "lost"        // neither shown nor in the dead-letter queue
	Twice      Kind = "told twice"  // and nothing explains it
	Stale      Kind = "stale"       // what people saw last of an alarm is not its newest state
	Overturned Kind = "overwritten" // an older state took the place of a newer one
	Astray     Kind = "astray"      // told where no rule sends it
	Unreasoned Kind = "no reason"   // a dead letter that does not say for whom and why
	Left       Kind = "left"        // still in the queue when nothing more happens
	Unreadable Kind = "unreadable"  // a message in which nothing that was sent can be found
)

// Judge looks at the evidence.
func Judge(e Evidence) Verdict {
	c := newCase(e)
	for i := range e.Places {
		c.read(&e.Places[i])
	}
	c.readLetters()
	for _, story := range c.stories {
		c.judgeStory(story)
	}
	c.judgeFloods()
	c.judgeCounts()
	c.judgeNonsense()
	c.judgeQueue()
	return c.verdict
}
