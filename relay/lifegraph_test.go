package relay_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const drawnHere = "graph: true\ndestinations: {ops: {discord: \"ssm:/ops\"}}\nrules: [{to: [ops]}]\n"

// drawn is what a Discord channel shows, with the files of each message.
func (d *desk) drawn(destination string) (shown []string) {
	for i, m := range d.discord.Messages(d.hooks[destination].Channel) {
		line := d.channel(destination)[i]
		for _, f := range m.Files {
			line += " [" + f.Name + "]"
		}
		for _, e := range m.Embeds {
			if e.Image != nil {
				line += " shows " + e.Image.URL
			}
		}
		shown = append(shown, line)
	}
	return shown
}

func TestAGraphThatComesLateIsAddedToItsMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, drawnHere)
		p.takes = 4 * time.Second
		m.deliver(t, metricAlarm("orders"))
		if diff := cmp.Diff([]string{"🔴 ALARM orders (edited 1) [graph.png] shows attachment://graph.png"}, m.drawn("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if log := m.discord.Log(); log[1].At.Sub(log[0].At) != 2*time.Second {
			t.Errorf("added %v after the text", log[1].At.Sub(log[0].At))
		}
		if m.counts.graphs != [2]int{1, 0} {
			t.Errorf("counted %v", m.counts.graphs)
		}
	})
}

func TestTheEndOfATroubleShowsAllOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, drawnHere)
		m.deliver(t, metricAlarm("orders"))
		time.Sleep(20 * time.Minute)
		over := strings.NewReplacer(`"NewStateValue":"ALARM","OldStateValue":"OK"`, `"NewStateValue":"OK","OldStateValue":"ALARM"`).Replace(metricAlarm("orders"))
		m.deliver(t, over)
		want := []string{
			"🟢 RESOLVED orders (edited 1) [graph.png] shows attachment://graph.png",
			"✅ orders recovered after 20 min →#1 (silent)",
		}
		if diff := cmp.Diff(want, m.drawn("ops")); diff != "" || len(p.asked) != 3 {
			t.Errorf("asked %q, -want +got\n%s", p.asked, diff)
		}
		if text := m.text("ops"); !strings.Contains(text, "peak") {
			t.Errorf("no peak in %s", text)
		}
	})
}

func TestAMessageThatIsEditedKeepsItsPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, drawnHere)
		m.deliver(t, metricAlarm("orders"))
		time.Sleep(time.Minute)
		m.deliver(t, strings.NewReplacer(`"NewStateValue":"ALARM","OldStateValue":"OK"`, `"NewStateValue":"INSUFFICIENT_DATA","OldStateValue":"ALARM"`).Replace(metricAlarm("orders")))
		if shown := m.drawn("ops"); len(shown) != 1 || !strings.HasSuffix(shown[0], "(edited 1) [graph.png] shows attachment://graph.png") || len(p.asked) != 1 {
			t.Errorf("asked %q, shown %q", p.asked, shown)
		}
	})
}
