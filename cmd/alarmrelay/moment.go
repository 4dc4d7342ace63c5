package main

import (
	"strconv"
	"strings"
	"time"
)

// moment says when something was or will be, for somebody who reads it at now.
type moment struct {
	at, now time.Time
	locale  string
}

// ago counts in the largest unit that fits, as both services do.
func (m moment) ago() string {
	span := m.now.Sub(m.at)
	ahead := span < 0
	seconds := int64(span.Abs().Round(time.Second) / time.Second)
	units := []struct {
		seconds int64
		en, ko  string
	}{
		{365 * 86400, "year", "년"},
		{30 * 86400, "month", "개월"},
		{86400, "day", "일"},
		{3600, "hour", "시간"},
		{60, "minute", "분"},
		{1, "second", "초"},
	}
	for _, u := range units {
		n := seconds / u.seconds
		if n == 0 && u.seconds > 1 {
			continue
		}
		if m.locale == "ko" {
			return strconv.FormatInt(n, 10) + u.ko + map[bool]string{false: " 전", true: " 후"}[ahead]
		}
		said := strconv.FormatInt(n, 10) + " " + u.en
		if n != 1 {
			said += "s"
		}
		if ahead {
			return "in " + said
		}
		return said + " ago"
	}
	return ""
}

// day is a date, or today.
func (m moment) day() string {
	today := m.at.Format(time.DateOnly) == m.now.Format(time.DateOnly)
	switch {
	case today && m.locale == "ko":
		return "오늘"
	case today:
		return "today"
	case m.locale == "ko":
		return m.at.Format("1월 2일")
	}
	return m.at.Format("2 Jan")
}

func (m moment) clock() string { return m.at.Format("15:04") }

// moment takes a time in Unix seconds into the reader's zone; ok is false for what is none.
func (r reader) moment(unix string, now time.Time) (m moment, ok bool) {
	seconds, err := strconv.ParseInt(unix, 10, 64)
	if err != nil {
		return moment{}, false
	}
	return moment{time.Unix(seconds, 0).In(r.zone), now.In(r.zone), r.locale}, true
}

// discordMoment reads what stands in <t:...>: seconds, and a colon and a style.
// https://docs.discord.com/developers/reference#message-formatting-timestamp-styles
func (r reader) discordMoment(inner string, now time.Time) (span, bool) {
	unix, style, _ := strings.Cut(inner, ":")
	m, ok := r.moment(unix, now)
	if !ok {
		return span{}, false
	}
	said := m.day() + " " + m.clock()
	switch style {
	case "R":
		said = m.ago()
	case "t":
		said = m.clock()
	case "T":
		said = m.at.Format(time.TimeOnly)
	case "d", "D":
		said = m.day()
	}
	return span{said, lookMoment}, true
}

// slackMoment reads what stands in <!date^...>: seconds, a pattern, and a text for old clients.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
func (r reader) slackMoment(inner string, now time.Time) (span, bool) {
	inner, fallback, _ := strings.Cut(inner, "|")
	unix, pattern, _ := strings.Cut(inner, "^")
	pattern, _, _ = strings.Cut(pattern, "^") // a link may follow
	m, ok := r.moment(unix, now)
	if !ok {
		return span{fallback, lookMoment}, fallback != ""
	}
	said := strings.NewReplacer(
		"{date_short_pretty}", m.day(), "{date_pretty}", m.day(), "{date_long_pretty}", m.day(),
		"{date_short}", m.day(), "{date}", m.day(), "{date_long}", m.day(), "{date_num}", m.at.Format(time.DateOnly),
		"{time}", m.clock(), "{time_secs}", m.at.Format(time.TimeOnly), "{ago}", m.ago(),
	).Replace(pattern)
	return span{said, lookMoment}, true
}
