package fake

import (
	"path"
	"slices"
	"strings"
)

// The flags that a webhook's message can have.
// https://docs.discord.com/developers/resources/message#message-object-message-flags
const (
	FlagSuppressEmbeds        = 1 << 2
	FlagSuppressNotifications = 1 << 12
	FlagComponentsV2          = 1 << 15
)

// checkBody holds a draft against the tables and the rules that no table can
// say. known are the files that a message to be edited has already.
func (d *Discord) checkBody(c *call, what string, known *Message) (*draft, body, reply, bool) {
	draft, r, wrong := readDraft(c)
	if wrong {
		return nil, body{}, r, true
	}
	v2 := wantsV2(draft.members["flags"]) || (known != nil && known.Flags&FlagComponentsV2 != 0)
	table, components := d.legacy, "legacy"
	if v2 {
		table, components = d.v2, "v2"
	}
	if refused := table.check(draft.members, "message", what, components); len(refused) > 0 {
		return nil, body{}, invalidForm(refused...), true
	}
	b := draft.read()
	if refused := d.broken(draft, b, known, v2); len(refused) > 0 {
		return nil, body{}, invalidForm(refused...), true
	}
	for _, t := range discordTotals {
		if t.count(table, draft) > t.max {
			return nil, body{}, t.refused(t.max), true
		}
	}
	return draft, b, reply{}, false
}

func wantsV2(flags any) bool {
	var b body
	d := draft{members: map[string]any{"flags": flags}}
	b = d.read()
	return b.Flags&FlagComponentsV2 != 0
}

// broken applies the rules that connect several properties.
func (d *Discord) broken(dr *draft, b body, known *Message, v2 bool) []refusal {
	refused := checkUsername(b.Username)
	refused = append(refused, checkMentions(b.AllowedMentions)...)
	refused = append(refused, d.checkEmbeds(dr, b, known)...)
	refused = append(refused, d.checkAttachments(dr, b, known)...)
	refused = append(refused, checkButtons(b.Components, []string{"components"})...)
	if v2 {
		refused = append(refused, checkLegacyFields(dr, known)...)
	}
	const settable = FlagSuppressEmbeds | FlagSuppressNotifications | FlagComponentsV2
	if known == nil && !d.options.Lenient && b.Flags&^settable != 0 {
		refused = append(refused, refusal{
			path: []string{"flags"}, code: "FAKE_FLAG", message: "Webhooks can't set these flags: the service would ignore them.",
		})
	}
	return refused
}

// checkLegacyFields refuses what components of version 2 replace, also when an
// edited message still has it.
func checkLegacyFields(dr *draft, known *Message) []refusal {
	kept := map[string]bool{}
	if known != nil {
		kept["content"] = known.Content != ""
		kept["embeds"] = len(known.Embeds) > 0
		kept["poll"] = len(known.Poll) > 0
	}
	var refused []refusal
	for _, name := range []string{"content", "embeds", "poll"} {
		if dr.members[name] != nil || (kept[name] && !dr.names(name)) {
			refused = append(refused, refusal{
				path: []string{name}, code: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
				message: "The '" + name + "' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
			})
		}
	}
	return refused
}

// checkUsername refuses the names that are known to be refused; there are others, which Discord does not tell.
// https://docs.discord.com/developers/resources/user#usernames-and-nicknames
func checkUsername(name string) []refusal {
	name = strings.ToLower(name)
	for _, taken := range []string{"clyde", "discord"} {
		if strings.Contains(name, taken) {
			r := refusal{code: "USERNAME_INVALID_CONTAINS", message: `Username cannot contain "` + taken + `"`}
			return []refusal{r.at("username")}
		}
	}
	for _, taken := range []string{"everyone", "here"} {
		if name == taken {
			return []refusal{refusal{code: "USERNAME_INVALID", message: `Username cannot be "` + taken + `"`}.at("username")}
		}
	}
	return nil
}

// checkMentions refuses parse:["users"] beside users:[ids], and roles alike.
func checkMentions(a *allowedMentions) []refusal {
	if a == nil {
		return nil
	}
	var refused []refusal
	for _, m := range []struct {
		kind string
		ids  []string
	}{{"users", a.Users}, {"roles", a.Roles}} {
		if slices.Contains(a.Parse, m.kind) && len(m.ids) > 0 {
			refused = append(refused, refusal{
				path: []string{"allowed_mentions"}, code: "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
				message: `parse:["` + m.kind + `"] and ` + m.kind + ": [ids...] are mutually exclusive.",
			})
		}
	}
	return refused
}

// checkEmbeds refuses embeds that show nothing, and, strictly read, blank fields and pictures that are not there.
func (d *Discord) checkEmbeds(dr *draft, b body, known *Message) []refusal {
	var refused []refusal
	for i, e := range b.Embeds {
		at := []string{"embeds", itoa(i)}
		if e.blank() {
			refused = append(refused, required.at("embeds", itoa(i), "description"))
		}
		if d.options.Lenient {
			continue
		}
		for n, f := range e.Fields {
			if f.Name == "" {
				refused = append(refused, required.at("embeds", itoa(i), "fields", itoa(n), "name"))
			}
			if f.Value == "" {
				refused = append(refused, required.at("embeds", itoa(i), "fields", itoa(n), "value"))
			}
		}
		for _, p := range e.pictures() {
			if name, ok := strings.CutPrefix(p.url, "attachment://"); ok && !attached(dr, b, known, name) {
				refused = append(refused, refusal{code: "FAKE_NO_PICTURE", message: "No picture of this name is sent."}.
					at(append(slices.Clip(at), p.path...)...))
			}
		}
	}
	return refused
}

// attached reports whether a picture of this name is sent, or kept of an edited message.
func attached(dr *draft, b body, known *Message, name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".gif":
	default:
		return false
	}
	return slices.ContainsFunc(mergeFiles(dr, b, known), func(f File) bool { return f.Name == name })
}

// checkAttachments refuses descriptions of files that are neither sent nor kept, and, strictly read, names for those that are
// kept: https://github.com/discordjs/discord-api-types/pull/263
func (d *Discord) checkAttachments(dr *draft, b body, known *Message) []refusal {
	var refused []refusal
	for i, a := range b.Attachments {
		_, sent := dr.files[string(a.ID)]
		kept := known != nil && slices.ContainsFunc(known.Files, func(f File) bool { return f.ID == string(a.ID) })
		if !sent && !kept {
			r := refusal{code: "ATTACHMENT_NOT_FOUND", message: "Attachment data not found"}
			refused = append(refused, r.at("attachments", itoa(i)))
		}
		if kept && a.Filename != "" && !d.options.Lenient {
			r := refusal{code: "FAKE_RENAMED", message: "A file that is kept can't be renamed."}
			refused = append(refused, r.at("attachments", itoa(i), "filename"))
		}
	}
	return refused
}

// checkButtons refuses buttons that show nothing.
func checkButtons(components []Component, at []string) []refusal {
	var refused []refusal
	for i, c := range components {
		here := append(slices.Clip(at), itoa(i))
		if c.Type == 2 && c.Label == "" && c.Emoji == nil {
			refused = append(refused, required.at(append(here, "label")...))
		}
		refused = append(refused, checkButtons(c.Components, append(slices.Clip(here), "components"))...)
	}
	return refused
}
