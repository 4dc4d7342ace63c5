package account_test

import (
	"strings"
	"testing"

	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud/account"
)

func list(texts ...string) (l cbor.List) {
	for _, text := range texts {
		l = append(l, cbor.String(text))
	}
	return l
}

// inOregon is an alarm of us-west-2 as CloudWatch tells it.
func inOregon(name string, more cbor.Map) cbor.Map {
	m := alarm(name, more)
	m["AlarmArn"] = cbor.String("arn:aws:cloudwatch:us-west-2:111122223333:alarm:" + name)
	return m
}

func TestAnAlarmIsFoundWithAllItsActions(t *testing.T) {
	full := cbor.Map{
		"ActionsEnabled": cbor.Bool(true), "StateValue": cbor.String("OK"),
		"AlarmActions": list("a"), "OKActions": list("b"), "InsufficientDataActions": list("c"),
	}
	m := &monitoring{answers: map[string]func(cbor.Map) cbor.Map{"DescribeAlarms": func(in cbor.Map) cbor.Map {
		switch name := string(in["AlarmNames"].(cbor.List)[0].(cbor.String)); name {
		case "metric":
			return cbor.Map{"MetricAlarms": cbor.List{inOregon(name, full)}}
		case "log":
			return cbor.Map{"LogAlarms": cbor.List{inOregon(name, full)}}
		case "composite":
			return cbor.Map{"CompositeAlarms": cbor.List{inOregon(name, full)}}
		}
		return cbor.Map{}
	}}}
	inRegion(t, m, func(t *testing.T, alarms *account.Alarms) {
		for _, name := range []string{"metric", "log", "composite"} {
			got, ok, err := alarms.Find(t.Context(), name)
			if err != nil || !ok {
				t.Fatalf("%s: found %v, %v", name, ok, err)
			}
			want := account.FoundAlarm{
				Alarm: account.Alarm{
					Name: name, ARN: "arn:aws:cloudwatch:us-west-2:111122223333:alarm:" + name, ActionsEnabled: true,
					AlarmActions: []string{"a"}, OKActions: []string{"b"},
				},
				Composite: name == "composite", State: "OK", InsufficientDataActions: []string{"c"},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			actions := strings.Join([]string{got.Actions("ALARM")[0], got.Actions("OK")[0], got.Actions("INSUFFICIENT_DATA")[0]}, "")
			if actions != "abc" {
				t.Errorf("%s: actions by state %q", name, actions)
			}
		}
		if _, ok, err := alarms.Find(t.Context(), "none"); ok || err != nil {
			t.Errorf("found %v, %v", ok, err)
		}
	})
}

// composites are alarms above others: parents by the name of their child. CloudWatch tells of a parent name and ARN only.
type composites struct {
	all     cbor.List
	parents map[string][]string
	pages   int // the list is handed out in so many
}

func (c composites) describe(in cbor.Map) cbor.Map {
	if child, ok := in["ParentsOfAlarmName"].(cbor.String); ok {
		above := cbor.List{}
		for _, name := range c.parents[string(child)] {
			above = append(above, inOregon(name, nil))
		}
		return cbor.Map{"CompositeAlarms": above}
	}
	if in["NextToken"] == nil && c.pages > 1 {
		return cbor.Map{"CompositeAlarms": c.all[:1], "NextToken": cbor.String("the rest")}
	}
	if c.pages > 1 {
		return cbor.Map{"CompositeAlarms": c.all[1:]}
	}
	return cbor.Map{"CompositeAlarms": c.all}
}

func TestWhatDependsOnAnAlarm(t *testing.T) {
	cpu := account.FoundAlarm{Alarm: account.Alarm{Name: "cpu", ARN: "arn:aws:cloudwatch:us-west-2:111122223333:alarm:cpu"}}
	parent := func(name, action string) account.FoundAlarm {
		return account.FoundAlarm{
			Alarm:     account.Alarm{Name: name, ARN: "arn:aws:cloudwatch:us-west-2:111122223333:alarm:" + name, AlarmActions: []string{action}},
			Composite: true,
		}
	}
	told := func(name, action string) cbor.Map { return inOregon(name, cbor.Map{"AlarmActions": list(action)}) }
	for name, row := range map[string]struct {
		composites composites
		want       account.Dependents
		err        string
	}{
		"nothing": {},
		"parents, and theirs, each once": {
			composites{
				cbor.List{told("shop", "a"), told("all", "b"), told("other", "c")},
				map[string][]string{"cpu": {"shop", "all"}, "shop": {"all"}, "all": {"shop"}},
				2,
			},
			account.Dependents{Parents: []account.FoundAlarm{parent("shop", "a"), parent("all", "b")}},
			"",
		},
		"those that it silences, by name and by ARN": {
			composites{all: cbor.List{
				inOregon("shop", cbor.Map{"ActionsSuppressor": cbor.String("cpu")}), inOregon("all", cbor.Map{"ActionsSuppressor": cbor.String(cpu.ARN)}),
				inOregon("other", cbor.Map{"ActionsSuppressor": cbor.String("disk")}),
			}},
			account.Dependents{Suppressed: []string{"shop", "all"}},
			"",
		},
		"one that was not there a moment ago": {
			composites{all: cbor.List{told("other", "c")}, parents: map[string][]string{"cpu": {"new"}}},
			account.Dependents{},
			"alarm new has come into being just now: try again",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := &monitoring{answers: map[string]func(cbor.Map) cbor.Map{"DescribeAlarms": row.composites.describe}}
			inRegion(t, m, func(t *testing.T, alarms *account.Alarms) {
				got, err := alarms.Dependents(t.Context(), cpu)
				said := ""
				if err != nil {
					said = err.Error()
				}
				if diff := cmp.Diff(row.want, got); diff != "" || said != row.err {
					t.Errorf("error %q, want %q; dependents (-want +got):\n%s", said, row.err, diff)
				}
			})
		})
	}
}
