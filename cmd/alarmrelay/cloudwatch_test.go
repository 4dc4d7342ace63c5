package main

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

// cloudWatch is a CloudWatch with alarms that are set and never evaluated. It speaks CBOR, as the real one does:
// https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
type cloudWatch struct {
	mu      sync.Mutex
	alarms  map[string]*cloudAlarm
	past    []pastAction
	asked   []string
	refused map[string]string // codes, by operation
	// act runs an action, and returns why it could not.
	act func(action, state string) (failure string)
	// slow is how long an action takes to come into the history; silent, for ever.
	slow   time.Duration
	silent bool
	after  map[string]func() // runs when an operation was done, before it is answered
}

// cloudAlarm is an alarm as DescribeAlarms tells it.
type cloudAlarm struct {
	name, state, description, rule, suppressor string
	disabled                                   bool
	onAlarm, onOK, onMissing                   []string
	tags                                       map[string]string
	propagates                                 bool
}

// pastAction is an item of the history.
type pastAction struct {
	alarm, summary, data string
	at                   time.Time
}

func newCloudWatch(alarms ...*cloudAlarm) *cloudWatch {
	c := &cloudWatch{alarms: map[string]*cloudAlarm{}, refused: map[string]string{}, act: func(string, string) string { return "" }}
	for _, a := range alarms {
		c.alarms[a.name] = a
	}
	return c
}

// names are those of the alarms that there are.
func (c *cloudWatch) names() (names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name := range c.alarms {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// calls are the operations that were asked for, without looks at the history.
func (c *cloudWatch) calls() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.asked), func(call string) bool { return call == "DescribeAlarmHistory" })
}

// cloudRefusal is an error of CloudWatch's.
type cloudRefusal struct{ code, message string }

func (c *cloudWatch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	operation := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	body, err := io.ReadAll(r.Body)
	in, decodeErr := cbor.Decode(body)
	request, ok := in.(cbor.Map)
	if err != nil || decodeErr != nil || !ok {
		http.Error(w, "no CBOR", http.StatusBadRequest)
		return
	}
	w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	w.Header().Set("Content-Type", "application/cbor")
	c.asked = append(c.asked, operation)
	answer, refusal := c.answer(operation, request, regionOf(r))
	if after := c.after[operation]; after != nil {
		after()
	}
	if refusal != nil {
		w.WriteHeader(http.StatusBadRequest)
		answer = cbor.Map{"__type": cbor.String("com.amazonaws.cloudwatch#" + refusal.code), "message": cbor.String(refusal.message)}
	}
	_, _ = w.Write(cbor.Encode(answer))
}

// regionOf reads the region that a request is signed for.
func regionOf(r *http.Request) string {
	scope := strings.Split(r.Header.Get("Authorization"), "/") // Credential=KEY/DAY/REGION/monitoring/aws4_request
	if len(scope) < 4 {
		return ""
	}
	return scope[2]
}

func (c *cloudWatch) answer(operation string, in cbor.Map, region string) (cbor.Map, *cloudRefusal) {
	if code := c.refused[operation]; code != "" {
		return nil, &cloudRefusal{code, "User: minji is not authorized to perform: cloudwatch:" + operation}
	}
	name := textIn(in, "AlarmName")
	alarm := c.alarms[name]
	switch operation {
	case "PutMetricAlarm":
		return c.put(name, in, region)
	case "SetAlarmState":
		if alarm == nil {
			return nil, &cloudRefusal{"ResourceNotFound", "Unknown"}
		}
		c.set(alarm, textIn(in, "StateValue"))
	case "DeleteAlarms":
		for _, name := range textsIn(in, "AlarmNames") {
			if c.alarms[name] == nil {
				return nil, &cloudRefusal{"ResourceNotFound", "Unknown"}
			}
			delete(c.alarms, name)
		}
	case "DescribeAlarms":
		return c.describe(in, region), nil
	case "DescribeAlarmHistory":
		return c.history(name, textIn(in, "HistoryItemType")), nil
	default:
		return nil, &cloudRefusal{"UnknownOperationException", operation}
	}
	return cbor.Map{}, nil
}

// put makes a metric alarm, or changes one.
func (c *cloudWatch) put(name string, in cbor.Map, region string) (cbor.Map, *cloudRefusal) {
	for _, needed := range []string{"AlarmName", "Namespace", "MetricName", "Statistic", "Period", "EvaluationPeriods", "Threshold", "ComparisonOperator"} {
		if in[needed] == nil {
			return nil, &cloudRefusal{"ValidationError", needed + " is missing"}
		}
	}
	a := &cloudAlarm{
		name: name, state: "INSUFFICIENT_DATA", description: textIn(in, "AlarmDescription"), tags: map[string]string{},
		onAlarm: textsIn(in, "AlarmActions"), onOK: textsIn(in, "OKActions"), onMissing: textsIn(in, "InsufficientDataActions"),
	}
	for _, action := range slices.Concat(a.onAlarm, a.onOK, a.onMissing) {
		if strings.Split(action, ":")[3] != region {
			return nil, &cloudRefusal{"ValidationError", "Invalid region specified. Only " + region + " is supported."}
		}
	}
	if tags, ok := in["Tags"].(cbor.List); ok {
		for _, tag := range tags {
			a.tags[textIn(tag.(cbor.Map), "Key")] = textIn(tag.(cbor.Map), "Value")
		}
	}
	if configuration, ok := in["ActionConfiguration"].(cbor.Map); ok {
		a.propagates = configuration["AlarmTagsPropagation"].(cbor.Map)["Enabled"] == cbor.Bool(true)
	}
	c.alarms[name] = a
	return cbor.Map{}, nil
}

