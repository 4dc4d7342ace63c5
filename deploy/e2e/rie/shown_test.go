package main

import (
	"testing"

	"alarmrelay/alert"
	"alarmrelay/deploy/runtimeapi"
)

func TestWhatAChannelLacksIsNamed(t *testing.T) {
	cpu := alert.Alert{Kind: alert.KindMetricAlarm, Name: "prod_api [cpu] <high>", State: alert.StateAlarm}
	ok := cpu
	ok.State = alert.StateOK
	budget := alert.Alert{Kind: "budget", Name: "shop-monthly"}
	card := func(title string) []shown { return []shown{{titles: []string{title}, text: title + "\nsince 12:08"}} }
	for name, row := range map[string]struct {
		alert    *alert.Alert
		older    bool
		messages []shown
		want     string
	}{
		"an alarm with its state":               {&cpu, false, card(`🔴 ALARM prod\_api \[cpu\] \<high\>`), ""},
		"a name that is not there":              {&cpu, false, card("🔴 ALARM prod-worker"), `ops does not name "prod_api [cpu] <high>"`},
		"another state":                         {&cpu, false, card("🟢 RESOLVED prod_api [cpu] <high>"), `ops does not say that "prod_api [cpu] <high>" is in state ALARM`},
		"a recovery":                            {&ok, false, card("🟢 RESOLVED prod_api [cpu] <high>"), ""},
		"an older state beside the newest":      {&cpu, true, card("🟢 RESOLVED prod_api [cpu] <high>"), ""},
		"a notice has no state":                 {&budget, false, card("💸 Budget shop-monthly is over $400.00"), ""},
		"nothing at all":                        {&budget, false, nil, `ops does not name "shop-monthly"`},
		"a state that stands before other text": {&cpu, false, card("🔴 ALARM of prod_api [cpu] <high>"), `ops does not say that "prod_api [cpu] <high>" is in state ALARM`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := missing(news{"ops", row.alert, !row.older}, row.messages); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestErrorsAreFoundInALog(t *testing.T) {
	log := "START RequestId: 1 Version: $LATEST\n" +
		`{"level":"INFO","message":"delivered","alert":"ERROR"}` + "\n" +
		`{"level":"ERROR","message":"not delivered"}` + "\n" +
		`{"_aws":{},"Received":1}` + "\n" +
		"22 Nov 2026 06:18:52,419 [ERROR] (rapid) Init failed\n" +
		"panic: runtime error\n"
	got := errorsIn([]byte(log))
	want := []string{`{"level":"ERROR","message":"not delivered"}`, "22 Nov 2026 06:18:52,419 [ERROR] (rapid) Init failed", "panic: runtime error"}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAFunctionsErrorIsToldFromAnAnswer(t *testing.T) {
	for payload, want := range map[string]error{
		`null`:                     nil,
		`{"batchItemFailures":[]}`: nil,
		`"errorMessage"`:           nil,
		`{"errorMessage":"deliver to ops: webhook is dead","errorType":"joinError"}`: &runtimeapi.FunctionError{Type: "joinError", Message: "deliver to ops: webhook is dead"},
	} {
		got := functionError([]byte(payload))
		if (got == nil) != (want == nil) || got != nil && got.Error() != want.Error() {
			t.Errorf("%s: %v, want %v", payload, got, want)
		}
	}
}

func TestASecretIsFoundAndNotRepeated(t *testing.T) {
	w, _ := openWorld(t)
	trial := &trial{world: w}
	trial.logs.WriteString("posting to " + w.crew.Token + "\n")
	trial.judgeLog(false)
	if len(trial.row.Wrong) != 1 || trial.row.Wrong[0] != "the log holds a part of a webhook's address" {
		t.Errorf("found %q", trial.row.Wrong)
	}
	if got := w.redacted("at " + w.ops.ID + "/" + w.ops.Token); got != "at [secret]/[secret]" {
		t.Errorf("redacted to %q", got)
	}
}
