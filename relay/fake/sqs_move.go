package fake

import (
	"slices"
	"time"
)

const (
	// maxMoves and maxMoveResults:
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
	maxMoves       = 500
	maxMoveResults = 10
)

// moveTask moves messages out of a dead-letter queue: each second so many, the
// first of them at once. The fake goes on with it whenever it is asked anything.
type moveTask struct {
	source, destination *Queue // the destination is nil where each goes back to where it came from
	rate                int    // messages a second
	rated               bool   // the rate was asked for
	began               time.Time
	toMove, moved       int
	status, failure     string
	handle              string
}

const (
	moveRunning   = "RUNNING"
	moveCompleted = "COMPLETED"
	moveFailed    = "FAILED"
)

// startMove begins a task.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
func (s *SQS) startMove(c *sqsCall) (any, *refusedCall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &moveTask{source: s.queueByARN(c.SourceArn), rate: maxMoves, status: moveRunning, handle: "move-" + itoa(len(s.tasks)+1)}
	if c.DestinationArn != "" {
		t.destination = s.queueByARN(c.DestinationArn)
	}
	if c.MaxNumberOfMessagesPerSecond != nil {
		t.rate, t.rated = *c.MaxNumberOfMessagesPerSecond, true
	}
	switch {
	case t.source == nil:
		return nil, refuseCall("ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist.")
	case c.DestinationArn != "" && t.destination == nil:
		return nil, refuseCall("ResourceNotFoundException", "The resource that you specified for the DestinationArn parameter doesn't exist.")
	case t.rate < 1 || t.rate > maxMoves:
		return nil, outOfRange("MaxNumberOfMessagesPerSecond", t.rate, 1, maxMoves)
	case !s.takesDeadLetters(t.source):
		return nil, refuseCall("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
	case slices.ContainsFunc(s.tasks, func(o *moveTask) bool { return o.source == t.source && o.status == moveRunning }):
		return nil, refuseCall("InvalidParameterValue",
			"There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
	}
	t.began, t.toMove = t.source.options.Clock(), t.source.Len()
	s.tasks = append(s.tasks, t)
	return sqsObject{"TaskHandle": t.handle}, nil
}

func (s *SQS) takesDeadLetters(q *Queue) bool {
	for _, other := range s.queues {
		if other.options.DeadLetters == q {
			return true
		}
	}
	return false
}

// listMoves tells of the newest tasks of a queue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html
func (s *SQS) listMoves(c *sqsCall) (any, *refusedCall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	source, most := s.queueByARN(c.SourceArn), 1
	if c.MaxResults != nil {
		most = *c.MaxResults
	}
	if source == nil {
		return nil, refuseCall("ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist.")
	}
	if most < 1 || most > maxMoveResults {
		return nil, outOfRange("MaxResults", most, 1, maxMoveResults)
	}
	results := []sqsObject{}
	for _, t := range slices.Backward(s.tasks) {
		if t.source == source && len(results) < most {
			results = append(results, t.answer())
		}
	}
	return sqsObject{"Results": results}, nil
}

func (t *moveTask) answer() sqsObject {
	told := sqsObject{
		"ApproximateNumberOfMessagesMoved": t.moved, "ApproximateNumberOfMessagesToMove": t.toMove,
		"SourceArn": t.source.ARN(), "StartedTimestamp": t.began.UnixMilli(), "Status": t.status,
	}
	if t.destination != nil {
		told["DestinationArn"] = t.destination.ARN()
	}
	if t.rated {
		told["MaxNumberOfMessagesPerSecond"] = t.rate
	}
	if t.failure != "" {
		told["FailureReason"] = t.failure
	}
	if t.status == moveRunning {
		told["TaskHandle"] = t.handle
	}
	return told
}

// moveOn goes on with all tasks as far as time has.
func (s *SQS) moveOn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tasks {
		seconds := int(t.source.options.Clock().Sub(t.began).Seconds()) + 1
		for t.status == moveRunning && t.moved < seconds*t.rate {
			s.moveOne(t)
		}
	}
}

// moveOne moves one message, or ends the task. What arrives is a new message: with an id, a time and a count of its own.
func (s *SQS) moveOne(t *moveTask) {
	destination := t.destination
	h, there := t.source.withdraw(func(source string) bool {
		if t.destination == nil {
			destination = s.queueByARN(source)
		}
		return destination != nil
	})
	switch {
	case !there:
		t.status = moveCompleted
	case h == nil:
		t.status, t.failure = moveFailed, "CouldNotDetermineMessageSource"
	default:
		destination.add(h.Body, h.typed, 0)
		t.moved++
	}
}

// withdraw takes the first visible message out for good, if wanted says so about the queue that
// gave it up. It returns nil when it does not, and there is false when nothing is visible.
func (q *Queue) withdraw(wanted func(source string) bool) (h *held, there bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.advance(q.options.Clock())
	h = q.visible.first()
	if h == nil {
		return nil, false
	}
	if !wanted(h.source) {
		return nil, true
	}
	h.leave()
	delete(q.messages, h.key)
	return h, true
}
