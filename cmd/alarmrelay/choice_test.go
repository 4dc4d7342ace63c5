package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// pile is a dead-letter queue's letters, seen on 23 November at 04:00.
func pile() []letter {
	return []letter{
		{ID: "3f2a9c10", When: at("2026-11-20T00:00:00Z"), Destination: "ops", Reason: "webhook is dead: status 404", Alerts: []letterAlert{{Name: "prod-api-cpu"}}},
		{ID: "3f2b0000", When: at("2026-11-22T03:00:00Z"), Destination: "backend", Reason: "given up after 24h", Alerts: []letterAlert{{Name: "dev-disk"}, {Name: "prod-disk"}}},
		{ID: "77b01d5e", When: at("2026-11-23T03:30:00Z"), Reason: "handed out 201 times without being finished", Alerts: []letterAlert{{Problem: "nothing to read"}}},
	}
}

func TestChoice(t *testing.T) {
	for name, row := range map[string]struct {
		choice choice
		want   []string
		err    string
	}{
		"all":                                     {choice{all: true}, []string{"3f2a9c10", "3f2b0000", "77b01d5e"}, ""},
		"the beginning of an id is enough":        {choice{ids: []string{"77", "3f2a"}}, []string{"3f2a9c10", "77b01d5e"}, ""},
		"an id named twice is one letter":         {choice{ids: []string{"77", "77b01d5e"}}, []string{"77b01d5e"}, ""},
		"an id that several begin with":           {choice{ids: []string{"3f2"}}, nil, "2 letters have ids that begin with 3f2: 3f2a9c10, 3f2b0000"},
		"an id that none begins with":             {choice{ids: []string{"99"}}, nil, `no letter has an id that begins with "99"`},
		"an empty id is none":                     {choice{ids: []string{""}}, nil, `no letter has an id that begins with ""`},
		"a destination that was not told":         {choice{filters: filters{destination: "ops"}}, []string{"3f2a9c10"}, ""},
		"a piece of the reason, whatever case":    {choice{filters: filters{reason: "GIVEN up"}}, []string{"3f2b0000"}, ""},
		"a name among several":                    {choice{filters: filters{alert: "prod-*"}}, []string{"3f2a9c10", "3f2b0000"}, ""},
		"an expression":                           {choice{filters: filters{alert: "/disk$/"}}, []string{"3f2b0000"}, ""},
		"older than":                              {choice{filters: filters{olderThan: "2d"}}, []string{"3f2a9c10"}, ""},
		"newer than":                              {choice{filters: filters{newerThan: "30h"}}, []string{"3f2b0000", "77b01d5e"}, ""},
		"between":                                 {choice{filters: filters{newerThan: "2d", olderThan: "1h"}}, []string{"3f2b0000"}, ""},
		"all filters must fit":                    {choice{filters: filters{destination: "ops", newerThan: "2d"}}, nil, ""},
		"a name's pattern fits no unreadable one": {choice{filters: filters{alert: "?*"}}, []string{"3f2a9c10", "3f2b0000"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if err := row.choice.check(); err != nil {
				t.Fatal(err)
			}
			passes, err := row.choice.test(at("2026-11-23T04:00:00Z"))
			if err != nil {
				t.Fatal(err)
			}
			chosen, err := row.choice.of(pile(), passes)
			said := ""
			if err != nil {
				said = err.Error()
			}
			var got []string
			for _, l := range chosen {
				got = append(got, l.ID)
			}
			if diff := cmp.Diff(row.want, got); diff != "" || said != row.err {
				t.Errorf("error %q, want %q; chosen (-want +got):\n%s", said, row.err, diff)
			}
		})
	}
}

func TestChoiceRefusesWhatIsNoChoice(t *testing.T) {
	const none = "which letters? name ids as alarmrelay dead shows them, filter with --destination, --reason, --alert, --older-than or --newer-than, or say --all"
	const several = "choose in one way: by ids, by filters or with --all"
	for name, row := range map[string]struct {
		choice choice
		want   string
	}{
		"nothing":                 {choice{}, none},
		"all and an id":           {choice{all: true, ids: []string{"77"}}, several},
		"all and a filter":        {choice{all: true, filters: filters{reason: "dead"}}, several},
		"an id and a filter":      {choice{ids: []string{"77"}, filters: filters{alert: "*"}}, several},
		"a duration without unit": {choice{filters: filters{olderThan: "3"}}, "--older-than 3: write a duration such as 30m, 12h or 2d"},
		"no duration":             {choice{filters: filters{newerThan: "today"}}, "--newer-than today: write a duration such as 30m, 12h or 2d"},
		"a broken expression":     {choice{filters: filters{alert: "/(/"}}, `--alert /(/: the expression does not compile: missing closing ): "("; the syntax is RE2's`},
	} {
		t.Run(name, func(t *testing.T) {
			err := row.choice.check()
			if err == nil {
				_, err = row.choice.test(time.Now())
			}
			if err == nil || err.Error() != row.want {
				t.Errorf("error %v, want %s", err, row.want)
			}
		})
	}
}
