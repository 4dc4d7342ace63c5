package rule_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
)

func TestParseRefusesEveryMistakeWithItsPlace(t *testing.T) {
	told := map[string]bool{}
	for _, mistake := range slices.Concat(mistakes, lifeMistakes) {
		t.Run(mistake.file, func(t *testing.T) {
			config, err := rule.Parse("alarmrelay.yaml", read(t, "bad-"+mistake.file+".yaml"))
			if config != nil {
				t.Errorf("a configuration came with the error")
			}
			var problems rule.Errors
			if !errors.As(err, &problems) {
				t.Fatalf("error is a %T, want rule.Errors", err)
			}
			want := "alarmrelay.yaml:" + strings.Join(mistake.want, "\nalarmrelay.yaml:")
			if diff := cmp.Diff(want, problems.Error()); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(problems.Error(), "not-to-be-repeated") {
				t.Error("the message repeats a webhook's address")
			}
		})
		told["bad-"+mistake.file+".yaml"] = true
	}
	for _, file := range testdata(t, "bad-*.yaml") {
		if !told[file] {
			t.Errorf("%s has no row in mistakes", file)
		}
	}
}

func TestParseReadsEverything(t *testing.T) {
	config := parse(t, string(read(t, "good-full.yaml")))
	want := &rule.Config{
		Locale:       "ko",
		Timezone:     "Asia/Seoul",
		Accounts:     map[string]string{"111122223333": "production", "444455556666": "staging"},
		Trusted:      []string{"444455556666"},
		AllowHosts:   []string{"localhost:8065", "chat.example.com"},
		RunbookHosts: []string{"wiki.example.com", "*.runbooks.example.com"},
		Tags:         []rule.Tag{rule.TagSeverity, rule.TagRunbook, rule.TagTo, rule.TagMention, rule.TagMute},
		Destinations: []rule.Destination{
			{
				Name: "ops", Service: formatter.ServiceDiscord,
				Webhook: rule.Webhook{Reference: secret.Reference{Scheme: secret.SchemeSSM, Name: "/chat/ops"}},
				Voice: rule.Voice{
					Locale: "ko", Timezone: "Asia/Seoul", Username: "Alarms",
					Avatar: "https://images.example.com/bell.png", Thread: "112233445566778899",
				},
			},
			{
				Name: "backend", Service: formatter.ServiceSlack, Fallback: "ops", Buttons: true,
				Webhook: rule.Webhook{Reference: secret.Reference{Scheme: secret.SchemeSecretsManager, Name: "chat/webhooks", Key: "backend"}},
				Voice:   rule.Voice{Locale: "en", Timezone: "Europe/Paris"},
			},
			{
				Name: "cost", Service: formatter.ServiceDiscord, Fallback: "backend",
				Webhook: rule.Webhook{Reference: secret.Reference{Scheme: secret.SchemeFile, Name: "/run/secrets/cost"}},
				Voice:   rule.Voice{Locale: "ko", Timezone: "Asia/Seoul"},
			},
		},
		Mentions: []rule.Mention{
			{Name: "oncall", Who: map[formatter.Service][]formatter.Mention{
				formatter.ServiceDiscord: {{Kind: "role", ID: "123456789012345678"}, {Kind: "user", ID: "876543210987654321"}},
				formatter.ServiceSlack:   {{Kind: "subteam", ID: "S012ABC"}, {Kind: "user", ID: "U012ABCDE"}},
			}},
			{Name: "everybody", Who: map[formatter.Service][]formatter.Mention{
				formatter.ServiceDiscord: {{Kind: "everyone"}, {Kind: "here"}},
				formatter.ServiceSlack:   {{Kind: "channel"}, {Kind: "here"}},
			}},
			{Name: "nobody-on-slack", Who: map[formatter.Service][]formatter.Mention{
				formatter.ServiceDiscord: {{Kind: "here"}},
				formatter.ServiceSlack:   {},
			}},
		},
		Rules: []rule.Rule{
			{
				Name: "severity by name", Line: 34, MentionOn: onAlarm, Severity: alert.SeverityCritical,
				Runbook: "https://wiki.example.com/critical", Continue: true,
			},
			{Name: "noise", Line: 39, To: []string{}, MentionOn: onAlarm},
			{
				Name: "critical in production", Line: 42, To: []string{"ops", "backend"},
				Mention: []string{"oncall", "nobody-on-slack"}, MentionOn: []rule.When{rule.WhenAlarm, rule.WhenOK},
				Ignore: []rule.When{rule.WhenFirstOK},
				Voice: rule.Voice{
					Locale: "en", Timezone: "UTC", Username: "Production",
					Avatar: "https://images.example.com/siren.png", Thread: "112233445566778800",
				},
			},
			{
				Line: 54, To: []string{"backend"}, MentionOn: onAlarm,
				Ignore: []rule.When{rule.WhenInsufficientData, rule.WhenOK},
			},
			{Line: 65, To: []string{"cost"}, MentionOn: onAlarm},
			{Line: 69, To: []string{"ops"}, Mention: []string{"everybody"}, MentionOn: []rule.When{rule.WhenNotice}},
			{Line: 78, To: []string{"ops"}, MentionOn: onAlarm, Graph: new(false)},
		},
		Storm:                 rule.Storm{Alerts: 3, Messages: 20, Window: 10 * time.Second},
		Retry:                 rule.Retry{First: 100 * time.Millisecond, Longest: 90 * time.Minute, GiveUp: 60 * time.Hour},
		LogWindow:             0,
		Graph:                 true,
		Incidents:             rule.Incidents{Flap: 20 * time.Minute, RepeatPing: 0, Recovery: rule.RecoveryEdit},
		Summary:               &rule.Summary{At: 9*time.Hour + 30*time.Minute, Timezone: "Europe/Paris", To: []string{"cost", "ops"}},
		MetricsPerDestination: true,
	}
	same := cmp.Comparer(func(a, b secret.Value) bool { return a.Reveal() == b.Reveal() })
	if diff := cmp.Diff(want, config, same, cmpopts.IgnoreUnexported(rule.Config{}, rule.Rule{})); diff != "" {
		t.Error(diff)
	}
}

