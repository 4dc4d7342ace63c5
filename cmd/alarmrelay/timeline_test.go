package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// says is a message with a card of that title.
func says(id, title string, edits int) shown {
	return shown{id: id, head: plain("for a phone"), cards: []card{{parts: []part{{partTitle, []text{plain(title)}}}}}, edits: edits}
}

func TestChangesAreTheEditsAndThenWhatIsNew(t *testing.T) {
	line := shown{id: "3", head: text{{"@oncall", lookMention}, {text: " it fires again\nbelow"}}, pings: []string{"role:1"}}
	reply := shown{id: "4", head: plain("it is over"), reply: true, silent: true}
	drawn := says("5", "another", 0)
	drawn.files = []string{"graph.png"}
	before := []shown{says("1", "the same", 2), says("2", "red", 0)}
	after := []shown{line, says("1", "the same", 2), says("2", "green", 1), reply, drawn}
	want := []demoChange{
		{"ops", deedEdits, "green", nil},
		{"ops", deedPosts, "it fires again", []string{"pings"}},
		{"ops", deedReplies, "it is over", []string{"silent"}},
		{"ops", deedPosts, "another", []string{"with graph.png"}},
	}
	if diff := cmp.Diff(want, changes("ops", before, after)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]demoChange(nil), changes("ops", after, after)); diff != "" {
		t.Errorf("changes of nothing (-want +got):\n%s", diff)
	}
}

func TestLinksLeadToMessagesOfTheChannel(t *testing.T) {
	discord := []shown{says("1300000000000000001", "🟢 db", 1), {id: "1300000000000000002", head: plain("✅ db →")}}
	slack := []shown{says("1795230130.000100", "🟢 db", 1), {id: "1795230190.000200", head: plain("✅ db"), thread: "1795230130.000100", reply: true}}
	for name, row := range map[string]struct {
		seen   []shown
		source string // of the second message
		want   []string
	}{
		"a link of Discord's":      {discord, "[→](https://discord.com/channels/1/2/1300000000000000001)", []string{"edited", "", "→ leads to 🟢 db"}},
		"several to one message":   {discord, "(http://127.0.0.1:1/channels/1/2/1300000000000000001) (http://127.0.0.1:1/channels/1/2/1300000000000000001)", []string{"edited", "", "→ leads to 🟢 db"}},
		"one to elsewhere":         {discord, "[→](https://discord.com/channels/1/2/1300000000000000009)", []string{"edited", ""}},
		"a reply at Slack":         {slack, "✅ db", []string{"edited", "", "a reply to 🟢 db"}},
		"a reply that has a link":  {slack, "<https://team.slack.com/archives/C1/p1795230130000100|→>", []string{"edited", "", "a reply to 🟢 db", "→ leads to 🟢 db"}},
		"no link, and no anything": {discord, "", []string{"edited", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for i, m := range led(append([]shown(nil), row.seen...), []string{"", row.source}) {
				if i > 0 {
					got = append(got, "")
				}
				got = append(got, m.remarks()...)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("remarks (-want +got):\n%s", diff)
			}
		})
	}
}
