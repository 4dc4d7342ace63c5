package formatter

import (
	"maps"
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
)

// alarm says that an alarm changed its state: what, how bad, since when, why,
// where, and where to click.
func (t teller) alarm(it *Item) card {
	a := &it.Alert
	name := t.alarmName(a)
	c := card{
		tone:   alarmTone(it),
		name:   name,
		alarm:  a.State == alert.StateAlarm && !it.Closed,
		quiet:  it.Closed || a.State == alert.StateInsufficientData || a.State == alert.StateOK && a.Severity != alert.SeverityCritical,
		fields: t.alarmFields(it),
		footer: join(transition(a), namespaceOf(a), a.Account),
	}
	c.head = t.headOf(it, c.tone)
	c.title = c.head + " " + name
	c.summary = c.tone.emoji() + " " + t.alarmSummary(it, name)
	if a.Composite != nil {
		c.title += " " + t.Composite
	}
	var lines text
	if a.Logs != nil { // of an alarm on a log query
		lines = t.logLines(it)
	}
	c.body = paragraphs(t.story(it), t.why(it), t.trend(it), t.course(it), t.partOf(it), markdown(a.Description), lines, t.remarks(it))
	if home, ok := consoleOf(a.Partition, a.Region, a.Account); ok {
		c.url = home.alarm(a.Name)
		c.links = t.alarmLinks(home, a)
	}
	if it.Later != nil {
		return t.overtaken(it, c)
	}
	c.picture, c.kept, c.alt = it.picture(), it.keeps(), t.altText(it)
	return c
}

func (t teller) why(it *Item) text {
	if it.Composite != nil && len(it.Composite.Children) > 0 {
		return t.children(it)
	}
	reason := t.reason(&it.Alert)
	if others := t.others(it, maxRows); len(others) > 0 {
		return append(paragraphs(reason, say(plain(t.Children))), others...)
	}
	return reason
}

// children lists the alarms that made a composite alarm change, each with its
// state, its page, its message and its time, and those others that have messages.
func (t teller) children(it *Item) text {
	a, firing := &it.Alert, 0
	for _, child := range a.Composite.Children {
		if child.State == alert.StateAlarm {
			firing++
		}
	}
	s := say(plain(t.Children))
	if firing > 0 {
		s = say(plain(t.ChildrenFire(firing)))
	}
	for i, child := range a.Composite.Children {
		if i == maxRows {
			return append(s, t.more(len(a.Composite.Children)-i)...)
		}
		s = append(s, t.child(it, child)...)
	}
	return append(s, t.others(it, maxRows-len(a.Composite.Children))...)
}

func (t teller) child(it *Item, child alert.Child) text {
	a, tone := &it.Alert, stateTone(child.State)
	name, _ := cut(oneLine(child.Name), 120, units16)
	s := say(plain("\n"+tone.emoji()+" "), bold(name))
	if page := childPage(a, child); page != "" && len(page) <= discordButtonURL {
		s = s.with(plain(" "), arrow(page))
	}
	s = append(s, t.messageOf(it, child.Name)...)
	if isSet(child.At) {
		s = s.with(plain(" · "), moment(child.At))
	}
	return s
}

// childPage is the page of a child, which lies where its ARN says, or else where its parent does.
func childPage(a *alert.Alert, child alert.Child) string {
	partition, region, account := a.Partition, a.Region, a.Account
	if p := strings.SplitN(child.ARN, ":", 7); len(p) == 7 && p[0] == "arn" {
		partition, region, account = p[1], p[3], p[4]
	}
	if account != a.Account {
		return "" // the reader is not signed in there
	}
	home, ok := consoleOf(partition, region, account)
	if !ok {
		return ""
	}
	return home.alarm(child.Name)
}

