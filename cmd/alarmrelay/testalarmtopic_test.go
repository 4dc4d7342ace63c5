package main

import (
	"context"
	"errors"
	"testing"
)

func TestATopicOfARegionThatIsNoneIsRefusedBeforeAnythingIsMade(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		for arn, want := range map[string]string{
			"arn:aws:sns:ap-northeest-2:111122223333:alarms": "alarmrelay test-alarm: the topic arn:aws:sns:ap-northeest-2:111122223333:alarms: " +
				"no AWS region is called ap-northeest-2, as far as can be seen from here; did you mean ap-northeast-2?\n",
			"arn:aws:sns:moon:111122223333:alarms": "alarmrelay test-alarm: the topic arn:aws:sns:moon:111122223333:alarms: that is no AWS region: one reads ap-northeast-2\n",
		} {
			e := p.env("test-alarm", "--topic", arn)
			e.resolves = func(context.Context, string) error { return errors.New("no such host") }
			if code := run(t.Context(), e.env); code != exitFailure || e.err.String() != want || len(p.cloudWatch.calls()) > 0 {
				t.Errorf("exit code %d, asked for %v: %s", code, p.cloudWatch.calls(), e.err.String())
			}
		}
	})
}

func TestWhatIsNoTopicAndNoFunctionIsRefused(t *testing.T) {
	for _, arn := range []string{"arn:aws:sns::111122223333:alarms", "arn:aws:sns:us-east-1:1111:alarms", topic + ":1a2b-3c4d", "arn:aws:sns:us-east-1:111122223333:", function} {
		if checkTargets([]string{arn}, nil) == nil {
			t.Errorf("%s is a topic", arn)
		}
	}
	for _, arn := range []string{topic, "arn:aws:lambda:us-east-1:111122223333:layer:alarmrelay", function + ":live:2", function + ":"} {
		if checkTargets(nil, []string{arn}) == nil {
			t.Errorf("%s is a function", arn)
		}
	}
	if err := checkTargets([]string{topic, "arn:aws-cn:sns:cn-north-1:111122223333:a.fifo"}, []string{function, function + ":live", function + ":$LATEST"}); err != nil {
		t.Error(err)
	}
}
