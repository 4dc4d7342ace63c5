package fake

import (
	"cmp"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

const (
	// defaultVisibility: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
	defaultVisibility = 30 * time.Second
	// maxInFlight: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
	maxInFlight = 120_000
	// Where the fakes' queues are.
	queueRegion, queueAccount = "ap-northeast-2", "111122223333"
)

// QueueOptions say how a queue behaves. The zero value is a patient queue that keeps the order.
type QueueOptions struct {
	Name string
	// Clock gives the time; nil is time.Now, which is also right inside a synctest bubble.
	Clock func() time.Time
	// Visibility is how long a message that was handed out stays invisible; 0 is SQS's 30 s.
	Visibility time.Duration
	// A message that was handed out MaxReceives times goes to DeadLetters instead of being handed out
	// once more. Without both there is no end to it.
	MaxReceives int
	DeadLetters *Queue
	// Rand is where chance comes from, and nobody else's; nil: first in, first out, and no duplicates.
	Rand *rand.Rand
	// Duplicates is the share of messages that are handed out a second time, within twice the visibility
	// timeout, although they are in flight or deleted by then. The second one is a message of its own, with
	// the same id: it has to be deleted, too.
	Duplicates float64
	// Reorder hands out visible messages in any order.
	Reorder bool
}

// Queue is an SQS standard queue in memory. It is the relay's queue in tests and
// on the desk, and [SQS] speaks the service's protocol over it.
type Queue struct {
	options QueueOptions

	mu       sync.Mutex
	messages map[int]*held
	keys     int    // given out so far
	ids      int    // given out so far
	ranks    uint64 // given out so far
	visible  shelf  // first in line first
	hidden   shelf  // soonest to be visible first
	inFlight int    // of the hidden ones
	changed  chan struct{}
}

var (
	_ relay.Queue       = (*Queue)(nil)
	_ relay.DeadLetters = (*Queue)(nil)
)

// NewQueue returns an empty queue.
func NewQueue(o QueueOptions) *Queue {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Visibility == 0 {
		o.Visibility = defaultVisibility
	}
	return &Queue{
		options: o, messages: map[int]*held{}, changed: make(chan struct{}),
		visible: shelf{before: byRank}, hidden: shelf{before: byTime},
	}
}

// ARN returns arn:aws:sqs:ap-northeast-2:111122223333: and the queue's name.
func (q *Queue) ARN() string {
	return "arn:aws:sqs:" + queueRegion + ":" + queueAccount + ":" + q.options.Name
}

// Put puts a message in, with attributes of type String, and returns its id. It panics when SQS would refuse it.
func (q *Queue) Put(body string, attributes map[string]string) (id string) {
	texts := stringAttributes(attributes)
	if refused := checkMessage(body, texts); refused != nil {
		panic(refused)
	}
	return q.add(body, texts, 0)
}

// add puts in what was checked, visible after a delay.
func (q *Queue) add(body string, attributes map[string]messageAttribute, delay time.Duration) (id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ids++
	now := q.options.Clock()
	h := &held{typed: attributes, visibleAt: now.Add(delay)}
	h.ID, h.Body, h.SentAt, h.Attributes = q.newID(), body, now, texts(attributes)
	q.keep(h, now)
	return h.ID
}

// newID is in the form of SQS's ids, and differs between queues of different names.
func (q *Queue) newID() string {
	number := strconv.Itoa(1_000_000_000_000 + q.ids)[1:]
	name := strconv.FormatUint(1<<32|uint64(crc32.ChecksumIEEE([]byte(q.options.Name))), 16)[1:]
	return name + "-0000-4000-8000-" + number
}

// keep takes in a message or a copy of one.
func (q *Queue) keep(h *held, now time.Time) {
	q.advance(now)
	q.keys++
	h.key = q.keys
	q.messages[h.key] = h
	q.show(h, now)
}

// show puts a message where it belongs by the time when it is to be visible.
func (q *Queue) show(h *held, now time.Time) {
	if h.visibleAt.After(now) {
		q.hidden.add(h)
	} else {
		q.line(h)
	}
	close(q.changed)
	q.changed = make(chan struct{})
}

// line adds to the end of the line, or anywhere in it.
func (q *Queue) line(h *held) {
	q.ranks++
	h.rank = q.ranks
	if q.options.Reorder && q.options.Rand != nil {
		h.rank = q.options.Rand.Uint64()
	}
	if h.inFlight {
		h.inFlight = false
		q.inFlight--
	}
	q.visible.add(h)
}

// advance makes visible what is to be visible by now.
func (q *Queue) advance(now time.Time) {
	for h := q.hidden.first(); h != nil && !h.visibleAt.After(now); h = q.hidden.first() {
		h.leave()
		q.line(h)
	}
}

// Take hands out up to so many messages, as it does to Lambda: those that are
// visible now. They are invisible from now on, for the visibility timeout.
func (q *Queue) Take(most int) []alert.Message {
	var messages []alert.Message
	for _, h := range q.take(most, q.options.Visibility) {
		messages = append(messages, h.message())
	}
	return messages
}

// take returns copies of what it hands out.
func (q *Queue) take(most int, visibility time.Duration) (taken []held) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.options.Clock()
	q.advance(now)
	var handed []*held
	for len(handed) < most && q.inFlight < maxInFlight {
		h := q.visible.first()
		if h == nil {
			break
		}
		h.leave()
		if q.options.DeadLetters != nil && q.options.MaxReceives > 0 && h.Receives >= q.options.MaxReceives {
			q.bury(h)
			continue
		}
		q.handOut(h, now.Add(visibility), now)
		handed = append(handed, h)
		taken = append(taken, *h)
	}
	for _, h := range handed {
		q.show(h, now)
	}
	return taken
}

