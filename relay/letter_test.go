package relay_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
)

func TestALetterSaysInItsAttributesWhatItKnows(t *testing.T) {
	seoul := time.FixedZone("KST", 9*60*60)
	first, last := time.Date(2026, 11, 21, 12, 0, 0, 0, seoul), time.Date(2026, 11, 22, 3, 4, 5, 678, time.UTC)
	full := relay.DeadLetter{Body: "{}", Destination: "ops", Reason: "webhook is dead", First: first, Last: last, Attempts: 7}
	with := func(change func(*relay.DeadLetter)) relay.DeadLetter {
		l := full
		change(&l)
		return l
	}
	ours := map[string]string{
		"alarmrelay-destination": "ops", "alarmrelay-reason": "webhook is dead", "alarmrelay-attempts": "7",
		"alarmrelay-first": "2026-11-21T03:00:00Z", "alarmrelay-last": "2026-11-22T03:04:05Z",
	}
	and := func(more map[string]string) map[string]string {
		all := maps.Clone(ours)
		maps.Copy(all, more)
		return all
	}
	for name, row := range map[string]struct {
		letter relay.DeadLetter
		want   map[string]string
	}{
		"everything known": {full, ours},
		"nothing known":    {relay.DeadLetter{}, map[string]string{"alarmrelay-reason": "no reason was given", "alarmrelay-attempts": "0"}},
		"as many of the message's own as make ten, by name": {
			with(func(l *relay.DeadLetter) {
				l.Attributes = map[string]string{"g": "7", "f": "6", "e": "5", "d": "4", "c": "3", "b": "2", "a": "1"}
			}),
			and(map[string]string{"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}),
		},
		"what SQS would refuse the letter for is left out": {
			with(func(l *relay.DeadLetter) {
				l.Attributes = map[string]string{
					"": "1", "binary": "", "a b": "1", "Amazon.x": "1", "aws.x": "1", ".a": "1", "a.": "1", "a..b": "1", strings.Repeat("n", 257): "1", "a.b_c-D": "kept",
				}
			}),
			and(map[string]string{"a.b_c-D": "kept"}),
		},
		"a letter that comes a second time": {
			with(func(l *relay.DeadLetter) {
				l.Attributes = map[string]string{"alarmrelay-destination": "backend", "alarmrelay-reason": "older", "team": "shop"}
			}),
			and(map[string]string{"team": "shop"}),
		},
		"characters that SQS refuses": {
			with(func(l *relay.DeadLetter) {
				l.Reason, l.Attributes = "a\x00b\uffff\xffc", map[string]string{"k": "\x1b[31m"}
			}),
			and(map[string]string{"alarmrelay-reason": "a\ufffdb\ufffd\ufffdc", "k": "\ufffd[31m"}),
		},
		"a long reason": {
			with(func(l *relay.DeadLetter) { l.Reason = strings.Repeat("é", 1001) }),
			and(map[string]string{"alarmrelay-reason": strings.Repeat("é", 999) + "…"}),
		},
		"a body that leaves room for one of its own": {
			with(func(l *relay.DeadLetter) {
				l.Body = strings.Repeat("x", 1<<20-300)
				l.Attributes = map[string]string{"a": strings.Repeat("y", 300), "b": "2"}
			}),
			and(map[string]string{"b": "2"}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, row.letter.MessageAttributes()); diff != "" {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQueueTextIsWhatSQSTakes(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "디스크 \t\r\n 🔴 \ue000\ufffd\U0010ffff": "디스크 \t\r\n 🔴 \ue000\ufffd\U0010ffff",
		"\x00\x08\x0b\x0c\x1f\x7f": strings.Repeat("\ufffd", 5) + "\x7f", "\ufffe\uffff": "\ufffd\ufffd", "\xed\xa0\x80": "\ufffd\ufffd\ufffd",
	} {
		if got := relay.QueueText(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	clean := "no change, no copy"
	if n := testing.AllocsPerRun(10, func() { _ = relay.QueueText(clean) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
