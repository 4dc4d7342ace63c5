package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// anew is an event as if it had just happened.
func (i input) anew(now time.Time) input {
	return input{i.name, redated(i.raw, now.Sub(i.arrival(now)))}
}

// redated is an event that happened so much later, also where it is packed lines of a log.
func redated(event []byte, by time.Duration) []byte {
	var e struct {
		Logs *struct {
			Data []byte `json:"data"`
		} `json:"awslogs"`
	}
	if json.Unmarshal(event, &e) != nil || e.Logs == nil {
		return later(event, by)
	}
	lines, err := unpacked(e.Logs.Data)
	if err != nil {
		return event // the relay says what is wrong with it
	}
	e.Logs.Data = packed(later(lines, by))
	return mustJSON(e)
}

// Times as AWS writes them: of changes, messages and datapoints, of what AWS Health, Elastic Beanstalk and DMS tell, and since 1970.
var (
	timesIn = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?` +
		`|\d\d/\d\d/\d\d \d\d:\d\d:\d\d|[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT` +
		`|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d UTC \d{4}`)
	epochsIn = regexp.MustCompile(`((?:[Tt]ime(?:stamp)?|[a-z]At)\\*"\s*:\s*\\*"?)(1\d{9}(?:\d{3})?)\b`)
)

// later is an event that happened so much later.
func later(event []byte, by time.Duration) []byte {
	event = timesIn.ReplaceAllFunc(event, func(found []byte) []byte {
		layout := layoutOf(string(found))
		at, err := time.Parse(layout, string(found))
		if err != nil {
			return found
		}
		return []byte(at.Add(by).Format(layout))
	})
	return epochsIn.ReplaceAllFunc(event, func(found []byte) []byte {
		parts := epochsIn.FindSubmatch(found)
		at, _ := strconv.ParseInt(string(parts[2]), 10, 64) // ten or thirteen digits
		unit := time.Second
		if len(parts[2]) == len("1794506580000") {
			unit = time.Millisecond
		}
		return fmt.Appendf(nil, "%s%d", parts[1], at+int64(by/unit))
	})
}

// layoutOf is how a time that [timesIn] finds is written.
func layoutOf(found string) string {
	switch {
	case strings.HasSuffix(found, "GMT"):
		return "Mon, 2 Jan 2006 15:04:05 GMT"
	case strings.Contains(found, "UTC"):
		return "Mon Jan _2 15:04:05 UTC 2006"
	case found[2] == '/':
		return "02/01/06 15:04:05"
	}
	day, clock := "2006-01-02", "15:04:05"
	rest := found[len(day)+1+len(clock):]
	if digits, ok := strings.CutPrefix(rest, "."); ok {
		rest = strings.TrimLeft(digits, "0123456789")
		clock += "." + strings.Repeat("0", len(digits)-len(rest))
	}
	zone := ""
	switch {
	case rest == "Z":
		zone = "Z0700"
	case strings.Contains(rest, ":"):
		zone = "-07:00"
	case rest != "":
		zone = "-0700"
	}
	return day + found[len(day):len(day)+1] + clock + zone
}

func unpacked(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, maxInput))
}

func packed(text []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(text) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}
