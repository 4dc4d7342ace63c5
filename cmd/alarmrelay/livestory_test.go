package main

import (
	"bufio"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/cmd/alarmrelay/page"
)

func TestTheWholeStoryTakesHalfAMinute(t *testing.T) {
	all, err := arcs()
	if err != nil {
		t.Fatal(err)
	}
	whole := 0
	for _, p := range all {
		passes, takes := p.lasts()
		if passes < takes-time.Second {
			t.Errorf("%s: %v pass in %v: its clock would go back", p.title, passes, takes)
		}
		if p.id == wholeStory && (takes < 25*time.Second || takes > 32*time.Second) {
			t.Errorf("it takes %v", takes)
		}
		if p.id == wholeStory {
			whole = len(p.scenes)
		} else {
			whole -= len(p.scenes)
		}
	}
	if whole != 0 {
		t.Errorf("the whole has %d scenes more than its arcs", whole)
	}
}

// hasten has the visitor's story played without pauses.
func (v *visitor) hasten() {
	for _, p := range v.live.chapters {
		for i := range p.scenes {
			p.scenes[i].pause = time.Millisecond
		}
	}
}

func TestTheStoryIsPlayedInItsOwnTime(t *testing.T) {
	v := visit(t, "")
	v.hasten()
	v.send("eventbridge-codepipeline-failed")
	v.waitFor(1, 0)
	began := v.live.stream.Last()
	if got := v.post("story", map[string]string{"chapter": wholeStory}); got != "{}" {
		t.Fatal(got)
	}
	messages := v.wait(func(s page.State) bool { return s.Story.Playing == "" && len(titles(s.Messages)["ops"]) >= 13 })
	if told := v.told(began); len(told) != 15 || told[0].Why != v.live.chapters[0].scenes[0].why[0] || told[13].Why == "" || told[14].Why != "" {
		t.Errorf("it was told as %+v", told)
	}
	ops := slices.DeleteFunc(messages, func(m page.Message) bool { return m.Destination != "ops" })
	if ops[0].Edits != 3 || titleOf(ops[0]) != "🟢 RESOLVED prod-api-cpu-high" {
		t.Errorf("the story begins with %s, edited %d times", titleOf(ops[0]), ops[0].Edits)
	}
	if since := ops[0].EditedAt.Sub(ops[0].At); since.Round(time.Minute) != 22*time.Minute {
		t.Errorf("its message is edited after %v", since)
	}
	for _, m := range messages {
		if m.At.After(time.Now()) || m.EditedAt.After(time.Now()) {
			t.Errorf("%s is of the future", m.ID)
		}
	}
	if notes := v.state().Notes; len(notes) > 0 {
		t.Errorf("the relay was in trouble: %+v", notes)
	}
	if drift := v.live.act.clock.by.Load(); drift != 0 {
		t.Errorf("the clock is still set by %v", time.Duration(drift))
	}
}

// told are the steps of the story that the page was told after an event, to the last.
func (v *visitor) told(after uint64) (all []page.Told) {
	v.t.Helper()
	for _, data := range v.events(after, page.KindStory, `"playing":""`) {
		var step page.Told
		if err := json.Unmarshal([]byte(data), &step); err != nil {
			v.t.Fatal(err)
		}
		all = append(all, step)
	}
	return all
}

// events are the data of what the page was told of a kind after an event, until one has a text.
func (v *visitor) events(after uint64, of page.Kind, last string) (all []string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), "GET", v.url+"/api/events", nil)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Last-Event-ID", strconv.FormatUint(after, 10))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for isOne := false; lines.Scan(); {
		kind, isKind := strings.CutPrefix(lines.Text(), "event: ")
		data, isData := strings.CutPrefix(lines.Text(), "data: ")
		switch {
		case isKind:
			isOne = kind == string(of)
		case isData && isOne:
			all = append(all, data)
			if strings.Contains(data, last) {
				return all
			}
		}
	}
	v.t.Fatalf("%s has no end: %v, %+v", of, lines.Err(), all)
	return nil
}

