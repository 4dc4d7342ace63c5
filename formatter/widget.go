package formatter

import (
	"encoding/json"
	"time"

	"alarmrelay/alert"
)

// Limits of a picture.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricWidgetImage.html
const (
	widgetMetrics = 100
	widgetBytes   = 100 << 10
)

// Its size: twice that of a card on a phone, whose screen has two or three dots for each of ours.
const widgetWidth, widgetHeight = 800, 400

// What a threshold and the moments of change are drawn in, as CloudWatch draws its own.
const widgetRed, widgetGreen = "#d13212", "#1d8102"

// widget is what CloudWatch is asked to draw.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html
type widget struct {
	Title       string            `json:"title"`
	View        string            `json:"view"`
	Stacked     bool              `json:"stacked"`
	Theme       string            `json:"theme"`
	Width       int               `json:"width"`
	Height      int               `json:"height"`
	Region      string            `json:"region"`
	Timezone    string            `json:"timezone"`
	Start       string            `json:"start"`
	End         string            `json:"end"`
	Period      int               `json:"period,omitempty"`
	Metrics     [][]any           `json:"metrics"`
	Axis        *widgetAxis       `json:"yAxis,omitempty"`
	Legend      map[string]string `json:"legend"`
	Annotations widgetAnnotations `json:"annotations"`
}

type widgetAxis struct {
	Left widgetScale `json:"left"`
}

type widgetScale struct {
	Label     string `json:"label"`
	ShowUnits bool   `json:"showUnits"`
}

type widgetAnnotations struct {
	Horizontal []horizontal `json:"horizontal,omitempty"`
	Vertical   []vertical   `json:"vertical"`
}

type horizontal struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
	Color string  `json:"color"`
	Fill  string  `json:"fill"` // the side that is in trouble
}

type vertical struct {
	Label string `json:"label"`
	Value string `json:"value"`
	Color string `json:"color"`
}

// widgetSeries is how a row of the widget is drawn.
type widgetSeries struct {
	ID         string `json:"id,omitempty"`
	Expression string `json:"expression,omitempty"`
	Label      string `json:"label,omitempty"`
	Stat       string `json:"stat,omitempty"`
	Period     int    `json:"period,omitempty"`
	Visible    *bool  `json:"visible,omitempty"` // false, or left out
	Account    string `json:"accountId,omitempty"`
}

// Widget asks CloudWatch for a picture of what a metric alarm watched: the hours of [SpanOf] before its change and a little
// after, with the threshold or the band and the moment of the change, in times of the zone. It is to be sent to the
// alarm's own Region. Its words are CloudWatch's own, in every locale: nobody knows which scripts it has letters for.
//
// ok is false for what can't be drawn well: no metric, no threshold, no time, or more than CloudWatch takes.
func Widget(a *alert.Alert, zone *time.Location) (text string, ok bool) {
	if a.Metric == nil {
		return "", false
	}
	change := vertical{oneLine(string(a.State)), iso(a.ChangedAt), widgetRed}
	return sketch(a, stretch{a.ChangedAt, SpanOf(a.Metric)}, zone, change)
}

// WidgetOf asks for a picture of a whole trouble, from the ALARM that began it to the OK that ended it, with both marked:
// [IncidentSpanOf] before the OK, and a little after. An ALARM that lies further back is not marked. The rest is as with [Widget].
func WidgetOf(a *alert.Alert, from, to time.Time, zone *time.Location) (text string, ok bool) {
	if a.Metric == nil || !isSet(from) || !from.Before(to) {
		return "", false
	}
	shown := stretch{to, IncidentSpanOf(a.Metric, to.Sub(from))}
	marks := []vertical{{string(alert.StateAlarm), iso(from), widgetRed}, {string(alert.StateOK), iso(to), widgetGreen}}
	if from.Before(shown.begins()) {
		marks = marks[1:]
	}
	return sketch(a, shown, zone, marks...)
}

// stretch is the time before a moment, and a little after it, that a picture shows.
type stretch struct {
	until  time.Time
	before time.Duration
}

