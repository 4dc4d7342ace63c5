package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud/account"
)

const (
	topic    = "arn:aws:sns:ap-northeast-2:111122223333:alarms"
	other    = "arn:aws:sns:ap-northeast-2:111122223333:mail"
	function = "arn:aws:lambda:ap-northeast-2:111122223333:function:alarmrelay"
)

// well is an alarm that is set up well; change makes it less so.
func well(change func(*account.Alarm)) account.Alarm {
	a := account.Alarm{
		Name: "prod-api-cpu", ARN: "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:prod-api-cpu",
		ActionsEnabled: true, AlarmActions: []string{topic}, OKActions: []string{topic}, TagsPropagated: true,
	}
	change(&a)
	return a
}

func TestJudgeAlarms(t *testing.T) {
	for name, row := range map[string]struct {
		change  func(*account.Alarm)
		targets []string
		reaches bool
		want    []alarmProblem // none: no finding
	}{
		"all is well": {func(*account.Alarm) {}, []string{topic}, true, nil},
		"the function itself is an action, by its alias": {
			func(a *account.Alarm) { a.AlarmActions, a.OKActions = []string{function + ":live"}, []string{function} },
			[]string{function},
			true, nil,
		},
		"another function whose name begins alike is not the relay": {
			func(a *account.Alarm) { a.AlarmActions, a.OKActions = []string{function}, []string{function + "-old"} },
			[]string{function},
			true,
			[]alarmProblem{problemNoOK},
		},
		"only its recovery leads to the relay": {
			func(a *account.Alarm) { a.AlarmActions = []string{other} },
			[]string{topic},
			false,
			[]alarmProblem{problemNoAction},
		},
		"its actions lead elsewhere, and are disabled": {
			func(a *account.Alarm) {
				a.AlarmActions, a.OKActions, a.ActionsEnabled = []string{other}, nil, false
			},
			[]string{topic},
			false,
			[]alarmProblem{problemNoAction, problemDisabled},
		},
		"without targets any action counts":    {func(a *account.Alarm) { a.AlarmActions = []string{other} }, nil, true, nil},
		"without targets no action is noticed": {func(a *account.Alarm) { a.AlarmActions = nil }, nil, false, []alarmProblem{problemNoAction}},
		"its actions are disabled": {
			func(a *account.Alarm) { a.ActionsEnabled = false },
			[]string{topic},
			false,
			[]alarmProblem{problemDisabled},
		},
		"its recovery is not told": {
			func(a *account.Alarm) { a.OKActions = []string{other} },
			[]string{topic, function},
			true,
			[]alarmProblem{problemNoOK},
		},
		"a throw-away alarm that is left": {
			func(a *account.Alarm) { a.Name, a.TagsPropagated = drillPrefix+"1a2b3c4d", false },
			[]string{topic},
			true,
			[]alarmProblem{problemDrill},
		},
		"its tags stay behind": {
			func(a *account.Alarm) { a.TagsPropagated = false },
			[]string{topic},
			true,
			[]alarmProblem{problemTagsStay},
		},
		"what never reaches the relay is not asked for its recovery": {
			func(a *account.Alarm) { *a = account.Alarm{Name: a.Name, ARN: a.ARN} },
			[]string{topic},
			false,
			[]alarmProblem{problemNoAction, problemDisabled},
		},
	} {
		t.Run(name, func(t *testing.T) {
			alarm := well(row.change)
			want := accountReport{LookedAt: true, Alarms: 1, Elsewhere: []alarmElsewhere{}, Findings: []alarmFinding{}}
			if row.want != nil {
				want.Findings = append(want.Findings, alarmFinding{alarm.Name, alarm.ARN, row.reaches, row.want})
			}
			if diff := cmp.Diff(want, judgeAlarms([]account.Alarm{alarm}, row.targets)); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJudgeAlarmsLeavesScalingAlone(t *testing.T) {
	scaling := account.Alarm{Name: "TargetTracking-service/prod/orders-AlarmLow-0a1b"}
	want := accountReport{LookedAt: true, Scaling: 1, Elsewhere: []alarmElsewhere{}, Findings: []alarmFinding{}}
	if diff := cmp.Diff(want, judgeAlarms([]account.Alarm{scaling}, []string{topic})); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// The relay's own alarms act on its WatchTopic, so that it is not asked to tell of its own trouble.
func TestAlarmsThatActOnSomethingElseAreNoProblem(t *testing.T) {
	watch := func(name string, actions ...string) account.Alarm {
		return well(func(a *account.Alarm) { a.Name, a.AlarmActions, a.OKActions = name, actions, nil })
	}
	const stop = "arn:aws:automate:ap-northeast-2:ec2:stop"
	alarms := []account.Alarm{well(func(*account.Alarm) {}), watch("dead-letters", other), watch("errors", other), watch("idle", stop, other)}
	report := judgeAlarms(alarms, []string{topic})
	want := accountReport{LookedAt: true, Alarms: 4, Findings: []alarmFinding{}}
	for _, a := range alarms[1:] {
		want.Elsewhere = append(want.Elsewhere, alarmElsewhere{a.Name, a.ARN, a.AlarmActions})
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	for more, said := range map[int]string{
		0: "3 alarms acting on something else only, which is taken as meant: the topic mail, " + stop,
		3: "6 alarms acting on something else only, which is taken as meant: the topic mail, " + stop + ", the topic t0, 2 more (--json lists them all)",
	} {
		report := report
		for i := range more {
			report.Alarms++
			report.Elsewhere = append(report.Elsewhere, alarmElsewhere{Actions: []string{fmt.Sprintf("arn:aws:sns:ap-northeast-2:111122223333:t%d", i)}})
		}
		var w strings.Builder
		report.write(&w)
		if diff := cmp.Diff(fmt.Sprintf("✓ account: %d alarms, 1 set up well\n  · %s\n", 4+more, said), w.String()); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	}
}

func TestAccountReportGroupsByProblem(t *testing.T) {
	alarms := []account.Alarm{well(func(*account.Alarm) {}), {Name: "TargetTracking-x"}}
	for i := range shownPerProblem + 2 {
		alarms = append(alarms, well(func(a *account.Alarm) { a.Name, a.AlarmActions = fmt.Sprintf("deaf-%02d", i), nil }))
	}
	alarms = append(alarms, well(func(a *account.Alarm) { a.Name, a.OKActions = "half\x1b[31m", nil }))
	var w strings.Builder
	judgeAlarms(alarms, []string{topic}).write(&w)
	want := "✗ account: 19 alarms, 1 set up well (and 1 of scaling policies, which are left alone)\n" +
		"  ✗ 17 alarms: " + string(problemNoAction) + "\n"
	for i := range shownPerProblem {
		want += fmt.Sprintf("      deaf-%02d\n", i)
	}
	want += "      and 2 more (--json lists them all)\n" +
		"  ! 1 alarm: " + string(problemNoOK) + "\n      half\ufffd[31m\n"
	if diff := cmp.Diff(want, w.String()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// listed is an alarmLister of what it holds.
type listed struct {
	alarms []account.Alarm
	err    error
}

func (a listed) Alarms(context.Context) ([]account.Alarm, string, error) {
	return a.alarms, "ap-northeast-2", a.err
}

const liveConfig = `
allow_hosts: ["127.0.0.1"]
destinations: {ops: {discord: "env:OPS"}, backend: {slack: "env:BACKEND"}}
rules: [{to: [ops, backend]}]
`

func TestCheckOnlineTellsOfTheAccountWithoutFailing(t *testing.T) {
	scene := newScene(t)
	for name, row := range map[string]struct {
		account listed
		topic   string
		want    string
	}{
		"with credentials": {
			listed{alarms: []account.Alarm{well(func(a *account.Alarm) { a.ActionsEnabled = false })}},
			topic,
			"✗ account: 1 alarm in ap-northeast-2, 0 set up well\n  ✗ 1 alarm: its actions are disabled\n      prod-api-cpu\n",
		},
		"with credentials of another region": {
			listed{alarms: []account.Alarm{well(func(*account.Alarm) {})}},
			strings.Replace(topic, "ap-northeast-2", "us-east-1", 1),
			"· the account's alarms were not looked at: an alarm acts in its own region only, and the credentials lead to ap-northeast-2: set AWS_REGION=us-east-1\n",
		},
		"without": {
			listed{err: errors.New("no credentials")},
			topic,
			"· the account's alarms were not looked at: no credentials\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := scene.env("check", "--online", "--topic", row.topic, scene.file(liveConfig))
			e.account = row.account
			code := run(t.Context(), e.env)
			want := "✓ ops (discord): the webhook is alive\n✓ backend (slack): the webhook is alive\n" + row.want
			_, got, _ := strings.Cut(e.out.String(), "\n")
			if diff := cmp.Diff(want, got); diff != "" || code != exitDone {
				t.Errorf("exit code %d, %s; output (-want +got):\n%s", code, e.err.String(), diff)
			}
		})
	}
}
