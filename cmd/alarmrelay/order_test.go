package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// duty is a function that carries out orders over a few alarms.
type duty struct {
	mu sync.Mutex // a script opens alarms while the function is invoked by another process

	open  []relay.AckedAlarm
	mutes []incident.Mute
	given []relay.Order
	says  string // instead of an answer
	fails string
}

func (d *duty) handle(_ context.Context, payload []byte) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var o relay.Order
	if err := json.Unmarshal(payload, &o); err != nil {
		return nil, err
	}
	d.given = append(d.given, o)
	long, err := o.Check()
	switch {
	case d.fails != "":
		return nil, errors.New(d.fails)
	case d.says != "":
		return []byte(d.says), nil
	case err != nil:
		return nil, err
	}
	answer := relay.OrderAnswer{Do: o.Do}
	switch o.Do {
	case relay.OrderAck:
		fits, _ := rule.Pattern(o.Alarm) // checked above
		for _, a := range d.open {
			if fits(a.Alarm) {
				answer.Acked = append(answer.Acked, a)
			} else if !slices.Contains(answer.Instead, a.Alarm) {
				answer.Instead = append(answer.Instead, a.Alarm)
			}
		}
	case relay.OrderMute:
		now := time.Now().UTC()
		answer.Mutes = []incident.Mute{{Alarm: o.Alarm, Since: now, Until: now.Add(long), By: o.By, Why: o.Why}}
		d.mutes = append(d.mutes, answer.Mutes...)
	case relay.OrderUnmute:
		d.unmute(o.Alarm, &answer)
	case relay.OrderMutes:
		answer.Mutes = d.mutes
	}
	if len(answer.Acked)+len(answer.Mutes) > 0 {
		answer.Instead = nil
	}
	return json.Marshal(answer)
}

func (d *duty) unmute(name string, answer *relay.OrderAnswer) {
	var left []incident.Mute
	for _, m := range d.mutes {
		if m.Alarm == name {
			answer.Mutes = append(answer.Mutes, m)
			continue
		}
		left = append(left, m)
		answer.Instead = append(answer.Instead, m.Alarm)
	}
	d.mutes = left
}

// carried is what came of a command.
type carried struct {
	Code     int
	Out, Err string
}

// orders runs a command as user mina, where nobody named one.
func (p *postOffice) orders(t *testing.T, args ...string) carried {
	t.Helper()
	e := p.env(args...)
	e.now = func() time.Time { return time.Now().UTC() }
	e.getenv = func(name string) string { return map[string]string{"USER": "mina"}[name] }
	code := run(t.Context(), e.env)
	return carried{code, e.out.String(), e.err.String()}
}

func TestAckNamesEachAlarmOnceWithAllItsDestinations(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		fired := time.Now().UTC()
		time.Sleep(12 * time.Minute) // of the bubble
		p.duty.open = []relay.AckedAlarm{
			{Alarm: "prod-db-cpu", Destination: "ops", Since: fired.Add(time.Minute)},
			{Alarm: "prod-db-cpu", Destination: "backend", Since: fired},
			{Alarm: "prod-\x1b[31mapi", Destination: "ops", Since: fired},
			{Alarm: "dev-disk", Destination: "ops", Since: fired},
		}
		want := carried{exitDone, "✓ mina takes care of prod-db-cpu, which fired 2000-01-01 00:00 (12 minutes ago) and is shown at ops, backend\n" +
			"✓ mina takes care of prod-\ufffd[31mapi, which fired 2000-01-01 00:00 (12 minutes ago) and is shown at ops\n", ""}
		if diff := cmp.Diff(want, p.orders(t, "ack", "prod-*")); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]relay.Order{{Do: relay.OrderAck, Alarm: "prod-*", By: "mina"}}, p.duty.given); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
	})
}

