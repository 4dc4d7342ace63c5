// Package judge says whether a relay kept its promise: nothing lost, nothing
// said twice without a reason, the newest state of every alarm shown, and no message left as if
// something still lasted that people know to be over.
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
	Kept    []Memory        // what the relay's store holds in the end
	Queue   []alert.Message // what the relay's queue still holds
	Letters []alert.Message // what the dead-letter queue holds
	// LetterTrouble is when the dead-letter queue did not say that it had taken a letter for a place.
	LetterTrouble []Trouble
}

// Place is one destination and all requests that were made there.
type Place struct {
	Name     string
	Service  formatter.Service
	Edits    bool   // what is posted there can be changed
	Fallback string // the destination that takes over while this one is dead; may be empty
	Log      []fake.Exchange
	Deleted  map[string]time.Time // when somebody deleted a message
}

// Memory is what the store says that a message shows of an alarm.
type Memory struct {
	Place, Name string
	Message     string // as the log has it
	State       alert.State
	At          time.Time
	Closed      bool // the alarm fired anew elsewhere
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
	Anew     int `json:"anew"`     // messages that took the place of others, which were deleted or took no edit
	Apart    int `json:"apart"`    // messages that show of an alarm what the store does not say, because it did not keep that
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
	Red        Kind = "left red"    // a message shows as lasting what its readers were told to be over
	Unheard    Kind = "unheard"     // an edit, which wakes nobody, changed what an alarm is, and no line says so
	Untrue     Kind = "untrue line" // a line says what the alarm's message does not show
	Woken      Kind = "woken"       // people were pinged about what was over
	Forgotten  Kind = "forgotten"   // a message shows something else than the store says
)

// Judge looks at the evidence.
func Judge(e Evidence) Verdict {
	c := newCase(e)
	c.readLetters()
	for i := range e.Places {
		c.read(&e.Places[i])
	}
	c.uncover()
	for _, story := range c.stories {
		c.judgeStory(story)
	}
	c.judgeMemories()
	c.judgeFloods()
	c.judgeCounts()
	c.judgeNonsense()
	c.judgeQueue()
	return c.verdict
}
