package main

import (
	"net/http"
	"strings"

	"alarmrelay/relay/fake"
)

// storeFaults and queueFaults are what AWS's services do at times.
var (
	storeFaults = []fake.FaultKind{
		fake.Limited, fake.Limited, fake.LimitedGlobally, fake.Down, fake.Reset, fake.AnswerLost, fake.AnswerLost,
		fake.Conflicted, fake.Partial, fake.Hang,
	}
	queueFaults = []fake.FaultKind{
		fake.Limited, fake.Limited, fake.Down, fake.Reset, fake.AnswerLost, fake.AnswerLost, fake.PartlyFailed, fake.Hang,
	}
)

// failing is a service that takes orders for faults.
type failing interface {
	http.Handler
	Fail(...fake.Fault)
}

// troubling lets a fault befall a share of the requests to one of AWS's services.
func (w *weather) troubling(name string, service failing, share float64, kinds []fake.FaultKind) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.chance(share) {
			kind := kinds[w.n(len(kinds))]
			_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
			w.note(name + ": " + string(kind))
			service.Fail(fake.Fault{Kind: kind, Method: operation})
		}
		service.ServeHTTP(rw, r)
	})
}
