package main

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"alarmrelay/deploy/judge"
	"alarmrelay/deploy/mapping"
	"alarmrelay/relay/fake"
)

// errKilled is all that an instance hears of the world after its end. What it does then, nobody sees.
var errKilled = errors.New("this instance has been killed")

// life is how an instance of a virtual run reaches the world, until it is killed.
type life struct {
	weather *weather
	network fake.Transport

	mu      sync.Mutex
	call    string
	asked   int // requests of the call
	strike  mapping.Strike
	doom    *doom
	gone    bool
	end     context.CancelFunc // of the call
	trouble map[string][]judge.Trouble
	letters []judge.Trouble // dead letters that were not known to be taken
}

// doom is one kill, at the n-th request of a whole run.
type doom struct {
	mapping.Strike

	mu    sync.Mutex
	asked int
}

// ask counts a request, and reports whether it is the one.
func (d *doom) ask() (struck bool, s mapping.Strike) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked++
	return d.asked == d.Request, d.Strike
}

// begin starts an invocation. What ends it ends its context.
func (l *life) begin(call string, s mapping.Strike, end context.CancelFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.call, l.asked, l.strike, l.end = call, 0, s, end
}

// kill takes the world away.
func (l *life) kill() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		return
	}
	l.gone = true
	if l.end != nil {
		l.end()
	}
}

func (l *life) isOver() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.gone
}

// through does something in the world, which takes its time on the way there and back. When the instance is
// killed before it, it is not done; when the instance is killed after it, it is done and nobody hears of it.
func (l *life) through(ctx context.Context, takes time.Duration, do func()) error {
	l.mu.Lock()
	l.asked++
	struck, strike := l.asked == l.strike.Request, l.strike
	l.mu.Unlock()
	if l.doom != nil {
		struck, strike = l.doom.ask()
	}
	_ = sleep(ctx, l.weather.upTo(takes)) // a request that is under way arrives
	if struck && !strike.Done {
		l.kill()
	}
	if l.isOver() {
		return errKilled
	}
	do()
	if struck && strike.Done {
		l.kill()
	}
	_ = sleep(ctx, l.weather.upTo(takes))
	if l.isOver() {
		return errKilled
	}
	return nil
}

// note keeps what the store did not do for a place.
func (l *life) note(places ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range places {
		l.trouble[l.call] = append(l.trouble[l.call], judge.Trouble{At: time.Now(), Place: p})
	}
}

func (l *life) noteLetter(destination string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.letters = append(l.letters, judge.Trouble{At: time.Now(), Place: destination})
}

// RoundTrip implements http.RoundTripper.
func (l *life) RoundTrip(r *http.Request) (response *http.Response, err error) {
	const takes = 100 * time.Millisecond
	l.mu.Lock()
	agent := r.UserAgent() + " invocation/" + l.call
	l.mu.Unlock()
	tagged := r.Clone(r.Context())
	tagged.Header.Set("User-Agent", agent)
	over := l.through(r.Context(), takes, func() {
		response, err = l.network.RoundTrip(tagged) //nolint:bodyclose // it is the caller's, or closed below
	})
	if over != nil {
		if response != nil {
			response.Body.Close()
		}
		return nil, over
	}
	return response, err
}
