package alert

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// readNotice reads JSON that is neither an envelope nor an alarm: a service's
// own form, or anything at all.
func readNotice(raw []byte, o object, from Origin) []Record {
	if o.has("detailType", "notificationRuleArn", "source") {
		return readEvent(raw, o, from) // Developer Tools: EventBridge's shape under another key
	}
	for i := range messageForms {
		if f := &messageForms[i]; f.fits(o) {
			return f.records(growTree(raw), from)
		}
	}
	if a, ok := readElastiCache(o, from); ok {
		return one(a)
	}
	return one(readJSON(raw, o, from))
}

// fits reports whether JSON of a service's own has the form's marks.
func (f *form) fits(o object) bool {
	return o.has(f.keys...) && (f.key == "" || strings.HasPrefix(o.str(f.key), f.value))
}

// readElastiCache reads {"ElastiCache:FailoverComplete":"cluster"}, whose only key is the event.
func readElastiCache(o object, from Origin) (Alert, bool) {
	for _, m := range o {
		event, ok := strings.CutPrefix(m.key, "ElastiCache:")
		if !ok {
			continue
		}
		n := &Notice{Service: "ElastiCache", Status: event}
		n.add("Event", event, true)
		a := Alert{Kind: KindElastiCache, Name: scalar(m.value), Notice: n, Origin: from, ChangedAt: from.SentAt}
		a.Severity, n.Good = toneOf(event)
		a.Key = "elasticache|" + a.Name
		a.locate(location{})
		return a, true
	}
	return Alert{}, false
}

// readJSON is the readable notice of JSON nobody knows: a title if one stands
// there, and its first level.
func readJSON(raw []byte, o object, from Origin) Alert {
	a := Alert{Kind: KindJSON, Origin: from, ChangedAt: from.SentAt, Notice: &Notice{}}
	a.Name = from.Subject
	for _, key := range []string{"title", "Title", "subject", "summary", "name", "Name", "event", "Event"} {
		a.Name = firstOf(a.Name, shorten(o.str(key), 1024))
	}
	for _, key := range []string{"message", "Message", "description", "text"} {
		a.Reason = firstOf(a.Reason, shorten(o.str(key), maxText))
	}
	a.Notice.addScalars(raw, a.Name, a.Reason)
	a.locate(location{region: code(firstOf(o.str("region"), o.str("awsRegion"))), account: accountID(firstOf(o.str("accountId"), o.str("account")))}, o.str("arn"))
	return a
}

// firstLevel lists an object's members in their order. Nested ones are shown
// as the JSON they are, shortened.
func firstLevel(raw json.RawMessage) []Field {
	var fields []Field
	for _, m := range readObject(raw) {
		s, isCode := scalar(m.value), false
		if len(m.value) > 0 && (m.value[0] == '{' || m.value[0] == '[') {
			s, isCode = compact(m.value), true
		}
		if s != "" {
			fields = append(fields, Field{Label: label(m.key), Value: shorten(s, 1024), Code: isCode})
		}
		if len(fields) >= 4*maxFields {
			break
		}
	}
	return fields
}

func compact(raw []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil || b.Len() <= len("{}") {
		return ""
	}
	return b.String()
}

// label writes a key as words: "orderId" is "Order id", "retry-count" "Retry count".
func label(key string) string {
	var b strings.Builder
	var before rune
	for _, r := range shorten(key, 128) {
		switch {
		case r == '_' || r == '-' || r == '.':
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(before):
			b.WriteByte(' ')
			before = r
			b.WriteRune(unicode.ToLower(r))
			continue
		}
		before = r
		b.WriteRune(r)
	}
	s := []rune(strings.TrimSpace(b.String()))
	if len(s) > 0 {
		s[0] = unicode.ToUpper(s[0])
	}
	return string(s)
}
