package formatter

import (
	"strings"
	"time"

	"alarmrelay/alert"
)

// logs shows log lines that matched a subscription filter: the first of them
// in a block of code, with what looks like a secret hidden.
func (t teller) logs(it *Item) card {
	a, l := &it.Alert, it.Logs
	group := oneLine(l.Group)
	if group == "" {
		group = oneLine(a.Name)
	}
	c := card{tone: toneOf(a), name: group, quiet: true, footer: join("CloudWatch Logs", a.Account, t.Zone.String())}
	c.title = c.tone.emoji() + " " + t.LogNews(linesOf(l), group)
	c.body = paragraphs(t.logLines(l), markdown(a.Description), t.remarks(it))
	c.fields = t.logFields(it)
	if home, ok := consoleOf(a.Partition, a.Region, a.Account); ok && l.Group != "" {
		c.links, c.url = t.logLinks(home, it)
	}
	return c
}

func linesOf(l *alert.LogBatch) int { return len(l.Lines) + max(0, l.Omitted) }

// logLines are as many of the lines as are read on a phone, and how many there are besides.
func (t teller) logLines(l *alert.LogBatch) text {
	block, shown := t.logBlock(l.Lines)
	if more := linesOf(l) - shown; more > 0 {
		return paragraphs(block, say(plain(t.MoreLines(more))))
	}
	return block
}

func (t teller) logBlock(lines []alert.LogLine) (block text, shown int) {
	var b strings.Builder
	for _, line := range lines {
		said := strings.TrimSpace(mask(clean(source(withoutTime(line)))))
		said, _ = cut(said, maxLogLine, units16)
		if isSet(line.At) {
			said = clockText(line.At, t.Zone, "15:04:05.000") + " " + said
		}
		if shown == maxRows || b.Len() > 0 && units16(b.String())+units16(said) > maxLogText {
			break
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(said)
		shown++
	}
	if b.Len() == 0 {
		return nil, shown
	}
	return say(fence(b.String())), shown
}

func (t teller) logFields(it *Item) []field {
	var f []field
	if where := t.where(&it.Alert); where != "" {
		f = append(f, t.field("Where", plain(where)))
	}
	if filters := oneLine(strings.Join(it.Logs.Filters, ", ")); filters != "" {
		f = append(f, t.field("Filter", plain(filters)))
	}
	if first := firstLine(it); isSet(first) {
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
		if at := l.Lines[len(l.Lines)-1].At; at.After(first) {
			last = at
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
