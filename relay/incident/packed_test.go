package incident

import (
	"bytes"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/events"
)

func TestEverySampleIsUnpackedAsItWasPackedAndAlarmsAreSmall(t *testing.T) {
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range alert.Parse(raw) {
			if r.Err != nil || r.Skip != "" {
				continue
			}
			packed := Pack(&r.Alert)
			a, err := packed.Unpack()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(&r.Alert, a, cmp.Comparer(func(a, b []byte) bool { return string(a) == string(b) })); diff != "" {
				t.Errorf("%s: -packed +unpacked\n%s", name, diff)
			}
			if r.Alert.IsAlarm() && len(packed) > 800 {
				t.Errorf("%s takes %d bytes", name, len(packed))
			}
		}
	}
}

func TestDatapointsThatAreNoNumbersAreLeftOut(t *testing.T) {
	a := alert.Alert{Name: "db", State: alert.StateAlarm, Metric: &alert.MetricAlarm{Values: []float64{math.NaN()}, Period: 60}}
	b, err := Pack(&a).Unpack()
	if err != nil || b.Name != "db" || b.Metric.Period != 60 || b.Metric.Values != nil || len(a.Metric.Values) != 1 {
		t.Errorf("%v: %+v", err, b)
	}
}

func TestWhatIsNotPackedByThisVersionIsAnError(t *testing.T) {
	for _, p := range []Packed{nil, {}, {9, 1, 2}, {packedBy}, {packedBy, 255, 255}} {
		if a, err := p.Unpack(); err == nil {
			t.Errorf("%v is %+v", p, a)
		}
	}
}

func TestWhatIsPackedDoesNotDependOnWhatWasPackedBefore(t *testing.T) {
	a, b := changed(ok, fired, 0), changed(fired, ok, minute)
	first := Pack(a)
	for range 10 {
		Pack(b)
		if again := Pack(a); !bytes.Equal(first, again) {
			t.Fatalf("%d bytes, and %d", len(first), len(again))
		}
	}
}
