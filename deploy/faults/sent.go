package main

import (
	"context"
	"sync"
	"time"

	"alarmrelay/deploy/traffic"
	"alarmrelay/relay/fake"
)

// sent are the parcels that the relay has to answer for: those that its queue has accepted.
type sent struct {
	mu      sync.Mutex
	parcels []traffic.Parcel
}

// send puts each parcel where it belongs when its time has come: into the queue, or to the function, which
// puts it there. It returns when all are accepted or ctx has ended.
func (s *sent) send(ctx context.Context, began time.Time, parcels []traffic.Parcel, queue *fake.Queue, invoke func(context.Context, int, traffic.Parcel)) {
	var direct sync.WaitGroup
	for i, p := range parcels {
		if sleep(ctx, time.Until(began.Add(p.After))) != nil {
			break
		}
		if p.Direct {
			direct.Go(func() { invoke(ctx, i, p) })
			continue
		}
		s.accept(p)
		queue.Put(p.Body, nil)
	}
	direct.Wait()
}

func (s *sent) accept(p traffic.Parcel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parcels = append(s.parcels, p)
}
