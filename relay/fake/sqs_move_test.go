package fake

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	alarmsARN = "arn:aws:sqs:ap-northeast-2:111122223333:alarms"
	deadARN   = "arn:aws:sqs:ap-northeast-2:111122223333:dead"
)

// moves are the tasks of the dead-letter queue, newest first, without when they began.
func (s *sqsFake) moves(t *testing.T) []obj {
	t.Helper()
	a := s.ask(t, "ListMessageMoveTasks", obj{"SourceArn": deadARN, "MaxResults": 10})
	var tasks []obj
	for _, task := range a.Body.(obj)["Results"].(arr) {
		delete(task.(obj), "StartedTimestamp")
		tasks = append(tasks, task.(obj))
	}
	return tasks
}

func (s *sqsFake) wantMoves(t *testing.T, when string, want ...obj) {
	t.Helper()
	if diff := cmp.Diff(want, s.moves(t)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

func TestSQSMovesLettersAsNewMessages(t *testing.T) {
	s := newSQSFake()
	old := s.dead.Put("one", map[string]string{"alarmrelay-destination": "ops"})
	s.dead.Put("two", nil)
	s.clock.pass(time.Hour)
	started := s.ask(t, "StartMessageMoveTask", obj{"SourceArn": deadARN, "DestinationArn": alarmsARN})
	if diff := cmp.Diff(answered{200, obj{"TaskHandle": "move-1"}}, started); diff != "" {
		t.Errorf("started (-want +got):\n%s", diff)
	}
	s.wantMoves(t, "moved", obj{
		"ApproximateNumberOfMessagesMoved": 2.0, "ApproximateNumberOfMessagesToMove": 2.0,
		"SourceArn": deadARN, "DestinationArn": alarmsARN, "Status": "COMPLETED",
	})
	moved := s.queue.Take(10)
	wantHanded(t, moved, "one/1", "two/1")
	if m := moved[0]; m.ID == old || m.SentAt != s.clock.at || m.Attributes["alarmrelay-destination"] != "ops" || s.dead.Len() != 0 {
		t.Errorf("moved %+v, %d left", m, s.dead.Len())
	}
}

func TestSQSMovesAtTheRateThatWasAskedFor(t *testing.T) {
	s := newSQSFake()
	for range 5 {
		s.dead.Put("m", nil)
	}
	start := obj{"SourceArn": deadARN, "DestinationArn": alarmsARN, "MaxNumberOfMessagesPerSecond": 2}
	s.ask(t, "StartMessageMoveTask", start)
	twice := refusal400("InvalidParameterValueException", "There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
	if diff := cmp.Diff(twice, s.ask(t, "StartMessageMoveTask", start)); diff != "" {
		t.Errorf("a second task (-want +got):\n%s", diff)
	}
	task := func(moved float64, status string) obj {
		return obj{
			"ApproximateNumberOfMessagesMoved": moved, "ApproximateNumberOfMessagesToMove": 5.0, "MaxNumberOfMessagesPerSecond": 2.0,
			"SourceArn": deadARN, "DestinationArn": alarmsARN, "Status": status,
		}
	}
	running := task(2, "RUNNING")
	running["TaskHandle"] = "move-1"
	s.wantMoves(t, "at once", running)
	s.clock.pass(time.Second)
	running["ApproximateNumberOfMessagesMoved"] = 4.0
	s.wantMoves(t, "after a second", running)
	s.clock.pass(time.Second)
	s.wantMoves(t, "at the end", task(5, "COMPLETED"))
}

func TestSQSMovesBackOnlyWhatItGaveUpItself(t *testing.T) {
	s := newSQSFake()
	s.queue.Put("given up", nil)
	for range 4 {
		s.queue.Take(1)
		s.clock.pass(time.Minute)
	}
	s.dead.Put("put there", nil)
	s.ask(t, "StartMessageMoveTask", obj{"SourceArn": deadARN})
	s.wantMoves(t, "moved", obj{
		"ApproximateNumberOfMessagesMoved": 1.0, "ApproximateNumberOfMessagesToMove": 2.0,
		"SourceArn": deadARN, "Status": "FAILED", "FailureReason": "CouldNotDetermineMessageSource",
	})
	wantHanded(t, s.queue.Take(10), "given up/1")
	wantHanded(t, s.dead.Take(10), "put there/1")
}

func TestALetterThatSQSGaveUpSaysWhereItCameFrom(t *testing.T) {
	s := newSQSFake()
	s.queue.Put("given up", nil)
	for range 4 {
		s.queue.Take(1)
		s.clock.pass(time.Minute)
	}
	got := s.ask(t, "ReceiveMessage", obj{"QueueUrl": "https://sqs.example/111122223333/dead", "AttributeNames": arr{"All"}}).received(t)
	want := obj{
		"ApproximateReceiveCount": "4", "SenderId": "AIDAEXAMPLE", "SentTimestamp": "1795219200000",
		"ApproximateFirstReceiveTimestamp": "1795219200000", "DeadLetterQueueSourceArn": alarmsARN,
	}
	if diff := cmp.Diff(any(want), got[0]["Attributes"]); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
}

func TestSQSRefusesMovesItCannotMake(t *testing.T) {
	missing := func(parameter string) answered {
		return answered{404, obj{
			"__type": "com.amazonaws.sqs#ResourceNotFoundException", "message": "The resource that you specified for the " + parameter + " parameter doesn't exist.",
		}}
	}
	for name, row := range map[string]struct {
		operation string
		body      obj
		want      answered
	}{
		"to nowhere": {"StartMessageMoveTask", obj{"SourceArn": deadARN, "DestinationArn": deadARN + "er"}, missing("DestinationArn")},
		"too fast": {
			"StartMessageMoveTask",
			obj{"SourceArn": deadARN, "MaxNumberOfMessagesPerSecond": 501},
			refusal400("InvalidParameterValueException", "Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if provided."),
		},
		"of nobody": {"ListMessageMoveTasks", obj{"SourceArn": deadARN + "er"}, missing("SourceArn")},
		"too many at once": {
			"ListMessageMoveTasks",
			obj{"SourceArn": deadARN, "MaxResults": 11},
			refusal400("InvalidParameterValueException", "Value 11 for parameter MaxResults is invalid. Reason: Must be between 1 and 10, if provided."),
		},
		"none so far": {"ListMessageMoveTasks", obj{"SourceArn": deadARN}, answered{200, obj{"Results": arr{}}}},
	} {
		if diff := cmp.Diff(row.want, newSQSFake().ask(t, row.operation, row.body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