func TestABotPostsInAChannelOfSlacksAndCanEdit(t *testing.T) {
	d, ok := parse(t, string(read(t, "good-slack-bot.yaml"))).Destination("ops")
	want := rule.Destination{
		Name: "ops", Service: formatter.ServiceSlack, Channel: "C0123456789", Buttons: true,
		Webhook: rule.Webhook{Reference: secret.Reference{Scheme: secret.SchemeSSM, Name: "/chat/bot"}},
		Voice:   rule.Voice{Locale: "en", Timezone: "UTC", Username: "Alarms"},
	}
	same := cmp.Comparer(func(a, b secret.Value) bool { return a.Reveal() == b.Reveal() })
	if diff := cmp.Diff(want, d, same); !ok || diff != "" {
		t.Error(diff)
	}
	got := map[string]bool{}
	for _, d := range parse(t, string(read(t, "good-full.yaml"))).Destinations {
		got[d.Name] = d.CanEdit()
	}
	got["a bot"] = d.CanEdit()
	if diff := cmp.Diff(map[string]bool{"ops": true, "cost": true, "backend": false, "a bot": true}, got); diff != "" {
		t.Error(diff)
	}
}

var onAlarm = []rule.When{rule.WhenAlarm}

func TestEveryGoodFileIsRead(t *testing.T) {
	for _, file := range testdata(t, "good-*.yaml") {
		if _, err := rule.Parse(file, read(t, file)); err != nil {
			t.Errorf("%v", err)
		}
	}
}

func TestParseRefusesAFileOverOneMebibyte(t *testing.T) {
	data := append(read(t, "good-shortest.yaml"), "# "+strings.Repeat("x", 1<<20)...)
	_, err := rule.Parse("alarmrelay.yaml", data)
	want := "alarmrelay.yaml: the file is larger than 1 MiB; a configuration of 10,000 rules is about that size"
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

func TestWebhooksOfTheEnvironment(t *testing.T) {
	const address = "https://discord.com/api/webhooks/123456789012345678/the-token"
	tests := []struct {
		name           string
		discord, slack string
		want           []string // destinations and where their address is
		err            string
	}{
		{name: "an address is kept", discord: address, want: []string{"discord address"}},
		{name: "a reference is kept", slack: " ssm:/chat/ops\n", want: []string{"slack ssm:/chat/ops"}},
		{name: "both get everything", discord: address, slack: "env:SLACK", want: []string{"discord address", "slack env:SLACK"}},
		{name: "nothing is no configuration", discord: " ", err: "nowhere to send to: set DISCORD_WEBHOOK or SLACK_WEBHOOK to a webhook's address " +
			"or to a reference such as ssm:/alarmrelay/discord, or write an alarmrelay.yaml"},
		{name: "anything else is refused", discord: "the-token", err: "DISCORD_WEBHOOK: not a reference: write where the webhook's address is kept, " +
			"as ssm:NAME, secretsmanager:NAME, env:NAME or file:PATH"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config, err := rule.FromWebhooks(secret.New(test.discord), secret.New(test.slack))
			if err != nil {
				if diff := cmp.Diff(test.err, err.Error()); diff != "" {
					t.Error(diff)
				}
				return
			}
			var got []string
			for i, delivery := range config.Route(&alert.Alert{Kind: alert.KindText}, now).Deliveries {
				d := config.Destinations[i]
				where := d.Webhook.Reference.String()
				if d.Webhook.Address.Reveal() == address {
					where = "address"
				}
				got = append(got, delivery.Destination+" "+where)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || test.err != "" {
				t.Errorf("%s want error %q", diff, test.err)
			}
			for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
				if strings.Contains(fmt.Sprintf(verb, config), "the-token") {
					t.Errorf("%s prints the webhook's token", verb)
				}
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"good-*.yaml", "bad-*.yaml"} {
		for _, file := range testdata(f, pattern) {
			f.Add(read(f, file))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		config, err := rule.Parse("alarmrelay.yaml", data)
		if (config == nil) == (err == nil) {
			t.Fatalf("config %v and error %v: want exactly one of them", config, err)
		}
		if err != nil {
			if err.Error() == "" {
				t.Fatal("the error says nothing")
			}
			return
		}
		if r := config.Route(&alert.Alert{Kind: alert.KindText}, now); len(r.Deliveries) == 0 && r.Silence == "" {
			t.Fatal("an alert vanished without a reason")
		}
		if why := outOfRange(config); why != "" {
			t.Fatal(why)
		}
	})
}

func parse(t testing.TB, text string) *rule.Config {
	t.Helper()
	config, err := rule.Parse("alarmrelay.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// testdata returns the names of the files that fit a pattern, of which there must be some.
func testdata(t testing.TB, pattern string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	for _, file := range files {
		names = append(names, filepath.Base(file))
	}
	return names
}
