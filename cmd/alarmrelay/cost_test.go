package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// ordinary is a month; change makes it another.
func ordinary(change func(*usage)) usage {
	u := usage{Alarms: 1_000_000, Destinations: 1, Seconds: 0.25, MemoryMB: 128, Architecture: arm, Ticks: true, Dashboard: true}
	change(&u)
	return u
}

func TestWhatAMonthCosts(t *testing.T) {
	type sums struct{ Rest, Ticks, Alarms, Graphs, Cost, Left float64 }
	for name, row := range map[string]struct {
		change func(*usage)
		want   sums
	}{
		// 648,000 receives, 7 alarms and a dashboard; 0.00864 + 0.001728 + 0.0036 + 0.00648 + 0.0108 + 0.0864 + 0.000805 + 0.30 + 0.10;
		// 0.50 + 1.20 + 0.20 + 0.416669 + 0.50 + 4.375 + 0.476837 + 0.38147 + 0.349246 + 1.50 + 0.209548, of which SQS has 2,648,000 requests
		// more than are free, and Lambda the ticks'.
		"a million alarms": {func(*usage) {}, sums{3.9592, 0.518453, 9.48377, 0, 13.961423, 5.709678}},
		"none":             {func(u *usage) { u.Alarms = 0 }, sums{3.9592, 0.518453, 0, 0, 4.477653, 0.01728}},
		"an alarm a day": {
			func(u *usage) { u.Alarms = 30 },
			sums{3.9592, 0.518453, 0.062739, 0, 4.540392, 0.017419},
		},
		"a graph each": {
			func(u *usage) { u.Graphs = true },
			sums{3.9592, 0.518453, 9.48377, 23.181241, 37.142664, 25.709678},
		},
		"no schedule": {func(u *usage) { u.Ticks = false }, sums{3.9592, 0, 9.48377, 0, 13.44297, 5.69067}},
		"no dashboard, two secrets, on x86_64 with twice the memory": {
			func(u *usage) { u.Dashboard, u.Secrets, u.Architecture, u.MemoryMB = false, 2, x86, 256 },
			sums{1.7592, 0.523853, 10.10877, 0, 12.391823, 6.509678},
		},
		"three destinations with metrics of their own": {
			func(u *usage) { u.Destinations, u.PerDestination = 3, true },
			sums{3.9592, 0.518453, 24.585608, 0, 29.063261, 17.372617},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBill(ordinary(row.change))
			got := sums{Cost: b.Cost, Left: b.Left}
			got.Rest, _ = b.part(atRest)
			got.Ticks, _ = b.part(forTicks)
			got.Alarms, _ = b.part(forAlarms)
			got.Graphs, _ = b.part(forGraphs)
			got.Rest, got.Ticks, got.Alarms, got.Graphs = rounded(got.Rest), rounded(got.Ticks), rounded(got.Alarms), rounded(got.Graphs)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("dollars (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPriceHasASourceAndIsForSomething(t *testing.T) {
	b := newBill(ordinary(func(u *usage) { u.Graphs, u.PerDestination, u.Secrets = true, true, 1 }))
	for _, l := range b.Lines {
		if l.Price.Dollars <= 0 || l.Price.Per < 1 || l.Price.Unit == "" || l.Price.Source == "" || l.What == "" || l.Cost <= 0 {
			t.Errorf("%+v", l)
		}
	}
}

func TestMoneyAndAmountsHaveTheDigitsThatMatter(t *testing.T) {
	for want, got := range map[string]string{
		"$0.00":                money(0),
		"< $0.01":              money(0.0099),
		"$0.01":                money(0.01),
		"$1,234,567.80":        money(1_234_567.8),
		"1 alarm":              amount(1, "alarm"),
		"0 alarms":             amount(0, "alarm"),
		"1,000,000 requests":   amount(1_000_000, "request"),
		"31,250 GB-s":          amount(31_250.2, "GB-s"),
		"31.2 GB-s":            amount(31.24, "GB-s"),
		"0.0023 GB":            amount(0.002328, "GB"),
		"0.000001 GB":          amount(0.0000012, "GB"),
		"$0.20 / million":      priceInvocation.String(),
		"$0.0000133334 / GB-s": priceArm.String(),
		"$0.625 / million":     priceWrite.String(),
		"$0.02 / 1,000":        priceGraphMetric.String(),
		"$3.00 / dashboard":    priceDashboard.String(),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// reckoned is what a bill takes from template.yaml.
type reckoned struct {
	Alarms, TickAlarms             int
	Every                          string
	Ticks, Dashboard, Memory, Arch any
	SystemLog                      string // from WARN on, only what the relay writes is in the log
}

func TestTheBillIsTheTemplates(t *testing.T) {
	text, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var template struct {
		Parameters map[string]struct {
			Default any `yaml:"Default"`
		} `yaml:"Parameters"`
		Resources map[string]struct {
			Type       string `yaml:"Type"`
			Condition  string `yaml:"Condition"`
			Properties struct {
				Every         string `yaml:"ScheduleExpression"`
				MetricName    string `yaml:"MetricName"`
				Period        int    `yaml:"Period"`
				LoggingConfig struct {
					SystemLogLevel string `yaml:"SystemLogLevel"`
				} `yaml:"LoggingConfig"`
			} `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(text, &template); err != nil {
		t.Fatal(err)
	}
	given := template.Parameters
	got := reckoned{
		Ticks: given["Ticks"].Default, Every: template.Resources["TickSchedule"].Properties.Every, Dashboard: given["WithDashboard"].Default, Memory: given["MemorySize"].Default, Arch: given["Architecture"].Default,
		SystemLog: template.Resources["RelayFunction"].Properties.LoggingConfig.SystemLogLevel,
	}
	for name, r := range template.Resources {
		if r.Type == "AWS::CloudWatch::Alarm" {
			if r.Condition == "HasTicks" {
				got.TickAlarms++
			} else {
				got.Alarms++
			}
			if r.Properties.MetricName == "" || r.Properties.Period < 60 {
				t.Errorf("alarm %s is not of one metric in whole minutes, which costs more", name)
			}
		}
	}
	if diff := cmp.Diff(reckoned{ownAlarms, tickAlarms, fmt.Sprintf("rate(%d minutes)", monthSeconds/ticks/60), "true", "true", minMemory, arm, "WARN"}, got); diff != "" {
		t.Errorf("-reckoned with +template.yaml\n%s", diff)
	}
}
