package judge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

var began = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

// change is one of an alarm's, so many seconds after the beginning.
func change(name string, turn int, state alert.State, second int, to ...string) *traffic.Change {
	previous := alert.StateOK
	if state == alert.StateOK {
		previous = alert.StateAlarm
	}
	return &traffic.Change{Name: name, Turn: turn, State: state, Previous: previous, At: began.Add(time.Duration(second) * time.Second), To: to}
}

// caseOf is an investigation of changes that came one to a parcel.
func caseOf(changes ...*traffic.Change) *investigation {
	var e Evidence
	for i, c := range changes {
		e.Parcels = append(e.Parcels, traffic.Parcel{Body: fmt.Sprint(i), Change: c})
	}
	return newCase(e)
}

func itemOf(c *traffic.Change) formatter.Item {
	return formatter.Item{Alert: alert.Alert{
		Kind: alert.KindMetricAlarm, Key: c.Name, Name: c.Name, State: c.State, Previous: c.Previous, ChangedAt: c.At,
		Account: "111122223333", Region: "eu-west-1", Partition: "aws", Reason: "Threshold Crossed",
	}}
}

func stepOf(c *traffic.Change) formatter.Step { return formatter.Step{State: c.State, At: c.At} }

// told is what a reader finds in messages: each change, and what the alarm then is.
type told struct {
	Change, Stands string
	Lines          int
	Short          string // of a short line: what it says that the alarm is, and after how long
	Closed, Old    bool
}

func readAll(t *testing.T, c *investigation, service formatter.Service, messages []formatter.Message, plain bool) (all []told) {
	t.Helper()
	for _, m := range messages {
		payload := m.Payload
		if plain {
			payload = m.Plain()
		}
		body, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		e := fake.Exchange{Request: body}
		for _, f := range m.Files {
			e.Sent = append(e.Sent, fake.File{Name: f.Name, Data: f.Data})
		}
		p, err := readPage(service, e)
		if err != nil {
			t.Fatal(err)
		}
		tellings, _ := c.tellings(p)
		for _, found := range tellings {
			one := told{Lines: found.lines, Closed: found.closed, Old: found.old}
			if found.short {
				one.Short = fmt.Sprint(found.story.name, " ", found.state, " after ", found.after, " ", found.fires)
			}
			if found.change != nil {
				one.Change = describe(found.change)
			}
			if found.stands != nil {
				one.Stands = describe(found.stands)
			}
			if !slices.Contains(all, one) { // the title and the text may both name a notice
				all = append(all, one)
			}
		}
	}
	slices.SortFunc(all, func(a, b told) int { return cmp.Or(cmp.Compare(a.Change, b.Change), cmp.Compare(a.Stands, b.Stands)) })
	return all
}

