package formatter

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

func TestAForumsPostIsNamedAfterItsAlertsAndTaggedByTheWorst(t *testing.T) {
	type post struct {
		Name string
		Tags []string
	}
	const red, orange, other = "1300000000000000011", "1300000000000000012", "1300000000000000013"
	tags := map[alert.Severity]string{alert.SeverityCritical: red, alert.SeverityWarning: orange, "": other}
	mild, grey, unnamed := cpuAlarm(), cpuAlarm(), bounce()
	mild.Severity, grey.Severity, unnamed.Name = alert.SeverityWarning, "", ""
	long := cpuAlarm()
	long.Name = strings.Repeat("긴 이름 ", 60)
	digest := DigestOf(ServiceDiscord, Digest{Lines: stormLines(200), Room: 5, Arrived: fired}, Style{Opens: true, ForumTags: tags})
	worded := worded(t, cpuAlarm(), "own title", "own summary")
	for name, c := range map[string]struct {
		message Message
		want    post
	}{
		"an alarm":                       {opened(tags, Item{Alert: cpuAlarm()}), post{"prod-api-cpu-high", []string{red}}},
		"an alarm in own words":          {opened(tags, worded), post{"prod-api-cpu-high", []string{red}}},
		"a milder one":                   {opened(tags, Item{Alert: mild}), post{"prod-api-cpu-high", []string{orange}}},
		"nobody said how bad":            {opened(tags, Item{Alert: grey}), post{"prod-api-cpu-high", []string{other}}},
		"no tag for that":                {opened(map[alert.Severity]string{"high": red}, Item{Alert: mild}), post{"prod-api-cpu-high", nil}},
		"what is no tag's id":            {opened(map[alert.Severity]string{"": "red"}, Item{Alert: mild}), post{"prod-api-cpu-high", nil}},
		"several: the worst":             {opened(tags, Item{Alert: mild}, Item{Alert: logLines()}, Item{Alert: compositeAlarm()}), post{"checkout-is-down, prod-api-cpu-high, /aws/lambda/checkout", []string{orange}}},
		"a notice":                       {opened(tags, Item{Alert: bounce()}), post{"Bounce: your order", []string{orange}}},
		"a notice without a name":        {opened(tags, Item{Alert: unnamed}), post{"🟠 SES · Bounce", []string{orange}}},
		"a long name":                    {opened(tags, Item{Alert: long}), post{strings.Repeat("긴 이름 ", 19) + "긴 이름…", []string{red}}},
		"a digest":                       {digest[0], post{"1/2 200 alarms (111122223333 · ap-northeast-2): prod-reviews-2-memory-utilization, prod-reviews-mem…", []string{red}}},
		"the second message of a digest": {digest[1], post{"2/2 200 alarms (111122223333 · ap-northeast-2): prod-reviews-2-memory-utilization, prod-reviews-mem…", []string{red}}},
		"an update":                      {UpdateOf(ServiceDiscord, updates()["both"], Style{Opens: true, ForumTags: tags})[0], post{"prod-api-cpu-high · prod-api-cpu-high · prod-api-cpu-high · prod-api-cpu-high", []string{red}}},
	} {
		for form, payload := range map[string]any{"whole": c.message.Payload, "plain": plainOf(c.message)} {
			b := payload.(*DiscordBody)
			if diff := cmp.Diff(c.want, post{b.ThreadName, b.AppliedTags}); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, form, diff)
			}
		}
	}
	if b := Discord(notice(cpuAlarm()), Style{Thread: "99", ForumTags: tags})[0].Payload.(*DiscordBody); b.ThreadName != "" || b.AppliedTags != nil {
		t.Errorf("elsewhere a post is opened: %q %v", b.ThreadName, b.AppliedTags)
	}
}

func opened(tags map[alert.Severity]string, items ...Item) Message {
	return Discord(Notice{Items: items}, Style{Opens: true, ForumTags: tags})[0]
}

func plainOf(m Message) any {
	if m.Plain == nil {
		return m.Payload
	}
	return m.Plain()
}
