package fake

import (
	"container/heap"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"time"

	"alarmrelay/alert"
)

// held is a message, or a copy of one, as a queue keeps it.
type held struct {
	alert.Message
	typed map[string]messageAttribute // the attributes with their types

	key             int // of its own for every copy
	visibleAt       time.Time
	receivedAt      time.Time
	firstReceivedAt time.Time
	inFlight        bool
	source          string // the ARN of the queue that gave it up

	rank  uint64 // its place in line
	on    *shelf // where it is, or nil
	index int    // and its place there
}

// message returns the message as it is handed out.
func (h *held) message() alert.Message {
	m := h.Message
	m.Attributes = maps.Clone(m.Attributes)
	return m
}

// leave takes it off its shelf.
func (h *held) leave() { heap.Remove(h.on, h.index) }

// shelf holds messages with the first of an order at hand.
type shelf struct {
	before func(a, b *held) bool
	row    []*held
}

func byRank(a, b *held) bool { return a.rank < b.rank }

func byTime(a, b *held) bool {
	if !a.visibleAt.Equal(b.visibleAt) {
		return a.visibleAt.Before(b.visibleAt)
	}
	return a.key < b.key
}

func (s *shelf) add(h *held) { heap.Push(s, h) }

// first returns the first message, or nil.
func (s *shelf) first() *held {
	if len(s.row) == 0 {
		return nil
	}
	return s.row[0]
}

// firstBut returns the first message whose id is none of these, or nil.
func (s *shelf) firstBut(ids map[string]bool) (first *held) {
	if len(ids) == 0 {
		return s.first()
	}
	for _, h := range s.row {
		if !ids[h.ID] && (first == nil || s.before(h, first)) {
			first = h
		}
	}
	return first
}

// Len implements [heap.Interface].
func (s *shelf) Len() int { return len(s.row) }

// Less implements [heap.Interface].
func (s *shelf) Less(i, j int) bool { return s.before(s.row[i], s.row[j]) }

// Swap implements [heap.Interface].
func (s *shelf) Swap(i, j int) {
	s.row[i], s.row[j] = s.row[j], s.row[i]
	s.row[i].index, s.row[j].index = i, j
}

// Push implements [heap.Interface].
func (s *shelf) Push(x any) {
	h := x.(*held)
	h.on, h.index = s, len(s.row)
	s.row = append(s.row, h)
}

// Pop implements [heap.Interface].
func (s *shelf) Pop() any {
	last := len(s.row) - 1
	h := s.row[last]
	s.row[last] = nil
	s.row = s.row[:last]
	h.on = nil
	return h
}

// receipt names one receive of one copy.
func (q *Queue) receipt(h *held) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s %d %d", q.options.Name, h.key, h.Receives))
}

// claim finds what a receipt is for. It returns nil without a refusal when that is
// gone, or was handed out again since.
func (q *Queue) claim(receipt string) (*held, *refusedCall) {
	text, err := base64.StdEncoding.DecodeString(receipt)
	ours, found := strings.CutPrefix(string(text), q.options.Name+" ")
	var key, receives int
	if n, _ := fmt.Sscanf(ours, "%d %d", &key, &receives); err != nil || !found || n != 2 {
		return nil, refuseCall("ReceiptHandleIsInvalid", "The input receipt handle %q is not a valid receipt handle.", receipt)
	}
	if h := q.messages[key]; h != nil && h.Receives == receives && h.Receipt == receipt {
		return h, nil
	}
	return nil, nil
}
