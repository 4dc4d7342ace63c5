package judge

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

// scenario is what a relay did, written down by hand.
type scenario struct {
	t        *testing.T
	evidence Evidence
	places   map[string]int
	serial   int
}

// newScenario has a Discord channel ops, another one, backend, that falls back to it, and room, which is Slack's.
func newScenario(t *testing.T, sent ...*traffic.Change) *scenario {
	s := &scenario{t: t, places: map[string]int{"ops": 0, "backend": 1, "room": 2}}
	s.evidence.Calls = map[string]Call{}
	s.evidence.Places = []Place{
		{Name: "ops", Service: formatter.ServiceDiscord, Edits: true},
		{Name: "backend", Service: formatter.ServiceDiscord, Edits: true, Fallback: "ops"},
		{Name: "room", Service: formatter.ServiceSlack},
	}
	for i, c := range sent {
		s.evidence.Parcels = append(s.evidence.Parcels, traffic.Parcel{Body: "body " + strconv.Itoa(i), Change: c})
	}
	return s
}

// says has an invocation post items, or edit what an earlier post made, and returns which message that was.
func (s *scenario) says(place, call string, second int, message string, items ...formatter.Item) string {
	s.t.Helper()
	p := &s.evidence.Places[s.places[place]]
	all := formatter.Format(p.Service, formatter.Notice{Items: items, Arrived: began.Add(time.Minute)}, formatter.Style{})
	if len(all) != 1 {
		s.t.Fatalf("%d messages", len(all))
	}
	return s.sends(place, call, second, message, all[0])
}

func (s *scenario) sends(place, call string, second int, message string, m formatter.Message) string {
	s.t.Helper()
	body, err := json.Marshal(m.Payload)
	if err != nil {
		s.t.Fatal(err)
	}
	method := "PATCH"
	if message == "" {
		s.serial++
		method, message = "POST", fmt.Sprint("m", s.serial)
	}
	p := &s.evidence.Places[s.places[place]]
	p.Log = append(p.Log, fake.Exchange{
		At: began.Add(time.Duration(second) * time.Second), Method: method, Status: 200, Message: message, Request: body,
		Agent: "DiscordBot (https://alarmrelay.invalid, test) invocation/" + call,
	})
	return message
}

// complains judges the scenario, of which there have to be complaints of these kinds.
func (s *scenario) complains(want []Kind) {
	s.t.Helper()
	v := Judge(s.evidence)
	var got []Kind
	for _, c := range v.Complaints {
		got = append(got, c.Kind)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		s.t.Errorf("complaints (-want +got):\n%s\n%+v", diff, v.Complaints)
	}
}

// last is the latest exchange of a place.
func (s *scenario) last(place string) *fake.Exchange {
	log := s.evidence.Places[s.places[place]].Log
	return &log[len(log)-1]
}

// refuses is a request that a dead webhook answers.
func (s *scenario) refuses(place, call string) {
	p := &s.evidence.Places[s.places[place]]
	p.Log = append(p.Log, fake.Exchange{At: began, Method: "POST", Status: 404, Agent: "invocation/" + call})
}

func (s *scenario) buries(parcel int, destination, reason string) {
	attributes := map[string]string{relay.AttributeLast: began.Format(time.RFC3339)}
	if destination != "" {
		attributes[relay.AttributeDestination] = destination
	}
	if reason != "" {
		attributes[relay.AttributeReason] = reason
	}
	s.evidence.Letters = append(s.evidence.Letters, alert.Message{Body: s.evidence.Parcels[parcel].Body, Attributes: attributes})
}

