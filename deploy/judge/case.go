package judge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

// investigation holds what was sent, what was shown, and what was buried.
type investigation struct {
	Evidence
	verdict Verdict

	stories  []*story          // in the order in which they were sent
	byName   map[string]*story // what has a name: alarms and notices
	floods   map[string]*story // log groups
	byBody   map[string]*traffic.Change
	nonsense map[string]int // bodies that hold nothing, and how often they were sent
	places   map[string]*scene
	letters  map[letterKey][]time.Time // when they were written
	kept     map[string]int            // nonsense in the dead-letter queue
}

// story is everything that happened to one alarm, or one notice, or one log group.
type story struct {
	name    string
	changes []*traffic.Change // in order, each once
}

// newest is where the alarm stands in the end.
func (s *story) newest() *traffic.Change { return s.changes[len(s.changes)-1] }

// find returns the change that is shown as a state and a second; nil when there is none.
func (s *story) find(state alert.State, second int64) *traffic.Change {
	for _, c := range s.changes {
		if c.State == state && c.Second() == second {
			return c
		}
	}
	return nil
}

// scene is a destination and what was seen there.
type scene struct {
	*Place
	dead     bool                           // its webhook was refused for good at least once
	showings map[*traffic.Change][]*showing // the first in each message
	repeated map[*traffic.Change][]*showing // all of them, one for each invocation and message
	lined    map[*traffic.Change][]*showing // in a short line beside the message
	latest   map[*story]*showing            // what people saw last of an alarm
	current  map[string]map[*story]*showing // by message: what it says now
	first    map[string]map[*story]*showing // by message: what it said of an alarm when it named that first
	stuck    map[string]time.Time           // by message: when it did not take an edit
	unsaved  map[*story]int                 // log lines, told by requests that the store did not keep
	doubtful map[*story]int                 // log lines, told by requests whose fate the relay may not know
	context  map[contextKey]bool            // what messages only repeat
	anew     map[string]bool                // messages in the place of others that took no change any more
	hidden   []hiding                       // what a history leaves out
	unnamed  map[string]int                 // by message: alerts that it counts and does not name
	uncalled []time.Time                    // when lines counted alarms that they did not name
	refused  []time.Time                    // when a post was refused
	counted  time.Time                      // when the last digest counted what it did not name
	missing  map[*story][]string            // what nothing names, in words
}

func newScene(p *Place) *scene {
	return &scene{
		Place: p, showings: map[*traffic.Change][]*showing{}, repeated: map[*traffic.Change][]*showing{}, lined: map[*traffic.Change][]*showing{},
		latest: map[*story]*showing{}, current: map[string]map[*story]*showing{}, first: map[string]map[*story]*showing{}, stuck: map[string]time.Time{},
		unsaved: map[*story]int{}, doubtful: map[*story]int{}, context: map[contextKey]bool{}, anew: map[string]bool{}, unnamed: map[string]int{}, missing: map[*story][]string{},
	}
}

// isStuck reports whether a message took no change any more by then: it was deleted, or an edit of it was refused.
func (there *scene) isStuck(message string, by time.Time) bool {
	deleted, gone := there.Deleted[message]
	since, stuck := there.stuck[message]
	return gone && !deleted.After(by) || stuck && !since.After(by)
}

// showing is one thing that one accepted request said.
type showing struct {
	*statement
	change *traffic.Change
	lines  int  // of a log group, that the message stands for
	closed bool // it says that nobody saw the end of it
	old    bool // it tells what is over by now, and no edit will change that
	beside bool // it stands in a line that names several changes
}

// statement is one accepted request.
type statement struct {
	at      time.Time
	place   string
	message string
	call    string
	lost    bool // the answer did not reach the relay
	cut     bool // only a part of it did: the relay does not know what to call the message
	edit    bool
	digest  bool
}

type contextKey struct {
	message string
	change  *traffic.Change
}

// hiding is an ellipsis in a history.
type hiding struct {
	*statement
	changes []*traffic.Change // that it may stand for
	room    int               // how many it stands for
	fires   bool              // of which it counts only those that are ALARMs
}

type letterKey struct {
	change      *traffic.Change
	destination string
}

func newCase(e Evidence) *investigation {
	c := &investigation{
		Evidence: e,
		byName:   map[string]*story{}, floods: map[string]*story{}, byBody: map[string]*traffic.Change{},
		nonsense: map[string]int{}, places: map[string]*scene{}, letters: map[letterKey][]time.Time{}, kept: map[string]int{},
	}
	c.verdict.First = map[*traffic.Change]time.Time{}
	for i := range e.Parcels {
		c.expect(&e.Parcels[i])
	}
	for _, s := range c.stories {
		slices.SortStableFunc(s.changes, func(a, b *traffic.Change) int { return cmp.Compare(a.Turn, b.Turn) })
	}
	return c
}

