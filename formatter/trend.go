package formatter

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"time"

	"alarmrelay/alert"
)

// Graph is what an alarm's card shows of the time before its change: before an OK that is the whole trouble.
type Graph struct {
	// Of is the alarm that is shown: a composite alarm shows one of its children. Nil is the card's own.
	Of *alert.Alert
	// PNG is the picture. Discord shows it; where there is none a line of values stands in its place. More than
	// a megabyte, or what is no PNG, is none.
	PNG []byte
	// Values are those of [Graph.Span] before the change, oldest first, and NaN where there was none. Without at least three
	// the alarm's own datapoints are shown.
	Values []float64
	Span   time.Duration
}

const (
	// maxPicture lets ten pictures, as many as a message has embeds, stay below what Discord takes of everybody: 10 MiB.
	// https://docs.discord.com/developers/reference#uploading-files
	maxPicture = 1_000_000
	pictureEnd = ".png"
	// trendBars is how many bars a phone shows in one line.
	trendBars = 24
	// trendLeast is how many values make a trend.
	trendLeast = 3
)

// picture returns the picture that can be shown of an item; nil for none.
func (it *Item) picture() []byte {
	if it.Graph == nil || len(it.Graph.PNG) > maxPicture || !bytes.HasPrefix(it.Graph.PNG, []byte("\x89PNG\r\n\x1a\n")) {
		return nil
	}
	return it.Graph.PNG
}

// keeps is the id of the picture that the message has and is to keep.
func (it *Item) keeps() string {
	if it.picture() != nil || !isSnowflake(it.Kept) {
		return ""
	}
	return it.Kept
}

// pictureName is the file name of the n-th picture of a message.
func pictureName(n int) string {
	if n == 0 {
		return "graph" + pictureEnd
	}
	return "graph-" + strconv.Itoa(n+1) + pictureEnd
}

// drawn is the alarm that an item's graph shows.
func (it *Item) drawn() *alert.Alert {
	if it.Graph != nil && it.Graph.Of != nil {
		return it.Graph.Of
	}
	return &it.Alert
}

// altText says what a picture shows to whom it can't be shown: which metric of which alarm, for how long, and the threshold.
func (t teller) altText(it *Item) string {
	a, kept := it.drawn(), it.keeps() != ""
	if a.Metric == nil || it.picture() == nil && !kept {
		return ""
	}
	span := SpanOf(a.Metric)
	if it.Graph != nil && it.Graph.Span > 0 && !kept {
		span = it.Graph.Span
	}
	bound := ""
	if lines, ok := widgetBounds(a); ok && len(lines) > 0 {
		bound = lines[0].Label
	}
	said, _ := cut(t.GraphOf(oneLine(a.Name), seriesLabel(watched(a.Metric)), t.duration(span), bound), discordAlt, units16)
	return said
}

// trend is a line of bars with the least, the greatest and the last value of an ALARM, or of the trouble that an OK ends. It says
// nothing of fewer than three values, and nothing where a picture says more.
func (t teller) trend(it *Item) text {
	a := it.drawn()
	if it.Later != nil || a.Metric == nil || it.picture() != nil || it.Graph == nil && !t.trends {
		return nil
	}
	var values []float64
	over := ""
	switch {
	case it.Graph != nil && len(finite(it.Graph.Values)) >= trendLeast && it.State != alert.StateInsufficientData:
		values, over = it.Graph.Values, t.duration(it.Graph.Span)
	case it.State == alert.StateAlarm: // of an OK they are what is fine
		values = a.Metric.Values
	}
	known := finite(values)
	if len(known) < trendLeast {
		return nil
	}
	q := watched(a.Metric)
	say := func(v float64) string { return t.measure(quantity(v, unitOf(q), digits)) }
	name := span{}
	if it.Graph != nil && it.Graph.Of != nil {
		name = subject(q)
	}
	return t.Trend(name, code(bars(values, fallsInto(a.Metric))), say(slices.Min(known)), say(slices.Max(known)), say(known[len(known)-1]), over)
}

// trendOf puts the subject, where it has to be named, before the bars and what is said of them.
func trendOf(subject, bars span, said string) text {
	if subject.text == "" {
		return say(bars, plain(said))
	}
	return say(subject, plain(": "), bars, plain(said))
}

// fallsInto reports whether an alarm is about low values.
func fallsInto(m *alert.MetricAlarm) bool {
	return m.Comparison == below || m.Comparison == atMost || m.Comparison == "LessThanLowerThreshold"
}

// finite leaves out what is no number that can be shown.
func finite(values []float64) (known []float64) {
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			known = append(known, v)
		}
	}
	return known
}

// bars draws values between their least and their greatest, at most [trendBars] of them: of those that share a bar the greatest
// counts, or the least where low ones are what matters, so that no peak gets lost. Where there is no value there is a dot.
func bars(values []float64, low bool) string {
	const levels = "▁▂▃▄▅▆▇█"
	known := finite(values)
	if len(known) == 0 {
		return ""
	}
	least, greatest := slices.Min(known), slices.Max(known)
	var drawn []rune
	n := min(len(values), trendBars)
	for i := range n {
		some := finite(values[i*len(values)/n : (i+1)*len(values)/n])
		if len(some) == 0 {
			drawn = append(drawn, '·')
			continue
		}
		v := slices.Max(some)
		if low {
			v = slices.Min(some)
		}
		drawn = append(drawn, []rune(levels)[level(v, least, greatest)])
	}
	return string(drawn)
}

// level is which of the eight bars a value has. What never changes is in the middle.
func level(v, least, greatest float64) int {
	if greatest == least {
		return 3
	}
	if math.IsInf(greatest-least, 0) { // farther apart than a number can say
		v, least, greatest = v/2, least/2, greatest/2
	}
	return min(7, int(8*((v-least)/(greatest-least))))
}
