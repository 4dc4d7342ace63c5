package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"alarmrelay/alert"
)

// notes is the relay's log for people: a line for each record, with the alert's
// name instead of its key.
type notes struct {
	page  *page
	quiet bool // of what is told to a destination only failures
	with  []slog.Attr
}

// page is where notes are written.
type page struct {
	mu    sync.Mutex
	w     io.Writer
	event string            // that is being worked on
	names map[string]string // of alerts, by key
}

var _ slog.Handler = notes{}

// newNotes writes to w. Quiet notes leave out what was delivered: it is shown itself.
func newNotes(w io.Writer, quiet bool) notes {
	return notes{page: &page{w: w, names: map[string]string{}}, quiet: quiet}
}

// meet learns the names of an event's alerts.
func (n notes) meet(i input) {
	n.page.mu.Lock()
	defer n.page.mu.Unlock()
	n.page.event = i.name
	for _, r := range alert.Parse(i.raw) {
		if r.Alert.Name != "" {
			n.page.names[r.Alert.Key] = r.Alert.Name
		}
	}
}

// Enabled implements slog.Handler.
func (n notes) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

// WithAttrs implements slog.Handler.
func (n notes) WithAttrs(attrs []slog.Attr) slog.Handler {
	n.with = slices.Concat(n.with, attrs)
	return n
}

// WithGroup implements slog.Handler. The relay groups nothing; members are told by their own names.
func (n notes) WithGroup(string) slog.Handler { return n }

// Handle writes "✓ prod-api-cpu-high → ops: delivered".
func (n notes) Handle(_ context.Context, r slog.Record) error {
	var who, where string
	var why, beside []string
	read := func(a slog.Attr) bool {
		switch value := a.Value.String(); a.Key {
		case "alert":
			who = n.page.name(value)
		case "destination":
			where = value
		case "error", "reason":
			why = append(why, value)
		case "change", "record":
		default:
			beside = append(beside, a.Key+" "+value)
		}
		return true
	}
	for _, a := range n.with {
		read(a)
	}
	r.Attrs(read)
	if n.quiet && where != "" && r.Level < slog.LevelWarn {
		return nil
	}
	said := r.Message
	if len(beside) > 0 {
		said += " (" + strings.Join(beside, ", ") + ")"
	}
	said = strings.Join(append([]string{said}, why...), ": ")
	return n.page.write(mark(r.Level), who, where, said)
}

func mark(level slog.Level) string {
	switch {
	case level >= slog.LevelError:
		return "✗"
	case level >= slog.LevelWarn:
		return "!"
	}
	return "✓"
}

func (p *page) name(key string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if name := p.names[key]; name != "" {
		return name
	}
	return key
}

func (p *page) write(mark, who, where, said string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	who = cmp.Or(who, p.event)
	if where != "" {
		who += " → " + where
	}
	_, err := fmt.Fprintf(p.w, "%s %s: %s\n", mark, inOneLine(who), inOneLine(said))
	return err
}
