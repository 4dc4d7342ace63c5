package fake

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	maxCode = "BASE_TYPE_MAX_LENGTH"
	badCode = "BASE_TYPE_BAD_LENGTH"
	numCode = "NUMBER_TYPE_MAX"
)

// discordCase is one limit: a body that is exactly n of it, where n is max, is
// accepted, and one of max+1 refused.
type discordCase struct {
	row    string // of the table: object.property
	max    int
	source string
	at     string // where the refusal stands in the error tree
	code   string
	body   func(n int) obj
	files  func(n int) int
	forum  bool // sent to a forum; "tags" stands for the ids of its tags
	silent bool // Discord's specification does not have it
}

func embed(members obj) func(obj) obj {
	return func(more obj) obj {
		maps.Copy(members, more)
		return obj{"embeds": arr{members}}
	}
}

func inEmbed(name string, value func(n int) any) func(int) obj {
	return func(n int) obj { return embed(obj{"description": "d"})(obj{name: value(n)}) }
}

func inButton(name string, value func(n int) any) func(int) obj {
	return func(n int) obj {
		button := obj{"type": 2, "style": 5, "label": "open", "url": "https://a.example"}
		button[name] = value(n)
		return obj{"content": "c", "components": arr{obj{"type": 1, "components": arr{button}}}}
	}
}

func inPoll(change func(poll obj, n int)) func(int) obj {
	return func(n int) obj {
		answer := obj{"poll_media": obj{"text": "yes"}}
		poll := obj{"question": obj{"text": "why"}, "answers": arr{answer}}
		change(poll, n)
		return obj{"poll": poll}
	}
}

// inV2 puts one component into a message of components.
func inV2(component func(n int) obj) func(int) obj {
	return func(n int) obj { return obj{"flags": FlagComponentsV2, "components": arr{component(n)}} }
}

func inFiles(name string) func(int) obj {
	return func(n int) obj { return obj{"attachments": arr{obj{"id": "0", name: xs(n)}}} }
}

func textOf(n int) any { return xs(n) }
func linkOf(n int) any { return address(n) }
func self(n int) any   { return n }
func one(int) int      { return 1 }

