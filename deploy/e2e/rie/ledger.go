package main

import (
	"fmt"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/setup"
)

// ledger is what people have to be told: it reads events and asks the rules as the relay has to, and keeps what was told.
type ledger struct {
	rules *rule.Config
	home  alert.Home
	told  map[piece]bool
}

// piece is one change of one thing, for one destination.
type piece struct{ destination, key, change string }

// news is what a destination has to show of an event.
type news struct {
	destination string
	alert       *alert.Alert
	newest      bool // of what the event says of that alarm
}

func newLedger(config string) (*ledger, error) {
	rules, err := setup.Read(config)
	if err != nil {
		return nil, fmt.Errorf("read our own configuration: %w", err)
	}
	rules.Home = account
	return &ledger{
		rules: rules, home: alert.Home{Partition: "aws", Region: region, Account: account, LogGroup: logGroup}, told: map[piece]bool{},
	}, nil
}

// read returns what an event has people told, and reports whether all of it can be read. What was told by an event before is none.
func (l *ledger) read(event []byte) (all []news, readable bool) {
	records := alert.Parse(event)
	l.home.Complete(records)
	readable = true
	place := map[piece]int{} // of the newest of each alarm and destination
	for i := range records {
		r := &records[i]
		if r.Err != nil {
			readable = false
		}
		if r.Err != nil || r.Skip != "" {
			continue
		}
		for _, d := range l.rules.Route(&r.Alert, time.Now()).Deliveries {
			p := piece{d.Destination, r.Alert.Key, r.Alert.Change}
			if l.told[p] {
				continue
			}
			l.told[p] = true
			p.change = ""
			if before, ok := place[p]; ok && all[before].alert.ChangedAt.After(r.Alert.ChangedAt) {
				all = append(all, news{d.Destination, &r.Alert, false})
				continue
			} else if ok {
				all[before].newest = false
			}
			place[p] = len(all)
			all = append(all, news{d.Destination, &r.Alert, true})
		}
	}
	return all, readable
}