func (s stretch) begins() time.Time { return s.until.Add(-s.before) }
func (s stretch) ends() time.Time   { return s.until.Add(s.before / 12) }

// sketch writes the widget of a metric alarm.
func sketch(a *alert.Alert, shown stretch, zone *time.Location, marks ...vertical) (text string, ok bool) {
	m := a.Metric
	if !isSet(shown.until) || !isRegion(a.Region) {
		return "", false
	}
	if zone == nil {
		zone = time.UTC
	}
	rows, ok := widgetRows(m)
	if !ok || len(rows) > widgetMetrics {
		return "", false
	}
	w := widget{
		Title: short(oneLine(a.Name), 80), View: "timeSeries", Theme: "dark", Width: widgetWidth, Height: widgetHeight,
		Region: a.Region, Timezone: shown.until.In(zone).Format("-0700"),
		Start: iso(shown.begins()), End: iso(shown.ends()), Period: m.Period,
		Metrics: rows, Legend: map[string]string{"position": "bottom"},
		Annotations: widgetAnnotations{Vertical: marks},
	}
	if w.Annotations.Horizontal, ok = widgetBounds(a); !ok {
		return "", false
	}
	if unit := unitOf(watched(m)); unit != "" {
		w.Axis = &widgetAxis{widgetScale{Label: short(oneLine(unit), 40)}}
	}
	data, err := json.Marshal(w)
	if err != nil || len(data) > widgetBytes { // an infinite threshold is no JSON
		return "", false
	}
	return string(data), true
}

// widgetRows are the metrics and expressions, drawn as the alarm's own page does: what is returned, and the band.
func widgetRows(m *alert.MetricAlarm) (rows [][]any, ok bool) {
	several := len(m.Queries) > 1
	for _, q := range m.Queries {
		s := widgetSeries{Expression: q.Expression, Label: short(oneLine(q.Label), 100), Period: q.Period, Account: q.Account}
		if several {
			if s.ID = q.ID; s.ID == "" {
				return nil, false
			}
			if !q.Returned {
				s.Visible = new(bool)
			}
		}
		var row []any
		switch {
		case q.Expression != "":
			s.Account = "" // the metrics in it have one each; a query that makes many series names them itself
		case q.Name == "" || q.Namespace == "" || q.Stat == "":
			return nil, false
		default:
			s.Label, s.Stat = seriesLabel(q), statistic(q.Stat)
			row = append(row, q.Namespace, q.Name)
			for _, d := range q.Dimensions {
				row = append(row, d.Name, d.Value)
			}
		}
		rows = append(rows, append(row, s))
	}
	return rows, len(rows) > 0
}

// seriesLabel names a series: CPUUtilization Average.
func seriesLabel(q alert.Query) string {
	label := oneLine(q.Label)
	switch {
	case label != "":
	case q.Expression != "":
		label = selected(oneLine(q.Expression))
	default:
		label = oneLine(q.Name + " " + statistic(q.Stat))
	}
	return short(label, 100)
}

// widgetBounds is the threshold as a line; none, and ok, where there is a band instead.
func widgetBounds(a *alert.Alert) (lines []horizontal, ok bool) {
	m := a.Metric
	if m.ThresholdID != "" || len(m.Lower)+len(m.Upper) > 0 {
		return nil, true
	}
	reason := clean(source(a.Reason))
	comparison := m.Comparison
	if comparison == "" {
		comparison = comparisonIn(reason)
	}
	limit, known := thresholdOf(m, reason)
	if !known || !isComparison(comparison) {
		return nil, false // PromQL and what else has no threshold
	}
	fill := "above"
	if comparison == below || comparison == atMost {
		fill = "below"
	}
	label := sign(comparison) + " " + quantity(limit, unitFor(limit, unitOf(watched(m))), exactDigits)
	return []horizontal{{label, limit, widgetRed, fill}}, true
}

func short(s string, limit int) string {
	s, _ = cut(s, limit, units16)
	return s
}