// TestCardsAreRead checks the reader against every form of a card that the formatter has.
func TestCardsAreRead(t *testing.T) {
	fired, over := change("ops-mail-000001-cpu", 0, alert.StateAlarm, 0), change("ops-mail-000001-cpu", 1, alert.StateOK, 40)
	again := change("ops-mail-000001-cpu", 2, alert.StateAlarm, 90)
	lacking := change("ops-mail-000002-queue-age", 0, alert.StateInsufficientData, 5)
	note := &traffic.Change{Name: "note-000007", At: began}
	logs := &traffic.Change{Name: "/made-up/logs-000013", At: began, Lines: 3}
	c := caseOf(fired, over, again, lacking, note, logs)

	with := func(it formatter.Item, change func(*formatter.Item)) formatter.Item { change(&it); return it }
	noteItem := formatter.Item{Alert: alert.Alert{Kind: alert.KindText, Name: "Deployment note-000007", Notice: &alert.Notice{Text: "through"}}}
	logItem := formatter.Item{Alert: alert.Alert{Kind: alert.KindLogs, Name: logs.Name, ChangedAt: began, Logs: &alert.LogBatch{
		Group: logs.Name, Lines: []alert.LogLine{{At: began, Text: "a"}, {At: began, Text: "b"}, {At: began, Text: "c"}},
	}}}
	fire, end, refire := describe(fired), describe(over), describe(again)

	for name, row := range map[string]struct {
		items []formatter.Item
		want  []told
	}{
		"an ALARM":             {[]formatter.Item{itemOf(fired)}, []told{{Change: fire, Stands: fire}}},
		"an OK":                {[]formatter.Item{itemOf(over)}, []told{{Change: end, Stands: end}}},
		"no data":              {[]formatter.Item{itemOf(lacking)}, []told{{Change: describe(lacking), Stands: describe(lacking)}}},
		"an OK with its start": {[]formatter.Item{with(itemOf(over), func(it *formatter.Item) { it.Since = fired.At })}, []told{{Change: end, Stands: end}}},
		"a repeated ALARM":     {[]formatter.Item{with(itemOf(fired), func(it *formatter.Item) { it.Repeat = true })}, []told{{Change: fire, Stands: fire}}},
		"an OK with its ALARM": {
			[]formatter.Item{with(itemOf(over), func(it *formatter.Item) { it.Trail = []formatter.Step{stepOf(fired)} })},
			[]told{{Change: fire, Stands: ""}, {Change: end, Stands: end}},
		},
		"three changes": {
			[]formatter.Item{with(itemOf(again), func(it *formatter.Item) { it.Trail = []formatter.Step{stepOf(fired), stepOf(over)} })},
			[]told{{Change: fire, Stands: ""}, {Change: refire, Stands: refire}, {Change: end, Stands: ""}},
		},
		"an ALARM that is over": {
			[]formatter.Item{with(itemOf(fired), func(it *formatter.Item) { it.Later = new(stepOf(over)) })},
			[]told{{Change: fire, Stands: end, Old: true}},
		},
		"an OK that is over": {
			[]formatter.Item{with(itemOf(over), func(it *formatter.Item) { it.Later = new(stepOf(again)) })},
			[]told{{Change: end, Stands: refire, Old: true}},
		},
		"an OK with its ALARM that are over": {
			[]formatter.Item{with(itemOf(over), func(it *formatter.Item) {
				it.Trail, it.Later = []formatter.Step{stepOf(fired)}, new(stepOf(again))
			})},
			[]told{{Change: fire, Stands: refire, Old: true}, {Change: end, Stands: refire, Old: true}},
		},
		"an ALARM that fires again": {
			[]formatter.Item{with(itemOf(again), func(it *formatter.Item) {
				it.Trail, it.Since, it.Fires = []formatter.Step{stepOf(fired), stepOf(over)}, fired.At, 2
			})},
			[]told{{Change: fire}, {Change: refire, Stands: refire}, {Change: end}},
		},
		"an ALARM that fires again, and nobody knows since when": {
			[]formatter.Item{with(itemOf(again), func(it *formatter.Item) { it.Trail, it.Fires = []formatter.Step{stepOf(over)}, 3 })},
			[]told{{Change: refire, Stands: refire}, {Change: end}},
		},
		"an ALARM that is closed": {
			[]formatter.Item{with(itemOf(fired), func(it *formatter.Item) { it.Closed = true })},
			[]told{{Change: fire, Stands: fire, Closed: true}},
		},
		"a notice": {[]formatter.Item{noteItem}, []told{{Change: "note-000007"}}},
		"logs":     {[]formatter.Item{logItem}, []told{{Lines: 3}}},
		"a flood": {
			[]formatter.Item{with(logItem, func(it *formatter.Item) { it.Flood = &formatter.Flood{Batches: 4, Lines: 17, Began: began} })},
			[]told{{Lines: 17}},
		},
		"several": {[]formatter.Item{itemOf(fired), itemOf(lacking)}, []told{{Change: fire, Stands: fire}, {Change: describe(lacking), Stands: describe(lacking)}}},
	} {
		for _, service := range []formatter.Service{formatter.ServiceDiscord, formatter.ServiceSlack} {
			for _, plain := range []bool{false, true} {
				if plain && len(row.items) > 1 {
					continue
				}
				t.Run(fmt.Sprintf("%s, %s, plain %v", name, service, plain), func(t *testing.T) {
					for _, arrived := range []time.Time{began.Add(time.Minute), began.Add(50 * time.Hour)} {
						n := formatter.Notice{Items: row.items, Arrived: arrived}
						got := readAll(t, c, service, formatter.Format(service, n, formatter.Style{}), plain)
						if diff := gocmp.Diff(row.want, got); diff != "" {
							t.Errorf("arrived %v (-want +got):\n%s", arrived, diff)
						}
					}
				})
			}
		}
	}
}

