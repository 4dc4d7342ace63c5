package relay

import (
	"context"
	"sync"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// gallery holds the graphs of one invocation. Each is asked for once, however many destinations show it.
type gallery struct {
	mu    sync.Mutex
	begun map[sketchKey]*sketch
	late  []lateSketch
}

// sketchKey is what makes two graphs the same one.
type sketchKey struct {
	alarm, change, zone string
	picture             bool
	from                time.Time // when the trouble began that is shown whole; zero for what led to an ALARM
}

// sketch is a graph that is being made. Once done is closed the rest stays as it is.
type sketch struct {
	began time.Time
	done  chan struct{}
	graph *formatter.Graph // nil for an alarm that nothing can be shown of
	err   error

	counted bool
}

// lateSketch is a graph that a message lacks.
type lateSketch struct {
	*sketch
	destination string
	id          incident.ID
	editable    bool
}

// begin returns the sketch of a key, and whether it is up to the caller to make it; nil when the budget is spent.
func (g *gallery) begin(key sketchKey) (s *sketch, ours bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s = g.begun[key]; s != nil || len(g.begun) >= maxGraphs {
		return s, false
	}
	if g.begun == nil {
		g.begun = map[sketchKey]*sketch{}
	}
	s = &sketch{began: time.Now(), done: make(chan struct{})}
	g.begun[key] = s
	return s, true
}

// wait notes that a message was told without a graph which may still come.
func (g *gallery) wait(late lateSketch) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.late = append(g.late, late)
}

// addLateGraphs has the messages changed whose graphs come now, and counts what came of all graphs.
func (c *call) addLateGraphs() {
	c.gallery.mu.Lock()
	late := c.gallery.late
	c.gallery.late = nil
	c.gallery.mu.Unlock()
	for _, l := range late {
		if !l.isDone(c.work) || l.err != nil || l.graph == nil || !l.editable {
			continue
		}
		c.later(l.destination, l.id, l.graph)
	}
	c.countGraphs()
}

// isDone waits for a sketch, which does not take for ever.
func (s *sketch) isDone(ctx context.Context) bool {
	end := time.NewTimer(time.Until(s.began.Add(lateGraphTime)))
	defer end.Stop()
	select {
	case <-s.done:
		return true
	default:
	}
	select {
	case <-s.done:
		return true
	case <-end.C:
	case <-ctx.Done():
	}
	return false
}

// countGraphs counts the graphs of the invocation, and logs one that failed: the others fail for the same reason.
func (c *call) countGraphs() {
	var failed error
	for _, s := range c.gallery.begun {
		if s.counted {
			continue
		}
		s.counted = true
		switch err := s.outcome(); {
		case err != nil:
			failed = err
			c.counts.GraphsFailed++
		case s.graph != nil:
			c.counts.Graphs++
		}
	}
	if failed != nil {
		c.Log.WarnContext(c.work, "told without a graph", "error", failed)
	}
}

// outcome is why a sketch shows nothing; nil where it does, or there is nothing to be shown.
func (s *sketch) outcome() error {
	select {
	case <-s.done:
		return s.err
	default:
		return errGraphLate
	}
}
