package fake

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The limits of a widget.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricWidgetImage.html
const (
	maxWidget        = 100 << 10
	maxWidgetMetrics = 100
	maxWidgetSide    = 2000
)

// metricWidget is what a picture is asked for with. A key that is none of these is refused, though the service may overlook it.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html
type metricWidget struct {
	Title    string                    `json:"title"`
	View     string                    `json:"view"`
	Stacked  bool                      `json:"stacked"`
	Theme    string                    `json:"theme"`
	Width    int                       `json:"width"`
	Height   int                       `json:"height"`
	Region   string                    `json:"region"`
	Timezone string                    `json:"timezone"`
	Start    time.Time                 `json:"start"` // relative times, which the service knows, are not known here
	End      time.Time                 `json:"end"`
	Period   int                       `json:"period"`
	Stat     string                    `json:"stat"`
	Metrics  [][]json.RawMessage       `json:"metrics"`
	Axes     map[string]widgetScale    `json:"yAxis"`
	Legend   struct{ Position string } `json:"legend"`
	Marks    struct {
		Horizontal []horizontalMark `json:"horizontal"`
		Vertical   []verticalMark   `json:"vertical"`
	} `json:"annotations"`

	rows []widgetRow
}

type widgetScale struct {
	Label     string   `json:"label"`
	Min       *float64 `json:"min"`
	Max       *float64 `json:"max"`
	ShowUnits *bool    `json:"showUnits"`
}

type horizontalMark struct {
	Label string   `json:"label"`
	Value *float64 `json:"value"`
	Color string   `json:"color"`
	Fill  string   `json:"fill"`
	YAxis string   `json:"yAxis"`
}

type verticalMark struct {
	Label string    `json:"label"`
	Value time.Time `json:"value"`
	Color string    `json:"color"`
	Fill  string    `json:"fill"`
}

// widgetRow is one metric or expression.
type widgetRow struct {
	name string
	seriesOptions
}

type seriesOptions struct {
	ID         string `json:"id"`
	Expression string `json:"expression"`
	Label      string `json:"label"`
	Stat       string `json:"stat"`
	Period     *int   `json:"period"`
	Visible    *bool  `json:"visible"`
	Account    string `json:"accountId"`
	Color      string `json:"color"`
	YAxis      string `json:"yAxis"`
}

var (
	widgetZone  = regexp.MustCompile(`^[+-]\d{4}$`)
	widgetColor = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)
)

// readWidget reads a widget that is drawn in a Region. The error says what the service would not take.
func readWidget(text, region string) (*metricWidget, error) {
	if len(text) > maxWidget {
		return nil, errors.New("the widget is larger than 100 KB")
	}
	w := &metricWidget{Width: 600, Height: 400, Theme: "light", View: "timeSeries", Period: 300}
	if err := strictly(text, w); err != nil {
		return nil, err
	}
	switch {
	case len(w.Metrics) == 0 || len(w.Metrics) > maxWidgetMetrics:
		return nil, fmt.Errorf("%d metrics", len(w.Metrics))
	case w.View != "timeSeries" || w.Theme != "light" && w.Theme != "dark":
		return nil, errors.New("view or theme is not known here")
	case w.Width < 1 || w.Width > maxWidgetSide || w.Height < 1 || w.Height > maxWidgetSide:
		return nil, errors.New("width and height are 1 to 2000")
	case w.Region != "" && w.Region != region:
		return nil, errors.New("region must be the local one")
	case w.Timezone != "" && !widgetZone.MatchString(w.Timezone):
		return nil, errors.New("timezone is no offset such as +0130")
	case !w.Start.Before(w.End):
		return nil, errors.New("start is not before end")
	case !isPeriod(w.Period):
		return nil, errors.New("period is none")
	case !slices.Contains([]string{"", "bottom", "right", "hidden"}, w.Legend.Position):
		return nil, errors.New("legend.position is not known")
	}
	if err := w.checkMarks(); err != nil {
		return nil, err
	}
	return w, w.readRows()
}

func strictly(text string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func (w *metricWidget) checkMarks() error {
	for axis := range w.Axes {
		if axis != "left" && axis != "right" {
			return errors.New("yAxis has left and right")
		}
	}
	for _, m := range w.Marks.Horizontal {
		if m.Value == nil || m.Color != "" && !widgetColor.MatchString(m.Color) || !slices.Contains([]string{"", "above", "below", "none"}, m.Fill) {
			return errors.New("a horizontal annotation needs a value, a color such as #ff0000 and a fill that is known")
		}
	}
	for _, m := range w.Marks.Vertical {
		if m.Value.IsZero() || m.Color != "" && !widgetColor.MatchString(m.Color) || !slices.Contains([]string{"", "before", "after", "none"}, m.Fill) {
			return errors.New("a vertical annotation needs a value, a color such as #ff0000 and a fill that is known")
		}
	}
	return nil
}

func (w *metricWidget) readRows() error {
	ids, visible := map[string]bool{}, false
	for n, cells := range w.Metrics {
		row, err := readRow(cells)
		if err != nil {
			return fmt.Errorf("metrics[%d]: %w", n, err)
		}
		if row.ID != "" && (ids[row.ID] || !isQueryID(row.ID)) {
			return fmt.Errorf("metrics[%d]: id is none, or there twice", n)
		}
		ids[row.ID] = true
		visible = visible || row.Visible == nil || *row.Visible
		w.rows = append(w.rows, row)
	}
	if !visible {
		return errors.New("no metric is visible")
	}
	return nil
}

// readRow reads namespace, name, dimensions in pairs, and options; or the options of an expression alone.
func readRow(cells []json.RawMessage) (row widgetRow, err error) {
	var names []string
	for n, cell := range cells {
		var text string
		if json.Unmarshal(cell, &text) == nil {
			names = append(names, text)
			continue
		}
		if err := strictly(string(cell), &row.seriesOptions); err != nil || n < len(cells)-1 {
			return row, errors.New("what is no text has to be the options, at the end")
		}
	}
	switch {
	case row.Period != nil && !isPeriod(*row.Period):
		return row, errors.New("period is none")
	case row.Expression != "" && len(names) == 0:
		row.name = row.Expression
		return row, nil
	case row.Expression != "" || len(names) < 2 || len(names)%2 != 0 || slices.Contains(names, ""):
		return row, errors.New("a metric is a namespace, a name, and dimensions in pairs; an expression has none of these")
	}
	row.name = names[1]
	return row, nil
}
