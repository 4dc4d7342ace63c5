package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

// Graphs is CloudWatch as it draws. What it is asked for goes to the Region that the alarm is in: it draws nothing of others.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html (region)
type Graphs struct {
	client func() (*cloudwatch.Client, error)
}

var _ relay.Grapher = (*Graphs)(nil)

// NewGraphs returns CloudWatch. Its AWS configuration is made by load, once, when the first graph needs it: [FromEnvironment] in
// the function.
func NewGraphs(load func(context.Context) (aws.Config, error)) *Graphs {
	return &Graphs{client: cloudWatch(load, func(o *cloudwatch.Options) {
		o.Retryer = aws.NopRetryer{} // a graph that comes late is none
	})}
}

// cloudWatch makes a client when the first call needs it.
func cloudWatch(load func(context.Context) (aws.Config, error), own ...func(*cloudwatch.Options)) func() (*cloudwatch.Client, error) {
	return sync.OnceValues(func() (*cloudwatch.Client, error) {
		cfg, err := load(context.Background())
		if err != nil {
			return nil, err
		}
		return cloudwatch.NewFromConfig(cfg, append(own, func(o *cloudwatch.Options) {
			o.BaseEndpoint = endpoint("CLOUDWATCH", o.BaseEndpoint)
			o.HTTPClient = bounded{o.HTTPClient}
		})...), nil
	})
}

// bounded reads no answer beyond maxAnswer. The SDK reads them whole, of which several at a time would cost a small function its
// memory, and with it the text.
type bounded struct{ cloudwatch.HTTPClient }

// maxAnswer is four times the largest picture that is shown, and far more than a page of alarms.
const maxAnswer = 4 << 20

// Do implements [cloudwatch.HTTPClient].
func (b bounded) Do(r *http.Request) (*http.Response, error) {
	answer, err := b.HTTPClient.Do(r)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, maxAnswer)
	}
	return answer, err
}

// Picture implements [relay.Grapher].
func (g *Graphs) Picture(ctx context.Context, region, widget string) ([]byte, error) {
	client, err := g.client()
	if err != nil {
		return nil, err
	}
	out, err := client.GetMetricWidgetImage(ctx, &cloudwatch.GetMetricWidgetImageInput{MetricWidget: &widget}, in(region))
	switch {
	case err != nil:
		return nil, refused("GetMetricWidgetImage", err)
	case !bytes.HasPrefix(out.MetricWidgetImage, []byte("\x89PNG\r\n\x1a\n")):
		return nil, errors.New("GetMetricWidgetImage: no PNG")
	}
	return out.MetricWidgetImage, nil
}

// Values implements [relay.Grapher]. Of an alarm on many series they are those of the one that changed.
func (g *Graphs) Values(ctx context.Context, a *alert.Alert, from, to time.Time) ([]float64, error) {
	client, err := g.client()
	if err != nil {
		return nil, err
	}
	period := period(a.Metric)
	from = from.UTC().Truncate(period)
	out, err := client.GetMetricData(ctx, &cloudwatch.GetMetricDataInput{
		StartTime: &from, EndTime: &to, ScanBy: types.ScanByTimestampAscending, MetricDataQueries: queries(a.Metric),
	}, in(a.Region))
	if err != nil {
		return nil, refused("GetMetricData", err)
	}
	return slots(chosen(out.MetricDataResults, a.Contributor), from, to, period), nil
}

// Watched implements [relay.Grapher].
func (g *Graphs) Watched(ctx context.Context, region, name string) (*alert.MetricAlarm, error) {
	client, err := g.client()
	if err != nil {
		return nil, err
	}
	out, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{
		AlarmNames: []string{name}, AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm},
	}, in(region))
	if err != nil {
		return nil, refused("DescribeAlarms", err)
	}
	for i := range out.MetricAlarms {
		if aws.ToString(out.MetricAlarms[i].AlarmName) == name {
			return metricAlarm(&out.MetricAlarms[i]), nil
		}
	}
	return nil, nil
}

func in(region string) func(*cloudwatch.Options) {
	return func(o *cloudwatch.Options) { o.Region = region }
}

// refused names the operation and AWS's code. Its message may quote the widget, and with it the alarm.
func refused(operation string, err error) error {
	if api := smithy.APIError(nil); errors.As(err, &api) {
		return fmt.Errorf("%s: %s", operation, api.ErrorCode())
	}
	return fmt.Errorf("%s: %w", operation, err)
}
