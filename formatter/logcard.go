package formatter

import (
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
)

// logs shows log lines that matched a subscription filter: the first of them
// in a block of code, or of a flood the newest, with what looks like a secret hidden.
func (t teller) logs(it *Item) card {
	a, l := &it.Alert, it.Logs
	group := oneLine(l.Group)
	if group == "" {
		group = oneLine(a.Name)
	}
	c := card{tone: toneOf(a), name: group, quiet: true, footer: join("CloudWatch Logs", a.Account, t.Zone.String())}
	c.head = c.tone.emoji()
	c.title = c.head + " " + t.LogNews(it.lines(), group)
	c.body = paragraphs(t.flooded(it), t.logLines(it), markdown(a.Description), t.remarks(it))
	c.fields = t.logFields(it)
	if home, ok := consoleOf(a.Partition, a.Region, a.Account); ok && l.Group != "" {
		c.links, c.url = t.logLinks(home, it)
	}
	return c
}

// floods reports whether the alert is one of several that its message stands for.
func (it *Item) floods() bool { return it.Flood != nil && it.Flood.Batches > 1 }

// lines is how many log lines the message stands for.
func (it *Item) lines() int {
	if it.floods() {
		return max(it.Flood.Lines, linesOf(it.Logs))
	}
	return linesOf(it.Logs)
}

func linesOf(l *alert.LogBatch) int { return len(l.Lines) + max(0, l.Omitted) }

func (t teller) flooded(it *Item) text {
	if !it.floods() {
		return nil
	}
	var since text
	if first := firstLine(it); isSet(first) {
		since = say(moment(first))
	}
	return t.Flooded(it.lines(), it.Flood.Batches, since)
}

// logLines are as many of the lines as are read on a phone, and how many there are besides.
func (t teller) logLines(it *Item) text {
	lines := t.logRows(it.Logs.Lines, it.floods())
	var block text
	if len(lines) > 0 {
		block = say(fence(strings.Join(lines, "\n")))
	}
	if more := it.lines() - len(lines); more > 0 {
		return paragraphs(block, say(plain(t.MoreLines(more))))
	}
	return block
}

// logRows are the first of some lines, or the last, in the order in which they were written.
func (t teller) logRows(lines []alert.LogLine, newest bool) (rows []string) {
	size := 0
	for i := range lines {
		line := lines[i]
		if newest {
			line = lines[len(lines)-1-i]
		}
		said := t.logRow(line)
		if size += units16(said) + 1; len(rows) == maxRows || len(rows) > 0 && size > maxLogText {
			break
		}
		rows = append(rows, said)
	}
	if newest {
		slices.Reverse(rows)
	}
	return rows
}

func (t teller) logRow(line alert.LogLine) string {
	said := strings.TrimSpace(mask(clean(source(withoutTime(line)))))
	said, _ = cut(said, maxLogLine, units16)
	if isSet(line.At) {
		said = clockText(line.At, t.Zone, "15:04:05.000") + " " + said
	}
	return said
}

func (t teller) logFields(it *Item) []field {
	var f []field
	if where := t.where(&it.Alert); where != "" {
		f = append(f, t.field("Where", plain(where)))
	}
	if filters := oneLine(strings.Join(it.Logs.Filters, ", ")); filters != "" {
		f = append(f, t.field("Filter", plain(filters)))
	}
	if first := firstLine(it); isSet(first) && !it.floods() {
		f = append(f, t.field("First", moment(first)))
	}
	return append(f, t.severity(it.Severity)...)
}

// logLinks lead to the stream and to a query over the minutes around the lines.
func (t teller) logLinks(home console, it *Item) (links []link, url string) {
	l, first := it.Logs, firstLine(it)
	if l.Stream != "" {
		links = append(links, link{t.label("Log stream"), home.logStream(l.Group, l.Stream, first)})
	}
	if isSet(first) {
		last := first
		if n := len(l.Lines); n > 0 && l.Lines[n-1].At.After(first) {
			last = l.Lines[n-1].At
		}
		links = append(links, link{t.label("Logs Insights"), home.insights(l.Group, first.Add(-5*time.Minute), last.Add(10*time.Minute))})
	}
	if len(links) > 0 {
		url = links[0].url
	}
	return links, url
}

// firstLine is when the first line was written.
func firstLine(it *Item) time.Time {
	if it.floods() && isSet(it.Flood.Began) {
		return it.Flood.Began
	}
	if len(it.Logs.Lines) > 0 && isSet(it.Logs.Lines[0].At) {
		return it.Logs.Lines[0].At
	}
	return time.Time{}
}

// withoutTime takes the time from the beginning of a line that repeats the one
// CloudWatch Logs has for it: it is shown once, in the reader's zone.
func withoutTime(l alert.LogLine) string {
	first, rest, _ := strings.Cut(l.Text, " ")
	if tab := strings.IndexByte(first, '\t'); tab >= 0 {
		first, rest = l.Text[:tab], l.Text[tab+1:]
	}
	at, err := time.Parse(time.RFC3339Nano, first)
	if err != nil || !isSet(l.At) || at.Sub(l.At).Abs() > 2*time.Second || rest == "" {
		return l.Text
	}
	return rest
}
