package page

import (
	"encoding/json"
	"time"
)

// State is all that a page begins with.
type State struct {
	Version      string            `json:"version"`
	Event        uint64            `json:"event"` // the id of the newest event that it holds already
	Samples      []Sample          `json:"samples"`
	Config       Config            `json:"config"`
	Destinations []Destination     `json:"destinations"`
	Mentions     map[string]string `json:"mentions"` // the names of those whom the configuration may mention, by kind:id
	Messages     []Message         `json:"messages"` // oldest first
	Faults       map[string]*Fault `json:"faults"`   // by service; nil for none
	FaultKinds   []FaultKind       `json:"faultKinds"`
	Story        Story             `json:"story"`
	Notes        []Note            `json:"notes"` // the newest, oldest first
	Waiting      Waiting           `json:"waiting"`
}

// Waiting is what nobody was told yet.
type Waiting struct {
	Messages int       `json:"messages"`      // in the queue: to be tried again, or in work
	Next     time.Time `json:"next,omitzero"` // when the next of those is tried that are not in work
	Dead     int       `json:"dead"`          // in the dead-letter queue since the channels were emptied
}

// Sample is a sample event.
type Sample struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Title string `json:"title"`
}

// Config is a configuration's text and what it is called, for people. Whoever is on this machine may read it: it holds references and no
// address, since one with an address is refused before it gets here. What stands in its comments is shown as it is.
type Config struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Destination is a channel.
type Destination struct {
	Name    string `json:"name"`
	Service string `json:"service"` // discord or slack
	Bot     bool   `json:"bot"`
	Channel string `json:"channel"` // as people see it: #ops
	Forum   bool   `json:"forum"`
}

// Message is a message as its channel keeps it now.
type Message struct {
	ID          string    `json:"id"`
	Destination string    `json:"destination"`
	Service     string    `json:"service"`
	Thread      string    `json:"thread"` // what it stands in beside the channel itself; empty for nothing
	At          time.Time `json:"at"`
	EditedAt    time.Time `json:"editedAt,omitzero"`
	Edits       int       `json:"edits"`
	Silent      bool      `json:"silent"`
	Pings       []string  `json:"pings"`             // whose devices made a sound, by name
	ReplyTo     string    `json:"replyTo,omitempty"` // the id of the message that it is a reply to
	Broadcast   bool      `json:"broadcast"`         // a reply that stands in the channel as well
	// Payload is the message in the service's own form.
	Payload json.RawMessage `json:"payload"`
	// Links are the addresses in it that lead to messages, and those messages' ids.
	Links map[string]string `json:"links"`
}

// Details are what there is to know of a message.
type Details struct {
	Message  Message   `json:"message"`
	Alerts   []Alert   `json:"alerts"`
	Requests []Request `json:"requests"`
	Store    []Item    `json:"store"`
}

// Previewed is what the channels of a configuration would show, or the mistakes in it.
type Previewed struct {
	Messages     []Message         `json:"messages"`
	Problems     []Problem         `json:"problems"`
	Destinations []Destination     `json:"destinations"`
	Mentions     map[string]string `json:"mentions"` // as in [State]
	Alerts       []Alert           `json:"alerts"`   // what the event tells, and whom
}

// Alert is what a message or an event tells, and why there.
type Alert struct {
	Name        string `json:"name"`
	Key         string `json:"key"`
	Change      string `json:"change"`
	Explanation any    `json:"explanation"` // as explain --json has it
}

// Request is a request to a service and its answer.
type Request struct {
	Method        string              `json:"method"`
	Path          string              `json:"path"` // with [secret] instead of the token
	Headers       map[string][]string `json:"headers"`
	Body          any                 `json:"body"` // JSON, or a text
	Files         int                 `json:"files"`
	Status        int                 `json:"status"` // 0: the connection was cut
	AnswerHeaders map[string][]string `json:"answerHeaders"`
	Answer        any                 `json:"answer"` // JSON, or a text
	Why           []string            `json:"why,omitempty"`
	Fault         string              `json:"fault,omitempty"`
	At            time.Time           `json:"at"`
	Took          int64               `json:"took"` // milliseconds
}

// Item is what the relay's store keeps under an id.
type Item struct {
	ID    string          `json:"id"`
	Facts json.RawMessage `json:"facts"`
}

// File is an attached file.
type File struct {
	Name, Type string
	Data       []byte
}

// Event is an event of somebody's own, or the name of a sample.
type Event struct {
	Sample string `json:"sample"`
	Text   string `json:"event"`
}

// Problem is a mistake in a configuration. Line and Column count from 1, and are 0 where the whole is meant.
type Problem struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// Fault is what is wrong with a service.
type Fault struct {
	Kind  string    `json:"kind"`
	Title string    `json:"title"`
	Until time.Time `json:"until"`
}

// FaultKind is what can be wrong with a service.
type FaultKind struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
}

// Story is what can be played.
type Story struct {
	Chapters []Chapter `json:"chapters"`
	Playing  string    `json:"playing"` // the id of a chapter; empty for none
	At       time.Time `json:"at"`      // what time it is in the story, or now
}

// Chapter is a part of the story, or all of it.
type Chapter struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Note is a line of the relay's log, for people.
type Note struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// What a [Stream] tells beside messages, which are [Message] and [][Message], and notes.
type (
	// Gone is a message that is not there any more.
	Gone struct {
		ID string `json:"id"`
	}
	// Exchanged is a request that was answered.
	Exchanged struct {
		Destination string    `json:"destination"`
		Method      string    `json:"method"`
		Status      int       `json:"status"`
		Error       string    `json:"error,omitempty"` // the service's own code, where the status does not say that it failed
		At          time.Time `json:"at"`
		RetryAfter  float64   `json:"retryAfter,omitempty"` // seconds
	}
	// Faulted is a service that broke, or was mended.
	Faulted struct {
		Service string `json:"service"`
		Fault   *Fault `json:"fault"` // nil: it works
	}
	// Configured is the configuration that holds from now on.
	Configured struct {
		Config       Config            `json:"config"`
		Destinations []Destination     `json:"destinations"`
		Mentions     map[string]string `json:"mentions"`
	}
	// Told is a step of the story.
	Told struct {
		Chapter string    `json:"chapter"` // the id of the part
		Step    int       `json:"step"`    // from 1; 0 at the end
		Text    string    `json:"text"`
		Why     string    `json:"why,omitempty"` // what the step shows, in a sentence; empty where that depends on the configuration
		Playing string    `json:"playing"`       // as in [Story]
		At      time.Time `json:"at"`            // as in [Story]
	}
)
