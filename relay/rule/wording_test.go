package rule_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/formatter"
)

func TestADestinationIsToldInTheWordsOfTheFirstRuleThatHasSome(t *testing.T) {
	const title = `CPU of ${dimension.InstanceId | default "a host"} is at ${value}`
	config := parse(t, string(read(t, "good-words.yaml")))
	type told struct {
		Destination string
		Wording     *json.RawMessage
	}
	words := func(text string) *json.RawMessage { return (*json.RawMessage)(new([]byte(text))) }
	one, both := words(`{"title":`+quoted(t, title)+`}`), words(`{"title":`+quoted(t, title)+`,"summary":"${name | cut 40} needs a hand",`+
		`"fields":[{"label":"Team","value":"${tag.'cost centre' | upper}"},{"label":"Costs","value":"$${value}"}]}`)
	for name, want := range map[string][]told{
		"ab": {{"ops", one}, {"team", both}},
		"ac": {{"ops", one}},
		"b":  {{"ops", nil}},
	} {
		routing := config.Route(&alert.Alert{Kind: alert.KindMetricAlarm, Name: name, State: alert.StateAlarm}, time.Time{})
		var got []told
		for _, d := range routing.Deliveries {
			one := told{Destination: d.Destination}
			if d.Wording != nil {
				one.Wording = words(quoted(t, d.Wording))
			}
			got = append(got, one)
		}
		if diff := cmp.Diff(want, got, cmp.Transformer("text", func(m json.RawMessage) string { return string(m) })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func quoted(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAFallbackKeepsTheRulesWords(t *testing.T) {
	config := parse(t, `
destinations: {ops: {discord: "ssm:/ops", fallback: spare}, spare: {slack: "ssm:/spare"}}
rules: [{to: [ops], title: "own ${name}"}]
`)
	d := config.Route(&alert.Alert{Name: "a"}, time.Time{}).Deliveries[0]
	next, ok := config.Fallback(d)
	if !ok || next.Destination != "spare" || next.Wording == nil || next.Wording.Title.String() != "own ${name}" {
		t.Errorf("%+v", next)
	}
	said := formatter.WordingOf(formatter.Item{Alert: alert.Alert{Name: "a"}, Wording: next.Wording}, config.Style("spare", next.Voice))
	if diff := cmp.Diff([]formatter.Worded{{Part: "title", Phrase: "own ${name}", Text: "own a"}}, said); diff != "" {
		t.Error(diff)
	}
}
