package chat

import (
	"bytes"
	"encoding/json"
	"strconv"

	"alarmrelay/formatter"
)

// replacement is a message's payload as the body of an edit. Discord leaves
// alone what an edit does not name, and what a new message leaves out when it
// is empty must then be said to be empty:
// https://docs.discord.com/developers/resources/webhook#edit-webhook-message
type replacement struct {
	payload any
	files   []formatter.File
}

// Flags of messages: https://docs.discord.com/developers/resources/message#message-object-message-flags
const (
	flagSilent       = 1 << 12 // SUPPRESS_NOTIFICATIONS: of a new message only
	flagComponentsV2 = 1 << 15 // IS_COMPONENTS_V2: has neither content nor embeds
)

func (r replacement) MarshalJSON() ([]byte, error) {
	text, err := encodeJSON(r.payload)
	if err != nil {
		return nil, err
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal(text, &body); err != nil {
		return nil, err
	}
	for _, field := range []string{"username", "avatar_url", "tts", "thread_name", "applied_tags", "poll"} {
		delete(body, field)
	}
	var flags int
	if err := json.Unmarshal(or(body["flags"], "0"), &flags); err != nil {
		return nil, err
	}
	if flags &^= flagSilent; flags == 0 {
		delete(body, "flags")
	} else if body["flags"], err = json.Marshal(flags); err != nil {
		return nil, err
	}
	if flags&flagComponentsV2 == 0 {
		body["content"] = or(body["content"], `""`)
		body["embeds"] = or(body["embeds"], "[]")
	}
	body["components"] = or(body["components"], "[]")
	if err := r.list(body); err != nil {
		return nil, err
	}
	return encodeJSON(body)
}

// list puts the message's files into a body that does not list them: new ones are added to the old ones unless the list says
// which are there in the end. Of a list it takes the names of old files away, which Discord refuses:
// https://github.com/discordjs/discord-api-types/pull/263
func (r replacement) list(body map[string]json.RawMessage) (err error) {
	var all []formatter.Attachment
	if err := json.Unmarshal(or(body["attachments"], "null"), &all); err != nil {
		return err
	}
	if all == nil {
		delete(body, "attachments")
		if len(r.files) == 0 {
			return nil
		}
		for i, f := range r.files {
			all = append(all, formatter.Attachment{ID: strconv.Itoa(i), Filename: f.Name})
		}
	}
	for i := range all {
		if n, err := strconv.Atoi(all[i].ID); err != nil || n >= len(r.files) {
			all[i].Filename = ""
		}
	}
	body["attachments"], err = encodeJSON(all)
	return err
}

// or returns value, or otherwise where value is absent or null.
func or(value json.RawMessage, otherwise string) json.RawMessage {
	if len(value) == 0 || bytes.Equal(value, []byte("null")) {
		return json.RawMessage(otherwise)
	}
	return value
}