var discordCases = []discordCase{
	{row: "message.content", max: 2000, source: docsWebhook, at: "content", code: maxCode, body: func(n int) obj { return obj{"content": xs(n)} }},
	{row: "message.embeds", max: 10, source: docsWebhook, at: "embeds", code: maxCode, body: func(n int) obj { return obj{"embeds": times(n, obj{"title": "t"})} }},
	{
		row: "message.attachments", max: 10, source: docsSpec, at: "attachments", code: maxCode,
		body: func(n int) obj {
			list := arr{}
			for i := range n {
				list = append(list, obj{"id": fmt.Sprint(i)})
			}
			return obj{"attachments": list}
		}, files: func(n int) int { return n },
	},
	{row: "execute.username", max: 80, source: docsSpec, at: "username", code: badCode, body: func(n int) obj { return obj{"content": "c", "username": xs(n)} }},
	{row: "execute.avatar_url", max: 2048, source: docsSpec, at: "avatar_url", code: maxCode, body: func(n int) obj { return obj{"content": "c", "avatar_url": address(n)} }},
	{row: "execute.thread_name", max: 100, source: docsSpec, at: "thread_name", code: maxCode, forum: true, body: func(n int) obj { return obj{"content": "c", "thread_name": xs(n)} }},
	{row: "execute.applied_tags", max: 5, source: docsSpec, at: "applied_tags", code: maxCode, forum: true, body: func(n int) obj {
		return obj{"content": "c", "thread_name": "t", "applied_tags": times(n, "tags")}
	}},
	{row: "allowed mentions.users", max: 100, source: docsMentions, at: "allowed_mentions.users", code: maxCode, body: func(n int) obj {
		return obj{"content": "c", "allowed_mentions": obj{"users": numbered(n)}}
	}},
	{row: "allowed mentions.roles", max: 100, source: docsMentions, at: "allowed_mentions.roles", code: maxCode, body: func(n int) obj {
		return obj{"content": "c", "allowed_mentions": obj{"roles": numbered(n)}}
	}},

	{row: "embed.title", max: 256, source: docsEmbed, at: "embeds.0.title", code: maxCode, body: inEmbed("title", textOf)},
	{row: "embed.description", max: 4096, source: docsEmbed, at: "embeds.0.description", code: maxCode, body: inEmbed("description", textOf)},
	{row: "embed.url", max: 2048, source: docsSpec, at: "embeds.0.url", code: maxCode, body: inEmbed("url", linkOf)},
	{row: "embed.color", max: 16777215, source: docsSpec, at: "embeds.0.color", code: numCode, body: inEmbed("color", self)},
	{row: "embed.fields", max: 25, source: docsEmbed, at: "embeds.0.fields", code: maxCode, body: inEmbed("fields", func(n int) any { return times(n, obj{"name": "n", "value": "v"}) })},
	{row: "author.name", max: 256, source: docsEmbed, at: "embeds.0.author.name", code: badCode, body: inEmbed("author", func(n int) any { return obj{"name": xs(n)} })},
	{row: "author.url", max: 2048, source: docsSpec, at: "embeds.0.author.url", code: maxCode, body: inEmbed("author", func(n int) any { return obj{"name": "a", "url": address(n)} })},
	{row: "author.icon_url", max: 2048, source: docsSpec, at: "embeds.0.author.icon_url", code: maxCode, body: inEmbed("author", func(n int) any { return obj{"name": "a", "icon_url": address(n)} })},
	{row: "footer.text", max: 2048, source: docsEmbed, at: "embeds.0.footer.text", code: maxCode, body: inEmbed("footer", func(n int) any { return obj{"text": xs(n)} })},
	{row: "footer.icon_url", max: 2048, source: docsSpec, at: "embeds.0.footer.icon_url", code: maxCode, body: inEmbed("footer", func(n int) any { return obj{"text": "f", "icon_url": address(n)} })},
	{row: "image.url", max: 2048, source: docsSpec, at: "embeds.0.image.url", code: maxCode, body: inEmbed("image", func(n int) any { return obj{"url": address(n)} })},
	{row: "image.description", max: 4096, source: docsSpec, at: "embeds.0.image.description", code: maxCode, body: inEmbed("image", func(n int) any { return obj{"url": address(30), "description": xs(n)} })},
	{row: "thumbnail.url", max: 2048, source: docsSpec, at: "embeds.0.thumbnail.url", code: maxCode, body: inEmbed("thumbnail", func(n int) any { return obj{"url": address(n)} })},
	{row: "thumbnail.description", max: 4096, source: docsSpec, at: "embeds.0.thumbnail.description", code: maxCode, body: inEmbed("thumbnail", func(n int) any { return obj{"url": address(30), "description": xs(n)} })},
	{row: "field.name", max: 256, source: docsEmbed, at: "embeds.0.fields.0.name", code: maxCode, body: inEmbed("fields", func(n int) any { return arr{obj{"name": xs(n), "value": "v"}} })},
	{row: "field.value", max: 1024, source: docsEmbed, at: "embeds.0.fields.0.value", code: maxCode, body: inEmbed("fields", func(n int) any { return arr{obj{"name": "n", "value": xs(n)}} })},

	{row: "attachment.filename", max: 1024, source: docsSpec, at: "attachments.0.filename", code: badCode, body: inFiles("filename"), files: one},
	{row: "attachment.description", max: 1024, source: docsSpec, at: "attachments.0.description", code: maxCode, body: inFiles("description"), files: one},

	{row: "question.text", max: 300, source: docsPoll, at: "poll.question.text", code: badCode, body: inPoll(func(p obj, n int) { p["question"] = obj{"text": xs(n)} })},
	{row: "poll.answers", max: 10, source: docsPoll, at: "poll.answers", code: badCode, body: inPoll(func(p obj, n int) { p["answers"] = times(n, obj{"poll_media": obj{"text": "a"}}) })},
	{row: "poll media.text", max: 55, source: docsPoll, at: "poll.answers.0.poll_media.text", code: badCode, silent: true, body: inPoll(func(p obj, n int) { p["answers"] = arr{obj{"poll_media": obj{"text": xs(n)}}} })},
	{row: "poll.duration", max: 768, source: docsPoll, at: "poll.duration", code: numCode, body: inPoll(func(p obj, n int) { p["duration"] = n })},
	{row: "poll.layout_type", max: 1, source: docsPoll, at: "poll.layout_type", code: numCode, body: inPoll(func(p obj, n int) { p["layout_type"] = n })},

	{row: "legacy.components", max: 5, source: docsComponents, at: "components", code: maxCode, silent: true, body: func(n int) obj {
		button := obj{"type": 2, "style": 5, "label": "open", "url": "https://a.example"}
		return obj{"content": "c", "components": times(n, obj{"type": 1, "components": arr{button}})}
	}},
	{row: "component/1.components", max: 5, source: docsComponents, at: "components.0.components", code: badCode, body: func(n int) obj {
		button := obj{"type": 2, "style": 5, "label": "open", "url": "https://a.example"}
		return obj{"content": "c", "components": arr{obj{"type": 1, "components": times(n, button)}}}
	}},
	{row: "component/2.label", max: 80, source: docsComponents, at: "components.0.components.0.label", code: maxCode, body: inButton("label", textOf)},
	{row: "component/2.url", max: 512, source: docsComponents, at: "components.0.components.0.url", code: maxCode, body: inButton("url", linkOf)},
	{row: "emoji.name", max: 32, source: docsSpec, at: "components.0.components.0.emoji.name", code: maxCode, body: inButton("emoji", func(n int) any { return obj{"name": xs(n)} })},

	{row: "v2.components", max: 40, source: docsComponents, at: "components", code: maxCode, body: func(n int) obj {
		return obj{"flags": FlagComponentsV2, "components": times(n, obj{"type": 14})}
	}},
	{row: "component/9.components", max: 3, source: docsComponents, at: "components.0.components", code: badCode, body: inV2(func(n int) obj {
		return obj{"type": 9, "components": times(n, obj{"type": 10, "content": "t"}), "accessory": obj{"type": 11, "media": obj{"url": address(30)}}}
	})},
	{row: "component/10.content", max: 4000, source: docsSpec, at: "components.0.content", code: badCode, body: inV2(func(n int) obj { return obj{"type": 10, "content": xs(n)} })},
	{row: "component/11.description", max: 1024, source: docsComponents, at: "components.0.accessory.description", code: badCode, body: inV2(func(n int) obj {
		picture := obj{"type": 11, "media": obj{"url": address(30)}, "description": xs(n)}
		return obj{"type": 9, "components": arr{obj{"type": 10, "content": "t"}}, "accessory": picture}
	})},
	{row: "media.url", max: 2048, source: docsSpec, at: "components.0.items.0.media.url", code: maxCode, body: inV2(func(n int) obj {
		return obj{"type": 12, "items": arr{obj{"media": obj{"url": address(n)}}}}
	})},
	{row: "component/12.items", max: 10, source: docsComponents, at: "components.0.items", code: badCode, body: inV2(func(n int) obj {
		return obj{"type": 12, "items": times(n, obj{"media": obj{"url": address(30)}})}
	})},
	{row: "gallery item.description", max: 1024, source: docsComponents, at: "components.0.items.0.description", code: badCode, body: inV2(func(n int) obj {
		return obj{"type": 12, "items": arr{obj{"media": obj{"url": address(30)}, "description": xs(n)}}}
	})},
	{row: "component/14.spacing", max: 2, source: docsComponents, at: "components.0.spacing", code: numCode, body: inV2(func(n int) obj { return obj{"type": 14, "spacing": n} })},
	{row: "component/17.accent_color", max: 16777215, source: docsComponents, at: "components.0.accent_color", code: numCode, body: inV2(func(n int) obj {
		return obj{"type": 17, "accent_color": n, "components": arr{obj{"type": 14}}}
	})},
}

