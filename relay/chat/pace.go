package chat

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"alarmrelay/formatter"
)

// Gate holds back all webhooks of a service when it says that a limit is not
// one webhook's alone, or turns our address away. Discord counts requests without a
// bot's token by IP address, so every Webhook of a process should share one. Its
// zero value is open.
type Gate struct {
	mu      sync.Mutex
	opens   map[formatter.Service]time.Time
	blocked map[formatter.Service]time.Time
}

// close keeps the gate shut until the time given, at least.
func (g *Gate) close(service formatter.Service, until time.Time) { g.put(&g.opens, service, until) }

// block remembers until when the service's front door is not to be knocked at.
func (g *Gate) block(service formatter.Service, until time.Time) {
	g.put(&g.blocked, service, until)
}

// put moves a time of the gate's, never to an earlier one.
func (g *Gate) put(times *map[formatter.Service]time.Time, service formatter.Service, until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if *times == nil {
		*times = map[formatter.Service]time.Time{}
	}
	(*times)[service] = later((*times)[service], until)
}

// blockedFor returns how long the front door stays shut; not more than 0 when it is open.
func (g *Gate) blockedFor(service formatter.Service) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(g.blocked[service])
}

func (g *Gate) until(service formatter.Service) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.opens[service]
}

// pace is when one webhook may be used again. It belongs to whoever has the
// webhook's turn.
type pace struct {
	all    time.Time            // after a 429
	routes map[string]time.Time // by method, from the headers of answers: each route has a bucket of its own
}

// note reads from an answer's headers that its route's bucket is empty, so
// that the next request waits instead of being refused:
// https://docs.discord.com/developers/topics/rate-limits#header-format
func (p *pace) note(method string, a answer, now time.Time) {
	if a.header.Get("X-RateLimit-Remaining") != "0" {
		return
	}
	if p.routes == nil {
		p.routes = map[string]time.Time{}
	}
	p.routes[method] = later(p.routes[method], now.Add(a.seconds("X-RateLimit-Reset-After")))
}

func (p *pace) hold(until time.Time) { p.all = later(p.all, until) }

func (p *pace) until(method string) time.Time { return later(p.all, p.routes[method]) }

// later returns the later time by the wall clock: the other clock may stand still
// while a function is frozen, and a pause of minutes would take hours.
func later(a, b time.Time) time.Time {
	a, b = a.Round(0), b.Round(0)
	if a.After(b) {
		return a
	}
	return b
}

// patience is how long one delivery may still wait in all.
type patience struct {
	left    time.Duration
	reserve time.Duration // what must remain of the context's time after a wait
}

// allows reports whether there is time to wait for d.
func (p *patience) allows(ctx context.Context, d time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline)-p.reserve < d {
		return false
	}
	return d <= p.left
}

// wait waits for d, or returns ctx's error when that ends first.
func (p *patience) wait(ctx context.Context, d time.Duration) error {
	p.left -= d
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const (
	firstBackOff = 500 * time.Millisecond
	maxBackOff   = 4 * time.Second
)

// backOff returns how long to wait before try n+1: anything up to a bound that doubles, so
// that those who failed together do not come back together.
func backOff(n int) time.Duration {
	bound := min(firstBackOff<<(n-1), maxBackOff)
	return 1 + rand.N(bound)
}

const (
	minBlock = 5 * time.Minute
	// maxBlock is after how long the front door is tried again even if it asked for
	// more: a function's address may change, and alerts wait.
	maxBlock = 15 * time.Minute
)

// blockPause returns how long to leave the front door alone when it does not say itself.
func blockPause() time.Duration {
	return minBlock + rand.N(maxBlock-minBlock)
}
