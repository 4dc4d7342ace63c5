package cloud_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/events"
	"alarmrelay/formatter"
	"alarmrelay/relay/cloud"
	"alarmrelay/relay/fake"
)

const graphAccount = "111122223333"

// newGraphs is CloudWatch's client before a CloudWatch for each of some Regions.
func newGraphs(t *testing.T, regions ...string) (*cloud.Graphs, map[string]*fake.CloudWatch) {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_CLOUDWATCH", "")
	services, transport := map[string]*fake.CloudWatch{}, fake.Transport{}
	for _, region := range regions {
		services[region] = fake.NewCloudWatch(fake.Options{}, region, graphAccount)
		host := "monitoring." + region + ".amazonaws.com"
		if strings.HasPrefix(region, "cn-") {
			host += ".cn"
		}
		transport[host] = services[region]
	}
	return cloud.NewGraphs(func(context.Context) (aws.Config, error) {
		cfg := config(nil)
		cfg.HTTPClient = &http.Client{Transport: transport}
		return cfg, nil
	}), services
}

// sampleAlarms are the metric alarms of the samples that can be drawn, with their widgets.
func sampleAlarms(t *testing.T) (alarms []alert.Alert, widgets []string) {
	t.Helper()
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		records := alert.Parse(raw)
		alert.Home{Region: "ap-northeast-2", Partition: "aws"}.Complete(records)
		for _, r := range records {
			if widget, ok := formatter.Widget(&r.Alert, nil); ok && r.Alert.State == alert.StateAlarm {
				alarms, widgets = append(alarms, r.Alert), append(widgets, widget)
			}
		}
	}
	if len(alarms) < 30 {
		t.Fatalf("only %d of the samples can be drawn", len(alarms))
	}
	return alarms, widgets
}

func TestEverySampleIsDrawnByAStrictCloudWatchOfItsRegion(t *testing.T) {
	alarms, widgets := sampleAlarms(t)
	var regions []string
	for i := range alarms {
		if !slices.Contains(regions, alarms[i].Region) {
			regions = append(regions, alarms[i].Region)
		}
	}
	g, services := newGraphs(t, regions...)
	for i := range alarms {
		data, err := g.Picture(t.Context(), alarms[i].Region, widgets[i])
		if err != nil {
			log := services[alarms[i].Region].Log()
			t.Errorf("%s: %v: %v", alarms[i].Name, err, log[len(log)-1].Why)
			continue
		}
		picture, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || picture.Width != 800 || picture.Height != 400 {
			t.Errorf("%s: %d times %d, %v", alarms[i].Name, picture.Width, picture.Height, err)
		}
	}
}

func TestEverySamplesValuesAreReadForItsSpan(t *testing.T) {
	alarms, _ := sampleAlarms(t)
	g, _ := newGraphs(t, "ap-northeast-2")
	for i := range alarms {
		a := &alarms[i]
		if a.Region != "ap-northeast-2" {
			continue
		}
		span := formatter.SpanOf(a.Metric)
		values, err := g.Values(t.Context(), a, a.ChangedAt.Add(-span), a.ChangedAt)
		if err != nil {
			t.Errorf("%s (%s): %v", a.Name, a.Origin.Envelope, err)
			continue
		}
		if a.Name == "reporting-replica-lag" { // its metric is of an account that is not linked
			if values != nil {
				t.Errorf("%d values of another account", len(values))
			}
			continue
		}
		period := time.Duration(max(a.Metric.Watched().Period, a.Metric.Period)) * time.Second
		if n := len(values); n < int(span/period) || n > int(span/period)+1 || slices.ContainsFunc(values, math.IsNaN) {
			t.Errorf("%s: %d values in %v of %v", a.Name, n, span, period)
		}
	}
}

// plainAlarm watches one metric for a quarter of an hour that ends at noon.
func plainAlarm() *alert.Alert {
	return &alert.Alert{
		Kind: alert.KindMetricAlarm, Name: "orders", Account: graphAccount, Region: "eu-west-1", Partition: "aws", State: alert.StateAlarm,
		ChangedAt: time.Date(2026, 11, 21, 12, 0, 30, 0, time.UTC),
		Metric: &alert.MetricAlarm{
			Queries:   []alert.Query{{Namespace: "Shop", Name: "Orders", Stat: "Sum", Period: 60, Returned: true}},
			Threshold: new(50.0), Comparison: "GreaterThanThreshold", Period: 60, Evaluations: 3,
		},
	}
}

