package chat

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"alarmrelay/relay"
)

// discordError is the body of an answer that is no success:
// https://docs.discord.com/developers/reference#error-messages and, for 429,
// https://docs.discord.com/developers/topics/rate-limits
type discordError struct {
	Message    string          `json:"message"`
	Code       int             `json:"code"`
	Errors     json.RawMessage `json:"errors"`
	RetryAfter *float64        `json:"retry_after"`
	Global     bool            `json:"global"`
}

// knownKind reads the codes that say more than their status:
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
func (e discordError) knownKind() (k kind, ok bool) {
	switch e.Code {
	case 30046: // too many edits of a message older than an hour
		return oldMessage, true
	case 10008: // unknown message
		return gone, true
	case 40333: // the front door did not like the User-Agent or the network
		return blocked, true
	case 40062, 130000: // a resource behind it is limited, overloaded
		return down, true
	case codeUnknownChannel,
		10004,        // unknown guild
		10015,        // unknown webhook
		50001, 50013, // missing access, missing permissions
		50027: // invalid webhook token
		return dead, true
	case 40058, 40067, // a forum's post needs a first message, a tag
		10087,        // unknown tag
		50024, 50083, // not in this type of channel, thread is archived
		160005, 160006, // thread is locked, too many active threads
		220001, 220002, // a forum's webhook needs a thread, and not two
		220003, 220004: // threads are opened in forums only, no webhooks in forums
		return misplaced, true
	}
	return 0, false
}

const (
	codeUnknownChannel = 10003
	unknownChannel     = "10003" // also of a wrong thread_id
	unknownTag         = "10087"
	tagNeeded          = "40067"
	threadArchived     = "50083"
	tooManyThreads     = "160006"
	threadNeeded       = "220001"
	threadTwice        = "220002"
	noForum            = "220003"
)

// discordRemedy is what the webhook's owner does about a code; empty where the code says all that is known.
func discordRemedy(code string) string {
	switch code {
	case tagNeeded:
		return "the forum takes posts with a tag only: name ids of its tags under forum_tags, or make tags optional in its settings"
	case tooManyThreads:
		return "the server has as many open threads as it may: close some"
	case "220004":
		return "the channel takes no webhooks: make one in another"
	}
	return ""
}

func judgeDiscord(a answer) verdict {
	if a.isSuccess() {
		return verdict{kind: accepted}
	}
	said, isJSON := a.discordError()
	v := verdict{code: strconv.Itoa(said.Code), detail: said.summary(), global: said.Global || a.header.Get("X-RateLimit-Global") == "true"}
	if !isJSON {
		v.code = ""
	}
	v.after = a.seconds("Retry-After")
	if said.RetryAfter != nil {
		v.after = wait(*said.RetryAfter) // the header's, before it was rounded
	} else if v.after == 0 {
		v.after = a.seconds("X-RateLimit-Reset-After")
	}
	v.kind = said.kind(a)
	if v.kind == misplaced {
		v.remedy = discordRemedy(v.code)
	}
	return v
}

func (e discordError) kind(a answer) kind {
	if known, ok := e.knownKind(); ok && a.status < 500 {
		return known
	}
	switch {
	case (a.status == 429 || a.status == 403) && a.fromFrontDoor(e):
		return blocked
	case a.status == 429:
		return limited
	case a.status == 408 || a.status >= 500:
		return down
	case a.status == 401 || a.status == 403 || a.status == 404 || a.status == 410:
		return dead
	}
	return refused
}

// fromFrontDoor reports whether Cloudflare gave the answer, not Discord: it
// has no code of Discord's and none of the headers of its limits.
func (a answer) fromFrontDoor(e discordError) bool {
	for name := range a.header {
		if strings.HasPrefix(name, "X-Ratelimit-") {
			return false
		}
	}
	return e.Code == 0 && e.RetryAfter == nil
}

func (a answer) discordError() (e discordError, isJSON bool) {
	if err := json.Unmarshal(a.body, &e); err != nil {
		// A member of another type than we know is no reason to forget the rest.
		isJSON = errors.As(err, new(*json.UnmarshalTypeError))
		return e, isJSON
	}
	return e, true
}

const (
	maxComplaints = 3  // how many of the fields that Discord found wrong are told
	maxDepth      = 10 // how deep they are looked for; a message's deepest field is embeds.0.fields.0.value
)

// summary retells the error: Discord's sentence, and which fields it complains about by
// path and code. Its sentences about fields quote what we sent, so they stay out.
func (e discordError) summary() string {
	var tree map[string]json.RawMessage
	text := printable(e.Message)
	if json.Unmarshal(e.Errors, &tree) != nil {
		return text
	}
	found := complaints("", tree)
	slices.Sort(found)
	if more := len(found) - maxComplaints; more > 0 {
		found = append(found[:maxComplaints], fmt.Sprintf("and %d more", more))
	}
	return strings.TrimPrefix(text+": "+strings.Join(found, ", "), ": ")
}

// complaints lists the leaves of Discord's tree of errors as "embeds.0.title BASE_TYPE_MAX_LENGTH".
func complaints(path string, tree map[string]json.RawMessage) []string {
	var found []string
	for name, raw := range tree {
		if name == "_errors" {
			var leaves []struct {
				Code string `json:"code"`
			}
			_ = json.Unmarshal(raw, &leaves) // what can't be read is not told
			for _, leaf := range leaves {
				if codeWord(leaf.Code) != "" {
					found = append(found, strings.TrimSpace(path+" "+leaf.Code))
				}
			}
			continue
		}
		var branch map[string]json.RawMessage
		if codeWord(name) != "" && strings.Count(path, ".") < maxDepth && json.Unmarshal(raw, &branch) == nil {
			found = append(found, complaints(strings.TrimPrefix(path+"."+name, "."), branch)...)
		}
	}
	return found
}

// ref reads which message an answer is about. The service has said that it took
// the message, so an answer that was cut off, or that is none we know, is no
// error: the message just can't be edited later.
func (a answer) ref() relay.Ref {
	var ref relay.Ref
	a.read(map[string]any{"id": &ref.Message, "channel_id": &ref.Channel})
	if ref.Message == "" {
		return relay.Ref{}
	}
	ref.Picture = a.picture()
	return ref
}

// picture reads the id of the first file of the message that an answer is about. A file that an embed shows
// is not among the attachments, and its id stands in the embed's address alone:
// https://github.com/discord/discord-api-docs/issues/4809
func (a answer) picture() string {
	var said struct {
		attachments []struct {
			ID string `json:"id"`
		}
		embeds []struct {
			Image struct {
				URL string `json:"url"`
			} `json:"image"`
		}
	}
	a.read(map[string]any{"attachments": &said.attachments, "embeds": &said.embeds})
	for _, e := range said.embeds {
		if id := attachmentOf(e.Image.URL); id != "" {
			return id
		}
	}
	if len(said.attachments) > 0 && made(said.attachments[0].ID, digits) {
		return said.attachments[0].ID
	}
	return ""
}

// attachmentOf reads the id of a file from its address, https://cdn.discordapp.com/attachments/CHANNEL/ID/NAME?...
func attachmentOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) != 4 || parts[0] != "attachments" || !made(parts[2], digits) {
		return ""
	}
	return parts[2]
}
