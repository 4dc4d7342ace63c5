package alert

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"time"
)

// object is one JSON object: its members in their order, their values still
// undecoded. What is read from it is empty where it is missing or of another type than
// expected: AWS adds keys and leaves some out, and one odd value must not cost the alert.
type object []member

// member is one key of an object and its undecoded value.
type member struct {
	key   string
	value json.RawMessage
}

// readObject splits an object into its members, in one pass and without copying
// the values: envelopes lie in one another, and decoding each level with
// encoding/json would read the innermost text some ten times.
//
// raw must be valid JSON ([read] sees to that, once for each text); anything
// but an object gives nil.
func readObject(raw []byte) object {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	o := make(object, 0, 16)
	i := 1 // behind the brace
	for {
		i = skipTo(raw, i, '"')
		if i >= len(raw) {
			return o
		}
		end := endOfString(raw, i)
		key := scalar(raw[i:end])
		i = skipTo(raw, end, ':') + 1
		for i < len(raw) && isSpace(raw[i]) {
			i++
		}
		end = endOfValue(raw, i)
		o = append(o, member{key, json.RawMessage(raw[i:end])})
		i = end
	}
}

// parseObject reads JSON that stood in a text; nil for what is no object.
func parseObject(s string) object {
	if !json.Valid([]byte(s)) {
		return nil
	}
	return readObject([]byte(s))
}

// elements lists an array's values; anything but an array has none.
func elements(raw []byte) []json.RawMessage {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '[' {
		return nil
	}
	var list []json.RawMessage
	for i := 1; i < len(raw); {
		if c := raw[i]; c == ',' || isSpace(c) {
			i++
			continue
		}
		end := endOfValue(raw, i)
		if end == i { // the closing bracket
			break
		}
		list = append(list, json.RawMessage(raw[i:end]))
		i = end
	}
	return list
}

// skipTo returns the place of the next c, or the end of raw.
func skipTo(raw []byte, i int, c byte) int {
	if n := bytes.IndexByte(raw[min(i, len(raw)):], c); n >= 0 {
		return i + n
	}
	return len(raw)
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// endOfString returns the place behind the string that begins at i.
func endOfString(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		n := bytes.IndexByte(raw[i:], '"')
		if n < 0 {
			return len(raw)
		}
		slashes := 0
		for j := i + n - 1; j >= i && raw[j] == '\\'; j-- {
			slashes++
		}
		if i += n; slashes%2 == 0 {
			return i + 1
		}
	}
	return len(raw)
}

// endOfValue returns the place behind the value that begins at i.
func endOfValue(raw []byte, i int) int {
	depth := 0
	for i < len(raw) {
		switch c := raw[i]; {
		case c == '"':
			i = endOfString(raw, i)
			if depth == 0 {
				return i
			}
			continue
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth == 0 {
				return i // the end of what holds a number, true, false or null
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case depth == 0 && (c == ',' || isSpace(c)):
			return i
		}
		i++
	}
	return len(raw)
}

// find returns the value of a key spelt exactly so, nil where there is none.
// Of a key that stands there twice the last counts, as for encoding/json.
func (o object) find(key string) json.RawMessage {
	for _, v := range slices.Backward(o) {
		if v.key == key {
			return v.value
		}
	}
	return nil
}

func (o object) has(keys ...string) bool {
	for _, k := range keys {
		if o.find(k) == nil {
			return false
		}
	}
	return true
}

// raw returns the value of a key. SNS messages spell with a capital what
// EventBridge and alarm actions spell with a small first letter: key is written with the capital, and
// the other is taken where it is missing.
func (o object) raw(key string) json.RawMessage {
	if v := o.find(key); v != nil {
		return v
	}
	if c := key[0]; c >= 'A' && c <= 'Z' {
		return o.find(string(c+'a'-'A') + key[1:])
	}
	return nil
}

// str returns a string's content, a number or a bool as written.
func (o object) str(key string) string { return scalar(o.raw(key)) }

func (o object) object(key string) object { return readObject(o.raw(key)) }

func (o object) list(key string) []json.RawMessage { return elements(o.raw(key)) }

func (o object) time(key string) time.Time { return parseTime(o.str(key)) }

// number returns nil for what is no number.
func (o object) number(key string) *float64 {
	if n, ok := parseNumber(o.str(key)); ok {
		return &n
	}
	return nil
}

// int returns 0 for what is no number of a sensible size.
func (o object) int(key string) int {
	n, ok := parseNumber(o.str(key))
	if !ok || math.Abs(n) > math.MaxInt32 {
		return 0
	}
	return int(n)
}

// numbers returns a list's numbers; a row that is none makes the list untrue, so that none are returned.
func (o object) numbers(key string) []float64 {
	var all []float64
	for _, row := range o.list(key) {
		n, ok := parseNumber(scalar(row))
		if !ok {
			return nil
		}
		all = append(all, n)
	}
	return all
}

// texts returns an object's members as text, nil where there are none.
func (o object) texts(key string) map[string]string {
	members := o.object(key)
	if len(members) == 0 {
		return nil
	}
	all := make(map[string]string, len(members))
	for _, m := range members {
		all[m.key] = scalar(m.value)
	}
	return all
}
