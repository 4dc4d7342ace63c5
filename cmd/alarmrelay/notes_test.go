package main

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNotesAreForPeople(t *testing.T) {
	now := time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)
	var said strings.Builder
	log := slog.New(newNotes(&said, true).by(func() time.Time { return now })).With("alert", "disk-full", "destination", "ops")
	in := func(span time.Duration) string { return now.Add(span).Format(time.RFC3339) }
	log.Error("not delivered", "again", in(30*time.Second), "error", errors.New("status 503"))
	log.Error("not delivered", "again", in(701*time.Second), "error",
		errors.New("address blocked by the service's front door: may be tried again in 11m41.246874455s"))
	log.Error("not delivered", "again", in(0), "error", errors.New("rate limit met: may be tried again in 250.4ms"))
	log.Error("not delivered", "again", in(3*time.Second), "error", errors.New(inTurn))
	log.Error("not delivered", "error", errors.New("rate limit met: may be tried again in 250.4ms"))
	log.Error("not delivered", "error", errors.New(inTurn))
	log.Error("not delivered", "error", errors.New("given up after 24h0m0s: status 503"))
	log.Error("dead-lettered", "error", errors.New("webhook is dead: status 404, code 10015"))
	log.Info("delivered")
	want := `! disk-full → ops: waits, and is tried again in 30 s: status 503
! disk-full → ops: waits, and is tried again in 11 min 41 s: the service blocks the relay's IP address
! disk-full → ops: waits, and is tried again at once: rate limit met
✗ disk-full → ops: not delivered: rate limit met: may be tried again in 250 ms
✗ disk-full → ops: not delivered: another invocation is speaking there
✗ disk-full → ops: not delivered: given up after 24 h: status 503
✗ disk-full → ops: could not be told, and is in the dead-letter queue now: webhook is dead: status 404, code 10015
`
	if diff := cmp.Diff(want, said.String()); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}