// TestWhatTheJudgeFinds plants faults in what a relay did: each has to be found, and nothing where there is none.
func TestWhatTheJudgeFinds(t *testing.T) {
	const name = "ops-mail-000001-cpu"
	fired, over := change(name, 0, alert.StateAlarm, 0, "ops"), change(name, 1, alert.StateOK, 40, "ops")
	other := change("back-mail-000002-cpu", 0, alert.StateAlarm, 3, "backend")
	slack := change("chat-mail-000003-cpu", 0, alert.StateAlarm, 4, "room")
	late := func() formatter.Item {
		it := itemOf(fired)
		it.Later = new(stepOf(over))
		return it
	}
	for title, row := range map[string]struct {
		sent []*traffic.Change
		do   func(*scenario)
		want []Kind
	}{
		"a quiet day": {[]*traffic.Change{fired, over, slack}, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, m, itemOf(over))
			s.adds("ops", "2", 41, again(over, fired, false))
			s.says("room", "2", 41, "", itemOf(slack))
		}, nil},
		"a loss":          {[]*traffic.Change{fired, over}, func(s *scenario) { s.says("ops", "1", 1, "", itemOf(fired)) }, []Kind{Lost}},
		"a loss in Slack": {[]*traffic.Change{slack}, func(*scenario) {}, []Kind{Lost}},
		"told elsewhere":  {[]*traffic.Change{slack}, func(s *scenario) { s.says("ops", "1", 1, "", itemOf(slack)) }, []Kind{Astray, Lost}},
		"another second": {[]*traffic.Change{fired}, func(s *scenario) {
			it := itemOf(fired)
			it.ChangedAt = it.ChangedAt.Add(time.Second)
			s.says("ops", "1", 1, "", it)
		}, []Kind{Lost, Unreadable}},
		"a double": {[]*traffic.Change{fired}, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 2, "", itemOf(fired))
		}, []Kind{Twice}},
		"a double after a kill": {[]*traffic.Change{fired}, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 2, "", itemOf(fired))
			s.evidence.Calls["1"] = Call{Stopped: true}
		}, nil},
		"a double whose second invocation was killed": {[]*traffic.Change{fired}, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 2, "", itemOf(fired))
			s.evidence.Calls["2"] = Call{Stopped: true}
		}, []Kind{Twice}},
		"a double after a lost answer": {[]*traffic.Change{fired}, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.last("ops").Fault = fake.AnswerLost
			s.says("ops", "2", 2, "", itemOf(fired))
		}, nil},
		"a third time after one lost answer": {[]*traffic.Change{fired}, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.last("ops").Fault = fake.AnswerLost
			s.says("ops", "2", 2, "", itemOf(fired))
			s.says("ops", "3", 3, "", itemOf(fired))
		}, []Kind{Twice}},
		"a double after a failed save": {[]*traffic.Change{fired}, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 2, "", itemOf(fired))
			s.evidence.Calls["1"] = Call{Trouble: []Trouble{{At: began.Add(time.Second), Place: "ops"}}}
		}, nil},
		"a double, and a failed save for another place": {[]*traffic.Change{fired}, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 2, "", itemOf(fired))
			s.evidence.Calls["1"] = Call{Trouble: []Trouble{{At: began.Add(time.Second), Place: "room"}}}
		}, []Kind{Twice}},
		"the same again in the same message": {[]*traffic.Change{fired}, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 2, m, itemOf(fired))
		}, nil},
		"a late ALARM as if it were new": {[]*traffic.Change{fired, over}, func(s *scenario) {
			s.says("ops", "1", 41, "", itemOf(over))
			s.says("ops", "2", 42, "", itemOf(fired))
		}, []Kind{Red, Stale}},
		"a late ALARM that says that it is over": {[]*traffic.Change{fired, over}, func(s *scenario) {
			s.says("ops", "1", 41, "", itemOf(over))
			s.says("ops", "2", 42, "", late())
		}, nil},
		"an OK that an edit overwrites": {[]*traffic.Change{fired, over}, func(s *scenario) {
			m := s.says("ops", "1", 41, "", itemOf(over))
			s.says("ops", "2", 42, m, itemOf(fired))
		}, []Kind{Red, Overturned, Stale}},
		"an ALARM that turns green": {[]*traffic.Change{fired, over}, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, m, itemOf(over))
		}, []Kind{Unheard}},
		"a dead letter": {[]*traffic.Change{fired}, func(s *scenario) { s.buries(0, "ops", "the webhook is dead") }, nil},
		"a dead letter for somebody else": {
			[]*traffic.Change{fired},
			func(s *scenario) { s.buries(0, "room", "the webhook is dead") },
			[]Kind{Lost},
		},
		"a dead letter without a reason": {[]*traffic.Change{fired}, func(s *scenario) { s.buries(0, "ops", "") }, []Kind{Lost, Unreasoned}},
		"a dead letter for nobody":       {[]*traffic.Change{fired}, func(s *scenario) { s.buries(0, "", "why") }, []Kind{Lost, Unreasoned}},
		"a dead letter for what was shown": {[]*traffic.Change{fired}, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.buries(0, "ops", "the webhook is dead")
		}, []Kind{Twice}},
		"two dead letters": {[]*traffic.Change{fired}, func(s *scenario) {
			s.buries(0, "ops", "the webhook is dead")
			s.buries(0, "ops", "the webhook is dead")
		}, []Kind{Twice}},
		"a fallback": {[]*traffic.Change{other}, func(s *scenario) {
			s.refuses("backend", "1")
			s.says("ops", "1", 4, "", itemOf(other))
		}, nil},
		"a fallback of what lives": {[]*traffic.Change{other}, func(s *scenario) {
			s.says("ops", "1", 4, "", itemOf(other))
		}, []Kind{Astray, Lost}},
		"something that is left": {[]*traffic.Change{fired}, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.evidence.Queue = []alert.Message{{Body: "body 0"}}
		}, []Kind{Left}},
		"nonsense that is nowhere": {nil, func(s *scenario) {
			s.evidence.Parcels = append(s.evidence.Parcels, traffic.Parcel{Body: "{}"})
		}, []Kind{Lost}},
		"nonsense that is kept": {nil, func(s *scenario) {
			s.evidence.Parcels = append(s.evidence.Parcels, traffic.Parcel{Body: "{}"})
			s.buries(0, "", "cannot be read")
		}, nil},
		"a message about nothing": {nil, func(s *scenario) {
			s.says("ops", "1", 1, "", formatter.Item{Alert: alert.Alert{Kind: alert.KindText, Name: "somebody's news"}})
		}, []Kind{Unreadable}},
	} {
		t.Run(title, func(t *testing.T) {
			s := newScenario(t, row.sent...)
			row.do(s)
			s.complains(row.want)
		})
	}
}