// TestDigestsAreRead checks the reader against digests of all sizes.
func TestDigestsAreRead(t *testing.T) {
	for _, size := range []int{1, 12, 200, 1000} {
		var changes []*traffic.Change
		var lines []formatter.Line
		want := map[formatter.Service][]told{}
		for i := range size {
			name := fmt.Sprintf("ops-mail-%06d-cpu", i)
			fired, over := change(name, 0, alert.StateAlarm, i), change(name, 1, alert.StateOK, i+30)
			changes = append(changes, fired)
			it := itemOf(fired)
			both := []told{{Change: describe(fired), Stands: describe(fired)}}
			if i%3 == 0 {
				changes = append(changes, over)
				it = itemOf(over)
				it.Trail = []formatter.Step{stepOf(fired)}
				both = []told{{Change: describe(fired)}, {Change: describe(over), Stands: describe(over)}}
			}
			lines = append(lines, formatter.LineOf(&it))
			want[formatter.ServiceDiscord] = append(want[formatter.ServiceDiscord], both...)
		}
		c := caseOf(changes...)
		want[formatter.ServiceSlack] = want[formatter.ServiceDiscord]
		for _, service := range []formatter.Service{formatter.ServiceDiscord, formatter.ServiceSlack} {
			t.Run(fmt.Sprintf("%d, %s", size, service), func(t *testing.T) {
				d := formatter.Digest{Lines: lines, Room: 3, Arrived: began.Add(time.Hour)}
				messages := formatter.DigestOf(service, d, formatter.Style{})
				got := readAll(t, c, service, messages, false)
				if size > 200 && service == formatter.ServiceSlack {
					counted := 0
					for _, m := range messages {
						body, err := json.Marshal(m.Payload)
						if err != nil {
							t.Fatal(err)
						}
						p, err := readPage(service, fake.Exchange{Request: body})
						if err != nil {
							t.Fatal(err)
						}
						counted += p.count()
					}
					if counted != size {
						t.Errorf("%d are counted, want %d", counted, size)
					}
					return
				}
				sorted := slices.SortedFunc(slices.Values(want[service]), func(a, b told) int { return cmp.Or(cmp.Compare(a.Change, b.Change), cmp.Compare(a.Stands, b.Stands)) })
				if diff := gocmp.Diff(sorted, got); diff != "" {
					t.Errorf("(-want +got):\n%.2000s", diff)
				}
			})
		}
	}
}

// TestShortLinesAreRead checks the reader against every form of a short line.
func TestShortLinesAreRead(t *testing.T) {
	one, other := change("ops-mail-000001-cpu", 0, alert.StateAlarm, 0), change("ops-mail-000002-cpu", 0, alert.StateAlarm, 0)
	over := change("ops-mail-000001-cpu", 1, alert.StateOK, 200)
	overToo := change("ops-mail-000002-cpu", 1, alert.StateOK, 50)
	c := caseOf(one, over, other, overToo)
	update := func(c, since *traffic.Change, fires int, link string) formatter.UpdateItem {
		it := formatter.UpdateItem{Item: itemOf(c), Link: link, Again: c.State == alert.StateAlarm}
		it.Since, it.Fires = since.At, fires
		return it
	}
	const link = "https://discord.com/channels/1/2/3"
	for name, row := range map[string]struct {
		items []formatter.UpdateItem
		want  []told
	}{
		"a recovery":              {[]formatter.UpdateItem{update(over, one, 1, link)}, []told{{Short: one.Name + " OK after 3 min 20 s 0"}}},
		"a recovery without link": {[]formatter.UpdateItem{update(over, one, 3, "")}, []told{{Short: one.Name + " OK after 3 min 20 s 3"}}},
		"it fires again":          {[]formatter.UpdateItem{update(one, one, 2, link)}, []told{{Short: one.Name + " ALARM after  2"}}},
		"two recoveries": {
			[]formatter.UpdateItem{update(over, one, 1, link), update(overToo, other, 1, "")},
			[]told{{Short: one.Name + " OK after  0"}, {Short: other.Name + " OK after 50 s 0"}},
		},
		"one and one": {
			[]formatter.UpdateItem{update(over, one, 1, link), update(other, other, 3, "")},
			[]told{{Short: one.Name + " OK after 3 min 20 s 0"}, {Short: other.Name + " ALARM after  3"}},
		},
	} {
		for _, service := range []formatter.Service{formatter.ServiceDiscord, formatter.ServiceSlack} {
			for _, pings := range [][]formatter.Mention{nil, {{Kind: map[formatter.Service]string{"discord": "role", "slack": "subteam"}[service], ID: "123456789012345678"}}} {
				t.Run(fmt.Sprintf("%s, %s, pings %v", name, service, pings != nil), func(t *testing.T) {
					u := formatter.Update{Items: row.items, Mentions: pings, Arrived: began.Add(time.Minute)}
					got := readAll(t, c, service, formatter.UpdateOf(service, u, formatter.Style{}), false)
					slices.SortFunc(got, func(a, b told) int { return cmp.Compare(a.Short, b.Short) })
					if diff := gocmp.Diff(row.want, got); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
				})
			}
		}
	}
}
