package formatter

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"alarmrelay/alert"
)

// aPicture is as much of a PNG as the formatter looks at.
var aPicture = []byte("\x89PNG\r\n\x1a\nand so on\n")

func TestBars(t *testing.T) {
	nan := math.NaN()
	for name, row := range map[string]struct {
		values []float64
		low    bool
		want   string
	}{
		"one after the other":                {[]float64{1, 2, 3, 4, 5, 6, 7, 8}, false, "▁▂▃▄▅▆▇█"},
		"an eighth of the way each":          {[]float64{0, 100, 99, 87, 13, 12}, false, "▁██▇▂▁"},
		"what never changes":                 {[]float64{7, 7, 7}, false, "▄▄▄"},
		"a gap":                              {[]float64{1, nan, 9}, false, "▁·█"},
		"nothing":                            {nil, false, ""},
		"nothing but gaps":                   {[]float64{nan, math.Inf(1)}, false, ""},
		"a peak among many":                  {peak(240, 113, 0, 9), false, "▁▁▁▁▁▁▁▁▁▁▁█▁▁▁▁▁▁▁▁▁▁▁▁"},
		"a hole among many, of a low alarm":  {peak(240, 113, 9, 0), true, "███████████▁████████████"},
		"a hole that does not matter":        {peak(240, 113, 9, 0), false, "████████████████████████"},
		"as far apart as numbers can be":     {[]float64{-math.MaxFloat64, 0, math.MaxFloat64}, false, "▁▅█"},
		"closer together than can be halved": {[]float64{0, 0, math.SmallestNonzeroFloat64}, false, "▁▁█"},
	} {
		if got := bars(row.values, row.low); got != row.want {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
	}
}

func peak(n, at int, base, top float64) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = base
	}
	values[at] = top
	return values
}

func TestBarsFitALineWhateverTheValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		got := bars(rapid.SliceOfN(rapid.Float64(), 0, 300).Draw(t, "values"), rapid.Bool().Draw(t, "low"))
		if n := utf8.RuneCountInString(got); n > trendBars || strings.Trim(got, "▁▂▃▄▅▆▇█·") != "" {
			t.Errorf("%d bars: %s", n, got)
		}
	})
}

// TestTrendsAndPictures keeps what cards look like with a graph, with its values, and without.
func TestTrendsAndPictures(t *testing.T) {
	hours := make([]float64, 180)
	for i := range hours {
		hours[i] = 40 + 10*math.Sin(float64(i)/9)
		if i > 165 {
			hours[i] = 40 + 4*float64(i-165)
		}
	}
	child := cpuAlarm()
	for name, row := range map[string]struct {
		alarm alert.Alert
		graph *Graph
	}{
		"own-datapoints": {cpuAlarm(), nil},
		"picture":        {cpuAlarm(), &Graph{PNG: aPicture, Span: 3 * time.Hour}},
		"no-picture":     {cpuAlarm(), &Graph{Span: 3 * time.Hour}},
		"hours":          {cpuAlarm(), &Graph{Values: hours, Span: 3 * time.Hour}},
		"child-picture":  {compositeAlarm(), &Graph{Of: &child, PNG: aPicture, Span: 3 * time.Hour}},
		"child-hours":    {compositeAlarm(), &Graph{Of: &child, Values: hours, Span: 3 * time.Hour}},
	} {
		n := notice(row.alarm)
		n.Items[0].Graph = row.graph
		for _, locale := range []string{"en", "ko"} {
			for service, messages := range map[Service][]Message{ServiceDiscord: Discord(n, Style{Locale: locale}), ServiceSlack: Slack(n, Style{Locale: locale})} {
				compareGolden(t, filepath.Join("testdata", "graphs", name+"."+string(service)+"."+locale+".json"), messages)
			}
		}
	}
}

func TestEachCardOfAMessageHasAPictureOfItsOwn(t *testing.T) {
	n := notice(cpuAlarm(), recovery(), cpuAlarm())
	n.Items[0].Graph = &Graph{PNG: append(aPicture, '1')}
	n.Items[2].Graph = &Graph{PNG: append(aPicture, '2')}
	m := Discord(n, Style{})[0]
	body := m.Payload.(*DiscordBody)
	var shown []string
	for _, e := range body.Embeds {
		if e.Image == nil {
			shown = append(shown, "none")
			continue
		}
		shown = append(shown, e.Image.URL)
	}
	if diff := cmp.Diff([]string{"attachment://graph.png", "attachment://graph-2.png", "none"}, shown); diff != "" {
		t.Errorf("embeds (-want +got):\n%s", diff)
	}
	want := []File{
		{Name: "graph.png", ContentType: "image/png", Data: append(aPicture, '1')},
		{Name: "graph-2.png", ContentType: "image/png", Data: append(aPicture, '2')},
	}
	if diff := cmp.Diff(want, m.Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestWhatIsNoPictureIsNotShown(t *testing.T) {
	for name, png := range map[string][]byte{
		"nothing": nil, "a page": []byte("<html>"), "more than a megabyte": append(aPicture, make([]byte, maxPicture)...),
	} {
		n := notice(cpuAlarm())
		n.Items[0].Graph = &Graph{PNG: png}
		if m := Discord(n, Style{})[0]; len(m.Files) > 0 || m.Payload.(*DiscordBody).Embeds[0].Image != nil {
			t.Errorf("%s is shown", name)
		}
	}
}

func TestOnlyAnAlarmWithThreeDatapointsHasATrend(t *testing.T) {
	two, old, over := cpuAlarm(), notice(cpuAlarm()), recovery()
	two.Metric.Values = []float64{91.3, math.NaN(), 97.2}
	old.Items[0].Later = &Step{State: alert.StateOK, At: fired.Add(time.Hour)}
	over.Metric.Values = []float64{41, 40, 39}
	for name, n := range map[string]Notice{"two datapoints": notice(two), "old news": old, "a recovery": notice(over), "a composite alarm": notice(compositeAlarm())} {
		tell := newTeller(n, Style{})
		tell.trends = true
		if got := tell.trend(&n.Items[0]); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}
