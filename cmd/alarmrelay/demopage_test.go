package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
)

func TestWhoSitsAtATerminalGetsThePage(t *testing.T) {
	for name, row := range map[string]struct {
		flags    demoFlags
		width    int
		page     bool
		misusing bool
	}{
		"in a terminal":                     {demoFlags{}, 80, true, false},
		"without one":                       {demoFlags{}, 0, false, false},
		"asked for the terminal":            {demoFlags{terminal: true}, 80, false, false},
		"asked for JSON":                    {demoFlags{asJSON: true}, 80, false, false},
		"asked for an event":                {demoFlags{events: []string{"-"}}, 80, false, false},
		"asked for a storm":                 {demoFlags{storm: 3}, 80, false, false},
		"asked for an address":              {demoFlags{addr: "127.0.0.1:0"}, 0, true, false},
		"asked for no browser":              {demoFlags{noBrowser: true}, 0, true, false},
		"an address that others reach":      {demoFlags{addr: "0.0.0.0:80"}, 80, false, true},
		"no address":                        {demoFlags{addr: "8900"}, 80, false, true},
		"a port that there is not":          {demoFlags{addr: "127.0.0.1:99999"}, 80, false, true},
		"the page and the terminal at once": {demoFlags{addr: "127.0.0.1:0", terminal: true}, 80, false, true},
	} {
		got, err := row.flags.onPage(&env{width: row.width})
		if got != row.page || (err != nil) != row.misusing {
			t.Errorf("%s: page %v, %v", name, got, err)
		}
		if _, misused := errors.AsType[*misuseError](err); err != nil && !misused {
			t.Errorf("%s: no misuse: %v", name, err)
		}
	}
}

func TestThePageIsServedUntilSomebodyEndsIt(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	e := newTestEnv("demo", "--addr", "127.0.0.1:0", "--locale", "ko")
	opened := ""
	e.browse = func(_ context.Context, address string) error {
		defer end()
		opened = address
		r, err := http.NewRequestWithContext(t.Context(), "GET", address+"/api/state", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil || !strings.Contains(string(text), `"name":"the built-in sample, all messages in ko (--locale)"`) {
			t.Errorf("the page's state: %v, %.200s", err, text)
		}
		return errors.New("it has no window")
	}
	if code := run(ctx, e.env); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	if said := e.out.String(); !strings.HasSuffix(said, "end it with Ctrl-C\n\nthe demo has ended\n") {
		t.Errorf("said in the end %s", said)
	}
	if want := "the demo is at " + opened + "\n"; !strings.HasPrefix(e.out.String(), want) || !strings.HasPrefix(opened, "http://127.0.0.1:") {
		t.Errorf("said %s, want %s", &e.out, want)
	}
	if !strings.HasSuffix(e.err.String(), "no browser could be opened: it has no window\n") {
		t.Errorf("said %s", &e.err)
	}
}

func TestTheEnvironmentsWebhooksAreAFileWithoutThem(t *testing.T) {
	const address = "https://discord.com/api/webhooks/123456789012345678/not-a-real-token"
	rules, err := rule.FromWebhooks(secret.New(address), secret.New("ssm:/slack"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := setting{rules: rules}.written()
	if err != nil {
		t.Fatal(err)
	}
	read, err := rule.Parse("x", []byte(text))
	if err != nil || strings.Contains(text, "not-a-real-token") {
		t.Fatalf("%v\n%s", err, text)
	}
	if diff := cmp.Diff(destinationsOf(rules), destinationsOf(read)); diff != "" {
		t.Errorf("destinations (-environment +file):\n%s", diff)
	}
}

func TestABrowserIsOpenedWhereSomebodySits(t *testing.T) {
	desktop := map[string]string{"DISPLAY": ":0"}
	remote := map[string]string{"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
	const windows = "url.dll,FileProtocolHandler"
	for name, row := range map[string]struct {
		system string
		env    map[string]string
		want   []string
		err    error
	}{
		"a Mac":                {"darwin", nil, []string{"open"}, nil},
		"a Mac far away":       {"darwin", remote, []string{""}, errRemote},
		"Windows":              {"windows", nil, []string{"rundll32", windows}, nil},
		"Linux":                {"linux", desktop, []string{"xdg-open"}, nil},
		"Linux, Wayland":       {"linux", map[string]string{"WAYLAND_DISPLAY": "wayland-0"}, []string{"xdg-open"}, nil},
		"Linux within Windows": {"linux", map[string]string{"WSL_DISTRO_NAME": "Debian", "DISPLAY": ":0"}, []string{"rundll32.exe", windows}, nil},
		"Linux, a server":      {"linux", nil, []string{""}, errNoBrowser},
		"Linux far away":       {"linux", remote, []string{""}, errRemote},
	} {
		program, args, err := opener(row.system, func(name string) string { return row.env[name] })
		if got := append([]string{program}, args...); !slices.Equal(got, row.want) || !errors.Is(err, row.err) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
