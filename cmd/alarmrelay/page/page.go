// Package page serves the demo's page on this machine: what happens in the fakes' channels goes to the browser
// as it happens, and what people do there goes to a [Show]. Everything that the browser loads is in the binary.
//
// It runs no relay and knows no fake: that is the Show's. It resolves no address and asks nobody.
package page

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"

	"alarmrelay"
)

// Show is what a page shows, and what people do with it. Its methods may be called side by side. An error's text is for
// people.
type Show interface {
	// State is all that a page begins with. Event is the page's own to fill.
	State() State
	// Message returns what there is to know of a message; false for one that is not there any more.
	Message(id string) (Details, bool)
	// Sample returns the text of a sample event; false where there is none of that name.
	Sample(name string) ([]byte, bool)
	// File returns an attached file; false for one that is not there any more.
	File(id string) (File, bool)

	// Send hands an event to the relay, and says what the event is and whom it tells. It ends a story that is played.
	Send(ctx context.Context, e Event) (answer string, err error)
	// Storm begins a storm. It ends a story that is played.
	Storm(alarms, perSecond int) error
	// Fault breaks a service, for so many seconds, or mends it where the kind is empty.
	Fault(service, kind string, seconds int) error
	// Check returns the mistakes of a configuration.
	Check(text string) []Problem
	// Configure has a configuration hold from the next event on, unless it has mistakes.
	Configure(text string) []Problem
	// Preview is what the channels would show of an event, under a configuration that need not hold; empty is the one that does.
	Preview(ctx context.Context, e Event, config string) (Previewed, error)
	// Play begins a chapter of the story; the empty one ends it.
	Play(chapter string) error
	// Clear empties the channels and the notes, and has the relay forget everything. What is broken stays so.
	Clear() error
}

//go:embed bundle
var bundle embed.FS

// Bundle is what the browser loads.
func Bundle() fs.FS {
	inside, err := fs.Sub(bundle, "bundle")
	if err != nil {
		panic(err) // the folder is there: it was embedded
	}
	return inside
}

// server answers one run's requests.
type server struct {
	show   Show
	stream *Stream
	files  fs.FS
	token  string // who has it has loaded the page from this run
}

// New returns the page of a show, with what the browser loads from files. What the show tells goes to the stream.
func New(show Show, stream *Stream, files fs.FS) http.Handler {
	s := &server{show: show, stream: stream, files: files, token: rand.Text()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /api/state", s.state)
	mux.HandleFunc("GET /api/events", s.events)
	mux.HandleFunc("GET /api/message/{id}", s.message)
	mux.HandleFunc("GET /api/sample/{name}", s.sample)
	mux.HandleFunc("GET /api/file/{id}", s.file)
	mux.HandleFunc("GET /api/schema", func(w http.ResponseWriter, _ *http.Request) { writeRaw(w, alarmrelay.Schema) })
	mux.HandleFunc("GET /api/", http.NotFound)
	mux.HandleFunc("POST /api/send", change(s, s.send))
	mux.HandleFunc("POST /api/storm", change(s, s.storm))
	mux.HandleFunc("POST /api/fault", change(s, s.fault))
	mux.HandleFunc("POST /api/check", change(s, s.check))
	mux.HandleFunc("POST /api/config", change(s, s.configure))
	mux.HandleFunc("POST /api/preview", change(s, s.preview))
	mux.HandleFunc("POST /api/story", change(s, s.story))
	mux.HandleFunc("POST /api/clear", change(s, s.clear))
	return guarded(mux)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // our own types
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	w.Write(text)
}

func writeRaw(w http.ResponseWriter, text []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Write(text)
}