func quarter(ctx context.Context, g *cloud.Graphs, a *alert.Alert) ([]float64, error) {
	return g.Values(ctx, a, a.ChangedAt.Add(-15*time.Minute), a.ChangedAt)
}

func TestValuesAreThoseOfWhatIsComparedAndOfTheSeriesThatChanged(t *testing.T) {
	const errors = `SELECT SUM(Errors) FROM "AWS/Lambda" GROUP BY FunctionName`
	math := plainAlarm()
	math.Metric.ThresholdID = "band"
	math.Metric.Queries = []alert.Query{
		{ID: "m1", Namespace: "Shop", Name: "Orders", Stat: "Sum", Period: 60},
		{ID: "rate", Expression: "m1 / 60", Returned: true},
		{ID: "band", Expression: "ANOMALY_DETECTION_BAND(rate, 2)", Returned: true},
	}
	many := plainAlarm()
	many.Metric.Queries = []alert.Query{{Expression: errors, Returned: true}}
	one := *many
	one.Contributor = &alert.Contributor{ID: "c", Attributes: map[string]string{"FunctionName": "checkout"}}
	other := plainAlarm()
	other.Metric = other.Metric.In("444455556666")
	for name, row := range map[string]struct {
		alarm *alert.Alert
		last  float64 // 0 for no values
		asked string
	}{
		"a metric":                       {plainAlarm(), valueOf(t, "Orders"), "Orders"},
		"math, without its band":         {math, valueOf(t, "m1 / 60"), "Orders m1 / 60"},
		"the series that changed":        {&one, valueOf(t, "checkout"), errors},
		"one of many, nobody says which": {many, 0, errors},
		"an account that is not linked":  {other, 0, "Orders"},
	} {
		t.Run(name, func(t *testing.T) {
			g, services := newGraphs(t, "eu-west-1")
			services["eu-west-1"].AddSeries(errors, "billing", "checkout")
			values, err := quarter(t.Context(), g, row.alarm)
			last := 0.0
			if len(values) > 0 {
				last = values[len(values)-1]
			}
			if err != nil || last != row.last {
				t.Errorf("%d values to %v, want %v; %v", len(values), last, row.last, err)
			}
			if log := services["eu-west-1"].Log(); len(log) != 1 || string(log[0].Request) != row.asked {
				t.Errorf("asked %d times: %s", len(log), log[0].Request)
			}
		})
	}
}

// valueOf is the last value of a metric of that name in the quarter of an hour.
func valueOf(t *testing.T, name string) float64 {
	t.Helper()
	g, _ := newGraphs(t, "eu-west-1")
	a := plainAlarm()
	a.Metric.Queries[0].Name = name
	values, err := quarter(t.Context(), g, a)
	if err != nil || len(values) != 16 {
		t.Fatalf("%d values of %s: %v", len(values), name, err)
	}
	return values[15]
}

