package account_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

// monitoring answers CloudWatch's operations, and keeps what it was asked. What it has no answer for it refuses.
type monitoring struct {
	answers map[string]func(cbor.Map) cbor.Map
	refuses map[string]string // codes, by operation
	asked   []cbor.Map
}

func (m *monitoring) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	body, err := io.ReadAll(r.Body)
	in, decodeErr := cbor.Decode(body)
	request, ok := in.(cbor.Map)
	if err != nil || decodeErr != nil || !ok {
		http.Error(w, "no CBOR", http.StatusBadRequest)
		return
	}
	m.asked = append(m.asked, request)
	w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	w.Header().Set("Content-Type", "application/cbor")
	answer := m.answers[operation]
	if answer == nil {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(cbor.Encode(cbor.Map{"__type": cbor.String(m.refuses[operation]), "message": cbor.String("it is " + operation)}))
		return
	}
	_, _ = w.Write(cbor.Encode(answer(request)))
}

func empty(cbor.Map) cbor.Map { return cbor.Map{} }

// inRegion runs a test in a bubble with the alarms of us-west-2, whose CloudWatch m is; the credentials' region is another.
func inRegion(t *testing.T, m *monitoring, test func(*testing.T, *account.Alarms)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		alarms, err := account.OpenAlarms(configFor(fake.Transport{"monitoring.us-west-2.amazonaws.com": m}), "us-west-2")
		if err != nil || alarms.Region() != "us-west-2" {
			t.Fatal(alarms, err)
		}
		test(t, alarms)
	})
}

const usTopic = "arn:aws:sns:us-west-2:111122223333:alarms"

