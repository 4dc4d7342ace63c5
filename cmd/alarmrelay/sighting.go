package main

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// sighting is a message as it is seen in a room of a stage.
type sighting struct {
	room    *room
	key     string // what the fakes' exchanges call it
	at      time.Time
	edits   int
	discord *fake.Message
	slack   *fake.SlackMessage
	thread  fake.Thread // of a Discord message; without an id for none
}

// sightings are the messages of every room, in the order of posting.
func (s *stage) sightings() (all []sighting) {
	for _, r := range s.channels {
		if r.service == formatter.ServiceSlack {
			for _, m := range s.slack.Messages(r.id) {
				all = append(all, sighting{room: r, key: slackKey(r.id, m.TS), at: m.At, edits: m.Edits, slack: &m})
			}
			continue
		}
		threads := map[string]fake.Thread{}
		for _, t := range s.discord.Threads(r.id) {
			threads[t.ID] = t
		}
		for _, m := range s.discord.Messages(r.id) {
			all = append(all, sighting{room: r, key: m.ID, at: m.PostedAt, edits: m.Edits, discord: &m, thread: threads[m.Thread]})
		}
	}
	slices.SortStableFunc(all, func(a, b sighting) int { return a.at.Compare(b.at) })
	return all
}

// slackKey is what the log calls the message of a ts: the last digits of that count the channel's messages.
func slackKey(channel, ts string) string {
	number := ts[max(0, len(ts)-6):]
	return channel + "/" + strings.TrimLeft(number, "0")
}

// remove takes a message out of its room, as people do.
func (s *stage) remove(m sighting) {
	if m.slack != nil {
		s.slack.DeleteMessage(m.room.id, m.slack.TS)
		return
	}
	s.discord.DeleteMessage(m.discord.ID)
}

// message is the message for the page. ids are the page's own, by key.
func (m sighting) message(names reader, ids map[string]string) page.Message {
	said := page.Message{
		ID: ids[m.key], Destination: m.room.name, Service: string(m.room.service), At: m.at.UTC(), Edits: m.edits,
		Pings: []string{},
	}
	var pings []string
	if m.slack != nil {
		said.Payload, pings = m.slackPayload(), m.slack.Pings
		said.EditedAt, said.Broadcast = m.slack.EditedAt, m.slack.Broadcast
		if m.slack.Thread != "" {
			said.ReplyTo = ids[slackKey(m.room.id, m.slack.Thread)]
			said.Thread = m.slack.Thread
		}
	} else {
		said.Payload, pings = m.discordPayload(said.ID), m.discord.Pings
		said.EditedAt, said.Silent, said.Thread = m.discord.EditedAt, m.discord.Silent(), m.discord.Thread
	}
	for _, who := range pings {
		kind, id, _ := strings.Cut(who, ":")
		said.Pings = append(said.Pings, names.mention(kind, id).text)
	}
	said.Links = linksIn(said.Payload, ids)
	return said
}

func (m sighting) slackPayload() json.RawMessage {
	said := maps.Clone(m.slack.Raw)
	if m.slack.Username != "" {
		said["username"] = m.slack.Username
	}
	if m.slack.Icon != "" {
		said["icon_url"] = m.slack.Icon
	}
	return mustJSON(said)
}

// attachment is a file of a message in Discord's form, with an address of the page's.
type attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
	Size        int    `json:"size"`
	ContentType string `json:"content_type"`
	URL         string `json:"url"`
}

func (m sighting) discordPayload(id string) json.RawMessage {
	said := struct {
		Username    string           `json:"username,omitempty"`
		AvatarURL   string           `json:"avatar_url,omitempty"`
		Content     string           `json:"content"`
		Embeds      []fake.Embed     `json:"embeds,omitempty"`
		Components  []fake.Component `json:"components,omitempty"`
		Flags       int              `json:"flags,omitempty"`
		ThreadName  string           `json:"thread_name,omitempty"`
		Attachments []attachment     `json:"attachments,omitempty"`
	}{
		Username: m.discord.Username, AvatarURL: m.discord.AvatarURL, Content: m.discord.Content, Embeds: m.discord.Embeds,
		Components: m.discord.Components, Flags: m.discord.Flags, ThreadName: m.thread.Name,
	}
	if said.Username == webhookName {
		said.Username = ""
	}
	for _, f := range m.discord.Files {
		said.Attachments = append(said.Attachments, attachment{f.ID, f.Name, f.Description, len(f.Data), f.ContentType, "/api/file/" + fileID(id, f)})
	}
	return mustJSON(said)
}

// fileID is what the page calls a file of a message.
func fileID(message string, f fake.File) string { return message + "." + f.ID }

// files are those of the message, by the page's ids.
func (m sighting) files(id string) map[string]page.File {
	files := map[string]page.File{}
	if m.discord != nil {
		for _, f := range m.discord.Files {
			files[fileID(id, f)] = page.File{Name: f.Name, Type: f.ContentType, Data: f.Data}
		}
	}
	return files
}

// wholeLink is an address that shows a message, as [linkTo] knows them, from its beginning to its end.
var wholeLink = regexp.MustCompile(`https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:` + linkTo.String() + `)(?:\?thread_ts=[0-9.]+(?:&|&amp;|\\u0026amp;|\\u0026)cid=[A-Z0-9]+)?`)

// linksIn are the addresses in a payload that lead to messages which are there.
func linksIn(payload []byte, ids map[string]string) map[string]string {
	links := map[string]string{}
	for _, found := range wholeLink.FindAllSubmatch(payload, -1) {
		link, key := string(found[0]), string(found[1])
		if key == "" {
			_, rest, _ := strings.Cut(link, "/archives/")
			channel, _, _ := strings.Cut(rest, "/")
			key = slackKey(channel, string(found[2]))
		}
		if id := ids[key]; id != "" {
			plain, err := strconv.Unquote(`"` + link + `"`)
			if err != nil {
				plain = link
			}
			links[plain] = id
			links[strings.ReplaceAll(plain, "&amp;", "&")] = id
		}
	}
	return links
}