// set changes a state, which runs the actions for it.
func (c *cloudWatch) set(a *cloudAlarm, state string) {
	if a.state == state {
		return
	}
	a.state = state
	actions := map[string][]string{"ALARM": a.onAlarm, "OK": a.onOK, "INSUFFICIENT_DATA": a.onMissing}[state]
	if a.disabled || c.silent {
		return
	}
	for _, action := range actions {
		p := pastAction{alarm: a.name, summary: "Successfully executed action " + action, at: time.Now()}
		const pause = 10 * time.Millisecond // takes its time, and the history tells milliseconds
		if n := len(c.past); n > 0 && p.at.Sub(c.past[n-1].at) < pause {
			p.at = c.past[n-1].at.Add(pause)
		}
		outcome := map[string]any{"actionState": "Succeeded", "notificationResource": action, "stateUpdateTimestamp": time.Now().UnixMilli()}
		if failure := c.act(action, state); failure != "" {
			p.summary = "Failed to execute action " + action + `. Received error: "` + failure + `"`
			outcome["actionState"], outcome["error"] = "Failed", failure
		}
		data, _ := json.Marshal(outcome) // texts and a number
		p.data = string(data)
		c.past = append(c.past, p)
	}
}

func (c *cloudWatch) history(name, kind string) cbor.Map {
	items := cbor.List{}
	for _, p := range slices.Backward(c.past) {
		if p.alarm != name || kind != "Action" || c.slow > 0 && time.Since(p.at) < c.slow {
			continue
		}
		items = append(items, cbor.Map{
			"AlarmName": cbor.String(name), "HistoryItemType": cbor.String(kind), "HistorySummary": cbor.String(p.summary),
			"HistoryData": cbor.String(p.data), "Timestamp": &cbor.Tag{ID: 1, Value: cbor.Float64(float64(p.at.UnixNano()) / 1e9)},
		})
	}
	return cbor.Map{"AlarmHistoryItems": items}
}

func (c *cloudWatch) describe(in cbor.Map, region string) cbor.Map {
	names, kinds, child := textsIn(in, "AlarmNames"), textsIn(in, "AlarmTypes"), textIn(in, "ParentsOfAlarmName")
	metric, composite := cbor.List{}, cbor.List{}
	for _, a := range c.alarms {
		told := a.told(region)
		switch isComposite := a.rule != ""; {
		case child != "":
			if isComposite && strings.Contains(a.rule, `"`+child+`"`) {
				composite = append(composite, cbor.Map{"AlarmName": told["AlarmName"], "AlarmArn": told["AlarmArn"]})
			}
		case len(names) > 0 && !slices.Contains(names, a.name):
		case isComposite && slices.Contains(kinds, "CompositeAlarm"):
			composite = append(composite, told)
		case !isComposite && (len(kinds) == 0 || slices.Contains(kinds, "MetricAlarm")):
			metric = append(metric, told)
		}
	}
	return cbor.Map{"MetricAlarms": metric, "CompositeAlarms": composite}
}

func (a *cloudAlarm) told(region string) cbor.Map {
	told := cbor.Map{
		"AlarmName": cbor.String(a.name), "AlarmArn": cbor.String("arn:aws:cloudwatch:" + region + ":111122223333:alarm:" + a.name),
		"StateValue": cbor.String(a.state), "ActionsEnabled": cbor.Bool(!a.disabled),
		"AlarmActions": listOf(a.onAlarm), "OKActions": listOf(a.onOK), "InsufficientDataActions": listOf(a.onMissing),
	}
	if a.suppressor != "" {
		told["ActionsSuppressor"] = cbor.String(a.suppressor)
	}
	return told
}

func textIn(m cbor.Map, key string) string {
	text, _ := m[key].(cbor.String)
	return string(text)
}

func textsIn(m cbor.Map, key string) (texts []string) {
	list, _ := m[key].(cbor.List)
	for _, item := range list {
		if text, ok := item.(cbor.String); ok {
			texts = append(texts, string(text))
		}
	}
	return texts
}

func listOf(texts []string) (list cbor.List) {
	for _, text := range texts {
		list = append(list, cbor.String(text))
	}
	return list
}
