package alert

import (
	"bytes"
	"encoding/json"
)

// object is one JSON object, its values still undecoded. Keys are matched by case,
// which decoding into a struct would not do ("EventSource" is SNS, "eventSource" SQS).
type object map[string]json.RawMessage

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
	o := make(object, 16)
	for _, m := range members(raw) {
		o[m.key] = m.value
	}
	return o
}

// member is one key of an object and its undecoded value.
type member struct {
	key   string
	value json.RawMessage
}

// members lists an object's members in their order.
func members(raw []byte) []member {
	list := make([]member, 0, 16)
	i := 1 // behind the brace
	for {
		i = skipTo(raw, i, '"')
		if i >= len(raw) {
			return list
		}
		end := endOfString(raw, i)
		key := scalar(raw[i:end])
		i = skipTo(raw, end, ':') + 1
		for i < len(raw) && isSpace(raw[i]) {
			i++
		}
		end = endOfValue(raw, i)
		list = append(list, member{string(key), json.RawMessage(raw[i:end])})
		i = end
	}
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

func (o object) has(keys ...string) bool {
	for _, k := range keys {
		if _, ok := o[k]; !ok {
			return false
		}
	}
	return true
}

// str returns a value as text: a string's content, a number or a bool as
// written, empty for everything else.
func (o object) str(key string) string { return string(scalar(o[key])) }

func (o object) object(key string) object { return readObject(o[key]) }
