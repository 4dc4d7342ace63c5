package main

import (
	"errors"
	"fmt"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// troublesome are the faults that a page offers.
var troublesome = []struct {
	kind, title string
	fault       fake.Fault
}{
	{"limited", "429: too many requests", fake.Fault{Kind: fake.Limited, After: 2 * time.Second}},
	{"down", "503: the service is down", fake.Fault{Kind: fake.Down, Status: 503}},
	{"slow", "slow: every answer takes 4 s", fake.Fault{Kind: fake.Slow, After: 4 * time.Second}},
	{"dead", "gone: the webhook or channel was deleted", fake.Fault{Kind: fake.Unknown}},
	{"blocked", "Cloudflare blocks this address", fake.Fault{Kind: fake.BlockedPage}},
}

func faultKinds() (all []page.FaultKind) {
	for _, t := range troublesome {
		all = append(all, page.FaultKind{Kind: t.kind, Title: t.title})
	}
	return all
}

// maxFault is how many seconds a fault lasts at most.
const maxFault = 3600

// breakdown is a fault that a service has now.
type breakdown struct {
	page.Fault
	fault fake.Fault
	mend  *time.Timer
}

func (b *breakdown) end() { b.mend.Stop() }

// faulty is a service of a stage.
type faulty interface {
	Break(fake.Fault)
	Mend()
}

func (s *stage) service(name formatter.Service) faulty {
	switch name {
	case formatter.ServiceDiscord:
		return s.discord
	case formatter.ServiceSlack:
		return s.slack
	}
	return nil
}

// Fault implements [page.Show].
func (l *live) Fault(name, kind string, seconds int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	service, a := formatter.Service(name), l.act
	at := a.stage.service(service)
	switch {
	case at == nil:
		return fmt.Errorf("no service is called %q: there are discord and slack", name)
	case kind == "":
		return l.mend(a, service)
	case seconds < 1 || seconds > maxFault:
		return fmt.Errorf("a fault lasts 1 to %d seconds", maxFault)
	}
	for _, t := range troublesome {
		if t.kind != kind {
			continue
		}
		if b := l.faults[service]; b != nil {
			b.end()
		}
		at.Mend()
		at.Break(t.fault)
		lasts := time.Duration(seconds) * time.Second
		b := &breakdown{Fault: page.Fault{Kind: kind, Title: t.title, Until: time.Now().Add(lasts).UTC()}, fault: t.fault}
		b.mend = time.AfterFunc(lasts, func() { l.over(service, b) })
		l.faults[service] = b
		l.stream.Tell(page.KindFault, page.Faulted{Service: name, Fault: &b.Fault})
		return nil
	}
	return errors.New("no such fault")
}

// over ends a fault whose time has come, unless there is another by now.
func (l *live) over(service formatter.Service, b *breakdown) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.faults[service] == b {
		if err := l.mend(l.act, service); err != nil && l.act.ctx.Err() == nil {
			l.noted(err.Error())
		}
	}
}

// repair mends what is broken.
func (l *live) repair() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for service := range l.faults {
		if err := l.mend(l.act, service); err != nil {
			return err
		}
	}
	return nil
}

// mend ends a service's fault.
func (l *live) mend(a *act, service formatter.Service) error {
	if b := l.faults[service]; b != nil {
		b.end()
		delete(l.faults, service)
	}
	a.stage.service(service).Mend()
	l.stream.Tell(page.KindFault, page.Faulted{Service: string(service)})
	return a.mended(a.ctx, service)
}
