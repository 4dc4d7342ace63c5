package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func read(spans ...span) text { return spans }

var (
	readAt = time.Date(2026, 11, 21, 3, 6, 10, 0, time.UTC) // four minutes after 1795230130
	inUTC  = reader{zone: time.UTC, names: map[string]string{"role:123": "oncall", "subteam:S0": "oncall"}}
)

func TestDiscordText(t *testing.T) {
	for source, want := range map[string]text{
		"":                        nil,
		"plain":                   read(span{"plain", 0}),
		"**bold** and *it*":       read(span{"bold", lookBold}, span{" and ", 0}, span{"it", lookItalic}),
		"***both***":              read(span{"both", lookBold | lookItalic}),
		"~~gone~~":                read(span{"gone", lookStruck}),
		"2 * 3 * 4":               read(span{"2 * 3 * 4", 0}),
		"**never closed":          read(span{"**never closed", 0}),
		`\*\*not bold\*\* \<@1`:   read(span{"**not bold** <@1", 0}),
		"`a *b*`":                 read(span{"a *b*", lookCode}),
		"```\nline\n```":          read(span{"line", lookCode}),
		"``x ` y``":               read(span{"x ` y", lookCode}),
		"a ` b":                   read(span{"a ` b", 0}),
		"<@&123> <@456>":          read(span{"@oncall", lookMention}, span{" ", 0}, span{"@user:456", lookMention}),
		"@here!":                  read(span{"@here", lookMention}, span{"!", 0}),
		"@\u200beveryone":         read(span{"@\u200beveryone", 0}),
		"<t:1795230130:R>":        read(span{"4 minutes ago", lookMoment}),
		"<t:1795230130:t>":        read(span{"03:02", lookMoment}),
		"<t:1795230130:f>":        read(span{"today 03:02", lookMoment}),
		"<t:soon:R>":              read(span{"<t:soon:R>", 0}),
		"name [↗](https://a.b/c)": read(span{"name ", 0}, span{"↗", lookLink}),
		"[no](link)":              read(span{"[no](link)", 0}),
		"<https://a.b>":           read(span{"https://a.b", lookLink}),
		"1 < 2 > 0":               read(span{"1 < 2 > 0", 0}),
		"한국 **중요** 끝":             read(span{"한국 ", 0}, span{"중요", lookBold}, span{" 끝", 0}),
	} {
		if diff := cmp.Diff(want, inUTC.discordText(source, readAt), cmp.AllowUnexported(span{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", source, diff)
		}
	}
}

func TestSlackText(t *testing.T) {
	for source, want := range map[string]text{
		"*bold* _it_ ~no~":                                         read(span{"bold", lookBold}, span{" ", 0}, span{"it", lookItalic}, span{" ", 0}, span{"no", lookStruck}),
		"snake_case_name and 2*3*4":                                read(span{"snake_case_name and 2*3*4", 0}),
		"\u200b*\u200bnot bold\u200b*\u200b":                       read(span{"\u200b*\u200bnot bold\u200b*\u200b", 0}),
		"a &lt;b&gt; &amp;lt;":                                     read(span{"a <b> &lt;", 0}),
		"`x &gt; 1` &amp; y":                                       read(span{"x > 1", lookCode}, span{" & y", 0}),
		"<https://a.b|Alarm> · <https://c.d>":                      read(span{"Alarm", lookLink}, span{" · ", 0}, span{"https://c.d", lookLink}),
		"<!subteam^S0> <!here> <@U1>":                              read(span{"@oncall", lookMention}, span{" ", 0}, span{"@here", lookMention}, span{" ", 0}, span{"@user:U1", lookMention}),
		"<!date^1795230130^{date_short_pretty} {time}|2026-11-21>": read(span{"today 03:02", lookMoment}),
		"<!date^soon^{time}|later>":                                read(span{"later", lookMoment}),
		"open < end":                                               read(span{"open < end", 0}),
	} {
		if diff := cmp.Diff(want, inUTC.slackText(source, readAt), cmp.AllowUnexported(span{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", source, diff)
		}
	}
}

func TestMoments(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		at              time.Time
		ago, agoKo, day string
	}{
		"this moment":     {now, "0 seconds ago", "0초 전", "today"},
		"a second ago":    {now.Add(-time.Second), "1 second ago", "1초 전", "today"},
		"minutes ahead":   {now.Add(5 * time.Minute), "in 5 minutes", "5분 후", "today"},
		"yesterday":       {now.Add(-25 * time.Hour), "1 day ago", "1일 전", "20 Nov"},
		"two months ago":  {now.AddDate(0, -2, 0), "2 months ago", "2개월 전", "21 Sep"},
		"three years ago": {now.AddDate(-3, 0, 0), "3 years ago", "3년 전", "21 Nov"},
	} {
		en, ko := moment{row.at, now, "en"}, moment{row.at, now, "ko"}
		if got := [3]string{en.ago(), ko.ago(), en.day()}; got != [3]string{row.ago, row.agoKo, row.day} {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestVisibleTakesTheTerminalsCommandsOut(t *testing.T) {
	for text, want := range map[string]string{
		"\x1b]0;title\x07name":      "\ufffd]0;title\ufffdname",
		"a\u202eexe.gnp\u2066b":     "aexe.gnpb",
		"zero\u200bwidth":           "zerowidth",
		"결제 🔴 ⚠️ 👩‍💻":               "결제 🔴 ⚠️ 👩‍💻",
		"two\nlines\tand\u00a0more": "two\nlines\tand more",
	} {
		if got := visible(text); got != want {
			t.Errorf("%q shows as %q, want %q", text, got, want)
		}
	}
}

func TestJSONIsForTerminalsToo(t *testing.T) {
	hostile := "a\x1b[2Jb\x7fc\u009b31md\u202ee\u200bf\U000e0041g 결제 🔴 👩‍💻 <&>"
	var b strings.Builder
	if err := writeJSON(&b, map[string]string{"name": hostile}); err != nil {
		t.Fatal(err)
	}
	want := "{\n  \"name\": \"a\\u001b[2Jb\\u007fc\\u009b31md\\u202ee\\u200bf\\udb40\\udc41g 결제 🔴 👩‍💻 <&>\"\n}\n"
	if b.String() != want {
		t.Errorf("got %s want %s", b.String(), want)
	}
	var again map[string]string
	if err := json.Unmarshal([]byte(b.String()), &again); err != nil || again["name"] != hostile {
		t.Errorf("%q, %v", again, err)
	}
}
