package fake

import (
	"bytes"
	"image/png"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// askCloudWatch makes a request as the SDK does, and reads the answer with the SDK's own decoder.
func askCloudWatch(t *testing.T, c *CloudWatch, operation string, in map[string]any, headers ...string) (int, cbor.Map) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://monitoring.eu-west-1.amazonaws.com"+cloudWatchPath+operation, bytes.NewReader(appendCBOR(nil, in)))
	r.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	r.Header.Set("Content-Type", "application/cbor")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE")
	for _, name := range headers {
		r.Header.Del(name)
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	v, err := cbor.Decode(w.Body.Bytes())
	out, ok := v.(cbor.Map)
	if err != nil || !ok {
		t.Fatalf("answer %x: %v", w.Body, err)
	}
	return w.Code, out
}

// aWidget is the least that a widget has, with more members.
func aWidget(more string) string {
	return `{"start":"2026-11-21T00:00:00.000Z","end":"2026-11-21T03:15:00.000Z",` + more + `}`
}

const oneMetric = `"metrics":[["Shop","Orders","Stage","prod",{"stat":"Sum","period":60}]]`

func TestAPictureHasTheSizeAndTheLinesThatWereAskedFor(t *testing.T) {
	c := NewCloudWatch(Options{}, "eu-west-1", "111122223333")
	text := aWidget(oneMetric + `,"theme":"dark","width":400,"height":200,"region":"eu-west-1","annotations":{` +
		`"horizontal":[{"value":80,"label":"> 80","color":"#d13212","fill":"above"}],"vertical":[{"value":"2026-11-21T03:00:00.000Z","label":"ALARM"}]}`)
	status, out := askCloudWatch(t, c, "GetMetricWidgetImage", map[string]any{"MetricWidget": text})
	data, ok := out["MetricWidgetImage"].(cbor.Slice)
	if status != 200 || !ok {
		t.Fatalf("status %d: %v", status, out)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil || picture.Bounds().Dx() != 400 || picture.Bounds().Dy() != 200 {
		t.Fatalf("%v, %v", picture.Bounds(), err)
	}
	red := inks()[mark]
	// Of 195 minutes 180 are at 369 of 400 pixels; 80 of 110 are 54 of 200 from the top.
	if picture.At(369, 10) != red || picture.At(20, 54) != red || picture.At(200, 100) == red {
		t.Errorf("down %v, across %v, elsewhere %v", picture.At(369, 10), picture.At(20, 54), picture.At(200, 100))
	}
	if c.Pictures() != 1 {
		t.Errorf("%d pictures", c.Pictures())
	}
	if log := c.Log(); len(log) != 1 || log[0].Method != "GetMetricWidgetImage" || string(log[0].Request) != text || log[0].Status != 200 {
		t.Errorf("log %+v", log)
	}
}

func TestTheSameWidgetIsTheSamePicture(t *testing.T) {
	c := NewCloudWatch(Options{}, "eu-west-1", "111122223333")
	_, one := askCloudWatch(t, c, "GetMetricWidgetImage", map[string]any{"MetricWidget": aWidget(oneMetric)})
	_, same := askCloudWatch(t, c, "GetMetricWidgetImage", map[string]any{"MetricWidget": aWidget(oneMetric)})
	_, other := askCloudWatch(t, c, "GetMetricWidgetImage", map[string]any{"MetricWidget": aWidget(strings.Replace(oneMetric, "Orders", "Returns", 1))})
	if !cmp.Equal(one, same) || cmp.Equal(one, other) {
		t.Error("it is drawn by chance, or whatever the metric")
	}
}

func TestWidgetsThatTheServiceWouldNotDraw(t *testing.T) {
	hundred := strings.TrimSuffix(strings.Repeat(`["Shop","Orders"],`, 100), ",")
	for name, widget := range map[string]string{
		"no JSON":                     `{`,
		"a key that nobody knows":     aWidget(oneMetric + `,"titel":"x"`),
		"an option that nobody knows": aWidget(`"metrics":[["Shop","Orders",{"statistic":"Sum"}]]`),
		"no metrics":                  aWidget(`"metrics":[]`),
		"more than a hundred":         aWidget(`"metrics":[` + hundred + `,["Shop","Orders"]]`),
		"more than a hundred KB":      aWidget(oneMetric + `,"title":"` + strings.Repeat("x", 100<<10) + `"`),
		"a dimension without a value": aWidget(`"metrics":[["Shop","Orders","Stage"]]`),
		"options in the middle":       aWidget(`"metrics":[["Shop",{"stat":"Sum"},"Orders"]]`),
		"an expression with a name":   aWidget(`"metrics":[["Shop","Orders",{"expression":"m1*2"}]]`),
		"an id that is none":          aWidget(`"metrics":[["Shop","Orders",{"id":"M1"}]]`),
		"an id that is there twice":   aWidget(`"metrics":[["Shop","Orders",{"id":"m"}],["Shop","Orders",{"id":"m"}]]`),
		"nothing that can be seen":    aWidget(`"metrics":[["Shop","Orders",{"visible":false}]]`),
		"a period of 45 seconds":      aWidget(`"metrics":[["Shop","Orders",{"period":45}]]`),
		"a period of no time":         aWidget(oneMetric + `,"period":0`),
		"another region":              aWidget(oneMetric + `,"region":"us-east-1"`),
		"a zone by its name":          aWidget(oneMetric + `,"timezone":"Asia/Seoul"`),
		"a theme that nobody knows":   aWidget(oneMetric + `,"theme":"black"`),
		"wider than 2000":             aWidget(oneMetric + `,"width":2001`),
		"a legend at the top":         aWidget(oneMetric + `,"legend":{"position":"top"}`),
		"a line without a value":      aWidget(oneMetric + `,"annotations":{"horizontal":[{"label":"80"}]}`),
		"a colour by its name":        aWidget(oneMetric + `,"annotations":{"vertical":[{"value":"2026-11-21T03:00:00Z","color":"red"}]}`),
		"an axis that nobody knows":   aWidget(oneMetric + `,"yAxis":{"top":{}}`),
		"an end before the start":     `{"start":"2026-11-21T00:00:00Z","end":"2026-11-20T00:00:00Z",` + oneMetric + `}`,
		"a start that is no time":     `{"start":"yesterday","end":"2026-11-20T00:00:00Z",` + oneMetric + `}`,
	} {
		c := NewCloudWatch(Options{}, "eu-west-1", "111122223333")
		if status, out := askCloudWatch(t, c, "GetMetricWidgetImage", map[string]any{"MetricWidget": widget}); status != 400 || c.Pictures() != 0 {
			t.Errorf("%s: status %d, %.80v", name, status, out)
		}
	}
	c := NewCloudWatch(Options{}, "eu-west-1", "111122223333")
	if status, out := askCloudWatch(t, c, "GetMetricWidgetImage", map[string]any{"MetricWidget": aWidget(`"metrics":[` + hundred + `]`)}); status != 200 {
		t.Errorf("a hundred metrics: status %d, %v", status, out)
	}
}

// aQuery is a query for a metric, with changes.
func aQuery(changes map[string]any) map[string]any {
	q := map[string]any{"Id": "m1", "MetricStat": map[string]any{"Metric": map[string]any{"Namespace": "Shop", "MetricName": "Orders"}, "Stat": "Sum", "Period": 60}}
	maps.Copy(q, changes)
	return q
}

func dataRequest(queries ...any) map[string]any {
	from := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	return map[string]any{"StartTime": from, "EndTime": from.Add(3 * time.Minute), "ScanBy": "TimestampAscending", "MetricDataQueries": queries}
}

func TestDataIsOneValueForEachPeriodOfWhatIsReturned(t *testing.T) {
	c := NewCloudWatch(Options{}, "eu-west-1", "111122223333")
	status, out := askCloudWatch(t, c, "GetMetricData", dataRequest(aQuery(map[string]any{"ReturnData": false}), map[string]any{"Id": "e1", "Expression": "m1*2", "Period": 60}))
	results, _ := out["MetricDataResults"].(cbor.List)
	if status != 200 || len(results) != 1 {
		t.Fatalf("status %d, %v", status, out)
	}
	r := results[0].(cbor.Map)
	if r["Id"] != cbor.String("e1") || len(r["Values"].(cbor.List)) != 3 || len(r["Timestamps"].(cbor.List)) != 3 {
		t.Errorf("result %v", r)
	}
}

func TestRequestsThatTheServiceWouldNotTake(t *testing.T) {
	stat := func(change string, to any) map[string]any {
		s := maps.Clone(aQuery(nil)["MetricStat"].(map[string]any))
		s[change] = to
		return aQuery(map[string]any{"MetricStat": s})
	}
	with := func(member string, value any) map[string]any {
		in := dataRequest(aQuery(nil))
		in[member] = value
		return in
	}
	for name, row := range map[string]struct {
		operation string
		in        map[string]any
		without   string // a header
	}{
		"no queries":                     {"GetMetricData", dataRequest(), ""},
		"an id twice":                    {"GetMetricData", dataRequest(aQuery(nil), aQuery(nil)), ""},
		"an id that is none":             {"GetMetricData", dataRequest(aQuery(map[string]any{"Id": "9f2c-1"})), ""},
		"a metric and an expression":     {"GetMetricData", dataRequest(aQuery(map[string]any{"Expression": "m1"})), ""},
		"no statistic":                   {"GetMetricData", dataRequest(stat("Stat", "")), ""},
		"a period of 45 seconds":         {"GetMetricData", dataRequest(stat("Period", 45)), ""},
		"a member that nobody knows":     {"GetMetricData", dataRequest(stat("Statistic", "Sum")), ""},
		"an end before the start":        {"GetMetricData", with("EndTime", time.Unix(0, 0)), ""},
		"no start":                       {"GetMetricData", with("StartTime", nil), ""},
		"more than 100,800 datapoints":   {"GetMetricData", with("StartTime", time.Unix(0, 0)), ""},
		"the newest first":               {"GetMetricData", with("ScanBy", "TimestampDescending"), ""},
		"a page":                         {"GetMetricData", with("NextToken", "2"), ""},
		"a prefix of alarms":             {"DescribeAlarms", map[string]any{"AlarmNamePrefix": "a"}, ""},
		"a picture in another format":    {"GetMetricWidgetImage", map[string]any{"MetricWidget": aWidget(oneMetric), "Format": "svg"}, ""},
		"an operation that nobody knows": {"PutMetricData", map[string]any{}, ""},
		"no signature":                   {"DescribeAlarms", map[string]any{}, "Authorization"},
		"another protocol":               {"DescribeAlarms", map[string]any{}, "Smithy-Protocol"},
	} {
		c := NewCloudWatch(Options{}, "eu-west-1", "111122223333")
		if status, out := askCloudWatch(t, c, row.operation, row.in, row.without); status != 400 || out["__type"] == nil {
			t.Errorf("%s: status %d, %.200v", name, status, out)
		}
	}
}

// TestCBORIsReadAsItWasWrittenByWhoever: our own writer, and the SDK's.
func TestCBORIsReadAsItWasWrittenByWhoever(t *testing.T) {
	at := time.Date(2026, 11, 21, 3, 0, 0, 250e6, time.UTC)
	want := map[string]any{
		"text": strings.Repeat("한", 9000), "bytes": []byte{0, 255}, "list": []any{true, false, nil, -1.5, math.Inf(1)}, "at": at, "": map[string]any{},
	}
	if got, err := readCBOR(appendCBOR(nil, want)); err != nil || !cmp.Equal(want, got) {
		t.Errorf("our own: %v (-want +got):\n%s", err, cmp.Diff(want, got))
	}
	theirs := cbor.Encode(cbor.Map{
		"n": cbor.Uint(70000), "minus": cbor.NegInt(3), "half": cbor.Float32(0.5), "f": cbor.Float64(0.1), "b": cbor.Bool(true), "nil": &cbor.Nil{},
		"at": &cbor.Tag{ID: 1, Value: cbor.Float64(float64(at.UnixMilli()) / 1000)}, "l": cbor.List{cbor.String("x"), cbor.Slice("y")},
	})
	got, err := readCBOR(theirs)
	want = map[string]any{"n": 70000.0, "minus": -3.0, "half": 0.5, "f": 0.1, "b": true, "nil": nil, "at": at, "l": []any{"x", []byte("y")}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("the SDK's: %v (-want +got):\n%s", err, diff)
	}
}

func TestNoBytesMakeCBORFail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _ = readCBOR(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes")) // it returns, and that is all
	})
	if _, err := readCBOR(bytes.Repeat([]byte{0x81}, 1000)); err == nil {
		t.Error("a thousand lists in one another are read")
	}
}
