package relay

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
)

// Grapher asks CloudWatch for what alarms watched. relay/cloud implements it. Each method makes one request, once, and ends
// with ctx at the latest. Errors hold no text that an alarm brought along.
type Grapher interface {
	// Picture draws a widget of [formatter.Widget] in a Region, as a PNG.
	Picture(ctx context.Context, region, widget string) (png []byte, err error)
	// Values returns what a metric alarm watched from one moment to another, oldest first and one for each period; NaN where
	// there was nothing.
	Values(ctx context.Context, a *alert.Alert, from, to time.Time) ([]float64, error)
	// Watched returns what the metric alarm of a name watches; nil when there is none of that name.
	Watched(ctx context.Context, region, name string) (*alert.MetricAlarm, error)
}

const (
	// graphTime is how long a message waits for its graphs, which come side by side.
	graphTime = 2 * time.Second
	// graphsTime is how long all messages of an invocation to one destination wait for theirs together.
	graphsTime = 3 * time.Second
	// lateGraphTime is how long a graph may take in all. One that comes after its message is added to that.
	lateGraphTime = 6 * time.Second
	// maxGraphs is how many an invocation asks for: each costs, and CloudWatch draws twenty a second for an account and
	// Region: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricWidgetImage.html
	maxGraphs = 5
)

var (
	errGraphLate = errors.New("no answer in time")
	errNoValues  = errors.New("no values: another account is not linked to this one, or the metric has none")
)

// illustrate gives the alarms that are to be told, and whose rules want it, their graphs: the worst first, side by side, and as
// many as come within [graphTime]. Without its graph an alarm is told all the same; where its message can be edited, it gets the graph when
// that comes after all.
func (s *session) illustrate(l *bundle, entries []*entry) {
	wanted := slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return !e.wantsGraph() })
	patience := s.graphPatience()
	if s.Graphs == nil || len(wanted) == 0 || patience <= 0 {
		return
	}
	slices.SortStableFunc(wanted, func(a, b *entry) int { return cmp.Compare(b.item.Severity.Rank(), a.item.Severity.Rank()) })
	began := time.Now()
	end, cancel := context.WithTimeout(s.work, patience)
	defer cancel()
	zone := s.Rules.Style(s.name, l.voice).Zone
	sketches := make([]*sketch, len(wanted))
	for i, e := range wanted {
		sketches[i] = s.sketch(e, zone)
	}
	for i, e := range wanted {
		if sketches[i] != nil {
			s.hang(e, sketches[i], end.Done())
		}
	}
	s.waited += time.Since(began)
}

// wantsGraph reports whether an entry is to have a graph that it does not have yet: an ALARM that is news has one of what led to it, and
// the end of a trouble one of all of it.
func (e *entry) wantsGraph() bool {
	it := &e.item
	wanted := slices.ContainsFunc(e.tellings, func(t *telling) bool { return t.delivery.Graph && t.held == "" })
	if !wanted || e.plan == nil || it.Graph != nil || it.Metric == nil && it.Composite == nil {
		return false
	}
	return e.plan.Post != nil && it.State == alert.StateAlarm || e.endsTrouble()
}

// endsTrouble reports whether an entry turns its message green.
func (e *entry) endsTrouble() bool {
	return e.plan != nil && e.plan.Edit != nil && e.plan.Post == nil && e.plan.Edit.State == alert.StateOK && e.plan.Edit.Fires > 0
}

// graphPatience is how long graphs may take now. Of the time in which requests may still be begun it is half at most: timers go off
// late, and the text, with all that is to be told after it, comes in the other half.
func (s *session) graphPatience() time.Duration {
	patience := min(graphTime, graphsTime-s.waited)
	if deadline, ok := s.work.Deadline(); ok {
		patience = min(patience, (time.Until(deadline)-s.least())/2)
	}
	return patience
}

