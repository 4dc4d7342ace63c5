package judge

import (
	"slices"
	"testing"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// again is an alarm of a short line: what it is, and since when the trouble lasts.
func again(is, since *traffic.Change, fires bool) formatter.UpdateItem {
	it := formatter.UpdateItem{Item: itemOf(is), Link: "https://discord.com/channels/1/2/3", Again: fires}
	it.Since = since.At
	return it
}

// timeless is of an alarm of which nobody knows since when it fires.
func timeless(it formatter.UpdateItem) formatter.UpdateItem {
	it.Since = time.Time{}
	return it
}

// adds has an invocation post a short line.
func (s *scenario) adds(place, call string, second int, items ...formatter.UpdateItem) {
	s.t.Helper()
	p := &s.evidence.Places[s.places[place]]
	all := formatter.UpdateOf(p.Service, formatter.Update{Items: items, Arrived: began.Add(time.Minute)}, formatter.Style{})
	s.sends(place, call, second, "", all[0])
}

// refusesEdit is an edit that a service does not take.
func (s *scenario) refusesEdit(place, call, message, answer string, second, status int) {
	p := &s.evidence.Places[s.places[place]]
	p.Log = append(p.Log, fake.Exchange{
		At: began.Add(time.Duration(second) * time.Second), Method: "PATCH", Path: "/api/v10/webhooks/1/[secret]/messages/" + message,
		Status: status, Answer: []byte(answer), Agent: "invocation/" + call,
	})
}

// TestWhatTheJudgeFindsInTheLifeOfAMessage plants faults in what becomes of messages: each has to be found, and nothing where there is none.
func TestWhatTheJudgeFindsInTheLifeOfAMessage(t *testing.T) {
	const name = "ops-mail-000001-cpu"
	fired, over := change(name, 0, alert.StateAlarm, 0, "ops"), change(name, 1, alert.StateOK, 40, "ops")
	refired := change(name, 2, alert.StateAlarm, 90, "ops")
	chat := change("chat-mail-000003-cpu", 0, alert.StateAlarm, 0, "room")
	chatOver := change("chat-mail-000003-cpu", 1, alert.StateOK, 40, "room")
	overAgain := change(name, 3, alert.StateOK, 110, "ops")
	last := change(name, 4, alert.StateAlarm, 140, "ops")
	asLong := change(name, 3, alert.StateOK, 130, "ops") // as the first time
	beside := change("ops-mail-000004-cpu", 0, alert.StateAlarm, 0, "ops")
	besideOver := change("ops-mail-000004-cpu", 1, alert.StateOK, 115, "ops")
	grey := change("ops-mail-000006-cpu", 1, alert.StateInsufficientData, 20, "ops")
	greyFired, greyOver := change(grey.Name, 0, alert.StateAlarm, 0, "ops"), change(grey.Name, 2, alert.StateOK, 40, "ops")
	both, three := []*traffic.Change{fired, over}, []*traffic.Change{fired, over, refired}
	four := append(slices.Clone(three), overAgain)
	five := append(slices.Clone(four), beside, besideOver)
	const other = "back-mail-000005-cpu"
	back, backOver := change(other, 0, alert.StateAlarm, 0, "backend"), change(other, 1, alert.StateOK, 40, "backend")
	backAgain := change(other, 2, alert.StateAlarm, 90, "backend")
	after := func(it formatter.Item, before ...*traffic.Change) formatter.Item {
		for _, c := range before {
			it.Trail = append(it.Trail, stepOf(c))
		}
		it.Since, it.Fires = before[0].At, (len(before)+2)/2
		return it
	}
	green, red := after(itemOf(over), fired), after(itemOf(refired), fired, over)
	closed := itemOf(fired)
	closed.Closed = true
	pinged := itemOf(over)
	pinged.Mentions = []formatter.Mention{{Kind: "role", ID: "123456789012345678"}}
	holds := func(s *scenario, message string, state alert.State, at time.Time) {
		s.evidence.Kept = []Memory{{Place: "ops", Name: name, Message: message, State: state, At: at}}
	}
	for title, row := range map[string]struct {
		sent []*traffic.Change
		do   func(*scenario)
		want []Kind
	}{
		"a whole life": {three, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, m, green)
			s.adds("ops", "2", 41, again(over, fired, false))
			s.says("ops", "3", 91, m, red)
			s.adds("ops", "3", 91, again(refired, fired, true))
			holds(s, m, refired.State, refired.At)
		}, nil},
		"a message that stays red": {both, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, "", green)
		}, []Kind{Red}},
		"a message that stays red because nobody knew of it": {both, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.last("ops").Fault = fake.AnswerLost
			s.says("ops", "2", 41, "", green)
		}, nil},
		"a message that stays red because it took no edit": {both, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.refusesEdit("ops", "2", m, `{"code": 30046}`, 41, 429)
			s.says("ops", "2", 41, "", green)
		}, nil},
		"a message that is closed": {three, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 91, m, closed)
			s.says("ops", "2", 91, "", after(itemOf(refired), over))
		}, nil},
		"an edit that nobody hears of": {both, func(s *scenario) {
			s.says("ops", "2", 41, s.says("ops", "1", 1, "", itemOf(fired)), green)
		}, []Kind{Unheard}},
		"an edit whose line is dead-lettered": {both, func(s *scenario) {
			s.says("ops", "2", 41, s.says("ops", "1", 1, "", itemOf(fired)), green)
			s.buries(1, "ops", "the webhook is dead")
		}, nil},
		"a late ALARM that an edit completes": {both, func(s *scenario) {
			s.says("ops", "2", 42, s.says("ops", "1", 41, "", itemOf(over)), green)
		}, nil},
		"two lines": {both, func(s *scenario) {
			s.says("ops", "2", 41, s.says("ops", "1", 1, "", itemOf(fired)), green)
			s.adds("ops", "2", 41, again(over, fired, false))
			s.adds("ops", "3", 45, again(over, fired, false))
		}, []Kind{Twice}},
		"two lines after a kill": {both, func(s *scenario) {
			s.says("ops", "2", 41, s.says("ops", "1", 1, "", itemOf(fired)), green)
			s.adds("ops", "2", 41, again(over, fired, false))
			s.adds("ops", "3", 45, again(over, fired, false))
			s.evidence.Calls["2"] = Call{Stopped: true}
		}, nil},
		"a line beside an older message than the newest": {four, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 111, "", itemOf(overAgain))
			s.evidence.Calls["2"] = Call{Trouble: []Trouble{{At: began.Add(111 * time.Second), Place: "ops"}}} // nobody knows of that one
			s.says("ops", "3", 112, m, green)
			s.adds("ops", "3", 112, timeless(again(over, fired, false)))
			s.says("ops", "4", 120, m, after(itemOf(overAgain), fired, over, refired))
			s.adds("ops", "4", 120, again(overAgain, fired, false))
		}, nil},
		"a message that falls back to what the store had kept": {five, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired), itemOf(beside))
			s.says("ops", "2", 41, m, green, itemOf(beside))
			s.adds("ops", "2", 41, again(over, fired, false))
			s.evidence.Calls["2"] = Call{Trouble: []Trouble{{At: began.Add(42 * time.Second), Place: "ops"}}}
			s.evidence.Calls["3"] = Call{Trouble: []Trouble{{At: began.Add(90 * time.Second), Place: "ops"}}}
			s.says("ops", "4", 111, s.says("ops", "3", 91, "", itemOf(refired)), after(itemOf(overAgain), refired))
			s.adds("ops", "4", 111, again(overAgain, refired, false))
			s.says("ops", "5", 120, m, itemOf(fired), itemOf(besideOver))
			s.adds("ops", "5", 120, again(besideOver, beside, false))
		}, nil},
		"old news in a digest, beside the alarm's own message": {four, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(over))
			s.says("ops", "2", 91, m, after(itemOf(refired), over))
			s.adds("ops", "2", 91, again(refired, over, true))
			late := itemOf(fired)
			late.Later = new(stepOf(refired))
			d := formatter.Digest{Lines: []formatter.Line{formatter.LineOf(&late)}}
			s.sends("ops", "2", 92, "", formatter.DigestOf(formatter.ServiceDiscord, d, formatter.Style{})[0])
			s.says("ops", "3", 111, m, after(itemOf(overAgain), over, refired))
			s.adds("ops", "3", 111, timeless(again(overAgain, refired, false)))
		}, nil},
		"a line about what came late, beside an edit that ran ahead": {four, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 111, m, after(itemOf(overAgain), fired)) // and no time was left for its line
			s.says("ops", "3", 120, m, after(itemOf(overAgain), fired, over, refired))
			s.adds("ops", "3", 120, timeless(again(over, fired, false)))
			s.adds("ops", "4", 130, again(overAgain, fired, false))
		}, nil},
		"a second line, beside an edit that adds what came late": {four, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 111, m, after(itemOf(overAgain), fired))
			s.adds("ops", "2", 111, again(overAgain, fired, false))
			s.says("ops", "3", 120, m, after(itemOf(overAgain), fired, over, refired))
			s.adds("ops", "3", 120, timeless(again(overAgain, fired, false)))
		}, []Kind{Twice}},
		"a line about what only an edit shows yet, after news that nobody can name": {append(slices.Clone(four), last), func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, m, green)
			s.adds("ops", "2", 41, again(over, fired, false))
			s.says("ops", "3", 111, m, after(itemOf(overAgain), fired, over, refired)) // and no time was left for its line
			s.evidence.Calls["4"] = Call{Trouble: []Trouble{{At: began.Add(140 * time.Second), Place: "ops"}}}
			s.says("ops", "4", 141, "", itemOf(last))
			s.adds("ops", "5", 150, timeless(again(overAgain, refired, false)))
		}, nil},
		"a message that took no edit for a while": {append(slices.Clone(both), beside, besideOver), func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired), itemOf(beside))
			s.says("ops", "2", 41, m, green, itemOf(beside))
			s.last("ops").Fault = fake.AnswerLate
			s.refusesEdit("ops", "2", m, `{"code": 30046}`, 42, 429)
			s.adds("ops", "3", 60, again(over, fired, false))
			s.says("ops", "4", 116, m, itemOf(fired), itemOf(besideOver))
			s.adds("ops", "4", 116, again(besideOver, beside, false))
			s.says("ops", "5", 300, m, green, itemOf(besideOver))
		}, nil},
		"a line in the place of a message that somebody deleted": {[]*traffic.Change{greyFired, grey, greyOver}, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(greyFired))
			s.says("ops", "2", 41, m, after(itemOf(greyOver), greyFired))
			s.evidence.Places[0].Deleted = map[string]time.Time{m: began.Add(50 * time.Second)}
			s.refusesEdit("ops", "3", m, `{"code": 10008}`, 60, 404)
			s.adds("ops", "3", 61, again(greyOver, greyFired, false))
		}, nil},
		"a line beside a message that lacks what came between": {[]*traffic.Change{greyFired, grey, greyOver}, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(greyFired))
			s.says("ops", "2", 41, m, after(itemOf(greyOver), greyFired))
			s.adds("ops", "2", 41, again(greyOver, greyFired, false))
		}, []Kind{Lost}},
		"an edit that catches up with what another message told": {four, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, m, green)
			s.adds("ops", "2", 41, again(over, fired, false))
			s.refusesEdit("ops", "3", m, `{"code": 30046}`, 111, 429)
			s.says("ops", "3", 112, "", after(itemOf(overAgain), fired, over))
			s.evidence.Calls["4"] = Call{Trouble: []Trouble{{At: began.Add(112 * time.Second), Place: "ops"}}}
			s.says("ops", "4", 113, "", itemOf(refired))
			s.says("ops", "5", 300, m, after(itemOf(overAgain), fired, over, refired))
		}, nil},
		"an edit whose line was never said, until the channel it stood in for was back": {[]*traffic.Change{back, backOver, backAgain}, func(s *scenario) {
			s.refuses("backend", "1")
			m := s.says("ops", "1", 1, "", itemOf(back))
			s.says("ops", "2", 41, m, after(itemOf(backOver), back))
			s.adds("ops", "2", 41, again(backOver, back, false))
			s.says("ops", "3", 91, m, after(itemOf(backAgain), back, backOver))
			s.says("backend", "4", 99, "", itemOf(backAgain))
		}, nil},
		"a line about a message that nobody can name": {append(slices.Clone(three), asLong), func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, m, green)
			s.adds("ops", "2", 41, again(over, fired, false))
			s.says("ops", "3", 91, "", itemOf(refired))
			s.last("ops").Fault = fake.AnswerCut
			s.adds("ops", "4", 130, again(asLong, refired, false))
		}, nil},
		"another line, after somebody said that it fires": {both, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, m, green)
			s.adds("ops", "2", 41, again(over, fired, false))
			s.evidence.Calls["3"] = Call{Trouble: []Trouble{{At: began.Add(49 * time.Second), Place: "ops"}}}
			s.says("ops", "3", 50, "", itemOf(fired))
			s.adds("ops", "4", 55, again(over, fired, false))
		}, nil},
		"a line whose edit is left to a later invocation": {both, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, "", itemOf(over))
			s.last("ops").Fault = fake.AnswerLost
			s.adds("ops", "3", 50, again(over, fired, false))
			s.says("ops", "4", 60, m, green)
			s.adds("ops", "4", 60, again(over, fired, false))
		}, nil},
		"a line about what old news says that it became": {four, func(s *scenario) {
			s.says("ops", "1", 41, "", green)
			s.evidence.Calls["2"] = Call{Trouble: []Trouble{{At: began.Add(100 * time.Second), Place: "ops"}}}
			late := itemOf(refired)
			late.Later = new(stepOf(overAgain))
			s.says("ops", "2", 111, "", late)
			s.adds("ops", "2", 112, timeless(again(overAgain, refired, false)))
		}, nil},
		"a line that is not true": {both, func(s *scenario) {
			s.says("ops", "1", 1, "", itemOf(fired))
			s.adds("ops", "2", 41, again(over, fired, false))
		}, []Kind{Lost, Untrue}},
		"a message anew, after somebody deleted it": {both, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.evidence.Places[0].Deleted = map[string]time.Time{m: began.Add(20 * time.Second)}
			s.refusesEdit("ops", "2", m, `{"code": 10008}`, 41, 404)
			s.says("ops", "2", 41, "", green)
		}, nil},
		"another one, and nobody deleted the first": {both, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, m, green)
			s.adds("ops", "2", 41, again(over, fired, false))
			s.says("ops", "3", 50, "", green)
		}, []Kind{Twice}},
		"a store that knows better": {both, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.buries(1, "ops", "refused")
			holds(s, m, over.State, over.At)
		}, []Kind{Forgotten}},
		"a store that knows less": {both, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, m, green)
			s.adds("ops", "2", 41, again(over, fired, false))
			holds(s, m, fired.State, fired.At)
		}, []Kind{Forgotten}},
		"a store that knows less, because it was down": {both, func(s *scenario) {
			m := s.says("ops", "1", 1, "", itemOf(fired))
			s.says("ops", "2", 41, m, green)
			s.adds("ops", "2", 41, again(over, fired, false))
			s.evidence.Calls["2"] = Call{Trouble: []Trouble{{At: began.Add(50 * time.Second), Place: "ops"}}}
			holds(s, m, fired.State, fired.At)
		}, nil},
		"a ping for what is over": {[]*traffic.Change{over}, func(s *scenario) { s.says("ops", "1", 41, "", pinged) }, []Kind{Woken}},
		"a recovery where nothing can be edited": {[]*traffic.Change{chat, chatOver}, func(s *scenario) {
			s.says("room", "1", 1, "", itemOf(chat))
			s.adds("room", "2", 41, again(chatOver, chat, false))
		}, nil},
		"a line beside a history, after somebody said that it fires": {[]*traffic.Change{chat, chatOver}, func(s *scenario) {
			told := after(itemOf(chatOver), chat)
			d := formatter.Digest{Lines: []formatter.Line{formatter.LineOf(&told)}, Room: 1, Arrived: began.Add(time.Hour)}
			s.sends("room", "1", 41, "", formatter.DigestOf(formatter.ServiceSlack, d, formatter.Style{})[0])
			s.last("room").Fault = fake.AnswerLost
			s.says("room", "2", 50, "", itemOf(chat))
			s.adds("room", "3", 55, again(chatOver, chat, false))
		}, nil},
		"a recovery that took another time": {[]*traffic.Change{chat, chatOver}, func(s *scenario) {
			s.says("room", "1", 1, "", itemOf(chat))
			it := again(chatOver, chat, false)
			it.Since = it.Since.Add(-time.Hour)
			s.adds("room", "2", 41, it)
		}, []Kind{Lost, Unreadable}},
		"a history that leaves out its middle": {flapping(8), func(s *scenario) { s.says("ops", "1", 80, "", historyOf(flapping(8))) }, nil},
		"a history that lacks one of what it leaves out": {flapping(8), func(s *scenario) {
			s.says("ops", "1", 80, "", historyOf(slices.Delete(flapping(8), 2, 3)))
		}, []Kind{Lost, Lost, Lost}},
		"a line of a digest that leaves out its middle": {flapping(8), func(s *scenario) {
			it := historyOf(flapping(8))
			d := formatter.Digest{Lines: []formatter.Line{formatter.LineOf(&it)}, Room: 1, Arrived: began.Add(time.Hour)}
			s.sends("ops", "1", 80, "", formatter.DigestOf(formatter.ServiceDiscord, d, formatter.Style{})[0])
		}, nil},
	} {
		t.Run(title, func(t *testing.T) {
			s := newScenario(t, row.sent...)
			row.do(s)
			s.complains(row.want)
		})
	}
}

// flapping is an alarm that goes to and fro.
func flapping(n int) (all []*traffic.Change) {
	for i := range n {
		state := []alert.State{alert.StateAlarm, alert.StateOK}[i%2]
		all = append(all, change("ops-mail-000008-cpu", i, state, 10*i, "ops"))
	}
	return all
}

// historyOf is the newest of an alarm's changes, with what came before it.
func historyOf(all []*traffic.Change) formatter.Item {
	it := itemOf(all[len(all)-1])
	for _, c := range all[:len(all)-1] {
		it.Trail = append(it.Trail, stepOf(c))
	}
	return it
}
