package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	clockAndName = regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d|alarmrelay-test-[0-9a-f]{8}`)
	encrypted    = "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."
)

// steady replaces what differs from run to run.
func steady(text string) string {
	return clockAndName.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, "alarmrelay") {
			return "alarmrelay-test-NEW"
		}
		return "TIME"
	})
}

const firedAndRecovered = `TIME   made the alarm alarmrelay-test-NEW in ap-northeast-2, which tells the topic alarms
TIME   set it to ALARM
TIME ✓ ALARM: CloudWatch told the topic alarms
TIME   set it to OK
TIME ✓ OK: CloudWatch told the topic alarms
`

const lookAtTheChannel = `
The channel should show alarmrelay-test-NEW by now: in ALARM, then recovered, as your rules have it.
If it doesn't, docs/operations.md says where to look, step by step.
`

func TestADrillTellsWhatBecameOfEachChange(t *testing.T) {
	const deleted = "TIME   deleted the alarm\n"
	const notEverybody = "\nThe relay was told, but not everybody else: see above, and docs/operations.md.\n"
	for name, row := range map[string]struct {
		args   []string
		office func(*postOffice)
		code   int
		out    string
		err    string
		left   []string
	}{
		"all is well": {
			office: func(p *postOffice) { p.cloudWatch.slow = 3 * time.Second },
			out: firedAndRecovered + "TIME   waiting for the relay\nTIME ✓ nothing waits in the relay's queue, and nothing new could not be told\n" +
				deleted + lookAtTheChannel,
		},
		"the topic is encrypted with a key that CloudWatch may not use": {
			office: func(p *postOffice) { p.cloudWatch.act = func(string, string) string { return encrypted } },
			code:   exitFailure,
			out: `TIME   made the alarm alarmrelay-test-NEW in ap-northeast-2, which tells the topic alarms
TIME   set it to ALARM
TIME ✗ ALARM: CloudWatch could not tell the topic alarms: ` + encrypted + `
TIME   The topic is encrypted with a key that CloudWatch may not use. AWS's own key never lets it; a customer key has to (docs/operations.md, An encrypted topic).
TIME   set it back to OK
` + deleted + `
Nobody was told, or not everybody. docs/operations.md says what CloudWatch needs.
`,
		},
		"CloudWatch says nothing": {
			office: func(p *postOffice) { p.cloudWatch.silent = true },
			code:   exitFailure,
			out: `TIME   made the alarm alarmrelay-test-NEW in ap-northeast-2, which tells the topic alarms
TIME   set it to ALARM
TIME ! ALARM: CloudWatch has not said in 1m0s what became of telling the topic alarms; a mute rule may hold it back
TIME   set it back to OK
` + deleted + `
It is not known whether anybody was told. If the channel shows nothing, docs/operations.md says where to look.
`,
		},
		"nobody asks CloudWatch": {
			args:   []string{"--wait", "0"},
			office: func(p *postOffice) { p.cloudWatch.silent = true },
			out: `TIME   made the alarm alarmrelay-test-NEW in ap-northeast-2, which tells the topic alarms
