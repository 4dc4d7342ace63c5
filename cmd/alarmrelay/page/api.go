package page

import (
	"bytes"
	"io/fs"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// index is the page itself, with the run's token where it says %TOKEN%.
func (s *server) index(w http.ResponseWriter, _ *http.Request) {
	text, err := fs.ReadFile(s.files, "index.html")
	if err != nil {
		http.Error(w, "the page is not built: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(bytes.ReplaceAll(text, []byte("%TOKEN%"), []byte(s.token)))
}

func (s *server) state(w http.ResponseWriter, _ *http.Request) {
	last := s.stream.Last() // before the state: what happens meanwhile is told once more
	state := s.show.State()
	state.Event = last
	writeJSON(w, http.StatusOK, state)
}

func (s *server) message(w http.ResponseWriter, r *http.Request) {
	details, ok := s.show.Message(r.PathValue("id"))
	if !ok {
		writeJSON(w, http.StatusNotFound, failed{Error: "the message is not there any more"})
		return
	}
	writeJSON(w, http.StatusOK, details)
}

func (s *server) sample(w http.ResponseWriter, r *http.Request) {
	text, ok := s.show.Sample(r.PathValue("name"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	writeRaw(w, text)
}

// pictures are the types that a browser may show. Whatever else a file says that it is, it is only saved.
var pictures = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

func (s *server) file(w http.ResponseWriter, r *http.Request) {
	f, ok := s.show.File(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	kind, how := http.DetectContentType(f.Data), "inline"
	switch {
	case slices.Contains(pictures, kind):
	case strings.HasPrefix(f.Type, "text/"):
		kind, how = "text/plain; charset=utf-8", "attachment"
	default:
		kind, how = "application/octet-stream", "attachment"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Write(f.Data)
}

// done answers a change that has nothing to say but why it failed.
func done(w http.ResponseWriter, err error) {
	if err != nil {
		writeJSON(w, http.StatusUnprocessableEntity, failed{Error: err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, struct{}{})
}

func (s *server) send(w http.ResponseWriter, r *http.Request, e Event) {
	answer, err := s.show.Send(r.Context(), e)
	if err != nil {
		done(w, err)
		return
	}
	writeJSON(w, http.StatusOK, struct {
		Answer string `json:"answer"`
		Error  string `json:"error"`
	}{answer, ""})
}

func (s *server) storm(w http.ResponseWriter, _ *http.Request, o struct {
	Alarms    int `json:"alarms"`
	PerSecond int `json:"perSecond"`
},
) {
	done(w, s.show.Storm(o.Alarms, o.PerSecond))
}

func (s *server) fault(w http.ResponseWriter, _ *http.Request, o struct {
	Service string `json:"service"`
	Kind    string `json:"kind"`
	Seconds int    `json:"seconds"`
},
) {
	done(w, s.show.Fault(o.Service, o.Kind, o.Seconds))
}

// written is a configuration that somebody writes.
type written struct {
	Text string `json:"text"`
}

// mistakes answers with those of a configuration, which may be none.
func mistakes(w http.ResponseWriter, all []Problem) {
	writeJSON(w, http.StatusOK, struct {
		Problems []Problem `json:"problems"`
	}{append([]Problem{}, all...)})
}

func (s *server) check(w http.ResponseWriter, _ *http.Request, o written) {
	mistakes(w, s.show.Check(o.Text))
}

func (s *server) configure(w http.ResponseWriter, _ *http.Request, o written) {
	mistakes(w, s.show.Configure(o.Text))
}

func (s *server) preview(w http.ResponseWriter, r *http.Request, o struct {
	Event
	Config string `json:"config"`
},
) {
	p, err := s.show.Preview(r.Context(), o.Event, o.Config)
	if err != nil {
		done(w, err)
		return
	}
	p.Messages, p.Problems = append([]Message{}, p.Messages...), append([]Problem{}, p.Problems...)
	p.Destinations, p.Alerts = append([]Destination{}, p.Destinations...), append([]Alert{}, p.Alerts...)
	if p.Mentions == nil {
		p.Mentions = map[string]string{}
	}
	writeJSON(w, http.StatusOK, p)
}

func (s *server) story(w http.ResponseWriter, _ *http.Request, o struct {
	Chapter string `json:"chapter"`
},
) {
	done(w, s.show.Play(o.Chapter))
}

func (s *server) clear(w http.ResponseWriter, _ *http.Request, _ struct{}) { done(w, s.show.Clear()) }
