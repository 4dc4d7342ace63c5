package fake

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// draft is a request's body, taken apart but not yet believed.
type draft struct {
	members map[string]any
	files   map[string]File // by the n of files[n]
	bytes   int
}

var unknownContentType = refusal{
	code:    "CONTENT_TYPE_INVALID",
	message: `Expected "Content-Type" header to be one of {'application/json', 'multipart/form-data'}.`,
}

// readDraft takes a body apart. Discord also takes forms as browsers send them; nobody here does.
func readDraft(c *call) (*draft, reply, bool) {
	media, parameters, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	d := &draft{files: map[string]File{}, bytes: len(c.body)}
	switch {
	case len(c.body) == maxRequest: // there is more of it
		return nil, apiError(http.StatusRequestEntityTooLarge, 40005, "Request entity too large"), true
	case err == nil && media == "application/json":
	case err == nil && media == "multipart/form-data":
		payload, r, wrong := d.readParts(multipart.NewReader(bytes.NewReader(c.body), parameters["boundary"]))
		if wrong {
			return nil, r, true
		}
		c.payload, c.files = payload, len(d.files)
		for _, n := range slices.Sorted(maps.Keys(d.files)) {
			c.sent = append(c.sent, d.files[n])
		}
	default:
		return nil, invalidForm(unknownContentType), true
	}
	members, ok := readObject(c.payload)
	if !ok {
		return nil, apiError(http.StatusBadRequest, 50109, "The request body contains invalid JSON."), true
	}
	d.members = members
	return d, reply{}, false
}

// readObject decodes one JSON object in valid UTF-8 and nothing after it.
func readObject(text []byte) (map[string]any, bool) {
	if !utf8.Valid(text) {
		return nil, false
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var members map[string]any
	if err := decoder.Decode(&members); err != nil || members == nil {
		return nil, false
	}
	_, err := decoder.Token()
	return members, errors.Is(err, io.EOF)
}

// readParts collects files and returns payload_json.
func (d *draft) readParts(parts *multipart.Reader) (payload []byte, r reply, wrong bool) {
	payload = []byte("{}")
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return payload, reply{}, false
		}
		var data []byte
		if err == nil {
			data, err = io.ReadAll(part)
		}
		if err != nil {
			return nil, apiError(http.StatusBadRequest, 50035, "Invalid Form Body"), true
		}
		name := part.FormName()
		number, isFile := strings.CutPrefix(name, "files[")
		number, closed := strings.CutSuffix(number, "]")
		media := part.Header.Get("Content-Type")
		switch {
		case name == "payload_json" && (media == "" || media == "application/json"):
			payload = data
		case isFile && closed && isSnowflake(number) && part.FileName() != "" && d.files[number].Name == "":
			d.files[number] = File{Name: part.FileName(), ContentType: media, Data: data}
		default:
			return nil, invalidForm(unknownProperty.at(name)), true
		}
	}
}

// body is what a checked request says. Optional holds which properties it names at all.
type body struct {
	Content         string           `json:"content"`
	Embeds          []Embed          `json:"embeds"`
	AllowedMentions *allowedMentions `json:"allowed_mentions"`
	Components      []Component      `json:"components"`
	Attachments     []attachment     `json:"attachments"`
	Poll            json.RawMessage  `json:"poll"`
	Flags           int              `json:"flags"`
	Username        string           `json:"username"`
	AvatarURL       string           `json:"avatar_url"`
	TTS             bool             `json:"tts"`
	ThreadName      string           `json:"thread_name"`
	AppliedTags     []string         `json:"applied_tags"`
}

type attachment struct {
	ID          identity `json:"id"`
	Filename    string   `json:"filename"`
	Description string   `json:"description"`
}

// identity is an id that may be written as a number.
type identity string

// UnmarshalJSON reads "1" and 1.
func (i *identity) UnmarshalJSON(text []byte) error {
	*i = identity(bytes.Trim(text, `"`))
	return nil
}

// read turns checked members into a body. Each may still be of another type where the
// table takes anything; such a one is left out.
func (d *draft) read() body {
	var b body
	for name, member := range d.members {
		if text, err := json.Marshal(map[string]any{name: member}); err == nil && member != nil {
			_ = json.Unmarshal(text, &b)
		}
	}
	return b
}

func (d *draft) names(name string) bool {
	_, ok := d.members[name]
	return ok
}

// readBool reads a boolean of the query as Discord does: true, True and 1.
// https://docs.discord.com/developers/reference#boolean-query-strings
func readBool(c *call, name string) bool {
	switch c.URL.Query().Get(name) {
	case "true", "True", "1":
		return true
	}
	return false
}
