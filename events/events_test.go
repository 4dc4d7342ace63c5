package events_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/events"
)

func TestNamesAreTheFilesOfThisFolderSorted(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".json"); ok {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, events.Names()); diff != "" {
		t.Errorf("Names() (-folder +got):\n%s", diff)
	}
}

func TestReadTakesTheNameWithAndWithoutItsSuffix(t *testing.T) {
	for _, name := range events.Names() {
		want, err := os.ReadFile(name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		for _, given := range []string{name, name + ".json"} {
			got, err := events.Read(given)
			if err != nil {
				t.Errorf("Read(%q): %v", given, err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("Read(%q) (-file +got):\n%s", given, diff)
			}
		}
	}
}

func TestReadNamesTheNearestEventsForAWrongName(t *testing.T) {
	tests := map[string]struct{ given, near string }{
		"letters swapped":        {"sns-alarm-cpu-hihg", "sns-alarm-cpu-high"},
		"words in another order": {"guardduty-high", "eventbridge-guardduty-high"},
		"envelope forgotten":     {"alarm-storm.json", "sqs-alarm-storm"},
		"upper case":             {"SNS-Plain-Text", "sns-plain-text"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			raw, err := events.Read(tt.given)
			if err == nil {
				t.Fatalf("Read(%q) = %d bytes, want an error", tt.given, len(raw))
			}
			_, list, _ := strings.Cut(err.Error(), "near it are ")
			if near, _, _ := strings.Cut(list, ","); near != tt.near {
				t.Errorf("Read(%q): %v; want %q as the nearest", tt.given, err, tt.near)
			}
		})
	}
}

func TestReadRefusesPathsOutOfTheFolder(t *testing.T) {
	for _, given := range []string{"", "..", "../go.mod", "/etc/passwd", "README.md"} {
		if raw, err := events.Read(given); err == nil {
			t.Errorf("Read(%q) = %d bytes, want an error", given, len(raw))
		}
	}
}

func TestEveryFileIsOneJSONObject(t *testing.T) {
	for _, name := range events.Names() {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(read(t, name), &object); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestREADMEHasARowForEachFileAndNoOther(t *testing.T) {
	var listed []string
	for _, r := range rows(t) {
		listed = append(listed, r.name)
		if r.what == "" || r.envelope == "" || r.relay == "" {
			t.Errorf("%s: README.md leaves a cell of its row empty", r.name)
		}
	}
	slices.Sort(listed)
	if diff := cmp.Diff(events.Names(), listed); diff != "" {
		t.Errorf("files and rows of README.md (-files +rows):\n%s", diff)
	}
}

func TestREADMESaysNoMessageForExactlyWhatIsNoNews(t *testing.T) {
	home := alert.Home{Region: "ap-northeast-2", Account: "111122223333", Partition: "aws", LogGroup: "/aws/lambda/alarmrelay"}
	for _, r := range rows(t) {
		records := alert.Parse(read(t, r.name))
		home.Complete(records)
		quiet := !slices.ContainsFunc(records, func(rec alert.Record) bool { return rec.Skip == "" })
		if says := strings.HasPrefix(r.relay, "no message"); says != quiet {
			t.Errorf("%s: README.md says %q, alert.Parse says no news: %t", r.name, r.relay, quiet)
		}
	}
}

func TestREADMENamesTheEnvelopeThatIsParsed(t *testing.T) {
	parsed := map[string]string{
		"SNS": alert.EnvelopeSNS, "SQS": alert.EnvelopeSQS, "EventBridge": alert.EnvelopeEventBridge,
		"alarm action": alert.EnvelopeAlarmAction, "Logs subscription": alert.EnvelopeLogs, "failed invocation": alert.EnvelopeSNS,
	}
	for _, r := range rows(t) {
		outer, _, _ := strings.Cut(r.envelope, " (")
		for _, rec := range alert.Parse(read(t, r.name)) {
			if rec.Skip == "" && rec.Alert.Origin.Envelope != parsed[outer] {
				t.Errorf("%s: README.md says %q, alert.Parse says %q", r.name, r.envelope, rec.Alert.Origin.Envelope)
			}
		}
	}
}

func TestREADMEShowsWhatTheLogFilesHold(t *testing.T) {
	readme := readFile(t, "README.md")
	for _, name := range events.Names() {
		batch, ok := logBatch(t, read(t, name))
		if !ok {
			continue
		}
		_, section, found := strings.Cut(readme, "**`"+name+".json`**")
		section, _, _ = strings.Cut(section, "\n**")
		if !found || !strings.Contains(section, batch.LogGroup) || !strings.Contains(section, batch.MessageType) {
			t.Errorf("README.md does not show %s, which holds %s of log group %q", name, batch.MessageType, batch.LogGroup)
		}
	}
}

// row is one line of a table in README.md.
type row struct{ name, what, envelope, relay string }

func rows(t *testing.T) []row {
	t.Helper()
	var all []row
	for line := range strings.Lines(readFile(t, "README.md")) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) < 2 || !strings.HasSuffix(cells[1], ".json` ") {
			continue
		}
		if len(cells) != 6 {
			t.Fatalf("README.md: a row of %d cells, want 4: %s", len(cells)-2, line)
		}
		name := strings.TrimSuffix(strings.Trim(cells[1], " `"), ".json")
		all = append(all, row{name, strings.TrimSpace(cells[2]), strings.TrimSpace(cells[3]), strings.TrimSpace(cells[4])})
	}
	return all
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := events.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
