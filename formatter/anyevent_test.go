package formatter_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"alarmrelay/alert"
	"alarmrelay/events"
	"alarmrelay/formatter"
)

// accept posts what an event has to say, in the rule's own words if there are any, in both languages and forms, and
// fails for any request that is refused, anybody who is pinged, and anything that gets lost.
func (s *services) accept(t *testing.T, raw []byte, own *formatter.Wording) {
	t.Helper()
	var n formatter.Notice
	for _, r := range alert.Parse(raw) {
		if r.Alert.Kind != "" {
			n.Items = append(n.Items, formatter.Item{Alert: r.Alert, Wording: own})
		}
	}
	n.Arrived = time.Date(2026, 11, 21, 3, 2, 5, 0, time.UTC)
	for _, style := range []formatter.Style{{}, {Locale: "ko", Buttons: true, Username: "alarms"}} {
		for _, service := range []formatter.Service{formatter.ServiceDiscord, formatter.ServiceSlack} {
			said := make(map[int]bool)
			for _, m := range formatter.Format(service, n, style) {
				for _, i := range m.Items {
					said[i] = true
				}
				s.postQuietly(t, service, m)
				if m.Plain != nil {
					s.postQuietly(t, service, formatter.Message{Payload: m.Plain()})
				}
			}
			if len(said) != len(n.Items) {
				t.Fatalf("%s: %d of %d alerts are said", service, len(said), len(n.Items))
			}
		}
	}
}

// postQuietly posts a message that may ping nobody.
func (s *services) postQuietly(t *testing.T, service formatter.Service, m formatter.Message) {
	t.Helper()
	if pings := s.post(t, service, m); len(pings) > 0 {
		t.Fatalf("%s would ping %v", service, pings)
	}
	if service == formatter.ServiceSlack {
		roundTrip(t, m.Payload)
	}
}

// roundTrip proves that slack-go knows every field and type of what we send to Slack.
func roundTrip(t *testing.T, payload any) {
	t.Helper()
	body, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	var m slack.WebhookMessage
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatalf("slack-go: %v\n%s", err, body)
	}
	again, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(body, again) {
		t.Fatalf("slack-go changes\n%s\ninto\n%s", body, again)
	}
}

func TestEverySampleEventIsAcceptedByBothServices(t *testing.T) {
	s := newServices()
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) { s.accept(t, raw, nil) })
	}
}

// monsters are events that are made to break something, by what is wrong with them.
func monsters() map[string]string {
	long := func(s string) string { return strings.Repeat(s, 1+300000/len(s)) }
	return map[string]string{
		"6 MB of text":          strings.Repeat("가나다 ", 6<<20/10),
		"a long name":           `{"NewStateValue":"ALARM","AlarmName":"` + long("👩‍👩‍👧‍👦é界") + `"}`,
		"a long description":    `{"NewStateValue":"ALARM","AlarmName":"a","AlarmDescription":"` + long("[x](https://evil.example) @everyone `") + `"}`,
		"fences":                `{"NewStateValue":"ALARM","AlarmName":"` + "```" + `","AlarmDescription":"` + long("```\\n") + `"}`,
		"combining characters":  `{"NewStateValue":"ALARM","AlarmName":"a` + long("\u0301\u200d\ufe0f") + `"}`,
		"blank names":           `{"NewStateValue":"ALARM","AlarmName":" \u200b\u202e ","Trigger":{"MetricName":"\n","Dimensions":[{"name":" ","value":""}]}}`,
		"500 dimensions":        `{"NewStateValue":"ALARM","AlarmName":"a","Trigger":{"MetricName":"m","Dimensions":[` + strings.TrimSuffix(strings.Repeat(`{"name":"dimension","value":"`+strings.Repeat("v", 200)+`"},`, 500), ",") + `]}}`,
		"500 children":          `{"NewStateValue":"ALARM","AlarmName":"a","AlarmRule":"r","TriggeringChildren":[` + strings.TrimSuffix(strings.Repeat(`{"Arn":"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:`+strings.Repeat("c", 255)+`","State":{"Value":"ALARM"}},`, 500), ",") + `]}`,
		"JSON of 1,000 members": `{` + strings.TrimSuffix(strings.Repeat(`"k":{"nested":[1,2,3]},`, 1000), ",") + `}`,
		"wild numbers":          `{"NewStateValue":"ALARM","AlarmName":"a","NewStateReason":"Threshold Crossed: 1 datapoint [1.7976931348623157E308 (21/11/26 03:02:00)] was","Trigger":{"MetricName":"m","Unit":"Bytes","Threshold":-1e308,"Period":2147483647,"EvaluationPeriods":-5,"ComparisonOperator":"LessThanThreshold"}}`,
		"a region from hell":    `{"source":"aws.x","detail-type":"y","region":"../../evil?x=","account":"<!channel>","resources":["` + long("arn:") + `"],"detail":{}}`,
		"twenty findings":       `{"source":"aws.securityhub","detail-type":"Security Hub Findings - Imported","detail":{"findings":[` + strings.TrimSuffix(strings.Repeat(`{"Id":"f","Title":"`+strings.Repeat("t", 5000)+`","Description":"`+strings.Repeat("d", 9000)+`"},`, 20), ",") + `]}}`,
	}
}

func TestMonstersAreAcceptedByBothServices(t *testing.T) {
	for name, raw := range monsters() {
		t.Run(name, func(t *testing.T) { newServices().accept(t, []byte(raw), nil) })
	}
}

func FuzzAnyEventIsAcceptedByBothServices(f *testing.F) {
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) { newServices().accept(t, raw, nil) })
}