// sketch begins the graph of an entry, unless it is begun already; nil when the budget is spent.
func (s *session) sketch(e *entry, zone *time.Location) *sketch {
	a := e.item.Alert
	picture := s.service == formatter.ServiceDiscord && canDraw(a.Partition)
	key := sketchKey{alarm: a.Key, change: a.Change, picture: picture}
	if picture && zone != nil {
		key.zone = zone.String()
	}
	if e.endsTrouble() {
		key.from = e.plan.Edit.Began
	}
	e.item.Graph = &formatter.Graph{} // the alarm's own datapoints in place of a picture that does not come
	made, ours := s.gallery.begin(key)
	if made == nil || !ours {
		return made
	}
	ctx, cancel := context.WithTimeout(s.work, lateGraphTime)
	go func() {
		defer cancel()
		defer close(made.done)
		made.err = s.safely("graph", func() (err error) {
			made.graph, err = s.draw(ctx, &a, key, zone)
			return err
		})
	}()
	return made
}

// hang puts a graph onto the card, or leaves that for later when it does not come before the end.
func (s *session) hang(e *entry, made *sketch, end <-chan struct{}) {
	select {
	case <-made.done:
	default:
		select {
		case <-made.done:
		case <-end:
			s.gallery.wait(lateSketch{made, s.name, e.id, s.canEdit})
			return
		}
	}
	if made.err == nil && made.graph != nil {
		e.item.Graph = made.graph
	}
}

// canDraw reports whether CloudWatch draws in a partition. It does not in GovCloud, and nobody says that it does in the isolated ones.
// https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cw.html
func canDraw(partition string) bool { return partition == "aws" || partition == "aws-cn" }

// draw makes the graph of an alarm: a picture, or the values. Of a whole trouble it is both: the values tell the worst. It returns nil for
// an alarm that nothing can be shown of.
func (c *call) draw(ctx context.Context, a *alert.Alert, key sketchKey, zone *time.Location) (*formatter.Graph, error) {
	drawn, err := c.drawn(ctx, a)
	if drawn == nil || err != nil {
		return nil, err
	}
	g := &formatter.Graph{Span: formatter.SpanOf(drawn.Metric)}
	if a.Metric == nil {
		g.Of = drawn
	}
	whole := !key.from.IsZero()
	widget, ok := formatter.Widget(drawn, zone)
	if whole {
		g.Span = formatter.IncidentSpanOf(drawn.Metric, drawn.ChangedAt.Sub(key.from))
		widget, ok = formatter.WidgetOf(drawn, key.from, drawn.ChangedAt, zone)
	}
	if !ok { // of PromQL there are no values, either
		return nil, nil
	}
	if !key.picture || c.isForeign(drawn) || whole && g.Of == nil {
		g.Values, err = c.Graphs.Values(ctx, drawn, drawn.ChangedAt.Add(-g.Span), drawn.ChangedAt)
		if err == nil && len(g.Values) == 0 {
			err = errNoValues
		}
	}
	if key.picture && err == nil {
		g.PNG, err = c.Graphs.Picture(ctx, drawn.Region, widget)
	}
	return g, err
}

// isForeign reports whether an alarm is of another account than the relay's. Its metrics can be read if the accounts are linked; if
// they are not, CloudWatch draws an empty picture, so that its values are asked for first.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Unified-Cross-Account.html
func (c *call) isForeign(a *alert.Alert) bool {
	return c.Home.Account != "" && a.Account != "" && a.Account != c.Home.Account
}

// drawn returns the metric alarm that an alarm's graph is of: itself, or the first child that made a composite alarm fire. It
// returns nil where there is none.
func (c *call) drawn(ctx context.Context, a *alert.Alert) (*alert.Alert, error) {
	switch {
	case a.ChangedAt.IsZero() || a.Region == "":
		return nil, nil
	case a.Metric != nil && !c.isForeign(a):
		return a, nil
	case a.Metric != nil:
		foreign := *a
		foreign.Metric = a.Metric.In(a.Account)
		return &foreign, nil
	case a.Composite == nil || len(a.Composite.Children) == 0:
		return nil, nil
	}
	child := a.Composite.Children[max(0, slices.IndexFunc(a.Composite.Children, func(c alert.Child) bool { return c.State == alert.StateAlarm }))]
	of := a.Of(child)
	if of.Account == "" || of.Region == "" || c.isForeign(&of) {
		return nil, nil
	}
	metric, err := c.Graphs.Watched(ctx, of.Region, of.Name)
	if metric == nil || err != nil {
		return nil, err
	}
	of.Metric = metric
	return &of, nil
}
