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

// scalar returns a string's content, a number or a bool as it is written, and
// nothing for everything else, so that one field of an unexpected type costs this field only.
func scalar(raw []byte) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == `"` || raw[0] == '{' || raw[0] == '[' || string(raw) == "null" {
		return ""
	}
	if raw[0] != '"' {
		return string(raw)
	}
	if inside := raw[1 : len(raw)-1]; bytes.IndexByte(inside, '\\') < 0 && utf8.Valid(inside) {
		return string(inside)
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// parseNumber reads a number, also one that stood in quotes; ok is false for
// what is none, or none that can be written.
func parseNumber(s string) (n float64, ok bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
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
