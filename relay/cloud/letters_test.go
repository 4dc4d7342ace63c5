package cloud_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
)

func TestADeadLetterKeepsItsBodyAndSaysWhy(t *testing.T) {
	bothQueues(t, func(t *testing.T, q *queues) {
		at := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
		own := map[string]string{}
		for i := range 9 {
			own[fmt.Sprint("own", i)] = "v"
		}
		letter := relay.DeadLetter{
			Body: "{}", Destination: "ops", Reason: "webhook is dead: status 404\x00", First: at, Last: at.Add(time.Hour), Attempts: 4, Attributes: own,
		}
		if err := q.Add(t.Context(), letter); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{
			"alarmrelay-destination": "ops", "alarmrelay-reason": "webhook is dead: status 404\ufffd", "alarmrelay-attempts": "4",
			"alarmrelay-first": "2026-11-21T03:00:00Z", "alarmrelay-last": "2026-11-21T04:00:00Z",
			"own0": "v", "own1": "v", "own2": "v", "own3": "v", "own4": "v",
		}
		held := q.dead.All()
		if len(held) != 1 || held[0].Body != "{}" {
			t.Fatalf("kept %+v", held)
		}
		if diff := cmp.Diff(want, held[0].Attributes); diff != "" {
			t.Errorf("attributes (-want +got):\n%s", diff)
		}
		large := relay.DeadLetter{Body: strings.Repeat("x", 1<<20-200), Reason: "r", Attributes: map[string]string{"own": strings.Repeat("v", 200)}}
		if err := q.Add(t.Context(), large); err != nil {
			t.Errorf("where the message's own attributes have no room: %v", err)
		}
	})
}
