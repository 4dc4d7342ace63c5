package formatter_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
)

func TestEveryReminderAndSummaryIsAcceptedByBothServicesAndPingsWhomItMay(t *testing.T) {
	at := time.Date(2026, 11, 21, 7, 3, 0, 0, time.UTC)
	for service, oncall := range map[formatter.Service]string{formatter.ServiceDiscord: "role:123456789012345678", formatter.ServiceSlack: "subteam:S012ABC"} {
		s := newServices()
		pings := func(messages []formatter.Message) (all []string) {
			for _, m := range messages {
				all = append(all, s.post(t, service, m)...)
			}
			return all
		}
		for name, r := range formatter.ManyReminders() {
			var want []string
			if len(r.Mentions) > 0 {
				want = []string{oncall}
			}
			r.Arrived = at
			if diff := cmp.Diff(want, pings(formatter.RemindersOf(service, r, formatter.Style{Locale: "ko"}))); diff != "" {
				t.Errorf("reminder %s at %s pings (-want +got):\n%s", name, service, diff)
			}
		}
		for name, d := range formatter.Summaries() {
			d.Arrived = at
			if got := pings(formatter.SummaryOf(service, d, formatter.Style{Locale: "ko"})); len(got) > 0 {
				t.Errorf("summary %s at %s pings %v", name, service, got)
			}
		}
	}
}
