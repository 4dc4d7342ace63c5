package fake

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiscordMentions(t *testing.T) {
	const content = "@everyone @here <@1> <@!2> <@&3> `<@4>`"
	tests := []struct {
		name    string
		allowed any
		want    []string
	}{
		{"all users where nothing is said", nil, []string{"user:1", "user:4", "user:2"}},
		{"nobody where nothing is allowed", obj{"parse": arr{}}, nil},
		{"nobody where parse is null", obj{"parse": nil}, nil},
		{"one role", obj{"parse": arr{}, "roles": arr{"3", "9"}}, []string{"role:3"}},
		{"one user", obj{"users": arr{"2"}}, []string{"user:2"}},
		{"everyone", obj{"parse": arr{"everyone"}}, []string{"everyone", "here"}},
		{"all roles", obj{"parse": arr{"roles"}}, []string{"role:3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := NewDiscord(Options{})
			hook := d.AddChannel(Channel{Name: "ops"})
			askJSON(t, d, "POST", hook.Path(), obj{"content": content, "allowed_mentions": tt.allowed})
			m := d.Messages(hook.Channel)[0]
			if diff := cmp.Diff([][]string{tt.want, tt.want}, [][]string{m.Mentions, m.Pings}); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("embeds mention nobody", func(t *testing.T) {
		d := NewDiscord(Options{})
		hook := d.AddChannel(Channel{Name: "ops"})
		askJSON(t, d, "POST", hook.Path(), obj{"embeds": arr{obj{"description": content}}, "allowed_mentions": obj{"parse": arr{"everyone", "users"}}})
		if m := d.Messages(hook.Channel)[0]; m.Mentions != nil {
			t.Error(m.Mentions)
		}
	})
	t.Run("a silent message notifies nobody", func(t *testing.T) {
		d := NewDiscord(Options{})
		hook := d.AddChannel(Channel{Name: "ops"})
		askJSON(t, d, "POST", hook.Path(), obj{"content": "<@1>", "flags": FlagSuppressNotifications})
		if m := d.Messages(hook.Channel)[0]; m.Pings != nil || !m.Silent() || len(m.Mentions) != 1 {
			t.Errorf("%+v", m)
		}
	})
	t.Run("an edit without allowed_mentions allows all users again and notifies nobody", func(t *testing.T) {
		d := NewDiscord(Options{})
		hook := d.AddChannel(Channel{Name: "ops"})
		askJSON(t, d, "POST", hook.Path(), obj{"content": "<@1>", "allowed_mentions": obj{"parse": arr{}}})
		askJSON(t, d, "PATCH", hook.Path()+"/messages/"+d.Messages(hook.Channel)[0].ID, obj{"content": "<@1>!"})
		if m := d.Messages(hook.Channel)[0]; len(m.Pings) != 0 || len(m.Mentions) != 1 {
			t.Errorf("%+v", m)
		}
	})
	t.Run("text displays mention as content does", func(t *testing.T) {
		d := NewDiscord(Options{})
		hook := d.AddChannel(Channel{Name: "ops"})
		inner := obj{"type": 17, "components": arr{obj{"type": 10, "content": "<@1>"}}}
		askJSON(t, d, "POST", hook.Path()+"?with_components=1", obj{"flags": FlagComponentsV2, "components": arr{inner}})
		if diff := cmp.Diff([]string{"user:1"}, d.Messages(hook.Channel)[0].Mentions); diff != "" {
			t.Error(diff)
		}
	})
}
