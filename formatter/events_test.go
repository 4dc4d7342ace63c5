package formatter

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"alarmrelay/alert"
	"alarmrelay/events"
)

// TestEverySampleEventIsSaidAsBefore compares every sample event, at both
// services and in both languages, with its file in testdata/events. A sample without a
// file fails, and so does a file without a sample.
func TestEverySampleEventIsSaidAsBefore(t *testing.T) {
	dir := filepath.Join("testdata", "events")
	var expected []string
	for _, name := range events.Names() {
		n := sampleNotice(t, name)
		if len(n.Items) == 0 {
			continue // no news
		}
		for _, locale := range []string{"en", "ko"} {
			s := Style{Locale: locale, Zone: time.FixedZone("KST", 9*3600), Accounts: map[string]string{"111122223333": "shop-prod"}}
			for service, messages := range map[Service][]Message{ServiceDiscord: Discord(n, s), ServiceSlack: Slack(n, s)} {
				file := name + "." + string(service) + "." + locale + ".json"
				expected = append(expected, file)
				compareGolden(t, filepath.Join(dir, file), messages)
			}
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.Contains(expected, f.Name()) {
			t.Errorf("%s belongs to no sample event", f.Name())
		}
	}
}

// sampleNotice is what a sample event has to say, five seconds after the newest of it happened.
func sampleNotice(t *testing.T, name string) (n Notice) {
	t.Helper()
	raw, err := events.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	records := alert.Parse(raw)
	alert.Home{Region: "ap-northeast-2", Partition: "aws", LogGroup: "/aws/lambda/alarmrelay"}.Complete(records)
	for _, r := range records {
		if r.Alert.Kind == "" {
			continue
		}
		n.Items = append(n.Items, Item{Alert: r.Alert})
		if at := r.Alert.ChangedAt.Add(5 * time.Second); at.After(n.Arrived) {
			n.Arrived = at
		}
	}
	return n
}

// TestEveryLabelOfTheSamplesIsTranslated finds labels that alert gives to facts and the languages do not know.
func TestEveryLabelOfTheSamplesIsTranslated(t *testing.T) {
	ko := wordsFor("ko")
	for _, name := range events.Names() {
		for _, it := range sampleNotice(t, name).Items {
			if it.Notice == nil || it.Kind == alert.KindJSON || it.Kind == alert.KindEvent {
				continue // these labels are the sender's own keys
			}
			for _, f := range it.Notice.Fields {
				if _, ok := ko.Labels[f.Label]; !ok {
					t.Errorf("%s: %q has no Korean word", name, f.Label)
				}
			}
			for _, l := range it.Notice.Links {
				if _, ok := ko.Labels[l.Label]; !ok {
					t.Errorf("%s: link %q has no Korean word", name, l.Label)
				}
			}
			if strings.TrimSpace(it.Notice.Service) == "" && it.Kind != alert.KindCustom && it.Kind != alert.KindText {
				t.Errorf("%s: a %s of no service", name, it.Kind)
			}
		}
	}
}
