package fake

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// PartlyFailed is a fault of SQS alone: every other entry of a batch, the first one included, fails
// with InternalError, and nothing is done for it.
const PartlyFailed FaultKind = "partly failed"

// SQS is Amazon's queue service as an http.Handler that speaks its AWS JSON 1.0
// protocol over queues in memory.
//
// Its faults name an operation as their Method ("ReceiveMessage") and a queue's name as
// their Webhook. Limited is its RequestThrottled, Down its InternalFailure. Its log keeps
// neither requests nor answers, which would be all messages several times over.
type SQS struct {
	house
	queues   map[string]*Queue    // by the path of their URL
	received map[string][]claimed // by access key
	tasks    []*moveTask          // oldest first
}

var _ http.Handler = (*SQS)(nil)

// NewSQS returns a service without queues.
func NewSQS() *SQS {
	s := &SQS{queues: map[string]*Queue{}, received: map[string][]claimed{}}
	s.open(Options{})
	return s
}

// Add makes a queue known to the service and returns the path of its URL; the host is wherever the service is reached.
func (s *SQS) Add(q *Queue) (path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path = "/" + queueAccount + "/" + q.options.Name
	s.queues[path] = q
	return path
}

// claimed is a message that ReceiveMessage handed out.
type claimed struct {
	queue   *Queue
	receipt string
}

// InFlightOf returns the ids of the messages that ReceiveMessage gave to the holder of an access key, and that
// are neither deleted nor visible again nor handed out again. One that was put off is in flight until then.
func (s *SQS) InFlightOf(accessKey string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	var still []claimed
	for _, c := range s.received[accessKey] {
		if id, ok := c.queue.holds(c.receipt); ok {
			ids = append(ids, id)
			still = append(still, c)
		}
	}
	s.received[accessKey] = still
	return ids
}

// holds returns the id of the message that a receipt is for, if that is in flight.
func (q *Queue) holds(receipt string) (id string, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.advance(q.options.Clock())
	h, _ := q.claim(receipt)
	if h == nil || !h.inFlight {
		return "", false
	}
	return h.ID, true
}

// sqsCall is a request as the service reads it.
type sqsCall struct {
	*http.Request
	sqsRequest
	operation string
	key       string // the access key
	queue     *Queue // nil where none is named, or there is none of that name
	partly    bool   // PartlyFailed
}

// ServeHTTP implements http.Handler.
func (s *SQS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		panic(http.ErrAbortHandler) // the client went away: nothing was asked
	}
	c, refused := s.read(r, body)
	name := ""
	if c.queue != nil {
		name = c.queue.options.Name
	}
	fault := s.takeFault(name, c.operation)
	note := Exchange{At: s.options.Clock(), Webhook: name, Method: c.operation, Path: r.URL.Path, Fault: fault.Kind, Agent: r.UserAgent()}
	if fault.Kind == Reset || !s.wait(r, fault) {
		s.record(note, "")
		panic(http.ErrAbortHandler)
	}
	c.partly = fault.Kind == PartlyFailed
	answer := s.reply(c, refused, fault)
	note.Why = answer.why
	if fault.Kind != AnswerLost {
		note.Status = answer.status
	}
	s.record(note, "")
	if fault.Kind == AnswerLate && !s.wait(r, Fault{Kind: Slow, After: fault.After}) {
		panic(http.ErrAbortHandler)
	}
	write(w, answer, fault)
}

// read finds out what is asked, and by whom.
func (s *SQS) read(r *http.Request, body []byte) (*sqsCall, *refusedCall) {
	c := &sqsCall{Request: r}
	service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	_, credential, signed := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	c.key, _, _ = strings.Cut(credential, "/")
	c.operation = operation
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&c.sqsRequest)
	if address, err := url.Parse(c.QueueURL); err == nil {
		s.mu.Lock()
		c.queue = s.queues[address.Path]
		s.mu.Unlock()
	}
	switch {
	case r.Method != http.MethodPost || service != "AmazonSQS" || r.Header.Get("Content-Type") != "application/x-amz-json-1.0":
		return c, refuseCall("UnknownOperationException", "No request of the AWS JSON 1.0 protocol.")
	case !signed || c.key == "":
		return c, refuseCall("MissingAuthenticationToken", "The request must contain a valid AWS access key ID.")
	case err != nil:
		return c, refuseCall("SerializationException", "%v", err)
	}
	return c, nil
}

// reply does what is asked, unless the fault has an answer of its own.
func (s *SQS) reply(c *sqsCall, refused *refusedCall, f Fault) reply {
	s.moveOn()
	if answer, ok := sqsFault(f); ok {
		return answer
	}
	if refused != nil {
		return sqsError(refused)
	}
	answer, refused := s.answer(c)
	if refused != nil {
		return sqsError(refused)
	}
	return jsonReply(http.StatusOK, answer).with("Content-Type", "application/x-amz-json-1.0")
}

func (s *SQS) answer(c *sqsCall) (any, *refusedCall) {
	switch c.operation {
	case "GetQueueUrl":
		return s.queueURL(c)
	case "StartMessageMoveTask":
		return s.startMove(c)
	case "ListMessageMoveTasks":
		return s.listMoves(c)
	}
	if c.queue == nil {
		return nil, refuseCall("QueueDoesNotExist", "The specified queue does not exist.")
	}
	switch c.operation {
	case "ReceiveMessage":
		return s.receive(c)
	case "SendMessage":
		return c.queue.sendEntry(c.sqsEntry)
	case "DeleteMessage":
		return c.queue.deleteEntry(c.sqsEntry)
	case "ChangeMessageVisibility":
		return c.queue.hideEntry(c.sqsEntry)
	case "SendMessageBatch":
		return c.batch(c.queue.sendEntry)
	case "DeleteMessageBatch":
		return c.batch(c.queue.deleteEntry)
	case "ChangeMessageVisibilityBatch":
		return c.batch(c.queue.hideEntry)
	case "GetQueueAttributes":
		return c.queue.attributes(c.AttributeNames)
	}
	return nil, refuseCall("UnknownOperationException", "The fake does not know %s.", c.operation)
}
