package incident

import (
	"slices"
	"time"

	"alarmrelay/formatter"
)

// Storm is many alerts for one destination in a short time. Its digest stays open for a while, and
// what comes then is added to it instead of being posted.
type Storm struct {
	Voice    string              `json:"voice,omitempty"` // digests in other voices are storms of their own
	Began    time.Time           `json:"began"`
	Last     time.Time           `json:"last"`              // when an alert was last told
	Messages int                 `json:"messages"`          // posted so far
	Digests  int                 `json:"digests,omitempty"` // those of them that are digests
	Told     int                 `json:"told"`              // alerts so far
	Pinged   []formatter.Mention `json:"pinged,omitempty"`
	Open     Ref                 `json:"open,omitzero"` // the digest that may still grow; zero where none can
}

// longestStorm is after how long a storm is over although alerts still come, and the next begins: its digest's pages
// are many by then, and Discord limits edits of older messages (code 30046).
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
const longestStorm = time.Hour

func (s *Storm) isOver(now time.Time, window time.Duration) bool {
	return now.Sub(s.Last) >= window || now.Sub(s.Began) >= longestStorm
}

// Storm returns the storm of a voice that is still open, and nil when there is none.
func (d *Destination) Storm(voice string, now time.Time, window time.Duration) *Storm {
	i := slices.IndexFunc(d.Storms, func(s Storm) bool { return s.Voice == voice })
	if i < 0 || d.Storms[i].isOver(now, window) {
		return nil
	}
	return &d.Storms[i]
}

// BeginStorm opens a storm. Messages of the span before it count as its own.
func (d *Destination) BeginStorm(voice string, now time.Time, window time.Duration) *Storm {
	d.Storms = slices.DeleteFunc(d.Storms, func(s Storm) bool { return s.Voice == voice || s.isOver(now, window) })
	d.Storms = append(d.Storms, Storm{Voice: voice, Began: now, Last: now, Messages: d.Posts(now, min(window, longestLimit))})
	return &d.Storms[len(d.Storms)-1]
}

// Opened notes a digest that was posted: it is the open one from now on.
func (s *Storm) Opened(at Ref) {
	s.Digests++
	s.Open = at
}

// Lost notes that the open digest cannot grow any more through no fault of the storm's: it counts as none of its messages.
func (s *Storm) Lost() {
	s.Open = Ref{}
	s.Messages, s.Digests = max(0, s.Messages-1), max(0, s.Digests-1)
}
