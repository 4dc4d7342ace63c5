package chat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxAnswer is how much of an answer is read. A message that Discord hands back
// is some 10 KB; where every character of ten embeds is escaped it can be 100, and the
// message's id comes after them.
const maxAnswer = 256 << 10

// answer is what the service said: a status, and as much of the body as came.
type answer struct {
	status int
	header http.Header
	body   []byte
	cut    bool // the connection was closed before the end of the body
}

// seconds returns the duration that a header gives in seconds, as a decimal
// fraction or as a date; 0 when it does not.
func (a answer) seconds(header string) time.Duration {
	text := a.header.Get(header)
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return wait(n)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(time.Until(at), 0), maxRetryAfter)
	}
	return 0
}

// maxRetryAfter keeps a nonsensical answer from silencing a destination for good.
const maxRetryAfter = time.Hour

// wait turns seconds of the service's into a duration; 0 for what is none.
func wait(seconds float64) time.Duration {
	if !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
}

func (a answer) isSuccess() bool { return a.status >= 200 && a.status < 300 }

// isPage reports whether the body is a web page: neither service's application wrote it.
func (a answer) isPage() bool {
	return strings.HasPrefix(strings.TrimSpace(string(a.body)), "<")
}

// read decodes members of a JSON object, as many of them as came: an answer may be cut off. It stops
// when it has all of them.
func (a answer) read(wanted map[string]any) {
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return
	}
	for found := 0; found < len(wanted); {
		name, err := decoder.Token()
		if err != nil || name == json.Delim('}') {
			return
		}
		into, ok := wanted[fmt.Sprint(name)]
		if !ok {
			into = new(json.RawMessage)
		} else {
			found++
		}
		if decoder.Decode(into) != nil {
			return
		}
	}
}

// codeWord returns text where it looks like one of a service's codes, else "".
func codeWord(text string) string {
	if len(text) <= 64 && made(text, word) {
		return text
	}
	return ""
}
