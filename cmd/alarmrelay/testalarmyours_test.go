package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud/account"
)

const stops = "arn:aws:automate:ap-northeast-2:ec2:stop"

func TestOnlyNoticesMayBeTested(t *testing.T) {
	const arn = "arn:aws:%:ap-northeast-2:111122223333:"
	at := func(service, rest string) string { return strings.ReplaceAll(arn, "%", service) + rest }
	for name, row := range map[string]struct {
		action string
		want   string
	}{
		"a topic":                                 {topic, ""},
		"a FIFO topic":                            {topic + ".fifo", ""},
		"the relay's function":                    {function, ""},
		"an alias of the relay's function":        {function + ":live", ""},
		"another function":                        {function + "-repair", "runs a function that is not known to be the relay's; if it is, say --function or --stack"},
		"a function of the name elsewhere":        {strings.Replace(function, "111122223333", "444455556666", 1), "runs a function that is not known to be the relay's; if it is, say --function or --stack"},
		"an instance is stopped":                  {stops, "stops, ends, starts or repairs an instance"},
		"an instance is rebooted by a workflow":   {at("swf", "action/actions/AWS_EC2.InstanceId.Reboot/1.0"), "stops, ends, starts or repairs an instance"},
		"a group is scaled":                       {at("autoscaling", "scalingPolicy:0a1b:autoScalingGroupName/web:policyName/out"), "changes how many instances or tasks run"},
		"an OpsItem":                              {at("ssm", "opsitem:3#CATEGORY=Performance"), "opens an OpsItem"},
		"an incident":                             {"arn:aws:ssm-incidents::111122223333:response-plan/down", "starts an incident"},
		"an investigation":                        {at("aiops", "investigation-group/0a1b"), "starts an investigation"},
		"a service that nobody here knows":        {at("magic", "wand"), "does what nobody here knows"},
		"no ARN":                                  {"stop", "does what nobody here knows"},
		"what only says that it is from somebody": {"sns:stop:x:y:z:a", "does what nobody here knows"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := deedOf(row.action, []string{function + ":live"}); got != row.want {
				t.Errorf("%s: %q, want %q", row.action, got, row.want)
			}
		})
	}
}

// yours is an alarm of the account that may be tested; change makes it less so.
func yours(change func(*account.FoundAlarm)) account.FoundAlarm {
	a := account.FoundAlarm{Alarm: well(func(*account.Alarm) {}), State: "OK"}
	change(&a)
	return a
}

