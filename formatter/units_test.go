package formatter

import (
	"math"
	"testing"

	"alarmrelay/alert"
)

func TestQuantity(t *testing.T) {
	for _, c := range []struct {
		value float64
		unit  string
		want  string
	}{
		{97.1666, "Percent", "97.2 %"},
		{1.50785441792e10, "Bytes", "14 GiB"},
		{2147483648, "Bytes", "2 GiB"},
		{1500, "Bytes", "1.46 KiB"},
		{0, "Bytes", "0 B"},
		{3.5e6, "Bits/Second", "3.5 Mbit/s"},
		{12, "Count/Second", "12/s"},
		{0.00035, "Seconds", "350 µs"},
		{0.35, "Seconds", "350 ms"},
		{1.5, "Seconds", "1.5 s"},
		{90, "Seconds", "90 s"},
		{1330, "Seconds", "22.2 min"},
		{86400, "Seconds", "24 h"},
		{864000, "Seconds", "10 d"},
		{2999, "Milliseconds", "3 s"},
		{512, "Megabytes", "512 MB"},
		{1234567, "Count", "1,234,567"},
		{1234.56, "", "1,235"},
		{-1234.5, "", "-1,234"},
		{0.0123456, "None", "0.0123"},
		{1e22, "", "1 × 10^22"},
		{1e-300, "", "1 × 10^-300"},
		{9.9999e15, "", "1 × 10^16"},
		{-2.5e-12, "Percent", "-2.5 × 10^-12 %"},
		{412, "USD", "412 USD"},
		{math.Inf(1), "Percent", "∞ %"},
	} {
		if got := quantity(c.value, c.unit, digits); got != c.want {
			t.Errorf("quantity(%v, %q) = %q, want %q", c.value, c.unit, got, c.want)
		}
	}
}

func TestAValueStaysOnItsSideOfTheThreshold(t *testing.T) {
	for _, c := range []struct {
		value, threshold float64
		want             string
	}{
		{80, 80, "80 %"},
		{79.96, 80, "79.96 %"},
		{80.0004, 80, "80.0004 %"},
		{99.949, 99.94, "99.95 %"},
		{97.2345, 80, "97.2 %"},
		{1e-10, 0, "1 × 10^-10 %"},
	} {
		if got := valueBeside(c.value, c.threshold, "Percent"); got != c.want {
			t.Errorf("valueBeside(%v, %v) = %q, want %q", c.value, c.threshold, got, c.want)
		}
	}
}

func TestUnits(t *testing.T) {
	for name, c := range map[string]struct {
		query alert.Query
		want  string
	}{
		"its own":                   {alert.Query{Name: "x", Unit: "Bytes"}, "Bytes"},
		"None is none":              {alert.Query{Namespace: "AWS/RDS", Name: "FreeableMemory", Unit: "None"}, "Bytes"},
		"seconds at the balancer":   {alert.Query{Namespace: "AWS/ELB", Name: "Latency"}, "Seconds"},
		"milliseconds at the API":   {alert.Query{Namespace: "AWS/ApiGateway", Name: "Latency"}, "Milliseconds"},
		"not of a user's namespace": {alert.Query{Namespace: "Shop", Name: "Duration"}, ""},
		"not of a user's processor": {alert.Query{Namespace: "Shop", Name: "CPUUtilization"}, ""},
		"not of an expression":      {alert.Query{Name: "CPUUtilization", Expression: "m1"}, ""},
		"a count of samples":        {alert.Query{Namespace: "AWS/EC2", Name: "CPUUtilization", Stat: "SAMPLE_COUNT"}, "Count"},
		"money": {
			alert.Query{Namespace: "AWS/Billing", Name: "EstimatedCharges", Dimensions: []alert.Dimension{{Name: "Currency", Value: "USD"}}}, "USD",
		},
	} {
		if got := unitOf(c.query); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := unitFor(125000000, "Bytes"); got != decimalBytes {
		t.Errorf("125000000 bytes are round in %q", got)
	}
	if got := unitFor(268435456, "Bytes"); got != "Bytes" {
		t.Errorf("256 MiB are round in %q", got)
	}
}

func TestAMeasuredTimeIsWrittenInTheReadersLanguage(t *testing.T) {
	for given, want := range map[string][2]string{
		"22.2 min": {"22.2 min", "22.2분"}, "60 s": {"60 s", "60초"}, "24 h": {"24 h", "24시간"}, "10 d": {"10 d", "10일"},
		"350 ms": {"350 ms", "350 ms"}, "1.8 GiB": {"1.8 GiB", "1.8 GiB"}, "12": {"12", "12"}, "": {"", ""},
	} {
		if got := [2]string{english().measure(given), korean().measure(given)}; got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
