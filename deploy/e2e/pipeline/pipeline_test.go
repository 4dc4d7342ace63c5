package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
)

func TestTheUpdatedConfigurationIsRightAndSendsEachCaseToItsChannel(t *testing.T) {
	c, err := openChat(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	config, err := rule.Parse("alarmrelay.yaml", []byte(updatedConfig(c.channels)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range config.Destinations {
		got = append(got, d.Name)
	}
	want := []string{first}
	for _, l := range later {
		want = append(want, l.destination)
		a := alert.Described(alert.Alert{Kind: alert.KindMetricAlarm, Name: l.destination + "-errors", State: alert.StateAlarm}, "")
		routing := config.Route(&a, time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC))
		if len(routing.Deliveries) != 1 || routing.Deliveries[0].Destination != l.destination {
			t.Errorf("%s goes to %+v", a.Name, routing.Deliveries)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("destinations (-want +got):\n%s", diff)
	}
}

func TestTheGateLeadsToTheChatAndNotesStrangers(t *testing.T) {
	c, err := openChat(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	client := through(t, c)
	for _, ch := range c.channels {
		if ch.service == formatter.ServiceSlack {
			continue
		}
		status, err := get(t, client, strings.Replace(ch.address, "/api/", "/api/v10/", 1))
		if err != nil || status != http.StatusOK {
			t.Errorf("webhook of %s: status %d, %v", ch.destination, status, errors.Unwrap(err)) // its own text holds the address
		}
	}
	if _, err := get(t, client, "https://example.com"); err == nil {
		t.Error("a stranger was let through")
	}
	if diff := cmp.Diff([]string{"CONNECT example.com:443"}, c.gate.strangers()); diff != "" {
		t.Errorf("strangers (-want +got):\n%s", diff)
	}
}

// through returns a client that goes through the gate and trusts the chat's root alone.
func through(t *testing.T, c *chat) *http.Client {
	t.Helper()
	root, err := os.ReadFile(c.root)
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := url.Parse(c.gate.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(root)
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(t *testing.T, client *http.Client, address string) (status int, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("User-Agent", "DiscordBot (https://example.com, 1)") // without one Discord's front door is shut
	answer, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}

func TestADiscordMessageIsReadCardByCard(t *testing.T) {
	for name, row := range map[string]struct {
		message fake.Message
		want    []shown
	}{
		"a card": {
			fake.Message{Content: "above", Embeds: []fake.Embed{{Title: "🟢 RESOLVED a", Color: discordGreen, URL: consoleLink("a")}}, Flags: fake.FlagSuppressNotifications},
			[]shown{{Title: "🟢 RESOLVED a", Colour: discordGreen, Link: consoleLink("a"), Silent: true}},
		},
		"two cards with pings": {
			fake.Message{Embeds: []fake.Embed{{Title: "a"}, {Title: "b"}}, Pings: []string{"here"}, Mentions: []string{"user:1"}},
			[]shown{{Title: "a", Pings: "here user:1"}, {Title: "b", Pings: "here user:1"}},
		},
		"text alone": {fake.Message{Content: "hello"}, []shown{{Title: "hello"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, discordShown(row.message, nil)); diff != "" {
				t.Errorf("shown (-want +got):\n%s", diff)
			}
		})
	}
}

func TestALineIsReadWithTheNumberOfItsMessageAndWithoutThisMachinesPace(t *testing.T) {
	messages := []fake.Message{{ID: "11", Channel: "7"}, {ID: "12", Channel: "7"}}
	for said, want := range map[string]string{
		"✅ a recovered after 3 s [→](https://discord.com/channels/1/7/12)": "✅ a recovered →#2",
		"✅ a recovered after 1 min, having fired 2 times":                  "✅ a recovered, having fired 2 times",
		"⏰ **a** is still in ALARM after **21 min**":                       "⏰ **a** is still in ALARM after 20 min",
		"✅ a recovered [→](https://discord.com/channels/1/7/13)":           "✅ a recovered →#0",
		"✅ a recovered [→](https://discord.com/channels/1/8/12)":           "✅ a recovered →#0",
	} {
		if got := plainly(said, messages); got != want {
			t.Errorf("%q is read as %q, want %q", said, got, want)
		}
	}
}

func TestASlackMessageIsReadFromItsAttachment(t *testing.T) {
	got := slackShown(fake.SlackMessage{Text: "a is in ALARM", Attachments: []fake.Attachment{{Color: "#E01E5A", Blocks: []fake.Block{
		{Type: "header", Text: &fake.Text{Text: "🔴 ALARM a"}},
		{Type: "context", Elements: []fake.Block{{Type: "mrkdwn", Text: &fake.Text{Text: "<" + consoleLink("a") + "|Alarm> · <https://example.com|Metric>"}}}},
	}}}})
	if diff := cmp.Diff(fires(formatter.ServiceSlack, "a"), got); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
}

func TestWhatLeadsToTheCallersAccountIsNotPassedOn(t *testing.T) {
	got := own([]string{
		"PATH=/bin", "AWS_PROFILE=work", "AWS_ENDPOINT_URL=x", "ALARMRELAY_CONFIG=x", "SAM_CLI_TELEMETRY=1",
		"DISCORD_WEBHOOK=x", "SLACK_WEBHOOK=x", "HOME=/root", "AWSOME=kept",
	})
	if diff := cmp.Diff([]string{"PATH=/bin", "HOME=/root", "AWSOME=kept"}, got); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}

func TestACheckoutHoldsWhatGitWouldTrack(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "to")
	for name, mode := range map[string]os.FileMode{"kept.txt": 0o600, "run": 0o700, "ignored.txt": 0o600, "deleted.txt": 0o600, ".gitignore": 0o600} {
		text := map[string]string{".gitignore": "ignored.txt\n"}[name]
		if err := os.WriteFile(filepath.Join(from, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "--quiet"}, {"add", "kept.txt", "deleted.txt"}} {
		run := exec.CommandContext(t.Context(), "git", args...)
		run.Dir = from
		if out, err := run.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	if err := os.Remove(filepath.Join(from, "deleted.txt")); err != nil {
		t.Fatal(err)
	}
	if err := checkOut(t.Context(), from, to); err != nil {
		t.Fatal(err)
	}
	var got []string
	entries, err := os.ReadDir(to)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, info.Mode().String()+" "+e.Name())
	}
	if diff := cmp.Diff([]string{"-rw------- .gitignore", "-rw------- kept.txt", "-rwx------ run"}, got); diff != "" || err != nil {
		t.Errorf("copied (-want +got):\n%s%v", diff, err)
	}
}

func TestAReportTellsAFailureWithItsAccount(t *testing.T) {
	r := report{
		Setup: []result{{Name: "sam build", Seconds: 2}},
		Cases: []result{{Name: "alarm", Seconds: 0.5, Seen: "told"}, {Name: "dead", Seconds: 61, Failure: "nothing came\n", Account: "#gone shows nothing"}},
	}
	var got bytes.Buffer
	if err := r.print(&got, false); err != nil {
		t.Fatal(err)
	}
	want := `sam build     2.0 s  
alarm         0.5 s  told
dead         61.0 s  FAILED
in all       63.5 s  

dead failed: nothing came

#gone shows nothing
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
	if !r.failed() || !(report{}).failed() || (report{Cases: r.Cases[:1]}).failed() {
		t.Error("a run has failed when one case has, or when there was none")
	}
}

func TestWhatDoesNotComeIsNotWaitedForForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := poll(t.Context(), func() (bool, error) { return false, nil })
		if !errors.Is(err, errTooLong) {
			t.Errorf("got %v", err)
		}
		interrupted, cancel := context.WithCancel(t.Context())
		cancel()
		if err := poll(interrupted, func() (bool, error) { return false, nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestTheLogIsReadable(t *testing.T) {
	for line, want := range map[string]string{
		`{"level":"ERROR","message":"not delivered","timestamp":"x","destination":"ops","error":"down"}`: "ERROR not delivered destination=ops error=down",
		`{"_aws":{}}`: `{"_aws":{}}`,
		`panic: x`:    `panic: x`,
	} {
		if got := readable(line); got != want {
			t.Errorf("readable(%s) = %s, want %s", line, got, want)
		}
	}
}

func TestWrongUseIsRefusedBeforeAnythingIsDone(t *testing.T) {
	for _, args := range [][]string{{"-only", "nothing-like-it"}, {"-unknown"}, {"alarm"}} {
		if code := run(t.Context(), args, io.Discard, io.Discard); code != 2 {
			t.Errorf("%v: exit code %d", args, code)
		}
	}
}
