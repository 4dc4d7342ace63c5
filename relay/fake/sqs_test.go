package fake

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

const (
	oneKey   = "AKIAONEEXAMPLE"
	otherKey = "AKIAOTHEREXAMPLE"
)

// sqsFake is a service with a queue, its dead-letter queue, and a clock.
type sqsFake struct {
	*SQS
	clock       *wallClock
	queue, dead *Queue
}

func newSQSFake() *sqsFake {
	clock := newWallClock()
	dead := NewQueue(QueueOptions{Name: "dead", Clock: clock.now})
	queue := NewQueue(QueueOptions{Name: "alarms", Clock: clock.now, MaxReceives: 3, DeadLetters: dead})
	s := &sqsFake{SQS: NewSQS(), clock: clock, queue: queue, dead: dead}
	s.Add(dead)
	s.Add(queue)
	return s
}

func sqsRequestTo(ctx context.Context, operation, key string, body []byte) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "http://sqs.example/", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "AmazonSQS."+operation)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+key+"/20261121/ap-northeast-2/sqs/aws4_request, SignedHeaders=host, Signature=0")
	return r
}

// ask sends a request; in the body QueueUrl is that of the queue alarms where it is not set.
func (s *sqsFake) ask(t *testing.T, operation string, body obj) answered {
	t.Helper()
	return s.askAs(t, oneKey, operation, body)
}

func (s *sqsFake) askAs(t *testing.T, key, operation string, body obj) answered {
	t.Helper()
	if _, set := body["QueueUrl"]; !set && !strings.Contains(operation, "MoveTask") {
		body["QueueUrl"] = "https://sqs.ap-northeast-2.amazonaws.com/111122223333/alarms"
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, sqsRequestTo(t.Context(), operation, key, encode(t, body)))
	if media := w.Header().Get("Content-Type"); media != "application/x-amz-json-1.0" {
		t.Errorf("%s was answered as %q", operation, media)
	}
	return answered{w.Code, decode(t, w.Body.Bytes())}
}

// received are the messages of an answer.
func (a answered) received(t *testing.T) []obj {
	t.Helper()
	var messages []obj
	list, _ := a.Body.(obj)["Messages"].(arr)
	for _, m := range list {
		messages = append(messages, m.(obj))
	}
	if a.Status != http.StatusOK {
		t.Fatalf("answer %+v", a)
	}
	return messages
}

func refusal400(kind, message string) answered {
	return answered{400, obj{"__type": "com.amazonaws.sqs#" + kind, "message": message}}
}

func TestSQSTellsWhatItIsAskedFor(t *testing.T) {
	s := newSQSFake()
	id := s.queue.Put("hello", map[string]string{"team.name": "shop", "other": "x"})
	s.clock.pass(time.Second)
	got := s.ask(t, "ReceiveMessage", obj{})
	receipt := func(n int) string { return s.queue.receipt(&held{key: 1, Message: alert.Message{Receives: n}}) }
	bare := obj{"MessageId": id, "ReceiptHandle": receipt(1), "Body": "hello", "MD5OfBody": "5d41402abc4b2a76b9719d911017c592"}
	if diff := cmp.Diff(answered{200, obj{"Messages": arr{bare}}}, got); diff != "" {
		t.Errorf("without names (-want +got):\n%s", diff)
	}
	s.clock.pass(time.Minute)
	got = s.ask(t, "ReceiveMessage", obj{
		"VisibilityTimeout": 5, "MessageSystemAttributeNames": arr{"ApproximateReceiveCount", "SentTimestamp", "DeadLetterQueueSourceArn"}, "MessageAttributeNames": arr{"team.*"},
	})
	want := obj{
		"MessageId": id, "ReceiptHandle": receipt(2), "Body": "hello", "MD5OfBody": "5d41402abc4b2a76b9719d911017c592",
		"Attributes":             obj{"ApproximateReceiveCount": "2", "SentTimestamp": "1795219200000"},
		"MessageAttributes":      obj{"team.name": obj{"DataType": "String", "StringValue": "shop"}},
		"MD5OfMessageAttributes": attributesSum(stringAttributes(map[string]string{"team.name": "shop"})),
	}
	if diff := cmp.Diff(answered{200, obj{"Messages": arr{want}}}, got); diff != "" {
		t.Errorf("with names (-want +got):\n%s", diff)
	}
	if next, _ := s.queue.NextVisible(); next != s.clock.at.Add(5*time.Second) {
		t.Errorf("visible again at %v", next)
	}
	if diff := cmp.Diff(answered{200, obj{}}, s.ask(t, "ReceiveMessage", obj{})); diff != "" {
		t.Errorf("of an empty queue (-want +got):\n%s", diff)
	}
}