// TestLogLinesAreCounted judges a flood by how many of its lines messages stand for.
func TestLogLinesAreCounted(t *testing.T) {
	const group = "/made-up/logs-000013"
	batches := []*traffic.Change{
		{Name: group, At: began, Lines: 3, To: []string{"ops"}},
		{Name: group, At: began.Add(time.Second), Turn: 1, Lines: 4, To: []string{"ops"}},
	}
	flood := func(lines int) formatter.Item {
		it := formatter.Item{Alert: alert.Alert{Kind: alert.KindLogs, Name: group, ChangedAt: began, Logs: &alert.LogBatch{
			Group: group, Lines: []alert.LogLine{{At: began, Text: "a"}},
		}}}
		it.Flood = &formatter.Flood{Batches: 2, Lines: lines, Began: began}
		return it
	}
	for title, row := range map[string]struct {
		do   func(*scenario)
		want []Kind
	}{
		"all in one message": {func(s *scenario) { s.says("ops", "2", 2, s.says("ops", "1", 1, "", flood(3)), flood(7)) }, nil},
		"all in two":         {func(s *scenario) { s.says("ops", "1", 1, "", flood(3)); s.says("ops", "2", 2, "", flood(4)) }, nil},
		"some by who knew of no others, and nobody of those": {func(s *scenario) {
			m := s.says("ops", "1", 1, "", flood(3))
			s.evidence.Calls["2"] = Call{Trouble: []Trouble{{At: began, Place: "ops"}}}
			s.says("ops", "2", 2, m, flood(4))
			s.says("ops", "3", 3, m, flood(3))
		}, nil},
		"all of them anew, after somebody deleted the message": {func(s *scenario) {
			s.evidence.Places[0].Deleted = map[string]time.Time{s.says("ops", "1", 1, "", flood(3)): began.Add(2 * time.Second)}
			s.says("ops", "2", 3, "", flood(7))
		}, nil},
		"all of them anew, since nobody can name the first message": {func(s *scenario) {
			s.says("ops", "1", 1, "", flood(3))
			s.last("ops").Fault = fake.AnswerCut
			s.says("ops", "2", 3, "", flood(7))
		}, nil},
		"some by who did not know of a late answer": {func(s *scenario) {
			m := s.says("ops", "1", 1, "", flood(3))
			s.says("ops", "2", 2, m, flood(5))
			s.last("ops").Fault = fake.AnswerLate
			s.evidence.Calls["3"] = Call{Trouble: []Trouble{{At: began.Add(10 * time.Second), Place: "ops"}}}
			s.says("ops", "3", 3, m, flood(5))
			s.says("ops", "4", 4, m, flood(5))
		}, nil},
		"too few":  {func(s *scenario) { s.says("ops", "1", 1, "", flood(6)) }, []Kind{Lost}},
		"too many": {func(s *scenario) { s.says("ops", "1", 1, "", flood(7)); s.says("ops", "2", 2, "", flood(4)) }, []Kind{Twice}},
	} {
		t.Run(title, func(t *testing.T) {
			s := newScenario(t, batches...)
			row.do(s)
			s.complains(row.want)
		})
	}
}

