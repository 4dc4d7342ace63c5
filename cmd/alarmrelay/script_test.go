package main

import (
	"errors"
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

var update = flag.Bool("update", false, "rewrite the outputs that the scripts compare whole")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"alarmrelay": main})
}

// TestScripts runs testdata/script: the command as people use it. Each script has a
// Discord and a Slack of its own on this machine, and nothing else to talk to.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               openTown,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"shown":  countShown,
			"fill":   fill,
			"letter": putLetter,
			"queue":  checkQueue,
			"stored": checkStored,
			"open":   openAlarm,
		},
	})
}

// town is what a script's webhooks lead to.
type town struct {
	discord  *fake.Discord
	slack    *fake.Slack
	ops      fake.Webhook
	backend  fake.SlackHook
	post     *postOffice
	treasury *treasury
}

type townKey struct{}

func openTown(e *testscript.Env) error {
	t := town{discord: fake.NewDiscord(fake.Options{}), slack: fake.NewSlack(fake.Options{}), post: openPost(), treasury: newTreasury()}
	discordServer, slackServer, postServer := httptest.NewServer(t.discord), httptest.NewServer(t.slack), httptest.NewUnstartedServer(t.post)
	treasuryServer := httptest.NewServer(t.treasury)
	t.post.base = "http://" + postServer.Listener.Addr().String()
	postServer.Start()
	e.Defer(func() {
		t.discord.Close()
		t.slack.Close()
		discordServer.Close()
		slackServer.Close()
		t.post.sqs.Close()
		postServer.Close()
		t.treasury.store.Close()
		treasuryServer.Close()
	})
	t.ops = t.discord.AddChannel(fake.Channel{Name: "ops"})
	t.backend = t.slack.AddChannel("backend")
	dead := t.discord.AddChannel(fake.Channel{Name: "dead"})
	t.discord.RemoveWebhook(dead.ID)
	e.Values[townKey{}] = t
	e.Setenv("DISCORD_HOST", strings.TrimPrefix(discordServer.URL, "http://"))
	e.Setenv("SLACK_HOST", strings.TrimPrefix(slackServer.URL, "http://"))
	e.Setenv("OPS_URL", t.ops.URL(discordServer.URL))
	e.Setenv("BACKEND_URL", t.backend.URL(slackServer.URL))
	e.Setenv("DEAD_URL", dead.URL(discordServer.URL))
	bot := t.slack.AddBot()
	t.slack.Invite(bot, t.backend.Channel)
	e.Setenv("BOT", bot.Secret(slackServer.URL))
	e.Setenv("BOT_TOKEN", bot.Token)
	e.Setenv("BACKEND_CHANNEL", t.backend.Channel)
	e.Setenv("OPS_TOKEN", t.ops.Token)
	e.Setenv("BACKEND_TOKEN", t.backend.Token)
	e.Setenv("AWS_URL", postServer.URL)
	e.Setenv("TREASURY_URL", treasuryServer.URL)
	e.Setenv("DEAD_LETTERS_URL", t.post.address("alarms-dead"))
	e.Setenv("QUEUE_URL", t.post.address("alarms"))
	e.Setenv("GORACE", "atexit_sleep_ms=0") // with -race every exit would take a second
	e.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	return nil
}

// exits runs a command that must end with a code: exits 2 alarmrelay demo --storm 0.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// countShown checks how many messages a channel holds: shown ops 2.
func countShown(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: shown CHANNEL COUNT")
	}
	t := ts.Value(townKey{}).(town)
	got := len(t.discord.Messages(t.ops.Channel))
	if args[0] == "backend" {
		got = len(t.slack.Messages(t.backend.Channel))
	}
	if strconv.Itoa(got) != args[1] {
		ts.Fatalf("%s shows %d messages, want %s", args[0], got, args[1])
	}
}

// fill replaces $NAME in files by what the environment says: fill bot.yaml.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: fill FILE...")
	}
	for _, name := range args {
		text := os.Expand(ts.ReadFile(name), ts.Getenv)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// putLetter puts a file into the dead-letter queue, with attributes, and its id into the environment:
// letter ID event.json alarmrelay-destination=ops.
func putLetter(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: letter VARIABLE FILE [NAME=VALUE...]")
	}
	attributes := map[string]string{}
	for _, arg := range args[2:] {
		name, value, _ := strings.Cut(arg, "=")
		attributes[name] = value
	}
	ts.Setenv(args[0], ts.Value(townKey{}).(town).post.dead.Put(ts.ReadFile(args[1]), attributes))
}

// openAlarm makes an alarm open at a destination, for orders: open db-cpu ops.
func openAlarm(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: open ALARM DESTINATION")
	}
	d := ts.Value(townKey{}).(town).post.duty
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open = append(d.open, relay.AckedAlarm{Alarm: args[0], Destination: args[1], Since: time.Now().UTC()})
}

// checkQueue checks how many messages of a queue can be received, and that one of them has an attribute:
// queue alarms 2 alarmrelay-destination=ops.
func checkQueue(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: queue NAME COUNT [ATTRIBUTE=VALUE...]")
	}
	p := ts.Value(townKey{}).(town).post
	q := map[string]*fake.Queue{"alarms": p.input, "alarms-dead": p.dead}[args[0]]
	visible, had := 0, map[string]bool{}
	for _, m := range q.All() {
		if !m.InFlight {
			visible++
		}
		for name, value := range m.Attributes {
			had[name+"="+value] = true
		}
	}
	if strconv.Itoa(visible) != args[1] {
		ts.Fatalf("%s holds %d visible messages, want %s", args[0], visible, args[1])
	}
	for _, want := range args[2:] {
		if !had[want] {
			ts.Fatalf("no message of %s has %s", args[0], want)
		}
	}
}

func TestScriptsCoverEveryCommand(t *testing.T) {
	root, _ := newRoot(&env{})
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help", "completion":
			continue
		}
		text, err := os.ReadFile("testdata/script/" + c.Name() + ".txtar")
		if err != nil || !strings.Contains(string(text), "exits 2 alarmrelay "+c.Name()) {
			t.Errorf("command %s needs a script that shows its use and its misuse: %v", c.Name(), err)
		}
		if c.Example == "" || !strings.HasPrefix(c.Long, c.Name()+" ") {
			t.Errorf("help of %s: it begins with what the command does and has examples", c.Name())
		}
	}
}

// checkStored checks that Parameter Store holds a text as a SecureString, in that version: stored /ops $OPS_URL 1. With
// ! there must be no such parameter: ! stored /ops.
func checkStored(ts *testscript.TestScript, neg bool, args []string) {
	if neg != (len(args) == 1) || !neg && len(args) != 3 {
		ts.Fatalf("usage: [!] stored NAME [TEXT VERSION]")
	}
	p, there := ts.Value(townKey{}).(town).treasury.store.All()[args[0]]
	switch {
	case neg && there:
		ts.Fatalf("parameter %s is there", args[0])
	case neg:
	case !there || p.Type != "SecureString" || p.Value != args[1] || strconv.FormatInt(p.Version, 10) != args[2]:
		ts.Fatalf("parameter %s is not what was expected: there %v, type %s, version %d", args[0], there, p.Type, p.Version)
	}
}
