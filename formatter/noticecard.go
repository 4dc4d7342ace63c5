package formatter

import (
	"strings"

	"alarmrelay/alert"
)

// notice shows what is neither an alarm nor log lines: its title, what it says, its facts.
func (t teller) notice(it *Item) card {
	a := &it.Alert
	n := a.Notice
	if n == nil {
		n = &alert.Notice{}
	}
	hide := hider(a.Kind)
	named := *it
	named.Name = hide(it.Name)
	c := card{tone: toneOf(a), name: oneLine(named.Name), quiet: true}
	c.head = c.tone.emoji()
	c.title = t.noticeTitle(&named, c.tone)
	c.footer = join(oneLine(n.Service), oneLine(t.Accounts[a.Account]), a.Account, oneLine(a.Region))
	var budget text
	if n.Budget != nil {
		budget = t.BudgetSpent(n.Budget)
	}
	c.body = paragraphs(budget, prose(hide(a.Reason)), prose(hide(n.Text)), markdown(a.Description), t.remarks(it))
	c.fields = t.noticeFields(it, n, hide)
	c.links = t.noticeLinks(a, n)
	if len(c.links) > 0 {
		c.url = c.links[0].url
	}
	return c
}

// hider returns what cleans the texts of a kind of notice and hides the secrets in them.
func hider(k alert.Kind) func(string) string {
	if k == alert.KindSES {
		return func(s string) string { return maskMail(mask(clean(source(s)))) }
	}
	return func(s string) string { return mask(clean(source(s))) }
}

// prose is a notice's own text, cleaned: it may have lines, and addresses in it can be followed.
func prose(s string) text { return addresses(strings.TrimSpace(s)) }

// addresses is prose with the blanks at its ends.
func addresses(s string) text {
	var t text
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			t = t.with(plain("\n"))
		}
		start := 0
		for at := 0; at < len(line); at++ {
			if line[at] != 'h' || at > 0 && isAlnum(line[at-1]) {
				continue
			}
			if n := addressLength(line[at:]); n > 0 {
				t = t.with(plain(line[start:at]), span{face: faceAddress, text: line[at : at+n]})
				at += n - 1
				start = at + 1
			}
		}
		if start < len(line) {
			t = t.with(plain(line[start:]))
		}
	}
	return t
}

func (t teller) noticeFields(it *Item, n *alert.Notice, hide func(string) string) []field {
	var f []field
	if isSet(it.ChangedAt) {
		f = append(f, t.field("When", moment(it.ChangedAt)))
	}
	if it.Severity != alert.SeverityInfo {
		f = append(f, t.severity(it.Severity)...)
	}
	if s := oneLine(n.Status); s != "" && titleStatus(n) == "" && it.Kind != alert.KindAlarmConfig && !tells(n, s) {
		f = append(f, t.field("Status", plain(s)))
	}
	for _, x := range n.Fields {
		label := oneLine(x.Label)
		if x.Label == "Status" && oneLine(x.Value) == titleStatus(n) {
			continue // the title says it
		}
		if x.At.Unix() > 0 {
			f = append(f, t.field(label, moment(x.At)))
			continue
		}
		value := strings.TrimSpace(hide(x.Value))
		if isSecretName(x.Label) && value != "" {
			value = masked
		}
		if value == "" || label == "" {
			continue
		}
		said := prose(value)
		if x.Code {
			said = say(code(value))
		}
		f = append(f, field{t.label(label), said, units16(value) <= 40 && !strings.Contains(value, "\n")})
	}
	return f
}

// tells reports whether the status stands among a notice's fields, too.
func tells(n *alert.Notice, status string) bool {
	for _, f := range n.Fields {
		if f.Label == "Status" || f.Value == status {
			return true
		}
	}
	return false
}

func (t teller) noticeLinks(a *alert.Alert, n *alert.Notice) []link {
	var links []link
	for _, l := range n.Links {
		if page := consoleLink(l.URL); page != "" {
			links = append(links, link{t.label(oneLine(l.Label)), page})
		}
	}
	if home, ok := consoleOf(a.Partition, a.Region, a.Account); ok && a.Kind == alert.KindAlarmConfig && n.Status != "delete" {
		links = append(links, link{t.label("Alarm"), home.alarm(a.Name)})
	}
	return links
}