func TestAnAlarmIsDescribedAsAMessageTellsIt(t *testing.T) {
	g, services := newGraphs(t, "eu-west-1")
	services["eu-west-1"].AddAlarm(fake.MetricAlarm{
		Alarm: fake.Alarm{Name: "orders"}, Namespace: "Shop", Metric: "Orders", Stat: "Sum", Dimensions: map[string]string{"Stage": "prod"},
		Period: 60, Evaluations: 3, Comparison: "GreaterThanThreshold", Threshold: 50,
	})
	got, err := g.Watched(t.Context(), "eu-west-1", "orders")
	want := plainAlarm().Metric
	want.Queries[0].Dimensions = []alert.Dimension{{Name: "Stage", Value: "prod"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := g.Watched(t.Context(), "eu-west-1", "nobody"); got != nil || err != nil {
		t.Errorf("an alarm that is not there: %+v, %v", got, err)
	}
}

func TestAGraphIsAskedForOnceAndItsErrorRepeatsNothing(t *testing.T) {
	for name, row := range map[string]struct {
		fault fake.Fault
		want  string
	}{
		"throttled": {fake.Fault{Kind: fake.Limited}, "GetMetricWidgetImage: ThrottlingException"},
		"denied":    {fake.Fault{Kind: fake.Forbidden}, "GetMetricWidgetImage: AccessDeniedException"},
		"down":      {fake.Fault{Kind: fake.Down, Status: 503}, "GetMetricWidgetImage: "},
		"cut off":   {fake.Fault{Kind: fake.Reset}, "GetMetricWidgetImage: "},
		"nonsense":  {fake.Fault{Kind: fake.Flood}, "GetMetricWidgetImage: "},
		"half":      {fake.Fault{Kind: fake.AnswerCut}, "GetMetricWidgetImage: "},
	} {
		t.Run(name, func(t *testing.T) {
			g, services := newGraphs(t, "eu-west-1")
			services["eu-west-1"].Break(row.fault)
			a := plainAlarm()
			a.Name = "a-secret-name"
			widget, _ := formatter.Widget(a, nil)
			_, err := g.Picture(t.Context(), a.Region, widget)
			if err == nil || !strings.HasPrefix(err.Error(), row.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error %v", err)
			}
			if n := len(services["eu-west-1"].Log()); n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

// endless answers everything with noughts, and counts them.
type endless struct{ read int }

func (e *endless) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{"Content-Type": {"application/cbor"}, "Smithy-Protocol": {"rpc-v2-cbor"}}
	return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(e), Request: r}, nil
}

func (e *endless) Read(p []byte) (int, error) {
	if e.read += len(p); e.read > 64<<20 {
		return 0, io.EOF
	}
	return len(p), nil
}

func TestAnAnswerThatHasNoEndIsReadNoFurtherThanAPictureIsLong(t *testing.T) {
	sea := new(endless)
	g := cloud.NewGraphs(func(context.Context) (aws.Config, error) {
		cfg := config(nil)
		cfg.HTTPClient = &http.Client{Transport: sea}
		return cfg, nil
	})
	_, err := g.Picture(t.Context(), "eu-west-1", "{}")
	if tooLarge := (*http.MaxBytesError)(nil); !errors.As(err, &tooLarge) || sea.read > 16<<20 {
		t.Errorf("%d bytes read, %v", sea.read, err)
	}
}

func TestNothingIsWaitedForLongerThanTheContextLasts(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_CLOUDWATCH", "")
	synctest.Test(t, func(t *testing.T) {
		service := fake.NewCloudWatch(fake.Options{}, "eu-west-1", graphAccount)
		service.Break(fake.Fault{Kind: fake.Hang})
		g := cloud.NewGraphs(func(context.Context) (aws.Config, error) {
			cfg := config(nil)
			cfg.HTTPClient = &http.Client{Transport: fake.Transport{"monitoring.eu-west-1.amazonaws.com": service}}
			return cfg, nil
		})
		for name, ask := range map[string]func(context.Context) error{
			"a picture": func(ctx context.Context) error { _, err := g.Picture(ctx, "eu-west-1", "{}"); return err },
			"values":    func(ctx context.Context) error { _, err := quarter(ctx, g, plainAlarm()); return err },
			"an alarm":  func(ctx context.Context) error { _, err := g.Watched(ctx, "eu-west-1", "orders"); return err },
		} {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			start := time.Now()
			if err := ask(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 2*time.Second {
				t.Errorf("%s: %v after %v", name, err, time.Since(start))
			}
			cancel()
		}
	})
}

func TestTheClientIsMadeWhenTheFirstGraphNeedsIt(t *testing.T) {
	made := 0
	g := cloud.NewGraphs(func(context.Context) (aws.Config, error) {
		made++
		return aws.Config{}, errors.New("no credentials")
	})
	if made != 0 {
		t.Error("made before it is needed")
	}
	_, picture := g.Picture(t.Context(), "eu-west-1", "{}")
	_, values := quarter(t.Context(), g, plainAlarm())
	_, watched := g.Watched(t.Context(), "eu-west-1", "orders")
	if got := fmt.Sprint(made, picture, values, watched); got != "1 no credentials no credentials no credentials" {
		t.Error(got)
	}
}