TIME   set it to ALARM
TIME   set it to OK
TIME   waiting for the relay
TIME ✓ nothing waits in the relay's queue, and nothing new could not be told
` + deleted + lookAtTheChannel,
		},
		"the relay could not tell it": {
			office: func(p *postOffice) {
				p.put("ops") // an old one
				p.cloudWatch.act = func(string, string) string { p.put("ops"); return "" }
			},
			code: exitFailure,
			out: firedAndRecovered + "TIME   waiting for the relay\n" +
				"TIME ✗ about 2 letters more in alarms-dead than before; alarmrelay dead --stack alarmrelay says whose and why\n" + deleted + notEverybody,
		},
		"SNS could not put it into the queue": {
			office: func(p *postOffice) {
				p.cloudWatch.act = func(string, string) string { p.lost.Put(rawAlarm, nil); return "" }
			},
			code: exitFailure,
			out: firedAndRecovered + "TIME   waiting for the relay\n" +
				"TIME ✗ SNS could not put about 2 messages into the queue: alarms-lost holds what and why\n" + deleted + notEverybody,
		},
		"it still waits in the queue": {
			office: func(p *postOffice) {
				p.cloudWatch.act = func(string, string) string { p.input.Put(rawAlarm, nil); return "" }
			},
			out: firedAndRecovered + "TIME   waiting for the relay\nTIME ! about 2 messages in alarms: the relay tries again, or has much to do\n" + deleted + lookAtTheChannel,
		},
		"it is kept": {
			args: []string{"--keep", "--topic", topic},
			out: firedAndRecovered + lookAtTheChannel +
				"The alarm stays. To delete it: aws cloudwatch delete-alarms --region ap-northeast-2 --alarm-names alarmrelay-test-NEW\n",
			left: []string{"alarmrelay-test-NEW"},
		},
		"it can't be deleted": {
			args:   []string{"--topic", topic},
			office: func(p *postOffice) { p.cloudWatch.refused["DeleteAlarms"] = "AccessDenied" },
			code:   exitFailure,
			out:    firedAndRecovered + lookAtTheChannel,
			err: "the alarm alarmrelay-test-NEW is there still: delete alarm alarmrelay-test-NEW: access denied: it takes cloudwatch:DeleteAlarms " +
				"(User: minji is not authorized to perform: cloudwatch:DeleteAlarms)\n" +
				"delete it: aws cloudwatch delete-alarms --region ap-northeast-2 --alarm-names alarmrelay-test-NEW\n",
			left: []string{"alarmrelay-test-NEW"},
		},
		"it can't be set": {
			office: func(p *postOffice) { p.cloudWatch.refused["SetAlarmState"] = "AccessDenied" },
			code:   exitFailure,
			out: `TIME   made the alarm alarmrelay-test-NEW in ap-northeast-2, which tells the topic alarms
