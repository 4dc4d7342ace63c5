package formatter

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

func TestReason(t *testing.T) {
	cpu := alert.Query{Namespace: "AWS/EC2", Name: "CPUUtilization", Stat: "Average", Returned: true}
	with := func(m alert.MetricAlarm, queries ...alert.Query) *alert.MetricAlarm {
		if len(queries) == 0 {
			queries = []alert.Query{cpu}
		}
		m.Queries, m.Period = queries, 300
		return &m
	}
	for name, c := range map[string]struct {
		state  alert.State
		reason string
		metric *alert.MetricAlarm
		en, ko string
	}{
		"the sentence tells how many datapoints, not the configuration": {
			"ALARM", "Threshold Crossed: 4 out of the last 5 datapoints [9.0 (x), 8.0 (x)] was greater than the threshold (5.0) (minimum 3 datapoints for OK -> ALARM transition).",
			with(alert.MetricAlarm{Comparison: above, Threshold: new(5.0), Evaluations: 5, Datapoints: 3, Values: []float64{8, 9}}),
			"**CPUUtilization** average is **9 %**, **> 5 %** for 4 of 5 datapoints of 5 min.",
			"**CPUUtilization** 평균 **9 %**, 5분 데이터 포인트 5개 중 4개가 **5 % 초과**입니다.",
		},
		"the newest value shown is one that breaches": {
			"ALARM", "Threshold Crossed: 2 out of the last 3 datapoints [1.0 (x)] were less than or equal to the threshold (1.5).",
			with(alert.MetricAlarm{Comparison: atMost, Threshold: new(1.5), Values: []float64{1, 1.25, 7}}),
			"**CPUUtilization** average is **1.25 %**, **≤ 1.5 %** for 2 of 3 datapoints of 5 min.",
			"**CPUUtilization** 평균 **1.25 %**, 5분 데이터 포인트 3개 중 2개가 **1.5 % 이하**입니다.",
		},
		"EventBridge tells comparison and threshold in the sentence only": {
			"ALARM", "Threshold Crossed: 1 datapoint [21.5 (23/09/26 19:57:00)] was less than the threshold (30.0).",
			with(alert.MetricAlarm{Values: []float64{21.5}}),
			"**CPUUtilization** average is **21.5 %**, **\\< 30 %** for 1 datapoint of 5 min.",
			"**CPUUtilization** 평균 **21.5 %**, 5분 데이터 포인트 1개가 **30 % 미만**입니다.",
		},
		"a recovery": {
			"OK", "Threshold Crossed: 1 datapoint [4.0 (x)] was not greater than the threshold (5.0).",
			with(alert.MetricAlarm{Comparison: above, Threshold: new(5.0), Values: []float64{9, 4}}),
			"**CPUUtilization** average is **4 %**, no longer **> 5 %**.",
			"**CPUUtilization** 평균 **4 %**, 경보 조건(**5 % 초과**)에서 벗어났습니다.",
		},
		"values that don't bear the sentence out are not claimed": {
			"ALARM", "Threshold Crossed: 1 datapoint [4.0 (x)] was greater than the threshold (5.0).",
			with(alert.MetricAlarm{Comparison: above, Threshold: new(5.0), Values: []float64{4}}),
			`Threshold Crossed: 1 datapoint \[4.0 (x)\] was greater than the threshold (5.0).`,
			`Threshold Crossed: 1 datapoint \[4.0 (x)\] was greater than the threshold (5.0).`,
		},
		"missing data": {
			"ALARM", "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].",
			with(alert.MetricAlarm{Missing: true, MissingData: "breaching"}),
			"No data of **CPUUtilization** for **2 periods of 5 min**; missing data counts as breaching.",
			"**CPUUtilization**: **5분 주기 2회** 동안 데이터가 없으며, 누락된 데이터는 임계값 위반으로 처리됩니다.",
		},
		"values and their absence are told by CloudWatch's own sentence": {
			"ALARM", "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
			with(alert.MetricAlarm{Comparison: above, Threshold: new(5.0), Values: []float64{9}}),
			`Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as \[Breaching\].`,
			`Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as \[Breaching\].`,
		},
		"too little data": {
			"INSUFFICIENT_DATA", "Insufficient Data: 1 datapoint was unknown.", with(alert.MetricAlarm{}),
			"**CPUUtilization**: 1 datapoint missing, so its state is not known.",
			"**CPUUtilization**: 데이터 포인트 1개가 없어 상태를 판단할 수 없습니다.",
		},
		"an anomaly, whose band is not what is watched": {
			"ALARM", "Thresholds Crossed: 1 out of the last 1 datapoints [70.0 (x)] was less than the lower thresholds [20.04] or greater than the upper thresholds [44.96] (minimum 1 datapoint for OK -> ALARM transition).",
			with(
				alert.MetricAlarm{Comparison: "LessThanLowerOrGreaterThanUpperThreshold", ThresholdID: "ad1", Values: []float64{70}, Lower: []float64{20.04}, Upper: []float64{44.96}},
				alert.Query{ID: "ad1", Expression: "ANOMALY_DETECTION_BAND(m1, 2)", Returned: true}, cpu,
			),
			"**CPUUtilization** average is **70 %**, outside the expected **20 % – 45 %** for 1 datapoint of 5 min.",
			"**CPUUtilization** 평균 **70 %**, 5분 데이터 포인트 1개가 예상 범위 **20 % – 45 % 밖**입니다.",
		},
		"an anomaly is over": {
			"OK", "Thresholds Crossed: 1 out of the last 3 datapoints [40.6 (x)] was not greater than the upper thresholds [44.4] (minimum 1 datapoint for ALARM -> OK transition).",
			with(alert.MetricAlarm{Comparison: "GreaterThanUpperThreshold", Values: []float64{90, 40.6}, Upper: []float64{44.4}}),
			"**CPUUtilization** average is **40.6 %**, no longer above the expected **44.4 %**.",
			"**CPUUtilization** 평균 **40.6 %**, 경보 조건(예상 상한 **44.4 % 초과**)에서 벗어났습니다.",
		},
		"metric math without a label is shown as it is": {
			"ALARM", "Threshold Crossed: 1 datapoint [0.07 (x)] was greater than or equal to the threshold (0.05).",
			with(
				alert.MetricAlarm{Comparison: atLeast, Threshold: new(0.05), Values: []float64{0.0712}},
				alert.Query{ID: "e1", Expression: "errors/requests", Returned: true}, cpu,
			),
			"`errors/requests` is **0.0712**, **≥ 0.05** for 1 datapoint of 5 min.",
			"`errors/requests` 값 **0.0712**, 5분 데이터 포인트 1개가 **0.05 이상**입니다.",
		},
		"SetAlarmState says what its user wrote": {
			"ALARM", "fire drill @everyone", with(alert.MetricAlarm{Comparison: above, Threshold: new(5.0), Values: []float64{9}}),
			"fire drill @\u200beveryone", "fire drill @\u200beveryone",
		},
		"no reason at all": {
			"ALARM", "", with(alert.MetricAlarm{}),
			"CloudWatch gave no reason. **CPUUtilization**", "CloudWatch가 사유를 알려 주지 않았습니다. **CPUUtilization**",
		},
		"numbers that make no sense leave the sentence": {
			"ALARM", "Threshold Crossed: 99999999999999999999 out of the last x datapoints", with(alert.MetricAlarm{Values: []float64{1}}),
			"Threshold Crossed: 99999999999999999999 out of the last x datapoints", "Threshold Crossed: 99999999999999999999 out of the last x datapoints",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := &alert.Alert{Kind: alert.KindMetricAlarm, State: c.state, Reason: c.reason, Metric: c.metric}
			if a.State == alert.StateOK {
				a.Previous = alert.StateAlarm
			}
			for locale, want := range map[string]string{"en": c.en, "ko": c.ko} {
				got, _ := write(discordPen{}, newTeller(Notice{}, Style{Locale: locale}).reason(a), 4096)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", locale, diff)
				}
			}
		})
	}
}

func TestAnOKThatNoAlarmCameBeforeDoesNotSayThatThereWasOne(t *testing.T) {
	a := &alert.Alert{
		Kind: alert.KindMetricAlarm, State: alert.StateOK, Previous: alert.StateInsufficientData,
		Reason: "Threshold Crossed: 1 datapoint [0.0 (x)] was not greater than the threshold (0.0).",
		Metric: &alert.MetricAlarm{
			Comparison: above, Threshold: new(0.0), Values: []float64{0},
			Queries: []alert.Query{{Name: "Errors", Stat: "Sum", Returned: true}},
		},
	}
	for locale, want := range map[string]string{
		"en": "**Errors** sum is **0**, not **> 0**.",
		"ko": "**Errors** 합계 **0**, 경보 조건(**0 초과**)에 해당하지 않습니다.",
	} {
		if got, _ := write(discordPen{}, newTeller(Notice{}, Style{Locale: locale}).reason(a), 4096); got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}
