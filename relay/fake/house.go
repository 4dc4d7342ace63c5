package fake

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

// maxRequest is the largest request that is read at all; what a service takes is less.
const maxRequest = 32 << 20

// maxLogged is how much of an answer the log keeps.
const maxLogged = 64 << 10

// service is what differs between Discord and Slack. All methods but senderOf
// are called with the house's lock held.
type service interface {
	// senderOf reads from a request who makes it.
	senderOf(r *http.Request) sender
	answer(*call) reply
	fallen(*call, Fault) reply
}

// sender is who makes a request: a webhook, or a bot.
type sender struct {
	id    string // as the log and the faults name it; empty for nobody we know
	token string
	does  string // the HTTP method; of Slack's Web API, the method's name
}

// house is what both services have in common: a lock, a clock, the faults that
// were ordered, and the log.
type house struct {
	mu      sync.Mutex
	options Options
	faults  faultList
	log     []Exchange
	closed  chan struct{}
	closing sync.Once
}

func (h *house) open(o Options) {
	h.options = o
	h.closed = make(chan struct{})
	if h.options.Clock == nil {
		h.options.Clock = time.Now
	}
}

// Close lets go of the requests that hang. Call it before closing the server it is behind.
func (h *house) Close() { h.closing.Do(func() { close(h.closed) }) }

// Log returns all requests so far with their answers, oldest first.
func (h *house) Log() []Exchange {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Exchange(nil), h.log...)
}

// serve is the life of one request: a fault may befall it before it is read,
// before it is answered, or while the answer is on its way.
func (h *house) serve(w http.ResponseWriter, r *http.Request, s service) {
	from := s.senderOf(r)
	token := from.token
	fault := h.takeFault(from.id, from.does)
	note := Exchange{At: h.options.Clock(), Webhook: from.id, Method: r.Method, Fault: fault.Kind, Agent: r.UserAgent()}
	note.Path, note.Asked = redact(r.URL.RequestURI(), token), redactHeader(r.Header, token)

	if fault.Kind == Reset {
		h.record(note, token)
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		panic(http.ErrAbortHandler) // the client went away: nothing was asked
	}
	if !h.wait(r, fault) {
		note.Request = body
		h.record(note, token)
		panic(http.ErrAbortHandler)
	}

	c := &call{Request: r, now: h.options.Clock(), body: body, payload: body}
	answer := h.reply(c, s, fault)
	note.Request, note.Files = c.payload, c.files
	note.Why, note.Message = answer.why, answer.shown
	if answer.shown != "" {
		note.Sent = c.sent
	}
	if fault.Kind != AnswerLost {
		note.Status, note.Header, note.Answer = answer.status, answer.header, answer.body
	}
	h.record(note, token)
	if fault.Kind == AnswerLate && !h.wait(r, Fault{Kind: Slow, After: fault.After}) {
		panic(http.ErrAbortHandler)
	}
	write(w, answer, fault)
}

func (h *house) takeFault(webhook, method string) Fault {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.faults.take(webhook, method)
}

// wait holds the request as long as the fault says. It returns false when
// there is nobody left to answer.
func (h *house) wait(r *http.Request, f Fault) bool {
	var up <-chan time.Time
	switch f.Kind {
	case Slow:
		timer := time.NewTimer(f.After)
		defer timer.Stop()
		up = timer.C
	case Hang: // up stays nil: it never fires
	default:
		return true
	}
	select {
	case <-up:
		return true
	case <-r.Context().Done():
	case <-h.closed:
	}
	return false
}

func (h *house) reply(c *call, s service, f Fault) reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	if f.answersItself() {
		return s.fallen(c, f)
	}
	return s.answer(c)
}

func (h *house) record(e Exchange, token string) {
	e.Answer = []byte(redact(string(e.Answer[:min(len(e.Answer), maxLogged)]), token))
	e.Header = e.Header.Clone()
	if h.options.Watch != nil {
		h.options.Watch(e)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.log = append(h.log, e)
}

func redact(text, token string) string {
	if token == "" {
		return text
	}
	return strings.ReplaceAll(text, token, "[secret]")
}

func redactHeader(header http.Header, token string) http.Header {
	shown := header.Clone()
	for _, values := range shown {
		for i, v := range values {
			values[i] = redact(v, token)
		}
	}
	return shown
}

// write sends the answer, as far as the fault lets it.
func write(w http.ResponseWriter, r reply, f Fault) {
	if f.Kind == AnswerLost || (f.Kind == AnswerCut && len(r.body) == 0) {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), r.header)
	switch f.Kind {
	case AnswerCut:
		w.Header().Set("Content-Length", itoa(len(r.body)))
		w.WriteHeader(r.status)
		w.Write(r.body[:len(r.body)/2])
		_ = http.NewResponseController(w).Flush() // the connection is cut whatever it says
		panic(http.ErrAbortHandler)
	case Flood:
		w.WriteHeader(r.status)
		flood(w)
	default:
		w.WriteHeader(r.status)
		w.Write(r.body)
	}
}

// flood writes [floodSize] bytes, or fewer when the client hangs up.
func flood(w io.Writer) {
	chunk := bytes.Repeat([]byte("overflow "), 7282) // about 64 KiB
	for written := 0; written < floodSize; {
		n, err := w.Write(chunk)
		if err != nil {
			return
		}
		written += n
	}
}