// send posts what a case says, into a text channel or a forum.
func (c discordCase) send(t *testing.T, n int) (answered, obj) {
	t.Helper()
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops", Forum: c.forum, Tags: []string{"red"}})
	body := c.body(n)
	if tags, ok := body["applied_tags"].(arr); ok {
		for i := range tags {
			tags[i] = d.Tag(hook.Channel, "red")
		}
	}
	path := hook.Path() + "?wait=true&with_components=true"
	if c.files == nil {
		return askJSON(t, d, "POST", path, body), body
	}
	var files []File
	for i := range c.files(n) {
		files = append(files, File{Name: fmt.Sprintf("f%d.txt", i), Data: []byte("x")})
	}
	return askFiles(t, d, "POST", path, body, files...), body
}

func (c discordCase) refusal() answered {
	message := map[string]string{
		maxCode: "Must be %d or fewer in length.",
		badCode: "Must be between 1 and %d in length.",
		numCode: "int value should be less than or equal to %d.",
	}[c.code]
	return formError(c.at, c.code, fmt.Sprintf(message, c.max))
}

func TestDiscordLimits(t *testing.T) {
	official := officialSchema(t, "IncomingWebhookRequestPartial")
	for _, c := range discordCases {
		t.Run(c.row+" at the limit is accepted", func(t *testing.T) {
			got, body := c.send(t, c.max)
			if got.Status != 200 {
				t.Errorf("%d of %s (%s) refused: %v", c.max, c.row, c.source, got.Body)
			}
			if official != nil {
				if err := official(body); err != nil {
					t.Errorf("Discord's specification refuses it: %v", err)
				}
			}
		})
		t.Run(c.row+" over the limit is refused", func(t *testing.T) {
			got, body := c.send(t, c.max+1)
			if diff := cmp.Diff(c.refusal(), got); diff != "" {
				t.Errorf("%d of %s (%s):\n%s", c.max+1, c.row, c.source, diff)
			}
			if official != nil && !c.silent && official(body) == nil {
				t.Error("Discord's specification accepts it")
			}
		})
	}
}

