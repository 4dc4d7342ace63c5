// Package alert says what happened: it turns every envelope in which AWS can
// deliver an alarm or another notice into [Alert] values.
//
// It decides nothing about where an alert goes or how it is worded, and it is
// pure: no network, no files, no clock. The same bytes give the same alerts.
package alert

import "time"

// Kind tells what sort of thing an alert is about. Rules match on it.
type Kind string

// The kinds. [Kinds] lists them all; those after [KindLogs] are notices, see forms_events.go.
const (
	KindMetricAlarm    Kind = "metric-alarm"
	KindCompositeAlarm Kind = "composite-alarm"
	KindAlarmConfig    Kind = "alarm-config"
	KindLogs           Kind = "logs"
)

// State is an alarm's state as CloudWatch writes it; empty for everything that is no alarm.
type State string

// The three states of a CloudWatch alarm.
const (
	StateOK               State = "OK"
	StateAlarm            State = "ALARM"
	StateInsufficientData State = "INSUFFICIENT_DATA"
)

// Severity is how bad an alert is, as the notice itself, the alarm's tags or a
// rule say. Empty means that nobody said.
type Severity string

// The severities, worst first.
const (
	SeverityCritical Severity = "critical"
	SeverityHigh     Severity = "high"
	SeverityWarning  Severity = "warning"
	SeverityInfo     Severity = "info"
)

// Rank orders severities: critical is 4, info 1, unknown 0.
func (s Severity) Rank() int {
	switch s {
	case SeverityCritical:
		return 4
	case SeverityHigh:
		return 3
	case SeverityWarning:
		return 2
	case SeverityInfo:
		return 1
	}
	return 0
}

// ParseSeverity reads a severity as people write it ("medium" is warning,
// "low" is info); ok is false for a word it does not know.
func ParseSeverity(word string) (s Severity, ok bool) {
	switch s := Severity(lower(word)); s {
	case SeverityCritical, SeverityHigh, SeverityWarning, SeverityInfo:
		return s, true
	case "medium":
		return SeverityWarning, true
	case "low", "informational":
		return SeverityInfo, true
	}
	return "", false
}

// Alert is one thing that happened. Fields are empty where the envelope did
// not say; nothing is guessed.
type Alert struct {
	Kind Kind
	// Key names what the alert is about and Change this happening of it:
	// two deliveries of the same news have both in common, two changes of
	// one alarm only the Key. docs/alerts.md lists both for every kind.
	Key    string
	Change string

	Name      string // the alarm's name, or the title of a notice
	ARN       string // of the alarm or the resource; may be empty
	Account   string // twelve digits
	Region    string // a code such as ap-northeast-2
	Partition string // aws, aws-cn, aws-us-gov ...

	State      State
	Previous   State
	ChangedAt  time.Time // when it happened, not when it was delivered
	PreviousAt time.Time // when the previous state began; few envelopes tell

	Reason      string // AWS's own sentence
	Description string // what the owner wrote about it
	Severity    Severity
	Runbook     string // an https address; set by configuration or the alarm's tag
	Tags        map[string]string

	AfterMute   bool // told again because a CloudWatch mute window ended
	NoOKActions bool // the alarm is known to have no OKActions: its recovery will not be told
	Deleted     bool `json:",omitzero"` // the alarm does not exist any more: its State is OK, and nobody will tell how it ended

	Contributor *Contributor // of alarms that watch many series
	Metric      *MetricAlarm // KindMetricAlarm
	Composite   *Composite   // KindCompositeAlarm
	Logs        *LogBatch    // KindLogs
	Notice      *Notice      // every other kind
	Origin      Origin
}

// IsAlarm reports whether the alert is an alarm's change of state.
func (a *Alert) IsAlarm() bool { return a.State != "" }

// Contributor is the one series of a many-series alarm that changed.
type Contributor struct {
	ID         string
	Attributes map[string]string
}

