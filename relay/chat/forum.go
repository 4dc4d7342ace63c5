package chat

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"
)

// detour is what of a new message's place is changed because Discord did not take it as it was: that a forum, a thread or a
// tag is not what the configuration thinks must not cost an alert.
type detour struct {
	unnamed  bool   // it opens no post
	untagged bool   // it has no tags
	name     string // of the post that it opens, because the channel is a forum
}

// rerouted is a new message's payload as the body that takes a detour.
type rerouted struct {
	payload any
	detour  detour
}

func (r rerouted) MarshalJSON() ([]byte, error) {
	text, err := encodeJSON(r.payload)
	if err != nil || r.detour == (detour{}) {
		return text, err
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal(text, &body); err != nil {
		return nil, err
	}
	if r.detour.unnamed {
		delete(body, "thread_name")
	}
	if r.detour.untagged || r.detour.unnamed {
		delete(body, "applied_tags")
	}
	if r.detour.name != "" {
		if body["thread_name"], err = encodeJSON(r.detour.name); err != nil {
			return nil, err
		}
	}
	return encodeJSON(body)
}

// placing is what of a payload is about forums, and what a post can be named after.
type placing struct {
	ThreadName  string   `json:"thread_name"`
	AppliedTags []string `json:"applied_tags"`
	Content     string   `json:"content"`
	Embeds      []struct {
		Title string `json:"title"`
	} `json:"embeds"`
}

func (d *delivery) placing() (p placing) {
	if text, err := encodeJSON(d.draft.payload); err == nil {
		_ = json.Unmarshal(text, &p) // what can't be read asks for nothing
	}
	return p
}

// redirect changes where a new message goes when an answer says that it can't go there, and reports whether it did.
func (d *delivery) redirect(v verdict) bool {
	if d.draft == nil || d.call.method != http.MethodPost {
		return false
	}
	p := d.placing()
	switch {
	case v.code == unknownTag, v.kind == refused && strings.Contains(v.detail, "applied_tags"):
		return d.untag()
	case (v.code == noForum || v.code == threadTwice) && p.ThreadName != "" && !d.detour.unnamed:
		d.detour.unnamed = true
		return true
	case v.code == threadNeeded && d.call.target.thread == "" && p.ThreadName == "" && d.detour.name == "":
		d.detour.name = p.name()
		return true
	}
	return false
}

// untag leaves out the tags, and reports whether there were any.
func (d *delivery) untag() bool {
	if d.draft == nil || d.detour.untagged || d.detour.unnamed || len(d.placing().AppliedTags) == 0 {
		return false
	}
	d.detour.untagged = true
	return true
}

// maxThreadName is how long the name of a thread may be:
// https://docs.discord.com/developers/resources/webhook#execute-webhook
const maxThreadName = 100

// name is what a post is called that nobody named: the first line of what it says. Names know no markdown.
func (p placing) name() string {
	texts := []string{p.Content}
	if len(p.Embeds) > 0 {
		texts = slices.Insert(texts, 0, p.Embeds[0].Title)
	}
	for _, text := range texts {
		line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
		line = strings.TrimSpace(strings.NewReplacer(`\`, "", "*", "", "`", "").Replace(line))
		if units := utf16.Encode([]rune(line)); len(units) > maxThreadName {
			line = strings.TrimRight(string(utf16.Decode(units[:maxThreadName-1])), "\ufffd ") + "…"
		}
		if line != "" {
			return line
		}
	}
	return "alarmrelay"
}

// tellDetour logs that a message is on its way to another place than it was meant for.
func (l *line) tellDetour(ctx context.Context, d *delivery, v verdict) {
	log := l.options.Log
	if d.call.target.thread != "" {
		log = log.With("thread", d.call.target.thread)
	}
	log.WarnContext(ctx, "posted elsewhere than configured", "code", v.code, "reason", v.detail)
}
