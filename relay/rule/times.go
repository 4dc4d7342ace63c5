package rule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// times is a window in words: weekdays 22:00-07:00 Asia/Seoul.
type times struct {
	on       [7]bool
	from, to int
	zone     string // empty where none is named
	text     string
}

const likeTimes = "such as \"weekdays 22:00-07:00\", \"weekends\" or \"mon,wed 09:00-12:30 Asia/Seoul\""

// parseTimes reads days, times and a zone, of which days or times have to be there. Days are daily without.
func parseTimes(text string) (t times, err error) {
	words := strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' || c == '\n' })
	var days, hours bool
	for i, word := range words {
		switch {
		case isDay(word):
			days = true
			err = t.addDays(word)
		case '0' <= word[0] && word[0] <= '9' && hours:
			return times{}, errors.New("more than one time in one text; write a list of texts")
		case '0' <= word[0] && word[0] <= '9':
			hours = true
			t.from, t.to, err = parseHours(word)
		case i == len(words)-1 && i > 0 && Nearest(word, dayWords()) == "":
			t.zone = word
		default:
			err = errors.New(unknown("day", word, dayWords()))
		}
		if err != nil {
			return times{}, err
		}
	}
	switch {
	case !days && !hours:
		return times{}, errors.New("says no time; write one " + likeTimes)
	case !days:
		t.on = [...]bool{true, true, true, true, true, true, true}
	case !hours:
		t.to = minutesADay
	}
	t.text = strings.Join(strings.Fields(text), " ")
	return t, nil
}

func dayWords() []string {
	return []string{"daily", "weekdays", "weekends", "mon", "tue", "wed", "thu", "fri", "sat", "sun"}
}

// isDay reports whether a word is one of days, or two with a hyphen between.
func isDay(word string) bool {
	from, to, span := strings.Cut(strings.ToLower(word), "-")
	_, first := weekday(from)
	_, last := weekday(to)
	return first && (last || !span) || slices.Contains(dayWords()[:3], from) && !span
}

// addDays adds the days of a word that [isDay].
func (t *times) addDays(word string) error {
	from, to, span := strings.Cut(strings.ToLower(word), "-")
	first, last := time.Monday, time.Sunday
	switch from {
	case "daily":
	case "weekdays":
		last = time.Friday
	case "weekends":
		first = time.Saturday
	default:
		first, _ = weekday(from)
		last = first
	}
	if span {
		if last, _ = weekday(to); last == first {
			return fmt.Errorf("%s is one day; write %s, or daily for the whole week", quote(word), quote(from))
		}
	}
	for day := first; ; day = (day + 1) % 7 {
		t.on[day] = true
		if day == last {
			return nil
		}
	}
}

// weekday reads a day's name, whole or as its first three letters.
func weekday(word string) (day time.Weekday, ok bool) {
	for day := range time.Weekday(7) {
		if name := strings.ToLower(day.String()); word == name || word == name[:3] {
			return day, true
		}
	}
	return 0, false
}

// parseHours reads 22:00-07:00; an end that is not after the beginning is on the next day.
func parseHours(word string) (from, to int, err error) {
	begin, end, span := strings.Cut(word, "-")
	from, first := parseClock(begin)
	to, last := parseClock(end)
	switch {
	case !span || !first || !last || from == minutesADay:
		return 0, 0, fmt.Errorf("%s is no time of day; write one such as 22:00-07:00", quote(word))
	case from == to:
		return 0, 0, fmt.Errorf("%s begins when it ends; leave the times out for whole days", quote(word))
	case to < from:
		to += minutesADay
	}
	return from, to, nil
}

// parseClock reads 7:05, 22:00 or 24:00 as minutes after midnight.
func parseClock(text string) (minutes int, ok bool) {
	hour, minute, found := strings.Cut(text, ":")
	h, err := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	minutes = h*60 + m
	ok = found && err == nil && err2 == nil && isDigits(hour) && len(hour) <= 2 && isDigits(minute) && len(minute) == 2 &&
		m < 60 && minutes <= minutesADay
	return minutes, ok
}
