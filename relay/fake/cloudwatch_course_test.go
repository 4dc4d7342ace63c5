package fake

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAMetricGoesWhereItWasMeasured(t *testing.T) {
	c := NewCloudWatch(Options{}, "eu-west-1", "111122223333")
	fired := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	const memory = "FreeableMemory"
	c.Measure(memory, 400e6, fired, 211812352)
	c.Measure(memory, 0, fired.Add(20*time.Minute), 300e6)
	c.Measure(memory, 0, fired, 211812352) // told twice
	var got []float64
	for _, minutes := range []int{0, 5, 8, 14, 20, 600} {
		got = append(got, c.valueAt(memory, fired.Add(time.Duration(minutes)*time.Minute), fired))
	}
	before := c.valueAt(memory, fired.Add(-12*time.Minute), fired)
	halfway := c.valueAt(memory, fired.Add(-6*time.Minute), fired)
	if before < 370e6 || before > 430e6 || halfway > 330e6 || halfway < 290e6 {
		t.Errorf("before it is %v, and then %v", before, halfway)
	}
	want := []float64{211800000, 211800000, 211800000, 255900000, 300e6, 300e6}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if other := c.valueAt("CPUUtilization", fired, fired); other != 97.2 {
		t.Errorf("what nobody has measured comes to %v", other)
	}
}

func TestWhatWasMeasuredIsBounded(t *testing.T) {
	c := NewCloudWatch(Options{}, "eu-west-1", "111122223333")
	for i := range maxCourses + 10 {
		c.Measure(fmt.Sprint(i), 0, time.Unix(int64(i), 0), 1)
		c.Measure("Errors", 0, time.Unix(int64(i), 0), 1)
	}
	if len(c.courses) > maxCourses || len(c.courses["Errors"].turns) > maxTurns {
		t.Errorf("%d metrics, %d values of one", len(c.courses), len(c.courses["Errors"].turns))
	}
}

func TestValuesHaveFourDigits(t *testing.T) {
	for v, want := range map[float64]float64{0: 0, 97.2: 97.2, 97.2049: 97.2, 0.0123456: 0.01235, 211812352: 211800000, -8.20049: -8.2, 1334: 1334} {
		if got := rounded(v); got != want {
			t.Errorf("%v becomes %v, want %v", v, got, want)
		}
	}
}
