package incident

import (
	"slices"
	"time"

	"alarmrelay/formatter"
)

// Destination is what is known of a place where people read. Who changes it, or
// posts there, holds its lease: one invocation at a time speaks at a destination.
type Destination struct {
	Lease Lease `json:"lease,omitzero"`

	NotBefore   time.Time `json:"notBefore,omitzero"`   // the service is to be left alone until then
	Failures    int       `json:"failures,omitempty"`   // in a row
	LastTrouble time.Time `json:"lastTrouble,omitzero"` // when something had to wait last
	DeadUntil   time.Time `json:"deadUntil,omitzero"`   // the webhook is not asked again before
	DeadWhy     string    `json:"deadWhy,omitempty"`

	// Doubtful are changes that may have been told without our knowing: an invocation was stopped while it
	// was telling them, or an answer was lost.
	Doubtful     []string  `json:"doubtful,omitempty"`
	DoubtedSince time.Time `json:"doubtedSince,omitzero"` // when the last of them were added

	Requests []Request `json:"requests,omitempty"` // of the last minute, oldest first
	Storms   []Storm   `json:"storms,omitempty"`   // the open ones, one for each voice
}

// Lease is the right to speak at a destination.
type Lease struct {
	Owner string    `json:"owner"`
	Until time.Time `json:"until"`
	// About are the changes that its holder set out to tell.
	About []string `json:"about,omitempty"`
}

// maxAbout bounds a lease's size: 16 KB.
const maxAbout = 1000

// Request is one request to the chat service.
type Request struct {
	At   time.Time `json:"at"`
	Edit bool      `json:"edit,omitempty"`
	Line bool      `json:"line,omitempty"` // a short one beside an edit, which no storm counts
}

// Ref names a posted message so that it can be edited. It is zero where the
// service tells none (Slack's incoming webhooks).
type Ref struct {
	Message string `json:"message,omitempty"`
	Channel string `json:"channel,omitempty"`
	Picture string `json:"picture,omitempty"` // Discord: the id of its first file
}

// Place is the message alone: with every edit its picture may be another.
func (r Ref) Place() Ref {
	r.Picture = ""
	return r
}

// Held reports whether somebody has the lease.
func (l Lease) Held(now time.Time) bool { return l.Owner != "" && now.Before(l.Until) }

// Take gives the lease to owner, who sets out to tell changes. What the holder of a lease that
// has run out had set out to tell is doubtful from now on.
func (d *Destination) Take(owner string, now, until time.Time, changes []string) {
	if now.Sub(d.DoubtedSince) >= doubtsLast {
		d.Doubtful = nil
	}
	if d.Lease.Owner != "" {
		d.doubt(now, d.Lease.About)
	}
	d.Lease = Lease{Owner: owner, Until: until, About: marks(changes)}
}

// Doubt notes changes that may have been told: the answer to the request about them was lost.
func (d *Destination) Doubt(now time.Time, changes []string) { d.doubt(now, marks(changes)) }

func (d *Destination) doubt(now time.Time, about []string) {
	d.Doubtful = append(d.Doubtful, about...)
	d.Doubtful = d.Doubtful[max(0, len(d.Doubtful)-maxAbout):]
	d.DoubtedSince = now
}

func marks(changes []string) (all []string) {
	for _, c := range changes[:min(len(changes), maxAbout)] {
		all = append(all, mark(c))
	}
	return all
}

// doubtsLast is for how long a doubt is kept: what it is about comes back within the queue's visibility timeout.
const doubtsLast = 24 * time.Hour

// MayHaveTold reports whether a change is in doubt.
func (d *Destination) MayHaveTold(change string) bool {
	return len(d.Doubtful) > 0 && slices.Contains(d.Doubtful, mark(change))
}

// Settled ends the doubt about a change: it was told.
func (d *Destination) Settled(change string) {
	if len(d.Doubtful) > 0 {
		m := mark(change)
		d.Doubtful = slices.DeleteFunc(d.Doubtful, func(doubted string) bool { return doubted == m })
	}
}

// Failed notes that the service failed once more. It is left alone for first, then for twice as
// long with every failure in a row, up to longest.
func (d *Destination) Failed(now time.Time, first, longest time.Duration) {
	d.Failures++
	d.Leave(now, now.Add(Backoff(d.Failures, first, longest)))
}

// Leave notes that the service wants to be left alone until then.
func (d *Destination) Leave(now, until time.Time) {
	d.LastTrouble = now
	if until.After(d.NotBefore) {
		d.NotBefore = until
	}
}

// Works notes that the service accepted a request.
func (d *Destination) Works() {
	d.NotBefore, d.DeadUntil, d.Failures, d.DeadWhy = time.Time{}, time.Time{}, 0, ""
}

// Backoff returns the pause after the n-th failure: first, twice that, and so on up to longest.
func Backoff(n int, first, longest time.Duration) time.Duration {
	pause := first
	for range n - 1 {
		if pause *= 2; pause >= longest {
			return longest
		}
	}
	return min(pause, longest)
}

// Requested notes a request and forgets those that no limit counts any more.
func (d *Destination) Requested(r Request) {
	now := r.At
	d.Requests = slices.DeleteFunc(d.Requests, func(r Request) bool {
		return now.Sub(r.At) >= longestLimit || r.At.After(now)
	})
	d.Requests = append(d.Requests, r)
}

// Posts returns how many messages were posted in the span before now, short lines left out.
func (d *Destination) Posts(now time.Time, span time.Duration) int {
	n := 0
	for _, r := range d.Requests {
		if !r.Edit && !r.Line && !r.At.After(now) && now.Sub(r.At) < span {
			n++
		}
	}
	return n
}

// HasLined reports whether a short line was posted in the span before now.
func (d *Destination) HasLined(now time.Time, span time.Duration) bool {
	return slices.ContainsFunc(d.Requests, func(r Request) bool { return r.Line && now.Sub(r.At) < span })
}

// limit is how many requests a service takes in a span of time.
type limit struct {
	most         int
	span         time.Duration
	posts, edits bool // which of them it counts
}

// of reports whether the limit counts a request.
func (l limit) of(edit bool) bool { return edit && l.edits || !edit && l.posts }

const longestLimit = time.Minute

// limits are what is known of a service's rate limits. None of them is promised:
// https://github.com/discord/discord-api-docs/issues/367 (5 in 2 s for a webhook, 30 posts a minute for a channel),
// https://docs.slack.dev/apis/web-api/rate-limits (posts: one a second, short bursts are taken; a bot's edits: tier 3,
// 50 a minute, which are spread: who waits for the minute's end holds up what is posted).
func limits(service formatter.Service) []limit {
	if service == formatter.ServiceSlack {
		return []limit{{most: 5, span: 5 * time.Second, posts: true}, {most: 4, span: 5 * time.Second, edits: true}}
	}
	return []limit{{most: 5, span: 2 * time.Second, posts: true, edits: true}, {most: 30, span: longestLimit, posts: true}}
}

// NextRequest returns when the service's rate limits next allow a request; a time not after now means at once.
func (d *Destination) NextRequest(service formatter.Service, now time.Time, edit bool) time.Time {
	var at time.Time
	for _, l := range limits(service) {
		if !l.of(edit) {
			continue
		}
		var counted []time.Time
		for _, r := range d.Requests {
			if l.of(r.Edit) && !r.At.After(now) {
				counted = append(counted, r.At)
			}
		}
		if len(counted) < l.most {
			continue
		}
		if free := counted[len(counted)-l.most].Add(l.span); free.After(at) {
			at = free
		}
	}
	return at
}