func TestEveryDiscordLimitHasACase(t *testing.T) {
	tested := map[string]discordCase{}
	for _, c := range discordCases {
		tested[c.row] = c
	}
	for _, p := range append(append([]property{}, discordRows...), discordV2Rows...) {
		if p.max == 0 || p.max == 1<<31-1 { // no limit, or only that of the number's type
			continue
		}
		c, ok := tested[p.in+"."+p.name]
		switch {
		case !ok:
			t.Errorf("%s.%s has a limit of %d and no case", p.in, p.name, p.max)
		case c.source != p.from:
			t.Errorf("%s: source %s in the table, %s in the case", c.row, p.from, c.source)
		}
		delete(tested, c.row)
	}
	for row := range tested {
		t.Errorf("%s has a case and no limit", row)
	}
	for _, p := range append(append([]property{}, discordRows...), discordV2Rows...) {
		if !strings.HasPrefix(p.from, "https://") {
			t.Errorf("%s.%s names no source", p.in, p.name)
		}
	}
}

func TestDiscordTotals(t *testing.T) {
	tooBig := discordError(413, 40005, "Request entity too large")
	display := func(n int) obj { return obj{"type": 10, "content": xs(n)} }
	sized := func(sizes ...int) []File {
		var files []File
		for i, n := range sizes {
			files = append(files, File{Name: fmt.Sprintf("f%d", i), Data: make([]byte, n)})
		}
		return files
	}
	_, empty := form(t, obj{}, sized(0, 0, 0)...)
	request := 25<<20 - len(empty) // what three files may hold together
	tests := []struct {
		of   string
		from string
		body func(over int) obj
		file func(over int) []File
		want answered
	}{
		{"text of all embeds", docsEmbed, func(over int) obj {
			return obj{"embeds": arr{
				obj{"title": xs(200), "description": xs(4000), "footer": obj{"text": xs(1000)}},
				obj{"author": obj{"name": xs(200)}, "fields": arr{obj{"name": xs(200), "value": xs(400 + over)}}},
			}}
		}, nil, formError("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")},
		{"components, nested ones too", docsComponents, func(over int) obj {
			container := obj{"type": 17, "components": times(38+over, obj{"type": 14})}
			return obj{"flags": FlagComponentsV2, "components": arr{container, obj{"type": 14}}}
		}, nil, formError("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The total number of components in a message cannot exceed 40")},
		{"text of all text displays", "https://github.com/discord/discord-api-docs/pull/8562", func(over int) obj {
			return obj{"flags": FlagComponentsV2, "components": arr{display(3000), display(1000 + over)}}
		}, nil, formError("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The total size of displayable text must be 4000 or fewer")},
		{"bytes of text displays + 12 each", "https://github.com/discord/discord-api-docs/issues/8554", func(over int) obj {
			// 3,386 characters of three bytes each make 10,158 bytes, and one display counts 12 more.
			text := strings.Repeat("경", 3386) + xs(over)
			return obj{"flags": FlagComponentsV2, "components": arr{obj{"type": 10, "content": text}}}
		}, nil, discordError(500, 0, "500: Internal Server Error")},
		{"files", docsFiles, nil, func(over int) []File { return sized(make([]int, 10+over)...) }, discordError(400, 30015, "Maximum number of attachments in a message reached (10)")},
		{"bytes of one file", docsFiles, nil, func(over int) []File { return sized(10<<20 + over) }, tooBig},
		{"bytes of the request", docsMessage, nil, func(over int) []File {
			return sized(9<<20, 9<<20, request-18<<20+over)
		}, tooBig},
	}
	untested := map[string]string{}
	for _, total := range discordTotals {
		untested[total.of] = total.from
	}
	for _, tt := range tests {
		if untested[tt.of] != tt.from {
			t.Errorf("%s: source %s in the table, %s in the test", tt.of, untested[tt.of], tt.from)
		}
		delete(untested, tt.of)
		send := func(t *testing.T, over int) answered {
			d := NewDiscord(Options{})
			hook := d.AddChannel(Channel{Name: "ops"})
			if tt.file == nil {
				return askJSON(t, d, "POST", hook.Path()+"?wait=true&with_components=true", tt.body(over))
			}
			return askFiles(t, d, "POST", hook.Path()+"?wait=true", obj{}, tt.file(over)...)
		}
		t.Run(tt.of+" at the limit is accepted", func(t *testing.T) {
			if got := send(t, 0); got.Status != 200 {
				t.Errorf("refused: %v", got)
			}
		})
		t.Run(tt.of+" over the limit is refused", func(t *testing.T) {
			if diff := cmp.Diff(tt.want, send(t, 1)); diff != "" {
				t.Error(diff)
			}
		})
	}
	for of := range untested {
		t.Errorf("the limit on %s has no test", of)
	}
}
