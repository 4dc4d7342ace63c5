package fake

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// inThread is a forum with one post, whose message is in its thread.
func inThread(t *testing.T, o Options) (d *Discord, hook Webhook, id string) {
	t.Helper()
	d = NewDiscord(o)
	hook = d.AddChannel(Channel{Name: "incidents", Forum: true})
	got := askJSON(t, d, "POST", hook.Path()+"?wait=true", obj{"content": "red", "thread_name": "disk"})
	return d, hook, got.Body.(obj)["id"].(string)
}

func TestNothingChangesInAShutThread(t *testing.T) {
	archived, locked := discordError(400, 50083, "Thread is archived"), discordError(400, 160005, "Thread is locked")
	tests := []struct {
		name   string
		change func(*Thread)
		edit   answered
		post   int
	}{
		{"archived", func(t *Thread) { t.Archived = true }, archived, 204},
		{"locked", func(t *Thread) { t.Locked = true }, locked, 400},
		{"both", func(t *Thread) { t.Archived, t.Locked = true, true }, locked, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, hook, id := inThread(t, Options{Unlimited: true})
			d.ChangeThread(id, tt.change)
			path := hook.Path() + "/messages/" + id + "?thread_id=" + id
			for _, method := range []string{"PATCH", "DELETE"} {
				if diff := cmp.Diff(tt.edit, askJSON(t, d, method, path, obj{"content": "green"})); diff != "" {
					t.Errorf("%s: %s", method, diff)
				}
			}
			if got := askJSON(t, d, "GET", path, nil); got.Status != 200 {
				t.Errorf("read: %v", got)
			}
			if got := askJSON(t, d, "POST", hook.Path()+"?thread_id="+id, obj{"content": "more"}); got.Status != tt.post {
				t.Errorf("a post: %v", got)
			}
			if thread := d.Threads(hook.Channel)[0]; thread.Archived != (tt.post == 400 && tt.name == "both") {
				t.Errorf("after it: %+v", thread)
			}
		})
	}
}

func TestAThreadIsArchivedThreeDaysAfterItsLastPost(t *testing.T) {
	clock := &at{noon}
	d, hook, id := inThread(t, Options{Clock: clock.read})
	edit := func() int {
		return askJSON(t, d, "PATCH", hook.Path()+"/messages/"+id+"?thread_id="+id, obj{"content": "green"}).Status
	}
	clock.now = noon.Add(72 * time.Hour)
	if got := edit(); got != 200 {
		t.Errorf("after three days: %d", got)
	}
	askJSON(t, d, "POST", hook.Path()+"?thread_id="+id, obj{"content": "more"})
	clock.now = clock.now.Add(72*time.Hour + time.Second)
	if got := edit(); got != 400 || !d.Threads(hook.Channel)[0].Archived {
		t.Errorf("after three more days: %d", got)
	}
}

func TestADeletedThreadTakesItsMessagesAlong(t *testing.T) {
	d, hook, id := inThread(t, Options{})
	d.DeleteThread(id)
	got := askJSON(t, d, "PATCH", hook.Path()+"/messages/"+id+"?thread_id="+id, obj{"content": "green"})
	if diff := cmp.Diff(discordError(404, 10003, "Unknown Channel"), got); diff != "" {
		t.Error(diff)
	}
	if len(d.Messages(hook.Channel)) > 0 || len(d.Threads(hook.Channel)) > 0 {
		t.Errorf("left: %v, %v", d.Messages(hook.Channel), d.Threads(hook.Channel))
	}
}
