package fake

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"time"
)

// What a picture is drawn with: the colours of CloudWatch's dark theme, as near as a fake has to come.
const (
	paper uint8 = iota
	grid
	mark
	firstLine
)

func inks() color.Palette {
	return color.Palette{
		color.RGBA{0x16, 0x1E, 0x2D, 0xFF},
		color.RGBA{0x35, 0x3F, 0x50, 0xFF},
		color.RGBA{0xD1, 0x32, 0x12, 0xFF},
		color.RGBA{0x68, 0x8A, 0xE8, 0xFF},
		color.RGBA{0xE0, 0x7F, 0x9D, 0xFF},
		color.RGBA{0x2E, 0xA5, 0x97, 0xFF},
		color.RGBA{0xC3, 0x3D, 0x69, 0xFF},
	}
}

// canvas is a picture of a span of time and of values from 0 to top.
type canvas struct {
	*image.Paletted
	from time.Time
	span time.Duration
	top  float64
}

// valuer is the value of a metric at a time, where there are values until end.
type valuer func(name string, at, end time.Time) float64

// png draws the widget: a line for each visible metric, the thresholds across and the marks down. It writes no text.
func (w *metricWidget) png(value valuer) []byte {
	c := canvas{image.NewPaletted(image.Rect(0, 0, w.Width, w.Height), inks()), w.Start, w.End.Sub(w.Start), w.top(value)}
	for i := range 4 {
		c.across(c.top*float64(i+1)/5, grid, 1)
	}
	ink := firstLine
	for _, row := range w.visible() {
		c.series(func(at time.Time) float64 { return value(row.name, at, w.changedAt()) }, w.changedAt(), ink)
		if ink++; int(ink) == len(c.Palette) {
			ink = firstLine
		}
	}
	for _, m := range w.Marks.Horizontal {
		c.across(*m.Value, mark, 2)
	}
	for _, m := range w.Marks.Vertical {
		x := c.x(m.Value)
		c.fill(image.Rect(x, 0, x+2, c.Rect.Dy()), mark)
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	_ = encoder.Encode(&b, c) // a buffer takes everything
	return b.Bytes()
}

// visible are the metrics that are drawn.
func (w *metricWidget) visible() (rows []widgetRow) {
	for _, row := range w.rows {
		if row.Visible == nil || *row.Visible {
			rows = append(rows, row)
		}
	}
	return rows
}

// top is somewhat above all thresholds and values.
func (w *metricWidget) top(value valuer) float64 {
	most := 0.0
	for _, m := range w.Marks.Horizontal {
		most = max(most, *m.Value)
	}
	for _, row := range w.visible() {
		const looks = 100
		for i := range looks + 1 {
			most = max(most, value(row.name, w.Start.Add(w.changedAt().Sub(w.Start)*time.Duration(i)/looks), w.changedAt()))
		}
	}
	if most == 0 {
		return 1
	}
	return 1.13 * most
}

// changedAt is until when there are values: the last mark, or the end.
func (w *metricWidget) changedAt() time.Time {
	at := w.End
	for _, m := range w.Marks.Vertical {
		at = m.Value
	}
	return at
}

func (c canvas) x(at time.Time) int {
	return int(float64(c.Rect.Dx()) * float64(at.Sub(c.from)) / float64(c.span))
}

func (c canvas) y(v float64) int { return int(float64(c.Rect.Dy()) * (1 - v/c.top)) }

func (c canvas) across(v float64, ink uint8, thick int) {
	y := c.y(v)
	c.fill(image.Rect(0, y, c.Rect.Dx(), y+thick), ink)
}

func (c canvas) fill(r image.Rectangle, ink uint8) {
	r = r.Intersect(c.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c.SetColorIndex(x, y, ink)
		}
	}
}

// series draws a metric column by column, each joined to the one before.
func (c canvas) series(value func(time.Time) float64, until time.Time, ink uint8) {
	before := -1
	for x := range min(c.Rect.Dx(), c.x(until)) {
		y := c.y(value(c.from.Add(c.span * time.Duration(x) / time.Duration(c.Rect.Dx()))))
		if before < 0 {
			before = y
		}
		c.fill(image.Rect(x, min(before, y), x+1, max(before, y)+2), ink)
		before = y
	}
}
