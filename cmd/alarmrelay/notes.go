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
	"time"

	"alarmrelay/alert"
)

// notes is the relay's log for people: a line for each record, with the alert's
// name instead of its key.
type notes struct {
	slate *slate
	quiet bool // of what is told to a destination only failures
	with  []slog.Attr
}

// slate is where notes are written.
type slate struct {
	mu    sync.Mutex
	w     io.Writer
	event string            // that is being worked on
	names map[string]string // of alerts, by key
	now   func() time.Time
}

var _ slog.Handler = notes{}

// newNotes writes to w. Quiet notes leave out what was delivered: it is shown itself.
func newNotes(w io.Writer, quiet bool) notes {
	return notes{slate: &slate{w: w, names: map[string]string{}, now: time.Now}, quiet: quiet}
}

// by has the notes tell times by a clock, which is that of the relay.
func (n notes) by(now func() time.Time) notes {
	n.slate.now = now
	return n
}

// meet learns the names of an event's alerts.
func (n notes) meet(i input) {
	n.slate.mu.Lock()
	defer n.slate.mu.Unlock()
	n.slate.event = i.name
	for _, r := range alert.Parse(i.raw) {
		if r.Alert.Name != "" {
			n.slate.names[r.Alert.Key] = r.Alert.Name
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
	level, said, waits := r.Level, worded(r.Message), false
	read := func(a slog.Attr) bool {
		switch value := a.Value.String(); a.Key {
		case "alert":
			who = n.slate.name(value)
		case "destination":
			where = value
		case "error", "reason":
			why = append(why, legibly(value))
		case "again":
			level, said, waits = slog.LevelWarn, "waits, and is tried again "+n.slate.until(value), true
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
	if n.quiet && where != "" && (level < slog.LevelWarn || waits && slices.Contains(why, inTurn)) {
		return nil
	}
	for i := range why {
		if waits { // when is said already
			why[i], _, _ = strings.Cut(why[i], mayBeTried)
		}
	}
	if len(beside) > 0 {
		said += " (" + strings.Join(beside, ", ") + ")"
	}
	said = strings.Join(append([]string{said}, why...), ": ")
	return n.slate.write(mark(level), who, where, said)
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

func (p *slate) name(key string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if name := p.names[key]; name != "" {
		return name
	}
	return key
}

func (p *slate) write(mark, who, where, said string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	who = cmp.Or(who, p.event)
	if where != "" {
		who += " → " + where
	}
	_, err := fmt.Fprintf(p.w, "%s %s: %s\n", mark, inOneLine(who), inOneLine(said))
	return err
}