func TestObjectionsToATest(t *testing.T) {
	for name, row := range map[string]struct {
		alarm      account.FoundAlarm
		dependents account.Dependents
		want       []string
	}{
		"none": {alarm: yours(func(*account.FoundAlarm) {})},
		"none where a parent only tells, or is disabled": {
			yours(func(*account.FoundAlarm) {}),
			account.Dependents{Parents: []account.FoundAlarm{
				yours(func(a *account.FoundAlarm) { a.Name = "shop-down" }),
				yours(func(a *account.FoundAlarm) { a.ActionsEnabled, a.OKActions = false, []string{stops} }),
			}},
			nil,
		},
		"an action of any state": {
			alarm: yours(func(a *account.FoundAlarm) { a.InsufficientDataActions, a.OKActions = []string{stops}, []string{stops} }),
			want:  []string{"it stops, ends, starts or repairs an instance (" + stops + ")"},
		},
		"a parent's action": {
			yours(func(*account.FoundAlarm) {}),
			account.Dependents{Parents: []account.FoundAlarm{yours(func(a *account.FoundAlarm) { a.Name, a.AlarmActions = "shop-down", []string{stops} })}},
			[]string{"the composite alarm shop-down, which depends on it, stops, ends, starts or repairs an instance (" + stops + ")"},
		},
		"others are silent meanwhile": {
			yours(func(*account.FoundAlarm) {}),
			account.Dependents{Suppressed: []string{"shop-down", "orders-down"}},
			[]string{"while it is in ALARM, these tell nobody: shop-down, orders-down"},
		},
		"a composite alarm": {
			alarm: yours(func(a *account.FoundAlarm) { a.Composite = true }),
			want:  []string{"it is a composite alarm, which would not come back to its true state by itself: test one of those that its rule names"},
		},
		"disabled actions": {
			alarm: yours(func(a *account.FoundAlarm) { a.ActionsEnabled = false }),
			want:  []string{"its actions are disabled, so nobody would be told"},
		},
		"no action, and in ALARM": {
			alarm: yours(func(a *account.FoundAlarm) { a.AlarmActions, a.State = nil, "ALARM" }),
			want:  []string{"it has no action for ALARM, so nobody would be told", "it is in ALARM already, and setting it to that does nothing"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, objections(row.alarm, row.dependents, nil)); diff != "" {
				t.Errorf("objections (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAlikeNamesShareHalfOfTheWords(t *testing.T) {
	names := []string{"prod-api-cpu-high", "prod-api-memory", "dev-disk", "Prod API CPU", "prod-api-errors", ""}
	for name, want := range map[string][]string{
		"prod-api-cpu-hihg": {"prod-api-cpu-high", "Prod API CPU", "prod-api-memory"},
		"disk":              {"dev-disk"},
		"PROD_API_CPU_HIGH": {"prod-api-cpu-high", "Prod API CPU", "prod-api-memory"},
		"orders":            {},
		"-":                 {},
	} {
		if diff := cmp.Diff(want, append([]string{}, alike(name, names)...)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", name, diff)
		}
	}
}

func TestAnAlarmOfYoursGoesUpAndBack(t *testing.T) {
	const back = `TIME   the alarm prod-api-cpu in ap-northeast-2 is in OK
TIME   set it to ALARM
TIME ✓ ALARM: CloudWatch told the function alarmrelay
TIME ✓ ALARM: CloudWatch told the topic alarms
TIME   set it to OK
TIME ✓ OK: CloudWatch told the topic alarms
TIME   waiting for the relay
TIME ✓ nothing waits in the relay's queue, and nothing new could not be told

The channel should show prod-api-cpu by now: in ALARM, then recovered, as your rules have it.
If it doesn't, docs/operations.md says where to look, step by step.
CloudWatch looks at prod-api-cpu anew at its next period; if it really is in another state, that is told then.
`
	const question = "Whoever watches the alarm otherwise sees it, too: EventBridge rules, and deployments that roll back when it fires.\n" +
		"set prod-api-cpu in ap-northeast-2 to ALARM and back to OK, and with it maybe shop-down? " +
		"That tells the topic alarms and the function alarmrelay and the topic mail. [y/N] "
	for name, row := range map[string]struct {
		args   []string
		answer string // "": nobody is asked
		change func(*postOffice, *cloudAlarm)
		code   int
		out    string
		err    string
	}{
		"asked for": {args: []string{"prod-api-cpu", "--yes"}, out: back},
		"agreed to": {args: []string{"prod-api-cpu"}, answer: "y\n", out: back, err: question},
		"refused": {
			args: []string{"prod-api-cpu"}, answer: "\n", code: exitFailure,
			err: question + "alarmrelay test-alarm: nothing was done\n",
		},
		"from no data, which tells nobody, and with an old history": {
			args:   []string{"prod-api-cpu", "--function", function},
			answer: "yes\n",
			change: func(p *postOffice, a *cloudAlarm) {
				a.onAlarm, a.state = []string{function}, "INSUFFICIENT_DATA"
				p.cloudWatch.set(a, "ALARM")
				p.cloudWatch.set(a, "INSUFFICIENT_DATA")
				delete(p.cloudWatch.alarms, "shop-down")
				p.cloudWatch.slow = 2 * time.Second
				time.Sleep(time.Minute) // of the bubble
			},
			out: strings.NewReplacer("in OK\n", "in INSUFFICIENT_DATA\n", "in ALARM, then recovered", "in ALARM", "TIME ✓ ALARM: CloudWatch told the topic alarms\n", "", "set it to OK\n", "set it to INSUFFICIENT_DATA\n",
				"TIME ✓ OK: CloudWatch told the topic alarms\nTIME   waiting for the relay\nTIME ✓ nothing waits in the relay's queue, and nothing new could not be told\n", "").Replace(back),
			err: "Whoever watches the alarm otherwise sees it, too: EventBridge rules, and deployments that roll back when it fires.\n" +
				"set prod-api-cpu in ap-northeast-2 to ALARM and back to INSUFFICIENT_DATA? That tells the function alarmrelay. [y/N] ",
		},
		"it stops an instance": {
			args:   []string{"prod-api-cpu", "--yes"},
			change: func(_ *postOffice, a *cloudAlarm) { a.onOK = []string{topic, stops} },
			code:   exitFailure,
			err:    "alarmrelay test-alarm: alarm prod-api-cpu can't be tested: it stops, ends, starts or repairs an instance (" + stops + ")\n",
		},
		"a parent of its parent stops an instance": {
			args: []string{"prod-api-cpu", "--yes"},
			change: func(p *postOffice, _ *cloudAlarm) {
				p.cloudWatch.alarms["all-down"] = &cloudAlarm{name: "all-down", state: "OK", rule: `ALARM("shop-down")`, onAlarm: []string{stops}}
			},
			code: exitFailure,
			err: "alarmrelay test-alarm: alarm prod-api-cpu can't be tested: the composite alarm all-down, which depends on it, " +
				"stops, ends, starts or repairs an instance (" + stops + ")\n",
		},
		"it silences another": {
			args: []string{"prod-api-cpu", "--yes"},
			change: func(p *postOffice, _ *cloudAlarm) {
				p.cloudWatch.alarms["orders-down"] = &cloudAlarm{name: "orders-down", state: "OK", rule: `ALARM("orders")`, suppressor: "prod-api-cpu"}
			},
			code: exitFailure,
			err:  "alarmrelay test-alarm: alarm prod-api-cpu can't be tested: while it is in ALARM, these tell nobody: orders-down\n",
		},
		"its function is another's": {
			args:   []string{"prod-api-cpu", "--yes"},
			change: func(_ *postOffice, a *cloudAlarm) { a.onAlarm = []string{function + "-repair"} },
			code:   exitFailure,
			err: "alarmrelay test-alarm: alarm prod-api-cpu can't be tested: it runs a function that is not known to be the relay's; " +
				"if it is, say --function or --stack (" + function + "-repair)\n",
		},
		"it is not there": {
			args: []string{"prod-api-cpuu", "--yes"},
			code: exitFailure,
			err:  "alarmrelay test-alarm: there is no alarm prod-api-cpuu in ap-northeast-2 (AWS_REGION says where to look); did you mean prod-api-cpu?\n",
		},
		"nobody may look": {
			args:   []string{"prod-api-cpu", "--yes"},
			change: func(p *postOffice, _ *cloudAlarm) { p.cloudWatch.refused["DescribeAlarms"] = "AccessDenied" },
			code:   exitFailure,
			err: "alarmrelay test-alarm: look up alarm prod-api-cpu: access denied: it takes cloudwatch:DescribeAlarms " +
				"(User: minji is not authorized to perform: cloudwatch:DescribeAlarms)\n",
		},
		"there is no such stack": {
			args: []string{"prod-api-cpu", "--yes", "--stack", "relay"},
			code: exitFailure,
			err:  "alarmrelay test-alarm: read the outputs of stack relay: there is no such stack in ap-northeast-2 (AWS_REGION says where to look)\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				alarm := &cloudAlarm{name: "prod-api-cpu", state: "OK", onAlarm: []string{topic, function}, onOK: []string{topic}}
				p.cloudWatch.alarms = map[string]*cloudAlarm{
					alarm.name:  alarm,
					"shop-down": {name: "shop-down", state: "OK", rule: `ALARM("prod-api-cpu") OR ALARM("dev-disk")`, onAlarm: []string{other}},
					"dev-disk":  {name: "dev-disk", state: "OK"},
				}
				if row.change != nil {
					row.change(p, alarm)
				}
				before := alarm.state
				e := p.env(append([]string{"test-alarm"}, row.args...)...)
				e.asking, e.stdin = row.answer != "", strings.NewReader(row.answer)
				code := run(t.Context(), e.env)
				if diff := cmp.Diff([]string{row.out, row.err}, []string{steady(e.out.String()), e.err.String()}); diff != "" || code != row.code {
					t.Errorf("exit code %d; output and error (-want +got):\n%s", code, diff)
				}
				if alarm.state != before || p.cloudWatch.alarms[alarm.name] == nil {
					t.Errorf("the alarm is left in %s", alarm.state)
				}
				if row.out == "" && strings.Contains(strings.Join(p.cloudWatch.calls(), " "), "SetAlarmState") {
					t.Error("it was set all the same")
				}
			})
		})
	}
}

func TestAnInterruptedTestPutsYourAlarmBack(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		alarm := &cloudAlarm{name: "prod-api-cpu", state: "OK", onAlarm: []string{topic}}
		p.cloudWatch.alarms[alarm.name] = alarm
		p.cloudWatch.after = map[string]func(){"SetAlarmState": cancel}
		e := p.env("test-alarm", "prod-api-cpu", "--yes")
		if code := run(ctx, e.env); code != exitFailure || alarm.state != "OK" || len(p.cloudWatch.names()) != 1 {
			t.Errorf("exit code %d, the alarm is in %s\n%s%s", code, alarm.state, e.out.String(), e.err.String())
		}
	})
}