TIME ! set alarm alarmrelay-test-NEW to OK: access denied: it takes cloudwatch:SetAlarmState (User: minji is not authorized to perform: cloudwatch:SetAlarmState)
` + deleted,
			err: "alarmrelay test-alarm: set alarm alarmrelay-test-NEW to ALARM: access denied: it takes cloudwatch:SetAlarmState (User: minji is not authorized to perform: cloudwatch:SetAlarmState)\n",
		},
		"it can't be made": {
			office: func(p *postOffice) { p.cloudWatch.refused["PutMetricAlarm"] = "AccessDenied" },
			code:   exitFailure,
			err:    "alarmrelay test-alarm: make alarm alarmrelay-test-NEW: access denied: it takes cloudwatch:PutMetricAlarm (User: minji is not authorized to perform: cloudwatch:PutMetricAlarm)\n",
		},
		"the stack is another's": {
			args: []string{"--stack", "half"},
			code: exitFailure,
			err:  "alarmrelay test-alarm: stack half has no topic in an output TopicArn: is it alarmrelay's?\n",
		},
		"there is no such stack": {
			args: []string{"--stack", "relay"},
			code: exitFailure,
			err:  "alarmrelay test-alarm: read the outputs of stack relay: there is no such stack in ap-northeast-2 (AWS_REGION says where to look)\n",
		},
		"the queues can't be looked at": {
			office: func(p *postOffice) { p.forbidDepth() },
			out: "TIME ! the queues are not looked at: ask queue alarms-dead for its depth: access denied: it takes sqs:GetQueueAttributes " +
				"(User is not authorized to perform: this on resource: this queue)\n" + firedAndRecovered + deleted + lookAtTheChannel,
		},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				if row.office != nil {
					row.office(p)
				}
				e := p.env(append([]string{"test-alarm"}, row.args...)...)
				code := run(t.Context(), e.env)
				if diff := cmp.Diff([]string{row.out, row.err}, []string{steady(e.out.String()), steady(e.err.String())}); diff != "" || code != row.code {
					t.Errorf("exit code %d; output and error (-want +got):\n%s", code, diff)
				}
				var left []string
				for _, name := range p.cloudWatch.names() {
					left = append(left, steady(name))
				}
				if diff := cmp.Diff(row.left, left); diff != "" {
					t.Errorf("alarms left (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestTheThrowAwayAlarmSaysWhatItIs(t *testing.T) {
	for name, row := range map[string]struct {
		args       []string
		tags       map[string]string
		propagates bool
	}{
		"with a severity, in the topic's region": {
			[]string{"--severity", "critical"},
			map[string]string{"alarmrelay:severity": "critical"},
			true,
		},
		"without a tag": {[]string{"--severity", "none"}, map[string]string{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				const elsewhere = "arn:aws:sns:us-east-1:111122223333:billing"
				e := p.env(append([]string{"test-alarm", "--keep", "--topic", elsewhere}, row.args...)...)
				if code := run(t.Context(), e.env); code != exitDone {
					t.Fatalf("exit code %d: %s", code, e.err.String())
				}
				want := &cloudAlarm{
					state: "OK", tags: row.tags, propagates: row.propagates, onAlarm: []string{elsewhere}, onOK: []string{elsewhere},
					description: "Made by alarmrelay test-alarm, to see the way from CloudWatch to the chat work. Nothing is wrong. It goes by itself, and may be deleted.",
				}
				want.name = p.cloudWatch.names()[0]
				if diff := cmp.Diff(want, p.cloudWatch.alarms[want.name], cmp.AllowUnexported(cloudAlarm{})); diff != "" {
					t.Errorf("alarm (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestAnInterruptedDrillLeavesNothingBehind(t *testing.T) {
	for name, after := range map[string]string{
		"while the alarm is being made": "PutMetricAlarm",
		"while it fires":                "SetAlarmState",
		"while it is waited for":        "DescribeAlarmHistory",
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				p.cloudWatch.silent, p.cloudWatch.after = true, map[string]func(){after: cancel}
				e := p.env("test-alarm", "--topic", topic)
				code := run(ctx, e.env)
				if said := e.err.String(); code != exitFailure || said != "alarmrelay test-alarm: interrupted: context canceled\n" {
					t.Errorf("exit code %d: %q", code, said)
				}
				said := e.out.String()
				if left := p.cloudWatch.names(); len(left) > 0 || !strings.HasSuffix(said, "deleted the alarm\n") || strings.Contains(said, "has not said") {
					t.Errorf("left: %v\n%s", left, said)
				}
			})
		})
	}
}

// Neither the alarm's making was answered nor its deletion: nobody knows whether it is there.
func TestAnAlarmThatMayBeThereIsNamed(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		deaf := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		})
		e := p.envBehind(deaf, "test-alarm", "--topic", topic)
		p.cloudWatch.refused["DeleteAlarms"] = "AccessDenied"
		const want = "the alarm alarmrelay-test-NEW may be there still: "
		if code := run(t.Context(), e.env); code != exitFailure || !strings.HasPrefix(steady(e.err.String()), want) {
			t.Errorf("exit code %d: %s", code, e.err.String())
		}
	})
}

func TestADrillThatPanicsLeavesNothingBehind(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		e := p.env("test-alarm", "--topic", topic)
		e.stdout = onWrite{&e.out, "set it to ALARM", func() { panic("a bug") }}
		func() {
			defer func() { _ = recover() }()
			run(t.Context(), e.env)
		}()
		if left := p.cloudWatch.names(); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	})
}

func TestADrillTellsProgramsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := openPost()
		defer p.sqs.Close()
		p.cloudWatch.act = func(_, state string) string { return map[string]string{"OK": "no"}[state] }
		e := p.env("test-alarm", "--json", "--topic", topic)
		begin := time.Now().UTC()
		code := run(t.Context(), e.env)
		var got drillReport
		if err := json.Unmarshal(e.out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		want := drillReport{Alarm: "alarmrelay-test-NEW", Region: "ap-northeast-2", Steps: []drillStep{
			{State: "ALARM", At: begin, Actions: []drillAction{{Action: topic, Outcome: outcomeDone}}},
			{State: "OK", At: begin.Add(drillRest), Actions: []drillAction{{Action: topic, Outcome: outcomeFailed, Error: "no"}}},
		}}
		got.Alarm = steady(got.Alarm)
		if diff := cmp.Diff(want, got); diff != "" || code != exitFailure {
			t.Errorf("exit code %d, report (-want +got):\n%s", code, diff)
		}
	})
}
