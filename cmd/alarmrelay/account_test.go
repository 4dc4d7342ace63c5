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
			func(a *account.Alarm) { a.AlarmActions = []string{function + "-old"} },
			[]string{function},
			false,
			[]alarmProblem{problemNoAction},
		},
		"actions lead elsewhere": {
			func(a *account.Alarm) { a.AlarmActions = []string{other} },
			[]string{topic},
			false,
			[]alarmProblem{problemNoAction},
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
			want := accountReport{LookedAt: true, Alarms: 1, Findings: []alarmFinding{}}
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
	want := accountReport{LookedAt: true, Scaling: 1, Findings: []alarmFinding{}}
	if diff := cmp.Diff(want, judgeAlarms([]account.Alarm{scaling}, []string{topic})); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
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

func (a listed) Alarms(context.Context) ([]account.Alarm, error) { return a.alarms, a.err }

const liveConfig = `
allow_hosts: ["127.0.0.1"]
destinations: {ops: {discord: "env:OPS"}, backend: {slack: "env:BACKEND"}}
rules: [{to: [ops, backend]}]
`

func TestCheckOnlineTellsOfTheAccountWithoutFailing(t *testing.T) {
	scene := newScene(t)
	for name, row := range map[string]struct {
		account listed
		want    string
	}{
		"with credentials": {
			listed{alarms: []account.Alarm{well(func(a *account.Alarm) { a.ActionsEnabled = false })}},
			"✗ account: 1 alarm, 0 set up well\n  ✗ 1 alarm: its actions are disabled\n      prod-api-cpu\n",
		},
		"without": {
			listed{err: errors.New("no credentials")},
			"· the account's alarms were not looked at: no credentials\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := scene.env("check", "--online", "--topic", topic, scene.file(liveConfig))
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
