package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

// letter is a dead letter, as far as it is shown.
type letter struct {
	ID          string        `json:"id"`
	When        time.Time     `json:"when"` // the alert changed; where it does not say, the relay or the queue first had it
	Alerts      []letterAlert `json:"alerts"`
	Destination string        `json:"destination,omitempty"` // empty: all that lack it
	Reason      string        `json:"reason"`
	Tries       int           `json:"tries"`
	First       time.Time     `json:"first,omitzero"`
	Last        time.Time     `json:"last,omitzero"`
	Sent        time.Time     `json:"sent,omitzero"`
	Error       string        `json:"error,omitempty"` // why it was not moved
}

// letterAlert is what a dead letter is about.
type letterAlert struct {
	Name      string      `json:"name"`
	Kind      alert.Kind  `json:"kind,omitempty"`
	State     alert.State `json:"state,omitempty"`
	Account   string      `json:"account,omitempty"`
	Region    string      `json:"region,omitempty"`
	ChangedAt time.Time   `json:"changed_at,omitzero"`
	Problem   string      `json:"problem,omitempty"` // it can't be read, or is no news
}

// The attributes that say why in a letter that Lambda itself put into a dead-letter queue.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
const attributeLambdaError = "ErrorMessage"

// newLetter reads what lies in a dead-letter queue. What the relay put there says why; what the
// queue put there by itself was handed out too often.
func newLetter(m alert.Message) letter {
	l := letter{
		ID: m.ID, Sent: m.SentAt, Destination: m.Attributes[relay.AttributeDestination],
		First: readTime(m.Attributes[relay.AttributeFirst]), Last: readTime(m.Attributes[relay.AttributeLast]),
		Reason: cmp.Or(m.Attributes[relay.AttributeReason], m.Attributes[attributeLambdaError]),
	}
	tries, err := strconv.Atoi(m.Attributes[relay.AttributeAttempts])
	if err != nil {
		tries = m.Receives
	}
	l.Tries = tries
	if l.Reason == "" {
		l.Reason = fmt.Sprintf("handed out %s without being finished", count(m.Receives, "time"))
	}
	for _, r := range m.Parse() {
		l.Alerts = append(l.Alerts, newLetterAlert(r))
	}
	l.When = l.Sent
	for _, at := range []time.Time{l.First, l.Alerts[0].ChangedAt} {
		if !at.IsZero() {
			l.When = at
		}
	}
	return l
}

func newLetterAlert(r alert.Record) letterAlert {
	switch {
	case r.Err != nil:
		return letterAlert{Problem: r.Err.Error()}
	case r.Skip != "":
		return letterAlert{Problem: r.Skip}
	}
	a := r.Alert
	return letterAlert{Name: a.Name, Kind: a.Kind, State: a.State, Account: a.Account, Region: a.Region, ChangedAt: a.ChangedAt}
}

func readTime(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{} // absent, or somebody else's attribute
	}
	return at.UTC()
}

// subject says in a line what a letter is about.
func (l letter) subject() string {
	said := l.Alerts[0].subject()
	if more := len(l.Alerts) - 1; more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	return said
}

func (a letterAlert) subject() string {
	if a.Problem != "" {
		return a.Problem
	}
	return cmp.Or(string(a.State), string(a.Kind)) + " " + cmp.Or(a.Name, "without a name")
}

// place says where a letter has not been told.
func (l letter) place() string { return cmp.Or(l.Destination, "all that lack it") }

// short is the beginning of a letter's id.
func (l letter) short(length int) string { return l.ID[:min(length, len(l.ID))] }

// byTime orders letters, the oldest first.
func byTime(letters []letter) {
	slices.SortFunc(letters, func(a, b letter) int {
		return cmp.Or(a.When.Compare(b.When), cmp.Compare(a.ID, b.ID))
	})
}

// leastID is how much of an id is shown, where that is enough to tell letters apart.
const leastID = 8

// shortID returns how many characters of their ids tell letters apart.
func shortID(letters []letter) int {
	ids := make([]string, len(letters))
	for i, l := range letters {
		ids[i] = l.ID
	}
	slices.Sort(ids)
	length := leastID
	for i := 1; i < len(ids); i++ {
		length = max(length, commonPrefix(ids[i-1], ids[i])+1)
	}
	return length
}

func commonPrefix(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