// TestADigestMayCountWhatItCannotName plants a loss behind a digest's numbers, and none.
func TestADigestMayCountWhatItCannotName(t *testing.T) {
	const size = 1000
	for title, row := range map[string]struct {
		told int
		want int
	}{"all are counted": {size, 0}, "three are not": {size - 3, 3}} {
		t.Run(title, func(t *testing.T) {
			var sent []*traffic.Change
			var lines []formatter.Line
			for i := range size {
				c := change(fmt.Sprintf("chat-mail-%06d-cpu", i), 0, alert.StateAlarm, i, "room")
				sent = append(sent, c)
				it := itemOf(c)
				lines = append(lines, formatter.LineOf(&it))
			}
			s := newScenario(t, sent...)
			d := formatter.Digest{Lines: lines[:row.told], Room: 3, Arrived: began.Add(time.Hour)}
			for _, m := range formatter.DigestOf(formatter.ServiceSlack, d, formatter.Style{}) {
				s.sends("room", "1", 5, "", m)
			}
			v := Judge(s.evidence)
			if len(v.Complaints) != row.want || v.Shown+v.Counted != row.told {
				t.Errorf("%d complaints; %d shown, %d counted", len(v.Complaints), v.Shown, v.Counted)
			}
		})
	}
}

// TestWhatADigestCountsMayBeTheNewest has the answer to an OK be lost, so that the relay tells the ALARM before it as news. That is
// right only if a later digest, which does not name everything, may tell the OK again.
func TestWhatADigestCountsMayBeTheNewest(t *testing.T) {
	const size = 1000
	for title, row := range map[string]struct {
		second int // of the digest
		want   []Kind
	}{"a digest after the ALARM": {60, nil}, "a digest before it": {45, []Kind{Stale}}} {
		t.Run(title, func(t *testing.T) {
			fired, over := change("chat-mail-999999-cpu", 0, alert.StateAlarm, 0, "room"), change("chat-mail-999999-cpu", 1, alert.StateOK, 40, "room")
			sent := []*traffic.Change{fired, over}
			var lines []formatter.Line
			for i := range size {
				c := change(fmt.Sprintf("chat-mail-%06d-cpu", i), 0, alert.StateAlarm, i, "room")
				sent = append(sent, c)
				it := itemOf(c)
				lines = append(lines, formatter.LineOf(&it))
			}
			s := newScenario(t, sent...)
			s.says("room", "1", 41, "", itemOf(over))
			s.last("room").Fault = fake.AnswerLost
			digest := func() {
				d := formatter.Digest{Lines: lines, Room: 3, Arrived: began.Add(time.Hour)}
				for _, m := range formatter.DigestOf(formatter.ServiceSlack, d, formatter.Style{}) {
					s.sends("room", "3", row.second, "", m)
				}
			}
			if row.second < 50 {
				digest()
			}
			s.says("room", "2", 50, "", itemOf(fired))
			if row.second > 50 {
				digest()
			}
			s.complains(row.want)
		})
	}
}