func TestEachStepSaysWhatItShowsUnderTheSample(t *testing.T) {
	chapters, err := story()
	if err != nil {
		t.Fatal(err)
	}
	v := visit(t, "")
	own := visit(t, "rules: [{to: [ops]}]\ndestinations:\n  ops: {discord: \"env:NOWHERE\"}\n")
	for _, c := range chapters {
		for n, i := range c.events {
			why := v.live.why(c, n)
			if words := len([]rune(why)); words < 40 || words > 110 || !strings.HasSuffix(why, ".") {
				t.Errorf("%s: %q has %d letters", i.name, why, words)
			}
			if why := own.live.why(c, n); why != "" {
				t.Errorf("%s: %q may be wrong under a configuration of one's own", i.name, why)
			}
		}
	}
	if why := v.live.why(chapter{events: chapters[0].events}, 0); why != "" {
		t.Errorf("a chapter without sentences says %q", why)
	}
}

func TestWhatTheStorySaysOfOtherEventsIsSo(t *testing.T) {
	v := visit(t, "")
	for _, row := range []struct {
		sample string
		in     []string // destinations
		pings  bool
		says   []string
	}{
		{"sns-alarm-composite", []string{"backend", "ops"}, true, []string{"2 of its alarms fire", "prod-checkout-5xx", "prod-api-latency-p99"}},
		{"logs-lambda-errors", []string{"backend"}, false, []string{"ERROR charge failed: card provider answered 503"}},
		{"sns-alarm-tags-list", []string{"backend", "ops"}, true, []string{"critical", "Runbook"}},
		{"sns-alarm-rds-freeable-memory", []string{"backend", "ops"}, true, []string{"202 MiB", "DB instance"}},
		{"sns-budgets-actual", []string{"ops"}, false, []string{"Budget shop-monthly is over"}},
		{"eventbridge-guardduty-high", []string{"ops"}, false, []string{"deploy-bot called ListBuckets from 198.51.100.23"}},
		{"sns-alarm-korean-name", []string{"backend", "ops"}, true, []string{"결제 실패율 높음", "결제사 공지를 먼저 확인하세요"}},
	} {
		var got struct{ Messages []page.Message }
		if err := json.Unmarshal([]byte(v.post("preview", page.Event{Sample: row.sample})), &got); err != nil {
			t.Fatal(err)
		}
		if in := slices.Sorted(maps.Keys(titles(got.Messages))); !slices.Equal(in, row.in) {
			t.Errorf("%s is told in %q", row.sample, in)
		}
		for _, m := range got.Messages {
			for _, words := range row.says {
				if !strings.Contains(string(m.Payload), words) {
					t.Errorf("%s in #%s has no %q: %s", row.sample, m.Destination, words, m.Payload)
				}
			}
			if pings := len(m.Pings) > 0; pings != row.pings {
				t.Errorf("%s in #%s pings %q", row.sample, m.Destination, m.Pings)
			}
		}
	}
}

func TestAChapterCanBeStopped(t *testing.T) {
	v := visit(t, "")
	v.post("story", map[string]string{"chapter": "chapter-1"})
	v.wait(func(s page.State) bool { return s.Story.Playing == "chapter-1" && len(s.Messages) > 0 })
	v.post("story", map[string]string{"chapter": ""})
	if s := v.state(); s.Story.Playing != "" || len(s.Messages) == 0 {
		t.Errorf("stopped: %+v, %d messages", s.Story, len(s.Messages))
	}
	v.send("logs-lambda-errors") // the relay goes on in the time that it is
	v.wait(func(s page.State) bool {
		return slices.ContainsFunc(s.Messages, func(m page.Message) bool { return strings.Contains(titleOf(m), "log lines") })
	})
}

func TestACaptionSaysHowMuchTimeHasPassed(t *testing.T) {
	chapters, err := story()
	if err != nil {
		t.Fatal(err)
	}
	trouble := chapters[0].events
	got := []string{caption(trouble[0], 0), caption(trouble[1], 5*time.Minute)}
	want := []string{"prod-api-cpu-high: OK → ALARM", "5 min later · prod-api-cpu-high: ALARM → OK"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("captions (-want +got):\n%s", diff)
	}
}
