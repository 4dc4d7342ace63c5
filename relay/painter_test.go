package relay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay/fake"
)

// painter is a CloudWatch that answers as it is told, and notes what it was asked.
type painter struct {
	mu    sync.Mutex
	asked []string
	takes time.Duration
	deaf  bool // does not notice that nobody waits any more
	err   error
	none  bool // has no values
}

var png = []byte("\x89PNG\r\n\x1a\n a picture")

func (p *painter) ask(ctx context.Context, what string) error {
	p.mu.Lock()
	p.asked = append(p.asked, what)
	p.mu.Unlock()
	if p.deaf {
		time.Sleep(p.takes)
		return p.err
	}
	select {
	case <-time.After(p.takes):
		return p.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *painter) Picture(ctx context.Context, region, widget string) ([]byte, error) {
	var w struct{ Title, Timezone string }
	if err := json.Unmarshal([]byte(widget), &w); err != nil {
		return nil, err
	}
	return png, p.ask(ctx, fmt.Sprintf("picture of %s in %s %s", w.Title, region, w.Timezone))
}

func (p *painter) Values(ctx context.Context, a *alert.Alert, from, to time.Time) ([]float64, error) {
	err := p.ask(ctx, fmt.Sprintf("%v of %s %s", to.Sub(from), a.Name, a.Metric.Queries[0].Account))
	if p.none {
		return nil, err
	}
	return []float64{1, 5, 2, 9}, err
}

func (p *painter) Watched(ctx context.Context, region, name string) (*alert.MetricAlarm, error) {
	err := p.ask(ctx, fmt.Sprintf("alarm %s in %s", name, region))
	if name == "shop-composite" {
		return nil, err
	}
	return &alert.MetricAlarm{
		Queries:   []alert.Query{{Namespace: "Shop", Name: "Orders", Stat: "Sum", Returned: true}},
		Threshold: new(8.0), Comparison: "GreaterThanThreshold", Period: 60, Evaluations: 3,
	}, err
}

// newGallery is a desk whose alarms have graphs, and who draws them.
func newGallery(t *testing.T, config string) (*mapping, *painter) {
	t.Helper()
	m, p := newMapping(t, config), new(painter)
	m.Graphs, m.Home.Account = p, "111122223333"
	return m, p
}

// metricAlarm is CloudWatch's message about an alarm on a metric that has just fired, with changes: a text and what to put in its place.
func metricAlarm(name string, changes ...string) string {
	text := fmt.Sprintf(`{"AlarmName":%q,"AlarmArn":"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:%s","AWSAccountId":"111122223333","NewStateValue":"ALARM","OldStateValue":"OK",`+
		`"NewStateReason":"Threshold Crossed: 3 datapoints [9.0, 8.5, 8.2] were greater than the threshold (8.0).","StateChangeTime":%q,`+
		`"Trigger":{"MetricName":"Orders","Namespace":"Shop","Statistic":"SUM","Period":60,"EvaluationPeriods":3,"ComparisonOperator":"GreaterThanThreshold","Threshold":8.0}}`,
		name, name, time.Now().UTC().Format("2006-01-02T15:04:05.000-0700"))
	return strings.NewReplacer(changes...).Replace(text)
}

func fires(name string, changes ...string) func() string {
	return func() string { return metricAlarm(name, changes...) }
}

func combines(child string) func() string {
	return func() string { return composite(child) }
}

// deliver hands messages over in one batch.
func (m *mapping) deliver(t *testing.T, bodies ...string) {
	t.Helper()
	m.put(bodies...)
	m.once(t)
}

// composite is one that two alarms made fire.
func composite(child string) string {
	return fmt.Sprintf(`{"AlarmName":"shop-down","AlarmArn":"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:shop-down","AWSAccountId":"111122223333","NewStateValue":"ALARM",`+
		`"OldStateValue":"OK","AlarmRule":"ALARM(a) OR ALARM(b)","StateChangeTime":%q,"TriggeringChildren":[`+
		`{"Arn":"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:quiet","State":{"Value":"OK"}},{"Arn":%q,"State":{"Value":"ALARM"}}]}`,
		time.Now().UTC().Format("2006-01-02T15:04:05.000-0700"), child)
}

// pictures lists what a Discord channel shows: for each embed its title, and the bytes of its picture if there is one.
func (d *desk) pictures(destination string) (all []string) {
	for _, m := range d.discord.Messages(d.hooks[destination].Channel) {
		for _, e := range m.Embeds {
			shown := e.Title
			if e.Image != nil {
				i := slices.IndexFunc(m.Files, func(f fake.File) bool { return "attachment://"+f.Name == e.Image.URL })
				shown += " with " + m.Files[i].Name
				if !bytes.Equal(m.Files[i].Data, png) || m.Files[i].Description == "" {
					shown += ", which is another"
				}
			}
			all = append(all, shown)
		}
	}
	return all
}

// trends lists the lines of bars that a Slack channel shows.
func (d *desk) trends(destination string) (all []string) {
	for _, m := range d.slack.Messages(d.slacks[destination].Channel) {
		for _, b := range m.Attachments[0].Blocks {
			if b.Text == nil {
				continue
			}
			for line := range strings.SplitSeq(b.Text.Text, "\n") {
				if strings.HasPrefix(line, "`") {
					all = append(all, line)
				}
			}
		}
	}
	return all
}