// MetricAlarm is what a metric alarm watches and against what.
type MetricAlarm struct {
	Queries     []Query  // one for a plain metric, several for metric math and anomaly detection
	Comparison  string   // GreaterThanThreshold ...
	Threshold   *float64 // nil where there is none (anomaly detection, PromQL)
	ThresholdID string   // the query that is the anomaly band
	Period      int      // seconds
	Evaluations int
	Datapoints  int    // datapoints to alarm; 0 when not set, which means all of Evaluations
	MissingData string // missing, notBreaching, breaching, ignore

	Values       []float64 // the datapoints that decided, oldest first
	Lower, Upper []float64 // the band at these datapoints
	Missing      bool      // decided by missing datapoints, not by values
}

// Query is one row of what a metric alarm evaluates.
type Query struct {
	ID         string
	Label      string
	Expression string // metric math, Metrics Insights or PromQL; empty for a metric
	Namespace  string
	Name       string
	Stat       string // Average, Sum, p99 ...
	Unit       string
	Dimensions []Dimension
	Period     int // seconds
	Account    string
	Returned   bool
}

// Dimension is one name and value of a metric's identity.
type Dimension struct{ Name, Value string }

// Watched returns the query whose value is compared: the returned one that is
// not the anomaly band. It returns the zero Query when there is none.
func (m *MetricAlarm) Watched() Query {
	for _, q := range m.Queries {
		if q.Returned && q.ID != m.ThresholdID {
			return q
		}
	}
	for _, q := range m.Queries {
		if q.ID == "" || q.ID != m.ThresholdID {
			return q
		}
	}
	return Query{}
}

// Composite is what a composite alarm combines.
type Composite struct {
	Rule         string
	Children     []Child // those that made it change, as far as CloudWatch tells
	SuppressedBy string  // name or ARN of the alarm that may suppress its actions
}

// Child is one alarm inside a composite alarm.
type Child struct {
	ARN  string
	Name string
	State
	At time.Time
}

// LogBatch is log lines that matched a subscription filter.
type LogBatch struct {
	Group   string
	Stream  string
	Filters []string
	Lines   []LogLine
	Omitted int // lines that did not fit into what is kept
}

// LogLine is one log event.
type LogLine struct {
	ID   string
	At   time.Time
	Text string
}

// Notice is what is known of an alert that is neither an alarm nor log lines.
type Notice struct {
	Service string // as people call it: GuardDuty, RDS, CodePipeline
	Status  string // as the service writes it: FAILED, open, STOPPED
	Good    bool   // it says that something ended well
	Fields  []Field
	Links   []Link // to the AWS console, as the notice itself brought them
	Text    string // free text of a notice nobody knows
	Budget  *Budget
}

// Field is one fact of a notice. Label is English; the formatter translates
// the ones it knows.
type Field struct {
	Label string
	Value string
	At    time.Time // set instead of Value for a moment in time
	Code  bool      // an identifier, shown in a fixed-width face
}

// Link is an address that a notice brought along; always https on an AWS
// console's host.
type Link struct{ Label, URL string }

// Budget holds the amounts of an AWS Budgets notice as AWS wrote them ("$412.50").
type Budget struct {
	Limit     string
	Actual    string
	Forecast  string
	Threshold string
	Alert     string // ACTUAL or FORECASTED
	Percent   string // of the limit, "82.5"
}

// Origin is how an alert reached the function.
type Origin struct {
	Envelope   string            // see the Envelope constants
	Topic      string            // ARN of the SNS topic
	Subject    string            // of the SNS message
	Source     string            // of the EventBridge event: aws.guardduty
	DetailType string            // of the EventBridge event
	MessageID  string            // of the SNS message or EventBridge event
	SentAt     time.Time         // when SNS, SQS or EventBridge took it
	Receives   int               // how often the queue has handed it out; 0 when there is no queue
	Attributes map[string]string // message attributes of SNS, or of SQS where delivery was raw
}

// The envelopes.
const (
	EnvelopeSNS         = "sns"
	EnvelopeSQS         = "sqs"
	EnvelopeEventBridge = "eventbridge"
	EnvelopeAlarmAction = "alarm-action"
	EnvelopeLogs        = "logs"
	EnvelopeUnknown     = "unknown"
)

// Record is what became of one piece of the function's input. Exactly one of
// Alert (Kind set), Skip and Err says something.
type Record struct {
	ID    string // the SQS message id; empty when the event stands or falls as a whole
	Alert Alert
	Skip  string // why this is no news: a control message, a suppressed phase, a passed check
	Err   error  // nothing could be read from it
}
