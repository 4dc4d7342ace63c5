package fake

import (
	"fmt"
	"sync"
	"testing"
)

// Whatever the body, the services answer, and keep a message exactly when they say so.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{
		`{"content":"c","embeds":[null,{"fields":[{"name":"n","value":null}],"author":null}]}`,
		`{"flags":32768,"components":[{"type":17,"components":[{"type":9,"components":[],"accessory":{"type":11}}]}]}`,
		`{"flags":"32768","components":[{"type":"1","components":null}],"allowed_mentions":{"parse":[null]}}`,
		`{"attachments":[{"id":1e9,"filename":""}],"poll":{"question":{},"answers":[{}]}}`,
		`{"blocks":[{"type":"markdown","text":null},{"type":"section","text":"t","fields":[{}]}]}`,
		`{"text":"<","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{}]}]}]}`,
		`{"attachments":[{"blocks":[{"type":"table","rows":[[{"type":"raw_text"}],null]}],"color":"#"}]}`,
		`{"blocks":[{"type":5,"block_id":{}}],"link_names":[]}`, `[]`, `null`, `{`, "{\"content\":\"\xff\"}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, o := range []Options{{}, {Lenient: true}} {
			d, s := NewDiscord(o), NewSlack(o)
			hook, other := d.AddChannel(Channel{Name: "ops"}), s.AddChannel("ops")
			discord, _ := ask(t, d, "POST", hook.Path()+"?wait=true&with_components=true", "application/json", []byte(body))
			slack, _ := ask(t, s, "POST", other.Path(), "application/json", []byte(body))
			if kept := len(d.Messages(hook.Channel)) == 1; kept != (discord.Status == 200) {
				t.Errorf("Discord answers %v, kept: %v", discord, kept)
			}
			if kept := len(s.Messages(other.Channel)) == 1; kept != (slack.Status == 200) {
				t.Errorf("Slack answers %v, kept: %v", slack, kept)
			}
		}
	})
}

func TestManyPostAtOnce(t *testing.T) {
	d, s := NewDiscord(Options{Unlimited: true}), NewSlack(Options{Unlimited: true})
	hook, other := d.AddChannel(Channel{Name: "ops"}), s.AddChannel("ops")
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 10 {
				text := fmt.Sprint(worker, " ", i)
				askJSON(t, d, "POST", hook.Path(), obj{"content": text})
				askJSON(t, s, "POST", other.Path(), obj{"text": text})
				d.Messages(hook.Channel)
				s.Log()
			}
		})
	}
	all.Wait()
	ids := map[string]bool{}
	for _, m := range d.Messages(hook.Channel) {
		ids[m.ID] = true
	}
	if len(ids) != 80 || len(s.Messages(other.Channel)) != 80 || len(d.Log()) != 80 {
		t.Errorf("%d ids, %d messages in Slack, %d requests", len(ids), len(s.Messages(other.Channel)), len(d.Log()))
	}
}
