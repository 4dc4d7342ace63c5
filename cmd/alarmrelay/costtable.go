package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// write tells the bill to people.
func (b bill) write(w io.Writer) error {
	u := b.Usage
	var text strings.Builder
	fmt.Fprintf(&text, "%s a month at %s, in %s\n\n", amount(float64(u.Alarms), "alarm"), amount(float64(u.Destinations), "destination"), b.Region)
	writeColumns(&text, b.rows())
	text.WriteByte('\n')
	for _, note := range b.notes() {
		fmt.Fprintf(&text, "- %s\n", note)
	}
	fmt.Fprintf(&text, "\nPrices of %s as of %s; other Regions differ:\n", b.Region, b.AsOf)
	var sources []string
	for _, l := range b.Lines {
		if !slices.Contains(sources, l.Price.Source) {
			sources = append(sources, l.Price.Source)
			fmt.Fprintf(&text, "  %s\n", l.Price.Source)
		}
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// billRow is a line of the table.
type billRow struct{ what, quantity, price, cost, left string }

func (b bill) rows() []billRow {
	rows := []billRow{{"What", "How much", "Price", "A month", "Less free tier"}}
	for _, part := range []string{atRest, forTicks, forAlarms, forGraphs} {
		cost, left := b.part(part)
		if cost == 0 {
			continue
		}
		rows = append(rows, billRow{part, "", "", money(cost), money(left)})
		for _, l := range b.Lines {
			if l.Part == part {
				rows = append(rows, billRow{"  " + l.What, amount(l.Quantity, l.Price.Unit), l.Price.String(), money(l.Cost), money(l.Left)})
			}
		}
	}
	return append(rows, billRow{"In all", "", "", money(b.Cost), money(b.Left)})
}

// writeColumns aligns words on the left, what is counted on the right.
func writeColumns(w *strings.Builder, rows []billRow) {
	var width billRow
	wider := func(column *string, cell string) {
		if len(cell) > len(*column) { // letters of ASCII only
			*column = cell
		}
	}
	for _, r := range rows {
		wider(&width.what, r.what)
		wider(&width.quantity, r.quantity)
		wider(&width.price, r.price)
		wider(&width.cost, r.cost)
		wider(&width.left, r.left)
	}
	for _, r := range rows {
		fmt.Fprintf(w, "%-*s  %*s  %-*s  %*s  %*s\n", len(width.what), r.what, len(width.quantity), r.quantity,
			len(width.price), r.price, len(width.cost), r.cost, len(width.left), r.left)
	}
}

// notes say what was counted, and how.
func (b bill) notes() []string {
	u := b.Usage
	duration := fmt.Sprintf("%.0f ms", u.Seconds*1000)
	notes := []string{
		"An alarm is one change of state that is told: firing and recovering are two. Each comes alone here;\n" +
			"  in a storm ten share an invocation and a message, and each costs less.",
		fmt.Sprintf("Lambda: %s for each alarm, at %d MB on %s (--duration, --memory, --arch). 250 ms are an assumption: at\n"+
			"  128 MB a warm alarm takes 25 ms of CPU time (docs/performance.md), and waits for the table and the chat.", duration, u.MemoryMB, u.Architecture),
		fmt.Sprintf("DynamoDB: %d reads and %d writes for each alarm and destination (docs/store.md), kept for 30 days.", readsPerAlarm, writesPerAlarm),
		"Metrics: at most, with each alarm in an hour of its own, until every hour has one (docs/metrics.md).",
	}
	if u.Ticks {
		notes = append(notes, fmt.Sprintf("Every 5 minutes: %s for each tick as well, %d reads and %d writes, while nothing is open. Each message that is open\n"+
			"  is one more read, each reminder a message. Where an alarm that would act is in ALARM, CloudWatch is asked two or three times.", duration, readsPerTick, writesPerTick))
	}
	if u.Graphs {
		notes = append(notes, fmt.Sprintf("Graphs: one metric each. %.0f ms more for each alarm, and images of %.0f KB, are assumptions.", graphSeconds*1000, graphBytes/1000.0))
	}
	return append(notes,
		"The free tier is the whole account's. The last column is what remains where nothing else in it uses any.",
		"Not counted: your alarms themselves ($0.10 each), what is tried again, tax. Parameter Store costs nothing.",
	)
}

// String is the price as one reads it on AWS's pages.
func (p price) String() string {
	dollars := "$" + strconv.FormatFloat(p.Dollars, 'f', -1, 64)
	if p.Dollars*100 == math.Trunc(p.Dollars*100) {
		dollars = fmt.Sprintf("$%.2f", p.Dollars)
	}
	switch p.Per {
	case million:
		return dollars + " / million"
	case 1:
		return dollars + " / " + p.Unit
	}
	return dollars + " / " + grouped(fmt.Sprintf("%.0f", p.Per))
}

// money has no more digits than matter.
func money(dollars float64) string {
	switch {
	case dollars == 0:
		return "$0.00"
	case dollars < 0.01:
		return "< $0.01"
	}
	return "$" + grouped(fmt.Sprintf("%.2f", dollars))
}

// amount is a quantity with its unit.
func amount(n float64, unit string) string {
	digits := 0
	switch {
	case n == math.Trunc(n) || n >= 100:
	case n >= 1:
		digits = 1
	default:
		digits = min(6, 1-int(math.Floor(math.Log10(n))))
	}
	if n != 1 && !strings.HasPrefix(unit, "GB") {
		unit += "s"
	}
	return grouped(strconv.FormatFloat(n, 'f', digits, 64)) + " " + unit
}

// grouped puts commas between the thousands of a number.
func grouped(number string) string {
	whole, fraction, _ := strings.Cut(number, ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return whole
}
