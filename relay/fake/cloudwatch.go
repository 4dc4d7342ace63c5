package fake

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
)

// CloudWatch is the service of that name, as far as the relay asks it: GetMetricWidgetImage and GetMetricData for the graph of an
// alarm; DescribeAlarms, DescribeAlarmContributors, ListAlarmMuteRules and GetAlarmMuteRule for how alarms stand. It speaks the CBOR that
// the SDK does. Whatever else is in a request is refused, and a widget is read
// strictly. It has a value of every metric for every period, and pictures of them; metrics of other accounts it has none of.
//
// Its faults name the operation as their Method. [Limited] is a ThrottlingException. Its log keeps what was asked for as
// the Request: the widget, or the names of the metrics, the alarms or the mute rule.
type CloudWatch struct {
	house
	region, account string
	alarms          map[string]storedAlarm
	mutes           map[string]MuteRule
	series          map[string][]string // their labels, by the expression that makes them
	courses         map[string]*course  // by metric or expression
	drawn           atomic.Int64
}

var _ http.Handler = (*CloudWatch)(nil)

// NewCloudWatch returns the CloudWatch of an account in a Region.
func NewCloudWatch(o Options, region, account string) *CloudWatch {
	c := &CloudWatch{
		region: region, account: account, alarms: map[string]storedAlarm{}, mutes: map[string]MuteRule{}, series: map[string][]string{},
		courses: map[string]*course{},
	}
	c.open(o)
	return c
}

// AddSeries makes an expression give several series, as one with GROUP BY does, instead of one.
func (c *CloudWatch) AddSeries(expression string, labels ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.series[expression] = labels
}

// Pictures returns how many were drawn.
func (c *CloudWatch) Pictures() int { return int(c.drawn.Load()) }

const cloudWatchPath = "/service/GraniteServiceVersion20100801/operation/"

// ServeHTTP implements http.Handler.
func (c *CloudWatch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation := strings.TrimPrefix(r.URL.Path, cloudWatchPath)
	fault := c.takeFault("", operation)
	note := Exchange{At: c.options.Clock(), Method: operation, Path: r.URL.Path, Fault: fault.Kind}
	if fault.Kind == Reset {
		c.record(note, "")
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		panic(http.ErrAbortHandler) // the client went away: nothing was asked
	}
	if !c.wait(r, fault) {
		c.record(note, "")
		panic(http.ErrAbortHandler)
	}
	asked, answer := c.answer(r, operation, body, fault)
	note.Request, note.Why, note.Status = []byte(asked), answer.why, answer.status
	c.record(note, "")
	write(w, answer, fault)
}

// answer is what the service does with a request, and what was asked for.
func (c *CloudWatch) answer(r *http.Request, operation string, body []byte, f Fault) (asked string, answer reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer, fallen := cloudWatchFault(f); fallen {
		return "", answer
	}
	v, err := readCBOR(body)
	in, ok := v.(map[string]any)
	switch {
	case r.Method != http.MethodPost || r.Header.Get("Smithy-Protocol") != "rpc-v2-cbor" || r.Header.Get("Content-Type") != "application/cbor":
		return "", cloudWatchRefusal("UnknownOperationException", "not a request of Smithy's RPC v2 protocol")
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 "):
		return "", cloudWatchRefusal("MissingAuthenticationToken", "Request is missing Authentication Token")
	case err != nil || !ok:
		return "", cloudWatchRefusal("SerializationException", "no map")
	}
	switch operation {
	case "GetMetricWidgetImage":
		return c.picture(in)
	case "GetMetricData":
		return c.data(in)
	case "DescribeAlarms":
		return c.describe(in)
	case "DescribeAlarmContributors":
		return c.describeContributors(in)
	case "ListAlarmMuteRules":
		return c.listMutes(in)
	case "GetAlarmMuteRule":
		return c.getMute(in)
	}
	return "", cloudWatchRefusal("UnknownOperationException", operation)
}

// cloudWatchFault answers the faults that have an answer of their own; ok is false for the others.
func cloudWatchFault(f Fault) (r reply, ok bool) {
	switch f.Kind {
	case Limited, LimitedGlobally:
		return cloudWatchRefusal("ThrottlingException", "Rate exceeded"), true
	case BadToken:
		return cloudWatchRefusal("InvalidClientTokenId", "The security token included in the request is invalid."), true
	case Forbidden:
		return cloudWatchRefusal("AccessDeniedException", "not authorized to perform: this"), true
	}
	return commonFault(f)
}

func (c *CloudWatch) picture(in map[string]any) (asked string, answer reply) {
	asked, _ = in["MetricWidget"].(string)
	if why := unknownMember(in, "MetricWidget", "OutputFormat"); why != "" {
		return asked, cloudWatchRefusal("InvalidParameterValue", why)
	}
	w, err := readWidget(asked, c.region)
	if err != nil {
		return asked, cloudWatchRefusal("ValidationError", err.Error())
	}
	c.drawn.Add(1)
	return asked, cloudWatchReply(map[string]any{"MetricWidgetImage": w.png(c.valueAt)})
}

// unknownMember says which member of a request is not known here; it is empty for none.
func unknownMember(in map[string]any, known ...string) string {
	for name := range in {
		if !slices.Contains(known, name) {
			return name + " is not known here"
		}
	}
	return ""
}

func cloudWatchReply(body map[string]any) reply {
	r := reply{status: http.StatusOK, body: appendCBOR(nil, body)}
	return r.with("Content-Type", "application/cbor").with("Smithy-Protocol", "rpc-v2-cbor")
}

func cloudWatchRefusal(code, message string) reply {
	r := cloudWatchReply(map[string]any{"__type": "com.amazonaws.cloudwatch#" + code, "message": message})
	r.status, r.why = http.StatusBadRequest, []string{code + ": " + message}
	return r
}