func TestSQSAcceptsAndDigests(t *testing.T) {
	s := newSQSFake()
	sent := s.ask(t, "SendMessage", obj{"MessageBody": "hello", "MessageAttributes": obj{"timestamp": obj{"DataType": "Number", "StringValue": "1493147359900"}}, "DelaySeconds": 7})
	// The digest of this attribute is known from others: https://github.com/getmoto/moto (tests/test_sqs).
	want := answered{200, obj{
		"MessageId": s.queue.All()[0].ID, "MD5OfMessageBody": "5d41402abc4b2a76b9719d911017c592", "MD5OfMessageAttributes": "235c5c510d26fb653d073faed50ae77c",
	}}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	if next, _ := s.queue.NextVisible(); next != s.clock.at.Add(7*time.Second) {
		t.Errorf("visible at %v", next)
	}
}

func TestSQSBatchesFailInPart(t *testing.T) {
	s := newSQSFake()
	sent := s.ask(t, "SendMessageBatch", obj{"Entries": arr{
		obj{"Id": "a", "MessageBody": "one"}, obj{"Id": "b", "MessageBody": ""}, obj{"Id": "c", "MessageBody": "two"}, obj{"Id": "d", "MessageBody": "three"},
	}})
	held := s.queue.All()
	want := obj{
		"Successful": arr{
			obj{"Id": "a", "MessageId": held[0].ID, "MD5OfMessageBody": sum("one")},
			obj{"Id": "c", "MessageId": held[1].ID, "MD5OfMessageBody": sum("two")},
			obj{"Id": "d", "MessageId": held[2].ID, "MD5OfMessageBody": sum("three")},
		},
		"Failed": arr{obj{
			"Id": "b", "Code": "InvalidParameterValue", "SenderFault": true,
			"Message": "One or more parameters are invalid. Reason: Message must be at least one character.",
		}},
	}
	if diff := cmp.Diff(answered{200, want}, sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	taken := s.queue.Take(10)
	postponed := s.ask(t, "ChangeMessageVisibilityBatch", obj{"Entries": arr{
		obj{"Id": "0", "ReceiptHandle": taken[0].Receipt, "VisibilityTimeout": 0},
		obj{"Id": "1", "ReceiptHandle": taken[1].Receipt},
		obj{"Id": "2", "ReceiptHandle": taken[1].Receipt, "VisibilityTimeout": 43201},
		obj{"Id": "3", "ReceiptHandle": taken[1].Receipt, "VisibilityTimeout": 43200},
	}})
	want = obj{
		"Successful": arr{obj{"Id": "0"}, obj{"Id": "3"}},
		"Failed": arr{
			obj{"Id": "1", "Code": "MissingParameter", "Message": "The request must contain the parameter VisibilityTimeout.", "SenderFault": true},
			obj{"Id": "2", "Code": "InvalidParameterValue", "SenderFault": true, "Message": "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided."},
		},
	}
	if diff := cmp.Diff(answered{200, want}, postponed); diff != "" {
		t.Errorf("postponed (-want +got):\n%s", diff)
	}
	s.Fail(Fault{Kind: PartlyFailed, Method: "DeleteMessageBatch"})
	deleted := s.ask(t, "DeleteMessageBatch", obj{"Entries": arr{
		obj{"Id": "0", "ReceiptHandle": taken[0].Receipt}, obj{"Id": "1", "ReceiptHandle": taken[1].Receipt},
	}})
	want = obj{
		"Successful": arr{obj{"Id": "1"}},
		"Failed":     arr{obj{"Id": "0", "Code": "InternalError", "Message": "An internal error occurred.", "SenderFault": false}},
	}
	if diff := cmp.Diff(answered{200, want}, deleted); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	if s.queue.Len() != 2 {
		t.Errorf("%d messages are left", s.queue.Len())
	}
}

func TestSQSRefusesAsTheServiceDoes(t *testing.T) {
	eleven := arr{}
	for i := range 11 {
		eleven = append(eleven, obj{"Id": itoa(i), "ReceiptHandle": "r"})
	}
	for name, row := range map[string]struct {
		operation string
		body      obj
		want      answered
	}{
		"a queue that is not there":   {"ReceiveMessage", obj{"QueueUrl": "https://sqs.example/111122223333/none"}, refusal400("QueueDoesNotExist", "The specified queue does not exist.")},
		"a name that is not there":    {"GetQueueUrl", obj{"QueueUrl": "", "QueueName": "none"}, refusal400("QueueDoesNotExist", "The specified queue does not exist.")},
		"eleven messages":             {"ReceiveMessage", obj{"MaxNumberOfMessages": 11}, refusal400("InvalidParameterValueException", "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.")},
		"half a minute of waiting":    {"ReceiveMessage", obj{"WaitTimeSeconds": 30}, refusal400("InvalidParameterValueException", "Value 30 for parameter WaitTimeSeconds is invalid. Reason: Must be between 0 and 20, if provided.")},
		"thirteen hours":              {"ReceiveMessage", obj{"VisibilityTimeout": 46800}, refusal400("InvalidParameterValueException", "Value 46800 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.")},
		"a receipt that is none":      {"DeleteMessage", obj{"ReceiptHandle": "r"}, answered{404, obj{"__type": "com.amazonaws.sqs#ReceiptHandleIsInvalid", "message": `The input receipt handle "r" is not a valid receipt handle.`}}},
		"an empty batch":              {"DeleteMessageBatch", obj{}, refusal400("EmptyBatchRequest", "There should be at least one entry in the request.")},
		"a batch of eleven":           {"DeleteMessageBatch", obj{"Entries": eleven}, refusal400("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent 11.")},
		"an id twice":                 {"DeleteMessageBatch", obj{"Entries": arr{obj{"Id": "a"}, obj{"Id": "a"}}}, refusal400("BatchEntryIdsNotDistinct", "Id a repeated.")},
		"a batch over the size":       {"SendMessageBatch", obj{"Entries": arr{obj{"Id": "a", "MessageBody": xs(maxMessage)}, obj{"Id": "b", "MessageBody": "x"}}}, refusal400("BatchRequestTooLong", "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.")},
		"a message over the size":     {"SendMessage", obj{"MessageBody": xs(maxMessage + 1)}, refusal400("InvalidParameterValueException", "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.")},
		"a parameter nobody knows":    {"SendMessage", obj{"MessageBdy": "x"}, refusal400("SerializationException", `json: unknown field "MessageBdy"`)},
		"an attribute nobody knows":   {"GetQueueAttributes", obj{"AttributeNames": arr{"Colour"}}, refusal400("InvalidAttributeName", "Unknown Attribute Colour.")},
		"an operation nobody knows":   {"PurgeQueues", obj{}, answered{404, obj{"__type": "com.amazonaws.sqs#UnknownOperationException", "message": "The fake does not know PurgeQueues."}}},
		"a move from nowhere":         {"StartMessageMoveTask", obj{"SourceArn": "arn:aws:sqs:ap-northeast-2:111122223333:none"}, answered{404, obj{"__type": "com.amazonaws.sqs#ResourceNotFoundException", "message": "The resource that you specified for the SourceArn parameter doesn't exist."}}},
		"a move from no dead letters": {"StartMessageMoveTask", obj{"SourceArn": "arn:aws:sqs:ap-northeast-2:111122223333:alarms"}, refusal400("InvalidParameterValueException", "Source queue must be configured as a Dead Letter Queue.")},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, newSQSFake().ask(t, row.operation, row.body)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSQSWantsItsProtocolAndASignature(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*http.Request)
		code   string
	}{
		"as it should be":  {func(*http.Request) {}, ""},
		"the old protocol": {func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, "UnknownOperation;Sender"},
		"another service":  {func(r *http.Request) { r.Header.Set("X-Amz-Target", "AmazonSSM.ReceiveMessage") }, "UnknownOperation;Sender"},
		"unsigned":         {func(r *http.Request) { r.Header.Del("Authorization") }, "MissingAuthenticationToken;Sender"},
	} {
		r := sqsRequestTo(t.Context(), "ReceiveMessage", oneKey, []byte(`{"QueueUrl":"https://sqs.example/111122223333/alarms"}`))
		row.change(r)
		w := httptest.NewRecorder()
		newSQSFake().ServeHTTP(w, r)
		if got := w.Header().Get("X-Amzn-Query-Error"); got != row.code {
			t.Errorf("%s: %q, want %q: %s", name, got, row.code, w.Body)
		}
	}
}

func TestSQSDescribesItsQueues(t *testing.T) {
	s := newSQSFake()
	filled := s.queue
	for range 4 {
		filled.Put("m", nil)
	}
	filled.Take(3)
	s.ask(t, "SendMessage", obj{"MessageBody": "later", "DelaySeconds": 9})
	want := answered{200, obj{"Attributes": obj{
		"ApproximateNumberOfMessages": "1", "ApproximateNumberOfMessagesNotVisible": "3", "ApproximateNumberOfMessagesDelayed": "1",
		"QueueArn": "arn:aws:sqs:ap-northeast-2:111122223333:alarms", "VisibilityTimeout": "30", "MaximumMessageSize": "1048576",
		"MessageRetentionPeriod": "1209600", "DelaySeconds": "0", "ReceiveMessageWaitTimeSeconds": "0",
		"RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:ap-northeast-2:111122223333:dead","maxReceiveCount":3}`,
	}}}
	if diff := cmp.Diff(want, s.ask(t, "GetQueueAttributes", obj{"AttributeNames": arr{"All"}})); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
	one := answered{200, obj{"Attributes": obj{"ApproximateNumberOfMessages": "1"}}}
	if diff := cmp.Diff(one, s.ask(t, "GetQueueAttributes", obj{"AttributeNames": arr{"ApproximateNumberOfMessages"}})); diff != "" {
		t.Errorf("one (-want +got):\n%s", diff)
	}
	url := answered{200, obj{"QueueUrl": "http://sqs.example/111122223333/dead"}}
	if diff := cmp.Diff(url, s.ask(t, "GetQueueUrl", obj{"QueueUrl": "", "QueueName": "dead"})); diff != "" {
		t.Errorf("address (-want +got):\n%s", diff)
	}
}

func TestSQSKnowsWhoHoldsWhat(t *testing.T) {
	s := newSQSFake()
	var ids []string
	for range 5 {
		ids = append(ids, s.queue.Put("m", nil))
	}
	mine := s.ask(t, "ReceiveMessage", obj{"MaxNumberOfMessages": 3, "VisibilityTimeout": 10}).received(t)
	s.askAs(t, otherKey, "ReceiveMessage", obj{})
	s.queue.Take(1) // as Lambda does, in nobody's name
	want := func(when string, mine, others []string) {
		t.Helper()
		if diff := cmp.Diff([][]string{mine, others}, [][]string{s.InFlightOf(oneKey), s.InFlightOf(otherKey)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	want("received", ids[:3], ids[3:4])
	s.ask(t, "DeleteMessage", obj{"ReceiptHandle": mine[0]["ReceiptHandle"]})
	s.ask(t, "ChangeMessageVisibility", obj{"ReceiptHandle": mine[1]["ReceiptHandle"], "VisibilityTimeout": 60})
	want("deleted and put off", ids[1:3], ids[3:4])
	s.clock.pass(10 * time.Second)
	want("visible again", ids[1:2], ids[3:4])
	s.askAs(t, otherKey, "ReceiveMessage", obj{})
	want("handed to the other", ids[1:2], []string{ids[3], ids[2]})
}
