package formatter

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden keeps a few whole messages so that they can be looked at.
func TestGolden(t *testing.T) {
	seoul := time.FixedZone("KST", 9*3600)
	accounts := map[string]string{"111122223333": "prod"}
	pinged := notice(cpuAlarm())
	pinged.Items[0].Mentions = []Mention{{Kind: "role", ID: "123456789012345678"}, {Kind: "subteam", ID: "S012ABC"}}
	late := notice(compositeAlarm())
	late.Arrived = fired.Add(25 * time.Minute)
	late.InsteadOf = "backend"
	grey := cpuAlarm()
	grey.State, grey.Reason = alert.StateInsufficientData, "Insufficient Data: 3 datapoints were unknown."
	for name, n := range map[string]Notice{
		"alarm": pinged, "recovery": notice(recovery()), "composite": late, "insufficient": notice(grey),
		"logs": notice(logLines()), "budget": notice(budget()), "bounce": notice(bounce()),
		"several": notice(recovery(), logLines(), compositeAlarm(), cpuAlarm()),
	} {
		for _, locale := range []string{"en", "ko"} {
			s := Style{Locale: locale, Accounts: accounts, Zone: seoul, Buttons: name == "budget"}
			for service, messages := range map[Service][]Message{ServiceDiscord: Discord(n, s), ServiceSlack: Slack(n, s)} {
				compareGolden(t, filepath.Join("testdata", name+"."+string(service)+"."+locale+".json"), messages)
			}
		}
	}
}

func compareGolden(t *testing.T, file string, messages []Message) {
	t.Helper()
	var got bytes.Buffer
	e := json.NewEncoder(&got)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(spelledOut(messages)); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run go test ./formatter -update and look at what it wrote", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

// spelledOut is messages with their plain forms, which are functions, called.
func spelledOut(messages []Message) []any {
	type written struct {
		Payload, Plain any
		Files          [][]string // name, type and the first lines
		Thread         string
		Components     bool
		Items          []int
		Truncated      int
	}
	all := make([]any, len(messages))
	for i, m := range messages {
		w := written{m.Payload, nil, nil, m.Thread, m.Components, m.Items, m.Truncated}
		for _, f := range m.Files {
			lines := strings.SplitN(string(f.Data), "\n", 12)
			w.Files = append(w.Files, append([]string{f.Name, f.ContentType}, lines[:len(lines)-1]...))
		}
		if m.Plain != nil {
			w.Plain = m.Plain()
		}
		all[i] = w
	}
	return all
}