func TestADrillAlarmIsMovedByNobodyElse(t *testing.T) {
	m := &monitoring{answers: map[string]func(cbor.Map) cbor.Map{"PutMetricAlarm": empty}}
	inRegion(t, m, func(t *testing.T, alarms *account.Alarms) {
		for _, tags := range []map[string]string{{"alarmrelay:severity": "info"}, nil} {
			mayExist, err := alarms.Make(t.Context(), account.DrillAlarm{Name: "test", Description: "a test", Topic: usTopic, Tags: tags})
			if err != nil || !mayExist {
				t.Fatal(mayExist, err)
			}
		}
	})
	topics := cbor.List{cbor.String(usTopic)}
	untagged := cbor.Map{
		"AlarmName": cbor.String("test"), "AlarmDescription": cbor.String("a test"), "ActionsEnabled": cbor.Bool(true),
		"AlarmActions": topics, "OKActions": topics, "Namespace": cbor.String("alarmrelay-test"), "MetricName": cbor.String("Nothing"),
		"Statistic": cbor.String("Maximum"), "Period": cbor.Uint(3600), "EvaluationPeriods": cbor.Uint(1), "Threshold": cbor.Float64(1),
		"ComparisonOperator": cbor.String("GreaterThanOrEqualToThreshold"), "TreatMissingData": cbor.String("ignore"),
	}
	tagged := cbor.Map{
		"Tags":                cbor.List{cbor.Map{"Key": cbor.String("alarmrelay:severity"), "Value": cbor.String("info")}},
		"ActionConfiguration": cbor.Map{"AlarmTagsPropagation": cbor.Map{"Enabled": cbor.Bool(true)}},
	}
	maps.Copy(tagged, untagged)
	if diff := cmp.Diff([]cbor.Map{tagged, untagged}, m.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

// unreachable is a network that takes requests and loses the answers.
type unreachable struct{ fake.Transport }

func (u unreachable) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := u.Transport.RoundTrip(r)
	if err == nil {
		answer.Body.Close()
	}
	return nil, errors.Join(err, io.ErrUnexpectedEOF)
}

func TestARefusedAlarmIsNotThereButALostAnswerMayHaveMadeIt(t *testing.T) {
	denied := &monitoring{refuses: map[string]string{"PutMetricAlarm": "AccessDenied"}}
	inRegion(t, denied, func(t *testing.T, alarms *account.Alarms) {
		mayExist, err := alarms.Make(t.Context(), account.DrillAlarm{Name: "test", Topic: usTopic})
		if mayExist || err == nil || err.Error() != "make alarm test: access denied: it takes cloudwatch:PutMetricAlarm (it is PutMetricAlarm)" {
			t.Errorf("may exist: %v, %v", mayExist, err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		m := &monitoring{answers: map[string]func(cbor.Map) cbor.Map{"PutMetricAlarm": empty}}
		cfg := configFor(nil)
		cfg.HTTPClient = &http.Client{Transport: unreachable{fake.Transport{"monitoring.us-west-2.amazonaws.com": m}}}
		alarms, err := account.OpenAlarms(cfg, "us-west-2")
		if err != nil {
			t.Fatal(err)
		}
		if mayExist, err := alarms.Make(t.Context(), account.DrillAlarm{Name: "test", Topic: usTopic}); !mayExist || err == nil {
			t.Errorf("may exist: %v, %v", mayExist, err)
		}
	})
}

func TestWhatIsGoneIsDeleted(t *testing.T) {
	for name, row := range map[string]struct {
		m    *monitoring
		want string
	}{
		"it was there":    {&monitoring{answers: map[string]func(cbor.Map) cbor.Map{"DeleteAlarms": empty}}, ""},
		"it was not":      {&monitoring{refuses: map[string]string{"DeleteAlarms": "ResourceNotFound"}}, ""},
		"nobody may":      {&monitoring{refuses: map[string]string{"DeleteAlarms": "AccessDenied"}}, "delete alarm test: access denied: it takes cloudwatch:DeleteAlarms (it is DeleteAlarms)"},
		"it is forbidden": {&monitoring{refuses: map[string]string{"DeleteAlarms": "ValidationError"}}, "delete alarm test: "},
	} {
		t.Run(name, func(t *testing.T) {
			inRegion(t, row.m, func(t *testing.T, alarms *account.Alarms) {
				said := ""
				if err := alarms.Delete(t.Context(), "test"); err != nil {
					said = err.Error()
				}
				if !strings.HasPrefix(said, row.want) || (said == "") != (row.want == "") {
					t.Errorf("%q, want %q", said, row.want)
				}
			})
		})
	}
}

func TestSettingAStateSaysWhatItTakes(t *testing.T) {
	m := &monitoring{refuses: map[string]string{"SetAlarmState": "AccessDenied"}}
	inRegion(t, m, func(t *testing.T, alarms *account.Alarms) {
		err := alarms.SetState(t.Context(), "test", account.StateAlarm, "a test")
		if err == nil || err.Error() != "set alarm test to ALARM: access denied: it takes cloudwatch:SetAlarmState (it is SetAlarmState)" {
			t.Error(err)
		}
	})
	want := cbor.Map{"AlarmName": cbor.String("test"), "StateValue": cbor.String("ALARM"), "StateReason": cbor.String("a test")}
	if diff := cmp.Diff([]cbor.Map{want}, m.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

func TestWithoutARegionThereAreNoAlarms(t *testing.T) {
	cfg := configFor(nil)
	cfg.Region = ""
	if _, err := account.OpenAlarms(cfg, ""); err == nil || err.Error() != "no AWS region: set AWS_REGION, or a region in your profile" {
		t.Error(err)
	}
}

func TestTheHistoryTellsWhatBecameOfActions(t *testing.T) {
	begin := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	item := func(after time.Duration, summary, data string) cbor.Map {
		return cbor.Map{
			"AlarmName": cbor.String("test"), "HistoryItemType": cbor.String("Action"), "HistorySummary": cbor.String(summary), "HistoryData": cbor.String(data),
			"Timestamp": &cbor.Tag{ID: 1, Value: cbor.Float64(float64(begin.Add(after).UnixMilli()) / 1000)},
		}
	}
	const ok, no = "Successfully executed action " + usTopic, "Failed to execute action " + usTopic
	m := &monitoring{answers: map[string]func(cbor.Map) cbor.Map{"DescribeAlarmHistory": func(cbor.Map) cbor.Map {
		return cbor.Map{"AlarmHistoryItems": cbor.List{ // the newest first
			item(6*time.Second, no, `{"actionState":"Failed","error":{"code":"X"}}`),
			item(5*time.Second, no, "not JSON"),
			item(4*time.Second, no, `{"actionState":"Failed","error":"the topic is gone"}`),
			item(3*time.Second, no+`. Received error: "CloudWatch Alarms is not authorized to perform: SNS:Publish"`, `{"error":"something else"}`),
			item(2*time.Second, ok, `{"actionState":"Succeeded"}`),
			item(1*time.Second, "In other words, which nobody has seen yet", "{}"),
			item(0, ok, "{}"),
		}}
	}}}
	inRegion(t, m, func(t *testing.T, alarms *account.Alarms) {
		got, err := alarms.Outcomes(t.Context(), "test", begin)
		if err != nil {
			t.Fatal(err)
		}
		want := []account.Outcome{
			{Action: usTopic, At: begin.Add(2 * time.Second)},
			{Action: usTopic, At: begin.Add(3 * time.Second), Error: "CloudWatch Alarms is not authorized to perform: SNS:Publish"},
			{Action: usTopic, At: begin.Add(4 * time.Second), Error: "the topic is gone"},
			{Action: usTopic, At: begin.Add(5 * time.Second), Error: "CloudWatch does not say why"},
			{Action: usTopic, At: begin.Add(6 * time.Second), Error: `{"code":"X"}`},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	})
	want := cbor.Map{
		"AlarmName": cbor.String("test"), "HistoryItemType": cbor.String("Action"), "ScanBy": cbor.String("TimestampDescending"), "MaxRecords": cbor.Uint(100),
		"AlarmTypes": cbor.List{cbor.String("MetricAlarm"), cbor.String("LogAlarm")},
	}
	if diff := cmp.Diff([]cbor.Map{want}, m.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

func TestAHistoryThatNobodyMayReadIsAnError(t *testing.T) {
	m := &monitoring{refuses: map[string]string{"DescribeAlarmHistory": "AccessDenied"}}
	inRegion(t, m, func(t *testing.T, alarms *account.Alarms) {
		_, err := alarms.Outcomes(t.Context(), "test", time.Time{})
		if err == nil || err.Error() != "read the history of alarm test: access denied: it takes cloudwatch:DescribeAlarmHistory (it is DescribeAlarmHistory)" {
			t.Error(err)
		}
	})
}

func TestAnAbsentStackIsToldApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for stack, c := range map[string]cloudFormation{"nobody": {}, "alarmrelay": {denied: true}} {
			cfg := configFor(fake.Transport{"cloudformation.us-east-1.amazonaws.com": c})
			_, err := account.StackOutputs(context.WithoutCancel(t.Context()), cfg, stack)
			if got := account.NoSuchStack(err); err == nil || got != (stack == "nobody") {
				t.Errorf("stack %s: %v of %v", stack, got, err)
			}
		}
	})
}
