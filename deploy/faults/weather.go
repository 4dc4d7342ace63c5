package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// weather is what goes wrong, at random.
type weather struct {
	town *town
	o    climate

	mu   sync.Mutex
	rand *rand.Rand
	calm bool
	met  map[string]int // faults that were ordered, by kind
}

// climate says how often something goes wrong, and for how long.
type climate struct {
	chat, store, queue float64       // chance of a fault for each request
	wait               time.Duration // the longest that a service asks to wait
	every              time.Duration // from one episode to the next
	lasts              time.Duration // the longest that an episode takes
	deaths             bool          // webhooks are refused for good at times, which the relay remembers for minutes
	blocks             bool          // the front door turns the address away, for minutes
	tidied             time.Duration // from one message that somebody deletes to the next, at most
}

func newWeather(t *town, seed uint64, o climate) *weather {
	return &weather{town: t, o: o, rand: rand.New(rand.NewPCG(seed, 2)), met: map[string]int{}}
}

// chance reports whether something of a probability happens. Nothing does in calm weather.
func (w *weather) chance(p float64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.calm && w.rand.Float64() < p
}

func (w *weather) n(most int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rand.IntN(most)
}

// upTo returns a time of at least a hundredth of most.
func (w *weather) upTo(most time.Duration) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return most/100 + time.Duration(w.rand.Int64N(int64(most)))
}

func (w *weather) note(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.met[what]++
}

// settle ends all trouble that is not for good.
func (w *weather) settle() {
	w.mu.Lock()
	w.calm = true
	w.mu.Unlock()
	w.town.discord.Mend()
	w.town.slack.Mend()
}

// patience is longer than the relay waits for an answer, which is five seconds.
const patience = 7 * time.Second

// passing are the faults that befall one request each, as often as they stand here.
var passing = slices.Concat(
	slices.Repeat([]fake.FaultKind{fake.Limited, fake.Down, fake.AnswerLost}, 4),
	slices.Repeat([]fake.FaultKind{fake.Reset, fake.Slow, fake.Hang, fake.AnswerCut, fake.AnswerLate, fake.LimitedGlobally}, 2),
	[]fake.FaultKind{fake.Filtered, fake.Redirect},
)

// passingEdits are those that befall edits.
var passingEdits = append(slices.Repeat([]fake.FaultKind{fake.LimitedEdits}, 4), passing...)

// deadly are the faults after which a webhook is left alone for minutes, and what it lacks dead-lettered.
var deadly = []fake.FaultKind{fake.Unknown, fake.Gone, fake.BadToken, fake.Forbidden}

// befallChat may order a fault for a request that is on its way. Warm-ups are spared.
func (w *weather) befallChat(service formatter.Service, r *http.Request) {
	if r.Method == http.MethodGet || !w.chance(w.o.chat) {
		return
	}
	f := w.aims(r)
	kinds := passing
	if f.Method == http.MethodPatch {
		kinds = passingEdits
	}
	f.Kind = kinds[w.n(len(kinds))]
	if f.Kind == fake.Filtered && service == formatter.ServiceSlack && !w.o.deaths {
		return // Slack refuses the webhook, not the message
	}
	if w.o.deaths && w.n(60) == 0 {
		f.Kind = deadly[w.n(len(deadly))]
	}
	if w.o.blocks && w.n(60) == 0 {
		f.Kind = []fake.FaultKind{fake.BlockedPage, fake.BlockedJSON}[w.n(2)]
	}
	switch f.Kind {
	case fake.Limited, fake.LimitedGlobally, fake.LimitedEdits:
		f.After = w.upTo(w.o.wait)
	case fake.Down:
		f.Status = []int{500, 502, 503, 504}[w.n(4)]
	case fake.Slow:
		if f.After = w.upTo(patience); f.After > patience-3*time.Second {
			f.After = patience // what is done as the relay gives up would look as if that had heard of it
		}
	case fake.AnswerLate:
		f.After = patience
	}
	w.note(string(f.Kind))
	if service == formatter.ServiceSlack {
		w.town.slack.Fail(f)
		return
	}
	w.town.discord.Fail(f)
}

// aims is a fault for nobody but the request that is on its way.
func (w *weather) aims(r *http.Request) fake.Fault {
	if method, ok := strings.CutPrefix(r.URL.Path, "/api/chat."); ok {
		for i := range w.town.channels {
			if w.town.channels[i].bot {
				return fake.Fault{Method: "chat." + method, Webhook: w.town.channels[i].id}
			}
		}
	}
	return fake.Fault{Method: r.Method, Webhook: webhookIn(r.URL.Path)}
}

// webhookIn reads /api/v10/webhooks/{id}/... and /services/T/{id}/...
func webhookIn(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if p == "webhooks" && i+1 < len(parts) {
			return parts[i+1]
		}
		if p == "services" && i+2 < len(parts) {
			return parts[i+2]
		}
	}
	return ""
}

// rage has episodes come and go until ctx ends: one webhook is dead, or down, for a while.
func (w *weather) rage(ctx context.Context) {
	for sleep(ctx, w.upTo(w.o.every)) == nil {
		c := w.town.channels[w.n(len(w.town.channels))]
		kinds := []fake.FaultKind{fake.Down, fake.Hang, fake.Reset, fake.AnswerLost}
		if w.o.deaths {
			kinds = append(kinds, fake.Unknown, fake.BadToken, fake.Gone, fake.Filtered)
		}
		f := fake.Fault{Kind: kinds[w.n(len(kinds))], Webhook: c.id}
		w.note("an episode of " + string(f.Kind))
		var broken interface {
			Break(fake.Fault)
			Mend()
		} = w.town.discord
		if c.service == formatter.ServiceSlack {
			broken = w.town.slack
		}
		broken.Break(f)
		over := sleep(ctx, w.upTo(w.o.lasts))
		broken.Mend()
		if over != nil {
			return
		}
	}
}

// sleep waits for d, or returns ctx's error when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
