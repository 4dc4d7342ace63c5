package page

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// maxKept and maxKeptBytes bound what is kept for who comes back.
	maxKept      = 2000
	maxKeptBytes = 8 << 20
	// maxListeners is how many pages may listen at once.
	maxListeners = 50
	// heartbeat keeps a silent connection from looking dead.
	heartbeat = 15 * time.Second
)

// Kind is what an event is about.
type Kind string

// The kinds of events.
const (
	KindMessage  Kind = "message"  // [Message]: posted or edited
	KindMessages Kind = "messages" // [][Message]: what happened at once
	KindGone     Kind = "gone"
	KindExchange Kind = "exchange"
	KindFault    Kind = "fault"
	KindConfig   Kind = "config"
	KindStory    Kind = "story"
	KindNote     Kind = "note"
	KindWaiting  Kind = "waiting"
	KindReset    Kind = "reset" // all of it: a page asks for the state anew, also where it has missed something
)

// Stream tells pages what happens, in order. It keeps the newest events for pages that were away for a moment.
type Stream struct {
	mu        sync.Mutex
	first     uint64 // the id of events[0], or of the next event where there is none
	events    []event
	bytes     int
	changed   chan struct{}
	listeners int
}

type event struct {
	kind Kind
	data []byte // JSON, which has no line breaks
}

// NewStream returns a stream without events. Ids rise from one run to the next, so that none is mistaken for an earlier run's.
func NewStream(began time.Time) *Stream {
	return &Stream{first: uint64(began.UnixMicro()), changed: make(chan struct{})}
}

// Tell tells every page.
func (s *Stream) Tell(kind Kind, value any) {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err) // our own types
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, event{kind, data})
	s.bytes += len(data)
	for len(s.events) > 1 && (len(s.events) > maxKept || s.bytes > maxKeptBytes) {
		s.bytes -= len(s.events[0].data)
		s.events[0] = event{}
		s.events = s.events[1:]
		s.first++
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// Last returns the id of the newest event.
func (s *Stream) Last() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last()
}

func (s *Stream) last() uint64 { return s.first + uint64(len(s.events)) - 1 }

// after returns the events after one; ok is false where some of them are not kept any more, or the id is not of this run. More come
// when the channel is closed.
func (s *Stream) after(id uint64) (events []event, ok bool, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id+1 < s.first || id > s.last() {
		return nil, false, s.changed
	}
	return append([]event(nil), s.events[id+1-s.first:]...), true, s.changed
}

func (s *Stream) join() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listeners >= maxListeners {
		return false
	}
	s.listeners++
	return true
}

func (s *Stream) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners--
}

// events sends what happens until the page goes away.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	if !s.stream.join() {
		http.Error(w, "too many pages listen", http.StatusServiceUnavailable)
		return
	}
	defer s.stream.leave()
	w.Header().Set("Content-Type", "text/event-stream")
	at, _ := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64) // none is no id of this run
	fmt.Fprint(w, "retry: 1000\n\n")
	flush := http.NewResponseController(w).Flush
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		events, ok, changed := s.stream.after(at)
		if !ok {
			at, events = s.stream.Last(), nil
			fmt.Fprintf(w, "id: %d\nevent: %s\ndata: {}\n\n", at, KindReset)
		}
		for _, e := range events {
			at++
			fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", at, e.kind, e.data)
		}
		if flush() != nil {
			return
		}
		if !ok {
			continue
		}
		select {
		case <-changed:
		case <-beat.C:
			fmt.Fprint(w, ":\n\n")
		case <-r.Context().Done():
			return
		}
	}
}
