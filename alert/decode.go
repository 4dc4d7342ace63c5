package alert

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// text takes a string, a number or a bool; whatever else stands there becomes
// empty, so that one field of an unexpected type costs this field only.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	*t = scalar(raw)
	return nil
}

func scalar(raw []byte) text {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == `"` || raw[0] == '{' || raw[0] == '[' || string(raw) == "null" {
		return ""
	}
	if raw[0] != '"' {
		return text(raw)
	}
	if inside := raw[1 : len(raw)-1]; bytes.IndexByte(inside, '\\') < 0 && utf8.Valid(inside) {
		return text(inside)
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return text(s)
}

// number takes a number or a numeric string; set is false for everything else.
type number struct {
	value float64
	set   bool
}

func (n *number) UnmarshalJSON(raw []byte) error {
	v, err := strconv.ParseFloat(strings.TrimSpace(string(scalar(raw))), 64)
	*n = number{v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)}
	return nil
}

func (n number) pointer() *float64 {
	if !n.set {
		return nil
	}
	return &n.value
}

// int returns 0 for what is no whole number of a sensible size.
func (n number) int() int {
	if !n.set || math.Abs(n.value) > math.MaxInt32 {
		return 0
	}
	return int(n.value)
}

// list takes an array and skips what does not decode; anything else is empty.
type list[T any] []T

func (l *list[T]) UnmarshalJSON(raw []byte) error {
	for _, row := range elements(raw) {
		var v T
		if json.Unmarshal(row, &v) == nil {
			*l = append(*l, v)
		}
	}
	return nil
}

// lenient decodes T and leaves it empty where something else stands there.
type lenient[T any] struct{ value T }

func (l *lenient[T]) UnmarshalJSON(raw []byte) error {
	var v T
	if json.Unmarshal(raw, &v) == nil {
		l.value = v
	}
	return nil
}

// attributes takes an object whose values are scalars.
type attributes map[string]string

func (a *attributes) UnmarshalJSON(raw []byte) error {
	for k, v := range readObject(bytes.TrimSpace(raw)) {
		if *a == nil {
			*a = attributes{}
		}
		(*a)[k] = string(scalar(v))
	}
	return nil
}

// stamp is a moment in any of the layouts that AWS writes.
type stamp struct{ time.Time }

func (s *stamp) UnmarshalJSON(raw []byte) error {
	s.Time = parseTime(string(scalar(raw)))
	return nil
}

// timeLayouts are tried in this order. Week days are not checked: AWS's own examples get them wrong.
var timeLayouts = []string{
	"2006-01-02T15:04:05.999999999-0700", // CloudWatch: "+0000" without a colon
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999", // no zone means UTC
	"2006-01-02 15:04:05.999999999",
	"2006-01-02T15:04Z07:00",
	"02 Jan 2006 15:04:05 MST",   // after the week day, AWS Health
	"02 Jan 2006 15:04:05 -0700", // after the week day, mail headers
	"Jan 2, 2006, 3:04:05 PM",    // Inspector
	"Jan 2, 2006 3:04:05 PM",     // CodeBuild, SSM
	time.UnixDate,                // Elastic Beanstalk
	"2006-01-02",
}

// parseTime returns the zero time for what it cannot read. Numbers are epoch
// seconds or, from 10^11 on, milliseconds.
func parseTime(s string) time.Time {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 64 {
		return time.Time{}
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return epoch(n)
	}
	if _, rest, ok := strings.Cut(s, ", "); ok && len(s) > 3 && s[3] == ',' {
		s = rest
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil && saneYear(t) {
			return t.UTC()
		}
	}
	return time.Time{}
}

func epoch(n float64) time.Time {
	if n >= 1e11 {
		n /= 1000
	}
	if !(n > 0 && n < 1e11) {
		return time.Time{}
	}
	sec, frac := math.Modf(n)
	if t := time.Unix(int64(sec), int64(math.Round(frac*1e3))*1e6).UTC(); saneYear(t) {
		return t
	}
	return time.Time{}
}

// saneYear keeps out times that JSON and the chats cannot write.
func saneYear(t time.Time) bool { return t.Year() > 1969 && t.Year() < 9999 }
