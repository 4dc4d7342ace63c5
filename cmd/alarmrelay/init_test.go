package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/fake"
)

// writtenConfig is what init writes for Discord.
func writtenConfig() string {
	return configText(answers{
		service: "discord", name: "ops", locale: "en", timezone: "Asia/Seoul", parameter: stored, allowHosts: []string{"127.0.0.1"},
	})
}

const writtenSam = newSamConfig + `stack_name = "alarmrelay"
region = "ap-northeast-2"
parameter_overrides = "DiscordParameter=/alarmrelay/discord/ops Architecture=arm64"
`

const questions = `Chat service, discord or slack [discord]: The webhook's address, which is not shown: 
Name of the destination [ops]: AWS region [ap-northeast-2]: Name of the stack [alarmrelay]: ` +
	`Language of the messages, en or ko [en]: Time zone of the messages [Asia/Seoul]: E-mail address for alarms about the relay itself, empty for none: `

func TestSomebodyWhoPressesEnterGetsARelay(t *testing.T) {
	n := newNewcomer(t)
	e := n.typing([]string{" " + n.discordURL() + " "}, strings.Repeat("\n", 8))
	if code := run(t.Context(), e.env); code != exitDone {
		t.Fatalf("exit code %d: %s", code, e.err.String())
	}
	said := questions + `
This will
- store the address as /alarmrelay/discord/ops in account 111122223333, ap-northeast-2
- write DIR/alarmrelay.yaml
- write DIR/samconfig.toml
Go on? [Y/n] `
	if diff := cmp.Diff(said, strings.ReplaceAll(e.err.String(), n.dir, "DIR")); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	told := `✓ the webhook is alive; its address is stored as /alarmrelay/discord/ops in account 111122223333, ap-northeast-2
✓ DIR/alarmrelay.yaml is written
✓ DIR/samconfig.toml is written

What is left:

  cd DIR
  sam build
  sam deploy

Then see an alarm go all the way:

  alarmrelay test-alarm
`
	if diff := cmp.Diff(told, strings.ReplaceAll(e.out.String(), n.dir, "DIR")); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	want := map[string]string{"alarmrelay.yaml": writtenConfig(), "samconfig.toml": writtenSam}
	if diff := cmp.Diff(want, n.files()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if p := n.store.All()[stored]; p.Value != n.discordURL() || p.Type != "SecureString" {
		t.Errorf("the parameter holds something else: %v, %s", p.Value == n.discordURL(), p.Type)
	}
	if posted := n.discord.Messages(n.ops.Channel); len(posted) != 0 {
		t.Errorf("%d messages were posted", len(posted))
	}
}

func TestAnAddressIsTakenWithoutWhatIsCopiedAlong(t *testing.T) {
	for name, around := range map[string]string{
		"quotes": `"%s"`, "apostrophes and a line end": "'%s'\r\n", "a chat's brackets": "<%s>", "a code span": "`%s`",
		"a word processor's quotes": "\u201c%s\u201d", "an editor's byte order mark": "\ufeff%s\n", "blanks": "  %s\t",
	} {
		t.Run(name, func(t *testing.T) {
			n := newNewcomer(t)
			address := n.discordURL()
			copied := strings.Replace(around, "%s", address, 1)
			t.Setenv("OPS", copied)
			typed := n.typing([]string{strings.TrimRight(copied, "\r\n")}, strings.Repeat("\n", 8), "--name", "typed")
			piped := n.at("--service", "discord", "--webhook", "-", "--name", "piped", "--yes")
			piped.stdin = strings.NewReader(copied)
			named := n.at("--service", "discord", "--webhook", "env:OPS", "--name", "named", "--yes")
			for _, e := range []*testEnv{typed, piped, named} {
				if code := run(t.Context(), e.env); code != exitDone {
					t.Errorf("exit code %d: %s", code, e.err.String())
				}
			}
			for _, where := range []string{"typed", "piped", "named"} {
				if n.store.All()["/alarmrelay/discord/"+where].Value != address {
					t.Errorf("%s: something else is stored", where)
				}
			}
		})
	}
}

func TestAnswersThatCantBeAreAskedAgain(t *testing.T) {
	n := newNewcomer(t)
	gone := n.discord.AddChannel(fake.Channel{Name: "gone"})
	n.discord.RemoveWebhook(gone.ID)
	dead := strings.Replace(n.discordURL(), n.ops.ID+"/"+n.ops.Token, gone.ID+"/"+gone.Token, 1)
	e := n.typing([]string{"hunter2", n.discordURL() + "/slack", "https://hooks.slack.com/services/T0/B0/hunter2", dead, n.discordURL()},
		"teams\ndiscord\nnight watch\nnight-watch\nseoul\nap-northeest-2\nap-northeast-2\n1relay\nrelay\nkr\nko\nKST\nAsia/Seoul\nme\nme@example.com\ny\n")
	if code := run(t.Context(), e.env); code != exitDone {
		t.Fatalf("exit code %d: %s", code, e.err.String())
	}
	var complaints []string
	for line := range strings.Lines(e.err.String()) {
		if complaint, ok := strings.CutPrefix(line, "  "); ok {
			complaints = append(complaints, strings.TrimSpace(complaint))
		} else if _, complaint, ok := strings.Cut(line, ":   "); ok {
			complaints = append(complaints, strings.TrimSpace(complaint))
		}
	}
	want := []string{
		"there are discord and slack",
		"not a webhook's address: it begins with https:// and is copied whole from the channel's settings (Discord) or the app's page (Slack)",
		"the address ends in /slack or /github, which is for other programs' messages: leave that ending out",
		"this is the address of a webhook of slack, and the chosen service is discord",
		"there is no such webhook: copy its address again (look for Discord's webhook: webhook is dead: status 404, code 10015)",
		"a destination's name has letters, digits, - and _, at most 64",
		"that is no AWS region: one reads ap-northeast-2",
		"no AWS region is called ap-northeest-2, as far as can be seen from here; did you mean ap-northeast-2?",
		"a stack's name begins with a letter and has letters, digits and -, at most 128",
		"there are en and ko",
		"no time zone is called so; write a name such as Asia/Seoul, Europe/Paris or UTC",
		"an e-mail address reads oncall@example.com",
	}
	if diff := cmp.Diff(want, complaints); diff != "" {
		t.Errorf("complaints (-want +got):\n%s", diff)
	}
	const overrides = `parameter_overrides = "DiscordParameter=/relay/discord/night-watch WatchEmail=me@example.com Architecture=arm64"`
	if text := n.files()["samconfig.toml"]; !strings.Contains(text, overrides) || !strings.Contains(text, `stack_name = "relay"`) {
		t.Errorf("samconfig.toml:\n%s", text)
	}
	for _, token := range []string{"hunter2", n.ops.Token, gone.Token} {
		if strings.Contains(e.err.String()+e.out.String(), token) {
			t.Error("a token is shown")
		}
	}
}

func TestInitThatIsNotFinishedDoesNothing(t *testing.T) {
	for name, row := range map[string]struct {
		unseen    int    // whether the address is typed
		seen      string // lines that are typed
		interrupt string // at this question
		says      string
	}{
		"the input ends at once":         {0, "", "", "the input ended before the last question"},
		"the input ends at the address":  {0, "\n", "", "the input ended before the last question"},
		"the input ends at the end":      {1, strings.Repeat("\n", 7), "", "the input ended before the last question"},
		"no":                             {1, strings.Repeat("\n", 7) + "n\n", "", "nothing was stored and nothing was written"},
		"an interrupt at the first":      {0, "", "Chat service", "interrupted: context canceled"},
		"an interrupt at the address":    {0, "\n", "not shown", "interrupted: context canceled"},
		"an interrupt at the stack":      {1, "\n\n\n", "Name of the stack", "interrupted: context canceled"},
		"an interrupt at the last":       {1, strings.Repeat("\n", 7), "Go on", "interrupted: context canceled"},
		"no terminal could hide a thing": {0, "\n", "", "the input ended"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNewcomer(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			e := n.typing([]string{n.discordURL()}[:row.unseen], "")
			e.stdin = strings.NewReader(row.seen)
			if row.interrupt != "" {
				silent, keyboard := io.Pipe()
				defer func() { _ = keyboard.Close() }() // never fails
				e.stdin = io.MultiReader(strings.NewReader(row.seen), silent)
				e.stderr = onWrite{&e.err, row.interrupt, cancel}
				typed := e.hidden
				e.hidden = func(ctx context.Context) (string, error) {
					if ctx.Err() != nil {
						return "", ctx.Err()
					}
					return typed(ctx)
				}
			}
			const untouched = "nothing was stored and nothing was written\n"
			if code := run(ctx, e.env); code != exitFailure || !strings.Contains(e.err.String(), row.says) || !strings.HasSuffix(e.err.String(), untouched) {
				t.Errorf("exit code %d: %s", code, e.err.String())
			}
			if diff := cmp.Diff(map[string]string{}, n.files()); diff != "" || len(n.store.All()) > 0 {
				t.Errorf("%d parameters; files (-want +got):\n%s", len(n.store.All()), diff)
			}
		})
	}
}

func TestASecondRunChangesNothing(t *testing.T) {
	n := newNewcomer(t)
	for range 2 {
		e := n.at("--service", "discord", "--webhook", "env:OPS", "--json")
		if code := run(t.Context(), e.env); code != exitDone {
			t.Fatalf("exit code %d: %s", code, e.err.String())
		}
	}
	if p := n.store.All()[stored]; p.Version != 1 {
		t.Errorf("version %d is stored", p.Version)
	}
	e := n.at("--service", "discord", "--webhook", "env:OPS")
	if code := run(t.Context(), e.env); code != exitDone || !strings.HasPrefix(e.out.String(), "✓ the webhook is alive; its address lies already in "+stored) {
		t.Errorf("exit code %d: %s%s", code, e.out.String(), e.err.String())
	}
	e = n.typing([]string{n.discordURL()}, strings.Repeat("\n", 7)) // nothing is left to agree to
	if code := run(t.Context(), e.env); code != exitDone {
		t.Errorf("exit code %d: %s", code, e.err.String())
	}
}

func TestWhatCantBeWrittenIsFoundBeforeAnythingIsStored(t *testing.T) {
	n := newNewcomer(t)
	e := n.at("--service", "discord", "--webhook", "env:OPS")
	p, err := e.prepare(t.Context(), initFlags{answers: answers{
		service: "discord", name: "ops", region: "ap-northeast-2", stack: "relay", locale: "en", timezone: "UTC", allowHosts: []string{"127.0.0.1"},
	}, webhook: "env:OPS", dir: n.dir})
	if err != nil {
		t.Fatal(err)
	}
	p.sam.path = filepath.Join(n.dir, "nowhere", "samconfig.toml")
	if err := p.carryOut(t.Context()); err == nil || !strings.Contains(err.Error(), "write "+p.sam.path) {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(map[string]string{}, n.files()); diff != "" || len(n.store.All()) > 0 {
		t.Errorf("%d parameters; files (-want +got):\n%s", len(n.store.All()), diff)
	}
}

func TestARefusalOfAWSLeavesNothingBehind(t *testing.T) {
	n := newNewcomer(t)
	n.store.Break(fake.Fault{Kind: fake.Filtered, Method: "PutParameter"})
	e := n.at("--service", "discord", "--webhook", "env:OPS")
	const want = "alarmrelay init: store parameter /alarmrelay/discord/ops: ValidationException (the answer repeats the value, and is not shown)\n"
	if code := run(t.Context(), e.env); code != exitFailure || e.err.String() != want || e.out.Len() > 0 {
		t.Errorf("exit code %d: %s", code, e.err.String())
	}
	if diff := cmp.Diff(map[string]string{}, n.files()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// Whatever goes wrong, at whatever step, no token is shown.
func TestInitShowsNoToken(t *testing.T) {
	for _, args := range [][]string{
		{"--webhook", "env:OPS"},
		{"--webhook", "env:OPS", "--dry-run", "--json"},
		{"--webhook", "env:BACKEND"},
		{"--webhook", "ADDRESS"},
		{"--webhook=ADDRESS", "--service", "ADDRESS", "--name", "ADDRESS", "--region", "ADDRESS", "--stack", "ADDRESS", "--email", "ADDRESS"},
		{"--webhook", "env:OPS", "--locale", "ADDRESS", "--timezone", "ADDRESS", "--architecture", "ADDRESS", "--parameter", "ADDRESS", "--key", "ADDRESS"},
		{"--webhook", "env:OPS", "--allow-host", "ADDRESS"},
		{"ADDRESS"},
	} {
		for _, fault := range []fake.FaultKind{"", fake.Filtered, fake.Forbidden, fake.Down} {
			n := newNewcomer(t)
			n.put("alarmrelay.yaml", "destinations: {ops: {discord: \""+n.discordURL()+"\"}}\n# "+n.slackURL()+"\n")
			n.store.Break(fake.Fault{Kind: fault, Method: "PutParameter"})
			for i, a := range args {
				args[i] = strings.ReplaceAll(a, "ADDRESS", n.discordURL())
			}
			e := n.at(append([]string{"--service", "discord"}, args...)...)
			code := run(t.Context(), e.env)
			said := e.out.String() + e.err.String()
			if said == "" {
				t.Errorf("%q says nothing", args[0])
			}
			for _, token := range []string{n.ops.Token, n.backend.Token} {
				if strings.Contains(said, token) {
					t.Errorf("with fault %q and exit code %d a token is shown", fault, code)
				}
			}
		}
	}
}
