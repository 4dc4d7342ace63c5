package e2e_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheRelayIsWatchedByOthers(t *testing.T) {
	resources := at[shape](t, readTemplate(t), "Resources")
	var watched []string
	watch := []any{shape{"Ref": "WatchTopic"}}
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		if at[string](t, resources, name, "Type") != "AWS::CloudWatch::Alarm" {
			continue
		}
		properties := at[shape](t, resources, name, "Properties")
		quiet := "notBreaching"
		if name == "TicksAlarm" {
			quiet = "breaching" // ticks come in quiet nights, too
		}
		if properties["TreatMissingData"] != quiet {
			t.Errorf("%s takes a quiet night for %v", name, properties["TreatMissingData"])
		}
		if name == "NewVersionAlarm" {
			continue // CodeDeploy reads it
		}
		watched = append(watched, name)
		for _, actions := range []string{"AlarmActions", "OKActions"} {
			if diff := cmp.Diff(any(watch), properties[actions]); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", actions, name, diff)
			}
		}
	}
	want := []string{"DeadLetterAlarm", "ErrorsAlarm", "FailedAlarm", "OldestMessageAlarm", "SubscriptionDeadLetterAlarm", "ThrottlesAlarm", "TicksAlarm"}
	if diff := cmp.Diff(want, watched); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
	}
}

func TestTheDashboardIsJSON(t *testing.T) {
	var dashboard struct {
		Widgets []struct {
			X, Y, Width, Height int
			Properties          struct{ Alarms []string }
		}
	}
	for ticks, last := range map[string]string{"false": "[FailedAlarm.Arn]", "true": "[TicksAlarm.Arn]"} {
		d := deploy(t, values{"Ticks": ticks})
		body := d.text(at[shape](t, d.template, "Resources", "Dashboard", "Properties", "DashboardBody"))
		if err := json.Unmarshal([]byte(body), &dashboard); err != nil {
			t.Fatal(err)
		}
		if alarms := dashboard.Widgets[0].Properties.Alarms; alarms[len(alarms)-1] != last {
			t.Errorf("with Ticks %s it shows the alarms %v", ticks, alarms)
		}
	}
	taken := map[[2]int]bool{}
	for _, w := range dashboard.Widgets {
		for x := w.X; x < w.X+w.Width; x++ {
			for y := w.Y; y < w.Y+w.Height; y++ {
				if x >= 24 || taken[[2]int{x, y}] {
					t.Fatalf("a widget is over another or outside, at %d, %d", x, y)
				}
				taken[[2]int{x, y}] = true
			}
		}
	}
}

func TestOutputsAreWhatCommandsAndExamplesRead(t *testing.T) {
	got := slices.Sorted(maps.Keys(at[shape](t, readTemplate(t), "Outputs")))
	want := []string{
		"DashboardUrl", "DeadLetterQueueUrl", "FunctionArn", "FunctionName", "LogGroup", "QueueUrl",
		"SubscriptionDeadLetterQueueUrl", "Table", "TopicArn", "WatchTopicArn",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
