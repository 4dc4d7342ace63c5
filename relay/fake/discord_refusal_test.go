package fake

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiscordRefuses(t *testing.T) {
	embedWith := func(members obj) obj { return obj{"embeds": arr{members}} }
	button := func(members obj) obj {
		return obj{"content": "c", "components": arr{obj{"type": 1, "components": arr{members}}}}
	}
	empty := discordError(400, 50006, "Cannot send an empty message")
	requiredAt := func(at string) answered { return formError(at, "BASE_TYPE_REQUIRED", "This field is required") }
	tests := []struct {
		name string
		body obj
		want answered
	}{
		{"nothing", obj{}, empty},
		{"blanks as content", obj{"content": " \n\t "}, empty},
		{"no embeds", obj{"embeds": arr{}}, empty},
		{"an embed that shows nothing", embedWith(obj{"color": 1}), requiredAt("embeds.0.description")},
		{"an embed of blanks", embedWith(obj{"title": "  "}), requiredAt("embeds.0.description")},
		{"a field without a name", embedWith(obj{"fields": arr{obj{"value": "v"}}}), requiredAt("embeds.0.fields.0.name")},
		{"a blank field name, strictly", embedWith(obj{"fields": arr{obj{"name": " ", "value": "v"}}}), requiredAt("embeds.0.fields.0.name")},
		{"a blank field value, strictly", embedWith(obj{"fields": arr{obj{"name": "n", "value": ""}}}), requiredAt("embeds.0.fields.0.value")},
		{"a date in words", embedWith(obj{"timestamp": "yesterday"}), formError("embeds.0.timestamp", "DATE_TIME_TYPE_PARSE", "Could not parse yesterday. Should be ISO8601.")},
		{"a colour as a word", embedWith(obj{"title": "t", "color": "red"}), formError("embeds.0.color", "NUMBER_TYPE_COERCE", `Value "red" is not int.`)},
		{"a negative colour", embedWith(obj{"title": "t", "color": -1}), formError("embeds.0.color", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 0.")},
		{"an embed that is a text", obj{"embeds": arr{"e"}}, formError("embeds.0", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")},
		{"embeds that are no list", obj{"embeds": obj{}}, formError("embeds", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")},
		{"a number as content", obj{"content": 1}, formError("content", "STRING_TYPE_CONVERT", "Could not interpret the value as string.")},
		{"an empty username", obj{"content": "c", "username": ""}, formError("username", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 80 in length.")},
		{"a username with discord in it", obj{"content": "c", "username": "My Discord Relay"}, formError("username", "USERNAME_INVALID_CONTAINS", `Username cannot contain "discord"`)},
		{"a username with clyde in it", obj{"content": "c", "username": "CLYDE2"}, formError("username", "USERNAME_INVALID_CONTAINS", `Username cannot contain "clyde"`)},
		{"the username here", obj{"content": "c", "username": "Here"}, formError("username", "USERNAME_INVALID", `Username cannot be "here"`)},
		{
			"all users and some users",
			obj{"content": "c", "allowed_mentions": obj{"parse": arr{"users"}, "users": arr{"1"}}},
			formError("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", `parse:["users"] and users: [ids...] are mutually exclusive.`),
		},
		{
			"all roles and some roles",
			obj{"content": "c", "allowed_mentions": obj{"parse": arr{"roles"}, "roles": arr{"1"}}},
			formError("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", `parse:["roles"] and roles: [ids...] are mutually exclusive.`),
		},
		{"a mention of a kind nobody knows", obj{"content": "c", "allowed_mentions": obj{"parse": arr{"role"}}}, formError("allowed_mentions.parse.0", "BASE_TYPE_CHOICES", "Value must be one of (roles, users, everyone).")},
		{"a role that is no id", obj{"content": "c", "allowed_mentions": obj{"roles": arr{"ops"}}}, formError("allowed_mentions.roles.0", "NUMBER_TYPE_COERCE", `Value "ops" is not snowflake.`)},
		{"a button that is no link", button(obj{"type": 2, "style": 1, "label": "l", "url": "https://a.example"}), formError("components.0.components.0.style", "BASE_TYPE_CHOICES", "Value must be one of (5).")},
		{"a link button without a link", button(obj{"type": 2, "style": 5, "label": "l"}), requiredAt("components.0.components.0.url")},
		{"a button without a label", button(obj{"type": 2, "style": 5, "url": "https://a.example"}), requiredAt("components.0.components.0.label")},
		{"a menu", button(obj{"type": 3, "custom_id": "m"}), formError("components.0.components.0.type", "UNION_TYPE_CHOICES", `Value of field "type" must be one of (2).`)},
		{"a container without its flag", obj{"content": "c", "components": arr{obj{"type": 17, "components": arr{}}}}, formError("components.0.type", "UNION_TYPE_CHOICES", `Value of field "type" must be one of (1).`)},
		{"a row of no buttons", obj{"content": "c", "components": arr{obj{"type": 1, "components": arr{}}}}, formError("components.0.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")},
		{"an empty container", obj{"flags": FlagComponentsV2, "components": arr{obj{"type": 17, "components": arr{}}}}, formError("components.0.components", "BASE_TYPE_MIN_LENGTH", "Must be 1 or more in length.")},
		{
			"content beside new components",
			obj{"flags": FlagComponentsV2, "content": "c", "components": arr{obj{"type": 10, "content": "t"}}},
			formError("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"),
		},
		{"a file that is described and not sent", obj{"content": "c", "attachments": arr{obj{"id": "0"}}}, formError("attachments.0", "ATTACHMENT_NOT_FOUND", "Attachment data not found")},
		{"a picture that is not sent, strictly", embedWith(obj{"image": obj{"url": "attachment://g.png"}}), formError("embeds.0.image.url", "FAKE_NO_PICTURE", "No picture of this name is sent.")},
		{"a property nobody knows, strictly", embedWith(obj{"title": "t", "colour": 1}), formError("embeds.0.colour", "FAKE_UNKNOWN_PROPERTY", "No such property: the service would ignore it.")},
		{"a flag nobody can set, strictly", obj{"content": "c", "flags": 64}, formError("flags", "FAKE_FLAG", "Webhooks can't set these flags: the service would ignore them.")},
		{"a title of 129 emoji, strictly", embedWith(obj{"title": strings.Repeat("🤔", 129)}), formError("embeds.0.title", "BASE_TYPE_MAX_LENGTH", "Must be 256 or fewer in length.")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := NewDiscord(Options{})
			hook := d.AddChannel(Channel{Name: "ops"})
			got := askJSON(t, d, "POST", hook.Path()+"?wait=true", tt.body)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if log := d.Log(); len(log) != 1 || len(log[0].Why) != 1 {
				t.Errorf("the log should tell why, once: %v", log)
			}
			lenient := NewDiscord(Options{Lenient: true})
			hook = lenient.AddChannel(Channel{Name: "ops"})
			got = askJSON(t, lenient, "POST", hook.Path()+"?wait=true", tt.body)
			if accepted := got.Status == 200; accepted != strings.HasSuffix(tt.name, "strictly") {
				t.Errorf("the lenient answers %d", got.Status)
			}
		})
	}
}

func TestDiscordReadsAddresses(t *testing.T) {
	malformed := formError("embeds.0.url", "URL_TYPE_INVALID_URL", "Not a well formed URL.")
	scheme := func(s string) answered {
		return formError("embeds.0.url", "URL_TYPE_INVALID_SCHEME",
			fmt.Sprintf("Scheme %q is not supported. Scheme must be one of ('http', 'https').", s))
	}
	refused := map[string]answered{
		"":                            scheme(""),
		"a.example/x":                 scheme(""),
		"ftp://a.example":             scheme("ftp"),
		"attachment://a.png":          scheme("attachment"),
		"http://bugsink:8000/issues":  malformed,
		"https://localhost":           malformed,
		"https://":                    malformed,
		"https://a..example":          malformed,
		"https://a.example:0/":        malformed,
		"https://a.example/a b":       malformed,
		"https://a.example/경보":        malformed,
		"https://a.example/%zz":       malformed,
		"https://a.example/{x}":       malformed,
		"https://a.example/?q=\"a\"":  malformed,
		"https://a.example/?a|b":      malformed,
		"https://a.example/\u202eabc": malformed,
	}
	for link, want := range refused {
		t.Run("refuses "+link, func(t *testing.T) {
			d := NewDiscord(Options{})
			hook := d.AddChannel(Channel{Name: "ops"})
			got := askJSON(t, d, "POST", hook.Path(), obj{"embeds": arr{obj{"title": "t", "url": link}}})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, link := range []string{
		"https://a.example", "http://10.1.2.3:8080/x", "https://[2001:db8::1]/x",
		"https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/a%20b$252Fc",
		"https://a.example/(x)*'!;,:@&=+~_.-",
	} {
		t.Run("takes "+link, func(t *testing.T) {
			d := NewDiscord(Options{})
			hook := d.AddChannel(Channel{Name: "ops"})
			got := askJSON(t, d, "POST", hook.Path(), obj{"embeds": arr{obj{"title": "t", "url": link}}})
			if got.Status != 204 {
				t.Error(got)
			}
		})
	}
}

func TestDiscordRefusesRequests(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	noID := "/api/v10/webhooks/x/" + hook.Token
	tests := []struct {
		name, method, path, agent, media, body string
		want                                   answered
	}{
		{"a webhook nobody made", "POST", "/api/v10/webhooks/1/t", agent, "application/json", `{}`, discordError(404, 10015, "Unknown Webhook")},
		{"a token of another", "POST", "/api/v10/webhooks/" + hook.ID + "/t", agent, "application/json", `{}`, discordError(401, 50027, "Invalid Webhook Token")},
		{"an id that is none", "POST", noID, agent, "application/json", `{}`, formError("webhook_id", "NUMBER_TYPE_COERCE", `Value "x" is not snowflake.`)},
		{"no User-Agent", "POST", hook.Path(), "", "application/json", `{"content":"c"}`, discordError(403, 40333, "internal network error")},
		{"Go's own User-Agent", "POST", hook.Path(), "Go-http-client/1.1", "application/json", `{"content":"c"}`, discordError(403, 40333, "internal network error")},
		{"no version", "POST", hook.URL(""), agent, "application/json", `{"content":"c"}`, discordError(400, 50041, "Invalid API version")},
		{"half a JSON", "POST", hook.Path(), agent, "application/json", `{"content":`, discordError(400, 50109, "The request body contains invalid JSON.")},
		{"two JSONs", "POST", hook.Path(), agent, "application/json", `{"content":"c"}{}`, discordError(400, 50109, "The request body contains invalid JSON.")},
		{"a list", "POST", hook.Path(), agent, "application/json", `[]`, discordError(400, 50109, "The request body contains invalid JSON.")},
		{"broken UTF-8", "POST", hook.Path(), agent, "application/json", "{\"content\":\"\xff\"}", discordError(400, 50109, "The request body contains invalid JSON.")},
		{"a message nobody posted", "PATCH", hook.Path() + "/messages/1", agent, "application/json", `{}`, discordError(404, 10008, "Unknown Message")},
		{"a thread nobody opened", "POST", hook.Path() + "?thread_id=1", agent, "application/json", `{"content":"c"}`, discordError(404, 10003, "Unknown Channel")},
		{"a method nobody serves", "PUT", hook.Path(), agent, "application/json", `{}`, discordError(405, 0, "405: Method Not Allowed")},
		{"Slack's dialect", "POST", hook.Path() + "/slack", agent, "application/json", `{}`, discordError(404, 0, "404: Not Found")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := NewDiscord(Options{})
			d.AddChannel(Channel{Name: "ops"}) // the same ids and tokens again
			r := request(t, tt.method, tt.path, tt.media, tt.body)
			r.Header.Set("User-Agent", tt.agent)
			got, _ := serve(t, d, r)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, media := range []string{"", "text/plain", "application/x-www-form-urlencoded", "json"} {
		t.Run("refuses content type "+media, func(t *testing.T) {
			want := obj{"_errors": arr{obj{"code": "CONTENT_TYPE_INVALID", "message": unknownContentType.message}}}
			got, _ := serve(t, d, request(t, "POST", hook.Path(), media, `{"content":"c"}`))
			if diff := cmp.Diff(answered{400, obj{"code": 50035.0, "message": "Invalid Form Body", "errors": want}}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