func TestAckOfNothingSaysWhatIsOpen(t *testing.T) {
	for name, row := range map[string]struct {
		open []string
		want string
	}{
		"nothing is open":     {nil, "none is open"},
		"one has most words":  {[]string{"dev-disk", "prod-db-cpu-high"}, "did you mean prod-db-cpu-high?"},
		"none is like it":     {[]string{"dev-disk", "queue-age"}, "open are dev-disk, queue-age"},
		"more than one reads": {strings.Fields("a b c d e f g"), "open are a, b, c, d, e and 2 more"},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				for _, alarm := range row.open {
					p.duty.open = append(p.duty.open, relay.AckedAlarm{Alarm: alarm, Destination: "ops"})
				}
				want := carried{exitFailure, "", "alarmrelay ack: no open incident matches prod-db-cpu: " + row.want + "\n"}
				if diff := cmp.Diff(want, p.orders(t, "ack", "prod-db-cpu")); diff != "" {
					t.Errorf("told (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestAMuteIsMadeListedAndEnded(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		for _, step := range []struct {
			args []string
			want carried
		}{
			{
				[]string{"mute", "--list"},
				carried{Out: "nothing is muted by order; what rules mute stands in the configuration\n"},
			},
			{
				[]string{"mute", "staging-*", "--for", "2d", "--why", "load test"},
				carried{Out: "✓ staging-* is muted until 2000-01-03 00:00 (in 2 days). What still fires then is told then; alarmrelay unmute ends it before.\n"},
			},
			{
				[]string{"mute", "prod-db-cpu", "--for", "90m", "--why", "moving\nthe database", "--by", "  jun "},
				carried{Out: "✓ prod-db-cpu is muted until 2000-01-01 01:30 (in 1 hour). What still fires then is told then; alarmrelay unmute ends it before.\n"},
			},
			{
				[]string{"mute", "--list"},
				carried{Out: "prod-db-cpu  until 2000-01-01 01:30 (in 1 hour)\n  moving the database, says jun\n" +
					"staging-*  until 2000-01-03 00:00 (in 2 days)\n  load test, says mina\n"},
			},
			{
				[]string{"unmute", "staging"},
				carried{exitFailure, "", "alarmrelay unmute: no mute is made for staging: did you mean staging-*?\n"},
			},
			{
				[]string{"unmute", "staging-*"},
				carried{Out: "✓ staging-* is no longer muted; it was, until 2000-01-03 00:00 (in 2 days): load test, says mina\n"},
			},
			{
				[]string{"mute", "--list", "--json"},
				carried{Out: `{
  "mutes": [
    {
      "alarm": "prod-db-cpu",
      "until": "2000-01-01T01:30:00Z",
      "since": "2000-01-01T00:00:00Z",
      "by": "jun",
      "why": "moving\nthe database"
    }
  ]
}
`},
			},
		} {
			if diff := cmp.Diff(step.want, p.orders(t, step.args...)); diff != "" {
				t.Errorf("%q told (-want +got):\n%s", step.args, diff)
			}
		}
	})
}

func TestAnAnswerForProgramsIsTheFunctionsOwn(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		p.duty.open = []relay.AckedAlarm{{Alarm: "prod-db-cpu", Destination: "ops", Since: time.Now().UTC()}}
		want := carried{Out: `{
  "alarmrelay": "ack",
  "acked": [
    {
      "alarm": "prod-db-cpu",
      "destination": "ops",
      "since": "2000-01-01T00:00:00Z"
    }
  ]
}
`}
		if diff := cmp.Diff(want, p.orders(t, "ack", "prod-db-cpu", "--json")); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		want = carried{
			exitFailure, "{\n  \"alarmrelay\": \"ack\",\n  \"instead\": [\n    \"prod-db-cpu\"\n  ]\n}\n",
			"alarmrelay ack: no open incident matches dev: open are prod-db-cpu\n",
		}
		if diff := cmp.Diff(want, p.orders(t, "ack", "dev", "--json")); diff != "" {
			t.Errorf("told of nothing (-want +got):\n%s", diff)
		}
	})
}