// expect notes what a parcel tells. The same change may come in several parcels.
func (c *investigation) expect(p *traffic.Parcel) {
	if p.Change == nil {
		c.nonsense[p.Body]++
		return
	}
	c.byBody[p.Body] = p.Change
	names := c.byName
	if p.Change.Lines > 0 {
		names = c.floods
	}
	s := names[p.Change.Name]
	if s == nil {
		s = &story{name: p.Change.Name}
		names[s.name] = s
		if p.Change.Lines == 0 {
			c.stories = append(c.stories, s)
		}
	}
	if !slices.Contains(s.changes, p.Change) {
		s.changes = append(s.changes, p.Change)
		c.verdict.Changes++
	}
}

func (c *investigation) complain(kind Kind, destination, name, format string, args ...any) {
	c.verdict.Complaints = append(c.verdict.Complaints, Complaint{kind, destination, name, fmt.Sprintf(format, args...)})
}

// readLetters sorts the dead letters by what they are about.
func (c *investigation) readLetters() {
	for _, m := range c.Letters {
		destination, reason := m.Attributes[relay.AttributeDestination], m.Attributes[relay.AttributeReason]
		change := c.byBody[m.Body]
		switch {
		case change == nil && c.nonsense[m.Body] == 0:
			c.complain(Unreadable, destination, "", "a dead letter that nobody sent: %.80q", m.Body)
		case reason == "":
			c.complain(Unreasoned, destination, "", "%.80q lies in the dead-letter queue without a reason", m.Body)
		case change == nil:
			c.kept[m.Body]++
		case destination == "":
			c.complain(Unreasoned, "", change.Name, "%s lies in the dead-letter queue without a destination: %s", describe(change), reason)
		default:
			key := letterKey{change, destination}
			last, _ := time.Parse(time.RFC3339, m.Attributes[relay.AttributeLast]) // long ago where it is missing
			c.letters[key] = append(c.letters[key], last)
		}
	}
}

// doubtful reports whether the relay may not know that it made a showing.
func (c *investigation) doubtful(s *showing) bool {
	return s.lost || c.Calls[s.call].Stopped || c.unsaved(s)
}

// unsaved reports whether the store may not have kept a showing: it could not be saved, or it could not be read
// before, and then nothing is saved.
func (c *investigation) unsaved(s *showing) bool {
	return slices.ContainsFunc(c.Calls[s.call].Trouble, func(t Trouble) bool { return t.Place == s.place })
}

// blind reports whether a showing may have been made without knowing of earlier ones: the store could not be read, and
// people are told anyway.
func (c *investigation) blind(s *showing) bool {
	return slices.ContainsFunc(c.Calls[s.call].Trouble, func(t Trouble) bool { return t.Place == s.place && !t.At.After(s.at) })
}

// unsure reports whether the relay may not have known that a dead letter written at that second was taken.
func (c *investigation) unsure(destination string, second time.Time) bool {
	for _, t := range c.LetterTrouble {
		if t.Place == destination && t.At.Sub(second).Abs() < letterTakes {
			return true
		}
	}
	for _, call := range c.Calls {
		if (call.Stopped || len(call.Trouble) > 0) && !second.Before(call.Began.Add(-letterTakes)) && !second.After(call.Ended.Add(letterTakes)) {
			return true
		}
	}
	return false
}

// letterTakes is how far the time in a letter may be from that at which the queue was asked to take it: clocks are off,
// and the letter tells whole seconds.
const letterTakes = 5 * time.Second

// heirs are the places that may tell what a destination cannot: its fallback, that one's, and so on.
func (c *investigation) heirs(destination string) (heirs []*scene) {
	for s := c.places[destination]; s != nil && s.dead && s.Fallback != ""; s = c.places[s.Fallback] {
		heirs = append(heirs, c.places[s.Fallback])
	}
	return heirs
}

// callOf reads who made a request.
func callOf(e fake.Exchange) string {
	_, id, _ := strings.Cut(e.Agent, " invocation/")
	return id
}

func describe(c *traffic.Change) string {
	if c.State == "" {
		return c.Name
	}
	return fmt.Sprintf("%s %s of %s", c.Name, c.State, c.At.UTC().Format("15:04:05"))
}
