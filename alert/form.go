package alert

import "strings"

// form tells how one sort of notice is recognised and where its facts stand.
// The forms are data: forms_events.go has those of EventBridge, forms_messages.go
// those of services that write JSON or text of their own to a topic.
//
// Facts are written as templates, see [tree.say].
type form struct {
	kind    Kind
	service string // as people call it

	// What is recognised. Of an event: the source, and the beginning of its detail-type.
	source, detailType string
	// Of other JSON: keys that must stand there, one of them with a value that begins so.
	keys       []string
	key, value string

	each   string // the path of a list: each row is an alert, its paths are inside the row
	name   string
	reason string
	status string
	about  string // what the alert is about; the resource's ARN or the name where empty
	change string // this happening of it; the event's or message's id where empty
	at     string // when it happened; the envelope's time where empty
	owner  string // the account
	region string
	arn    string // of the resource; the event's first resource where empty

	level  string              // how bad, in the notice's own words or number; the status is judged where empty
	grade  func(tree) Severity // how bad, where it takes more than words
	skip   func(tree) string   // why it is no news
	finish func(*Alert, tree)  // what does not fit into fields
	fields []field
	links  []Link // URL is a template
}

// field is one fact: a label and a template.
type field struct {
	label, say string
	kind       fieldKind
}

type fieldKind int

const (
	plain  fieldKind = iota
	code_            // an identifier
	moment           // a time
)

// read fills an alert from a notice of this form.
func (f *form) read(t tree, from Origin) Record {
	if f.skip != nil {
		if why := f.skip(t); why != "" {
			return Record{Skip: why}
		}
	}
	n := &Notice{Service: f.service, Status: t.say(f.status)}
	for _, x := range f.fields {
		n.addField(x, t)
	}
	for _, l := range f.links {
		if url := t.say(l.URL); isConsole(url) {
			n.Links = append(n.Links, Link{l.Label, url})
		}
	}
	a := Alert{
		Kind: f.kind, Notice: n, Origin: from,
		Name:      shorten(t.say(f.name), 1024),
		Reason:    shorten(t.say(f.reason), maxText),
		ARN:       firstOf(t.say(f.arn), t.say("{resources.0}")),
		ChangedAt: parseTime(t.say(f.at)),
	}
	a.Severity, n.Good = f.judge(t, n.Status)
	if a.ChangedAt.IsZero() {
		a.ChangedAt = parseTime(firstOf(t.say("{time}"), t.say("{Time}")))
	}
	if a.ChangedAt.IsZero() {
		a.ChangedAt = from.SentAt
	}
	a.locate(location{
		region:  code(firstOf(t.say(f.region), t.say("{region}"), t.say("{awsRegion}"))),
		account: accountID(firstOf(t.say(f.owner), t.say("{account}"), t.say("{accountId}"), t.say("{AccountId}"))),
	}, f.trusted(t, a.ARN)...)
	if f.finish != nil {
		f.finish(&a, t)
	}
	a.Key = string(f.kind) + "|" + firstOf(t.say(f.about), a.ARN, a.Name)
	a.Change = t.say(f.change)
	return Record{Alert: a}
}

// trusted returns the ARNs that tell where it happened: none where the notice
// itself names the place, since its resource may be of another (a topic, an event bus).
func (f *form) trusted(t tree, arn string) []string {
	if t.say(f.region) != "" || t.say(f.owner) != "" {
		return nil
	}
	return []string{arn}
}

func (f *form) judge(t tree, status string) (s Severity, good bool) {
	if f.grade != nil {
		if s = f.grade(t); s != "" {
			return s, false
		}
	}
	if s, known := severityOf(t.say(f.level)); known {
		if _, good = toneOf(status); good {
			return SeverityInfo, true // a bad thing that is over
		}
		return s, false
	}
	return toneOf(status)
}

func (n *Notice) addField(x field, t tree) {
	value := shorten(t.say(x.say), 1024)
	if value == "" {
		return
	}
	f := Field{Label: x.label, Value: value, Code: x.kind == code_}
	if x.kind == moment {
		if f.At = parseTime(value); !f.At.IsZero() {
			f.Value = ""
		}
	}
	n.Fields = append(n.Fields, f)
}

// toneOf judges a status by its words. What is neither bad nor good is plain information.
func toneOf(status string) (s Severity, good bool) {
	// A failover and a default are no failure and no fault.
	word := strings.ReplaceAll(strings.ReplaceAll(strings.ToUpper(status), "FAILOVER", ""), "DEFAULT", "")
	for _, bad := range []string{"FAIL", "ERROR", "ABORT", "TIMED", "TIMEOUT", "ROLLBACK", "IMPAIRED", "UNSUCCESSFUL", "EXPIRED", "SEVERE", "DEGRADED", "FAULT"} {
		if strings.Contains(word, bad) {
			return SeverityHigh, false
		}
	}
	for _, odd := range []string{"WARN", "CANCEL", "STOPPED", "PARTIAL", "DELAYED", "INCOMPLETE", "UNRESOLVED", "NOT_READY", "NOT READY"} {
		if strings.Contains(word, odd) {
			return SeverityWarning, false
		}
	}
	for _, fine := range []string{"SUCCE", "COMPLETE", "RESOLVED", "PASSED", "CLOSED", "READY", "ENABLED"} {
		if strings.Contains(word, fine) {
			return SeverityInfo, true
		}
	}
	return SeverityInfo, false
}

// severityOf reads the words that AWS's services use and GuardDuty's numbers:
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
func severityOf(word string) (s Severity, known bool) {
	if s, ok := ParseSeverity(word); ok {
		return s, true
	}
	switch lower(word) {
	case "error", "severe", "fatal":
		return SeverityHigh, true
	case "warn", "moderate":
		return SeverityWarning, true
	case "info", "none", "untriaged", "undefined":
		return SeverityInfo, true
	}
	switch n, ok := parseNumber(word); {
	case !ok:
		return "", false
	case n >= 9:
		return SeverityCritical, true
	case n >= 7:
		return SeverityHigh, true
	case n >= 4:
		return SeverityWarning, true
	}
	return SeverityInfo, true
}

// isConsole reports whether an address leads to an AWS console over https: only
// such links of a notice are passed on as links.
func isConsole(url string) bool {
	rest, ok := strings.CutPrefix(url, "https://")
	if !ok || strings.ContainsAny(url, " \t\r\n\"<>\\^`{|}") {
		return false
	}
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	host, _, _ = strings.Cut(host, "#")
	for _, console := range []string{"console.aws.amazon.com", "console.amazonaws.cn", "console.amazonaws-us-gov.com"} {
		if host == console || strings.HasSuffix(host, "."+console) {
			return true
		}
	}
	return false
}