func TestAnOrderThatIsNotCarriedOutSaysWhy(t *testing.T) {
	const old = "the function does not know the order: it is no relay, or one that is older than this command; deploy it anew"
	for name, row := range map[string]struct {
		args   []string
		change func(*postOffice)
		want   string
	}{
		"the function fails": {
			nil,
			func(p *postOffice) { p.duty.fails = "the table does not answer" },
			"the function alarmrelay failed: the table does not answer",
		},
		"an older function answers nothing":     {nil, func(p *postOffice) { p.duty.says = "null" }, old},
		"another function answers what it will": {nil, func(p *postOffice) { p.duty.says = `"hello"` }, old},
		"an event's answer is none": {
			nil,
			func(p *postOffice) { p.duty.says = `{"batchItemFailures":[]}` },
			old,
		},
		"a permission is missing": {
			nil,
			func(p *postOffice) { p.lambda.Fail(fake.Fault{Kind: fake.Forbidden}) },
			"invoke the function alarmrelay: access denied: it takes lambda:InvokeFunction (User: arn:aws:iam::111122223333:user/minji is not authorized to " +
				"perform: lambda:InvokeFunction on resource: arn:aws:lambda:ap-northeast-2:111122223333:function:alarmrelay:live because no identity-based policy " +
				"allows the lambda:InvokeFunction action)",
		},
		"there is no such function": {
			[]string{"--function", "alarmreley"},
			nil,
			"invoke the function alarmreley: there is none of that name with a version or alias live in ap-northeast-2 (AWS_REGION says where to look)",
		},
		"there is no such stack": {
			[]string{"--stack", "relay"},
			nil,
			"read the outputs of stack relay: there is no such stack in ap-northeast-2 (AWS_REGION says where to look)",
		},
		"the stack is another's": {
			[]string{"--stack", "half"},
			nil,
			"stack half has no output FunctionArn: is it alarmrelay's?",
		},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				if row.change != nil {
					row.change(p)
				}
				want := carried{exitFailure, "", "alarmrelay ack: " + row.want + "\n"}
				if diff := cmp.Diff(want, p.orders(t, append([]string{"ack", "prod-db-cpu"}, row.args...)...)); diff != "" {
					t.Errorf("told (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestAFunctionThatHangsIsNotWaitedForLongerThanItMayRun(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		p.lambda.Fail(fake.Fault{Kind: fake.Hang})
		began := time.Now()
		got := p.orders(t, "ack", "prod-db-cpu")
		if want := (carried{exitFailure, "", "alarmrelay ack: invoke the function alarmrelay: no answer: context deadline exceeded\n"}); got != want {
			t.Errorf("told %+v", got)
		}
		if took := time.Since(began); took != orderTimeout {
			t.Errorf("it took %v", took)
		}
	})
}

func TestTheStackIsTheOneThatWasDeployedFromThisFolder(t *testing.T) {
	for name, row := range map[string]struct {
		file string
		args []string
		want string // what is said to fail
	}{
		"its stack and region": {
			"version = 0.1\n[default.deploy.parameters]\nstack_name = \"night\"\nregion = \"us-east-1\"\n", nil,
			"read the outputs of stack night: there is no host cloudformation.us-east-1.amazonaws.com",
		},
		"a flag goes before": {
			"version = 0.1\n[default.deploy.parameters]\nstack_name = \"night\"\nregion = \"us-east-1\"\n",
			[]string{"--stack", "day"},
			"read the outputs of stack day: there is no such stack in ap-northeast-2 (AWS_REGION says where to look)",
		},
		"a region without a stack is none": {
			"version = 0.1\n[default.deploy.parameters]\nregion = \"us-east-1\"\n", nil,
			"",
		},
		"a file that can't be read": {"stack_name =\n", nil, "samconfig.toml:1: this is not TOML: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile(samConfigFile, []byte(row.file), 0o600); err != nil {
				t.Fatal(err)
			}
			inOffice(t, func(t *testing.T, p *postOffice) {
				got := p.orders(t, append([]string{"mute", "--list"}, row.args...)...)
				if row.want == "" && got.Code == exitDone {
					return
				}
				if row.want == "" || !strings.HasPrefix(got.Err, "alarmrelay mute: "+row.want) {
					t.Errorf("told %+v, want %s", got, row.want)
				}
			})
		})
	}
}

func TestWhoAsksIsSomebodysName(t *testing.T) {
	for name, row := range map[string]struct {
		variables map[string]string
		named     string
		want      string
	}{
		"as named":                      {map[string]string{"USER": "mina"}, " jun ", "jun"},
		"as signed in":                  {map[string]string{"USER": "mina"}, "", "mina"},
		"on Windows":                    {map[string]string{"USERNAME": "Mina Kim"}, " ", "Mina Kim"},
		"root is nobody":                {map[string]string{"USER": "root"}, "", ""},
		"but may be named":              {nil, "root", "root"},
		"where the machine says no one": {nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newTestEnv()
			e.getenv = func(variable string) string { return row.variables[variable] }
			if got := whoAsks(e.env, row.named); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}
