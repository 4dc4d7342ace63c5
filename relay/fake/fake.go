// Package fake is Discord and Slack as http.Handlers that behave: they keep
// channels and messages, refuse what the services refuse with the services' own
// status and body, limit rates, and fall over on demand. Tests and the demo put
// them behind a socket, or behind [Transport] where there is none.
//
// It is no mock: nothing is told which calls to expect. It is no judge of
// wording either, and it knows nothing of alerts; it reads raw JSON, so that a
// mistake in our own types can't hide itself.
//
// Where the services' real reading is not known or differs by client, the fakes take the
// stricter one. [Options] names what that means and switches it off.
package fake

import (
	"net/http"
	"time"
)

// Options are common to [NewDiscord] and [NewSlack]. The zero value is what tests want.
type Options struct {
	// Clock gives the time; nil is time.Now, which is also right inside a synctest bubble.
	Clock func() time.Time
	// Unlimited switches all rate limits off.
	Unlimited bool
	// Lenient takes what the services are known or believed to take and
	// the strict reading refuses:
	//   - properties nobody knows (the services ignore them, so a typo stays unseen);
	//   - lengths counted in code points instead of UTF-16 units (Discord's staff:
	//     code points, https://github.com/discord/discord-api-docs/issues/1315;
	//     Discord's own builders: UTF-16 units, which are never fewer);
	//   - Discord: empty names and values of fields, flags that can't be set, numbers
	//     as ids, pictures that name a file which was not sent.
	Lenient bool
	// Watch is told of each exchange before its answer is sent, one at a time for each request, and not under a lock.
	// The log stays empty then: who watches keeps what they want. May be nil.
	Watch func(Exchange)
}

// Exchange is one request and what was answered, as the logs of the fakes keep it.
type Exchange struct {
	At      time.Time
	Webhook string // its id, or the bot's; empty when the request names none that exists
	Method  string
	Path    string      // with the query, and [secret] instead of the token
	Agent   string      // the request's User-Agent
	Asked   http.Header // of the request, [secret] instead of the token
	Request []byte      // the JSON body; of a multipart request its payload_json
	Files   int         // how many files came along

	// Message is the id of the message that it posted or changed, whatever became of the answer. It is
	// empty when the request did neither. Slack's webhooks tell no ids; the fake invents one.
	Message string
	Sent    []File // the files that came along with it

	Status int         // 0 when the connection was cut before an answer
	Header http.Header // of the answer
	Answer []byte      // at most 64 KiB of it, [secret] instead of the token
	Why    []string    // what was refused and where, for people
	Fault  FaultKind   // the fault that befell it, or empty
}

// RetryAfter returns how long the answer asks to wait, 0 when it does not.
func (e Exchange) RetryAfter() time.Duration {
	seconds, err := time.ParseDuration(e.Header.Get("Retry-After") + "s")
	if err != nil {
		return 0
	}
	return seconds
}

// call is a request as the services see it: read whole, with the time it came.
type call struct {
	*http.Request
	now     time.Time
	body    []byte
	payload []byte // what the log shows as the request
	files   int
	sent    []File
}

// reply is an answer before it is written.
type reply struct {
	status int
	header http.Header
	body   []byte
	why    []string
	shown  string // the message that the request posted or changed
}

func (r reply) with(name, value string) reply {
	if r.header == nil {
		r.header = http.Header{}
	} else {
		r.header = r.header.Clone()
	}
	r.header.Set(name, value)
	return r
}

func textReply(status int, body string) reply {
	return reply{status: status, body: []byte(body)}.with("Content-Type", "text/plain; charset=utf-8")
}

func htmlReply(status int, body string) reply {
	return reply{status: status, body: []byte(body)}.with("Content-Type", "text/html; charset=UTF-8")
}
