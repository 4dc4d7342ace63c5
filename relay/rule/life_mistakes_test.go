package rule_test

// lifeMistakes are those of what [mistakes] has no rows for: how long an incident lives, and what is said of it meanwhile.
var lifeMistakes = []struct {
	file string
	want []string
}{
	{"escalate-is-a-word", []string{
		`5:27: escalate: expected keys with values (after, to, mention), found "boss"`,
	}},
	{"escalate-mention-lacks-service", []string{
		`6:74: mention: lead has nobody for slack, where boss is; add slack: to it, or "slack: []" for nobody`,
	}},
	{"escalate-to-nobody", []string{
		`5:44: to: the list is empty; give it a value or leave the key out`,
	}},
	{"escalate-to-unknown", []string{
		`5:45: to: unknown destination "bos"; did you mean "boss"?`,
	}},
	{"escalate-too-late", []string{
		`5:35: after: "8d" is out of range; write a duration from 5m to 7d`,
	}},
	{"escalate-too-soon", []string{
		`5:35: after: "1m" is out of range; write a duration from 5m to 7d`,
	}},
	{"escalate-unknown-key", []string{
		`5:50: unknown key "mentions" in escalate; did you mean "mention"?`,
	}},
	{"escalate-without-keys", []string{
		`5:27: escalate: says nothing of when; add "after: 15m"`,
		`5:27: escalate: says nothing of where; add "to: [NAME]" with a destination's name`,
	}},
	{"forum-tags-at-slack", []string{
		`2:40: forum_tags: only Discord has forums; leave it out for Slack`,
	}},
	{"forum-tags-by-name", []string{
		`2:71: critical: "red" is no tag; a tag's id has 17 to 20 digits, as the forum's available_tags have it`,
	}},
	{"forum-tags-empty", []string{
		`2:60: forum_tags: says nothing; leave it out, or write a severity and a tag's id, such as critical: "112233445566778899"`,
	}},
	{"forum-tags-unknown-severity", []string{
		`2:61: unknown key "urgent" in forum_tags; known: critical, high, warning, info, other`,
	}},
	{"forum-tags-without-posts", []string{
		`2:42: forum_tags: nothing opens a post here that could have them; add "thread: incident"`,
	}},
	{"incidents-flap-too-long", []string{
		`1:19: flap: "25h" is out of range; write a duration from 0s to 24h`,
	}},
	{"incidents-flap-without-unit", []string{
		`1:19: flap: "10" has no unit; write a duration such as 30s, 15m, 1h30m or 2d`,
	}},
	{"incidents-recovery", []string{
		`1:23: recovery: unknown way "quiet"; known: edit, post, both`,
	}},
	{"incidents-unknown-key", []string{
		`1:13: unknown key "flapping" in incidents; known: flap, repeat_ping, recovery`,
	}},
	{"mute-below-nothing", []string{
		`5:47: mute: nothing is less severe than info; write warning, high or critical`,
	}},
	{"mute-day-misspelled", []string{
		`5:23: mute: unknown day "weekday"; did you mean "weekdays"?`,
	}},
	{"mute-empty-time", []string{
		`5:23: mute: "07:00-07:00" begins when it ends; leave the times out for whole days`,
	}},
	{"mute-empty", []string{
		`5:23: mute: the list is empty; give it a value or leave the key out`,
	}},
	{"mute-for-ever", []string{
		`5:23: mute: this never ends; leave some time of the week, or write "to: []" for a rule that tells nobody`,
	}},
	{"mute-is-a-number", []string{
		`5:23: mute: 22 is a number to YAML; put it in quotes`,
	}},
	{"mute-late-time", []string{
		`5:23: mute: "22:00-24:30" is no time of day; write one such as 22:00-07:00`,
	}},
	{"mute-no-time", []string{
		`5:23: mute: "22-07" is no time of day; write one such as 22:00-07:00`,
	}},
	{"mute-one-day-twice", []string{
		`5:23: mute: "mon-mon" is one day; write "mon", or daily for the whole week`,
	}},
	{"mute-says-nothing", []string{
		`5:23: mute: says no time; write one such as "weekdays 22:00-07:00", "weekends" or "mon,wed 09:00-12:30 Asia/Seoul"`,
	}},
	{"mute-two-times", []string{
		`5:23: mute: more than one time in one text; write a list of texts`,
	}},
	{"mute-unknown-key", []string{
		`5:49: unknown key "above" in mute; known: when, below`,
	}},
	{"mute-unknown-severity", []string{
		`5:47: below: unknown severity "urgent"; known: critical, high, warning, info`,
	}},
	{"mute-unknown-zone", []string{
		`5:23: mute: no time zone is called "Asia/Soul"; write a name such as Asia/Seoul, Europe/Paris or UTC`,
	}},
	{"mute-without-when", []string{
		`5:24: mute: says nothing of when; add "when: weekdays 22:00-07:00"`,
	}},
	{"mute-zone-only", []string{
		`5:23: mute: unknown day "Asia/Seoul"; known: daily, weekdays, weekends, mon, tue, wed, thu, fri, sat, sun`,
	}},
	{"recovery-unknown", []string{
		`5:27: recovery: unknown way "edits"; did you mean "edit"?`,
	}},
	{"remind-out-of-order", []string{
		`5:25: remind: 1h does not come after 4h; write the times in their order`,
	}},
	{"remind-too-late", []string{
		`5:25: remind: "8d" is out of range; write a duration from 5m to 7d`,
	}},
	{"remind-too-many", []string{
		`5:25: remind: 21 times; write at most 20`,
	}},
	{"remind-too-soon", []string{
		`5:26: remind: "1m" is out of range; write a duration from 5m to 7d`,
	}},
	{"remind-with-a-hole", []string{
		`5:25: remind: is empty; give it a value or leave the key out`,
	}},
	{"remind-without-unit", []string{
		`5:25: remind: "4" has no unit; write a duration such as 30s, 15m, 1h30m or 2d`,
	}},
	{"rule-that-only-reminds", []string{
		`5:5: a rule without destinations can only set severity or runbook for the rules after it; add "to: [NAME]"`,
	}},
	{"summary-at-midnight-of-tomorrow", []string{
		`1:15: at: "24:00" is no time of day; write one such as "09:00"`,
	}},
	{"summary-at-no-time", []string{
		`1:15: at: "9 a.m." is no time of day; write one such as "09:00"`,
	}},
	{"summary-is-a-time", []string{
		`1:10: summary: expected keys with values (at, timezone, to), found "09:00"`,
	}},
	{"summary-to-unknown", []string{
		`1:34: timezone: no time zone is called "Asia/Soul"; write a name such as Asia/Seoul, Europe/Paris or UTC`,
		`1:50: to: unknown destination "opps"; did you mean "ops"?`,
	}},
	{"summary-unknown-key", []string{
		`1:33: unknown key "time" in summary; known: at, timezone, to`,
	}},
	{"summary-without-keys", []string{
		`1:10: summary: says nothing of when; add "at: \"09:00\""`,
		`1:10: summary: says nothing of where; add "to: [NAME]" with a destination's name`,
	}},
	{"thread-incident-at-slack", []string{
		`2:36: thread: only Discord posts into threads; leave it out for Slack`,
	}},
}