func (t teller) alarmFields(it *Item) []field {
	a := &it.Alert
	var f []field
	switch start := began(it); {
	case it.Closed && isSet(a.ChangedAt): // it is not known until when
		f = append(f, t.field("When", moment(a.ChangedAt)))
	case a.State == alert.StateOK && isSet(start):
		f = append(f, t.field("From – to", t.span(start, a.ChangedAt)...))
	case a.State == alert.StateAlarm && isSet(it.Since):
		f = append(f, t.field("Since", moment(it.Since)))
	case a.State == alert.StateOK && isSet(a.ChangedAt): // "since" would be read as that of the trouble
		f = append(f, t.field("When", moment(a.ChangedAt)))
	case isSet(a.ChangedAt):
		f = append(f, t.field("Since", moment(a.ChangedAt)))
	}
	if where := t.where(a); where != "" {
		f = append(f, t.field("Where", plain(where)))
	}
	f = append(f, t.severity(a.Severity)...)
	if d := dimensionsOf(a.Metric); len(d) > 0 {
		f = append(f, t.wide("Dimensions", t.rows(d)...))
	}
	if c := attributesOf(a.Contributor); len(c) > 0 {
		f = append(f, t.wide("Contributor", t.rows(c)...))
	}
	if a.Composite != nil {
		f = append(f, t.composite(a.Composite)...)
	}
	return f
}

// span is a time from one moment to another; the date stands there where the times alone could be of two days.
func (t teller) span(from, to time.Time) text {
	face := faceClock
	if to.Sub(from) > 12*time.Hour {
		face = faceDate
	}
	return say(span{face: face, at: from}, plain(" – "), span{face: face, at: to})
}

func (t teller) composite(c *alert.Composite) (f []field) {
	if rule := shortRule(oneLine(c.Rule)); rule != "" {
		rule, _ = cut(rule, maxCodeField, units16)
		f = append(f, t.wide("Rule", code(rule)))
	}
	if by := oneLine(c.SuppressedBy); by != "" {
		f = append(f, t.wide("Suppressor", code(by)))
	}
	return f
}

// dimensionsOf lists every dimension of what an alarm watches, once.
func dimensionsOf(m *alert.MetricAlarm) (rows []string) {
	if m == nil {
		return nil
	}
	seen := map[alert.Dimension]bool{}
	for _, q := range m.Queries {
		for _, d := range q.Dimensions {
			if !seen[d] {
				seen[d] = true
				rows = append(rows, oneLine(d.Name)+" = "+oneLine(d.Value))
			}
		}
	}
	return rows
}

func attributesOf(c *alert.Contributor) (rows []string) {
	if c == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(c.Attributes)) {
		rows = append(rows, oneLine(name)+" = "+oneLine(c.Attributes[name]))
	}
	if len(rows) == 0 && c.ID != "" {
		rows = append(rows, oneLine(c.ID))
	}
	return rows
}

// transition is the change of state in CloudWatch's own words.
func transition(a *alert.Alert) string {
	if a.Previous == "" {
		return oneLine(string(a.State))
	}
	return oneLine(string(a.Previous)) + " → " + oneLine(string(a.State))
}

func namespaceOf(a *alert.Alert) string {
	if a.Metric == nil {
		return ""
	}
	for _, q := range a.Metric.Queries {
		if q.Namespace != "" {
			return oneLine(q.Namespace)
		}
	}
	return ""
}

// alarmLinks are the likely next clicks: the alarm, its graph, its logs, what it is about.
func (t teller) alarmLinks(home console, a *alert.Alert) []link {
	links := []link{{t.label("Alarm"), home.alarm(a.Name)}}
	from, to, ok := window(a, 3*time.Hour, time.Hour)
	if a.Metric == nil || !ok {
		return links
	}
	links = append(links, link{t.label("Metric"), home.metric(a.Metric, from, to)})
	for _, q := range a.Metric.Queries {
		page, ok := home.resource(q)
		if !ok {
			continue
		}
		if q.Namespace == "AWS/Lambda" && page.label == "Function" {
			group := "/aws/lambda/" + dimension(q, "FunctionName")
			links = append(links, link{t.label("Logs"), home.logGroup(group, a.ChangedAt.Add(-30*time.Minute), a.ChangedAt.Add(30*time.Minute))})
		}
		return append(links, link{t.label(page.label), page.url})
	}
	return links
}

// shortRule writes the alarms of a composite alarm's rule by their names: the
// rule may name them by ARN, and its alarm lives where they live.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (AlarmRule)
func shortRule(rule string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(rule, "arn:")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		parts := strings.SplitN(after, ":", 6)
		if len(parts) == 6 && parts[1] == "cloudwatch" && parts[4] == "alarm" {
			rule = parts[5]
			continue
		}
		b.WriteString("arn:")
		rule = after
	}
}
