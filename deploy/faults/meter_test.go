package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/deploy/judge"
	"alarmrelay/deploy/mapping"
)

func TestTheMeterReadsMetricsAndTroubleFromPiecesOfLines(t *testing.T) {
	m := newMeter(nil)
	one, other := m.open(), m.open()
	fmt.Fprint(one, `{"_aws":{},"Doubt`)
	fmt.Fprint(other, `{"level":"WARN","message":"queue not drained"}`+"\n"+`{"level":"INFO","message":"delivered"}`+"\n")
	fmt.Fprint(one, `ful":3,"Received":8}`+"\n"+`{"_aws":{},"Doubtful":1}`+"\nnot JSON\n")
	if m.sum("Doubtful") != 4 || m.sum("Received") != 8 || m.sum("Failed") != 0 {
		t.Errorf("sums %v", m.sums)
	}
	if diff := cmp.Diff(map[string]int{"WARN queue not drained": 1, "a line that is no JSON": 1}, m.errors); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

// TestOnlyWhatNoLaterRequestMendsIsTrouble asks the table three times about a place.
func TestOnlyWhatNoLaterRequestMendsIsTrouble(t *testing.T) {
	at := func(n int) time.Time { return time.Unix(int64(n), 0) }
	ask := func(n int, operation, place string, ok bool) mapping.Asked {
		return mapping.Asked{Call: "1", At: at(n), Operation: operation, Destination: place, OK: ok}
	}
	got := unanswered([]mapping.Asked{
		ask(1, "BatchGetItem", "ops", false), ask(2, "BatchGetItem", "ops", true), // mended
		ask(3, "PutItem", "ops", false), ask(4, "BatchGetItem", "ops", true), // a read mends no write
		ask(5, "PutItem", "room", false), ask(6, "TransactWriteItems", "room", true),
		ask(7, "SendMessage", "ops", false), // a queue
	})
	if diff := cmp.Diff(map[string][]judge.Trouble{"1": {{At: at(3), Place: "ops"}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