// handOut notes that a message is on its way to somebody.
func (q *Queue) handOut(h *held, until, now time.Time) {
	h.Receives++
	h.receivedAt, h.visibleAt = now, until
	h.Receipt = q.receipt(h)
	h.inFlight = true
	q.inFlight++
	if h.Receives > 1 {
		return
	}
	h.firstReceivedAt = now
	if chance := q.options.Rand; chance != nil && chance.Float64() < q.options.Duplicates {
		again := &held{Message: h.Message, typed: h.typed, source: h.source, receivedAt: now, firstReceivedAt: now}
		again.visibleAt = now.Add(time.Duration(chance.Float64() * float64(2*q.options.Visibility)))
		again.Receipt = ""
		q.keep(again, now)
	}
}

// bury moves a message to the dead-letter queue, where it keeps its id and the time it was sent.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
func (q *Queue) bury(h *held) {
	delete(q.messages, h.key)
	d := q.options.DeadLetters
	d.mu.Lock() // never the other way round: a dead-letter queue is made before its queue
	defer d.mu.Unlock()
	now := d.options.Clock()
	h.Receipt, h.source, h.visibleAt = "", q.ARN(), now
	d.keep(h, now)
}

// Held is a message in a queue. Its Receipt is the newest one, empty before it was handed out.
type Held struct {
	alert.Message
	InFlight  bool      // handed out, and neither deleted nor visible again
	VisibleAt time.Time // from when on it is to be had
}

// All returns everything that the queue holds, in the order in which it came.
func (q *Queue) All() []Held {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.advance(q.options.Clock())
	all := make([]Held, 0, len(q.messages))
	for _, h := range slices.SortedFunc(maps.Values(q.messages), func(a, b *held) int { return cmp.Compare(a.key, b.key) }) {
		all = append(all, Held{h.message(), h.inFlight, h.visibleAt})
	}
	return all
}

// Len returns how many messages the queue holds, those in flight included.
func (q *Queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.messages)
}

// NextVisible returns when there is something to take: now or earlier if there is already. It is
// false for an empty queue.
func (q *Queue) NextVisible() (time.Time, bool) {
	return q.NextVisibleBut(nil)
}

// NextVisibleBut is NextVisible without the messages whose ids it is given.
func (q *Queue) NextVisibleBut(ids map[string]bool) (time.Time, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.advance(q.options.Clock())
	for _, s := range []*shelf{&q.visible, &q.hidden} {
		if h := s.firstBut(ids); h != nil {
			return h.visibleAt, true
		}
	}
	return time.Time{}, false
}
