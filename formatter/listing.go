package formatter

import (
	"strings"
)

const listingName = "alarms.txt"

// maxListing is how large the list may be: Discord takes files of 10 MiB from everybody.
// https://docs.discord.com/developers/reference#uploading-files
const maxListing = 9 << 20

// listing is the complete list as a file of columns, the worst first. States are in CloudWatch's words, and times in
// the destination's zone, so that it can be searched.
func (t teller) listing(o *outline) File {
	var b strings.Builder
	b.Grow(min(maxListing, len(o.entries)*128))
	columns := []string{
		t.label("State"), t.label("Severity"), t.label("Time"), t.label("Account"), t.label("Region"), t.label("Namespace"), t.label("Name"), t.label("Earlier"),
	}
	b.WriteString(strings.Join(columns, "\t") + "\n")
	for _, s := range o.sections {
		for _, g := range s.groups {
			for i := range g.entries {
				t.listed(&b, &g.entries[i])
			}
		}
	}
	text := b.String()
	if len(text) > maxListing {
		end := strings.LastIndexByte(text[:maxListing], '\n')
		text = text[:end+1] + t.More(strings.Count(text[end+1:], "\n")) + "\n"
	}
	return File{Name: listingName, ContentType: "text/plain; charset=utf-8", Data: []byte(text)}
}

func (t teller) listed(b *strings.Builder, e *entry) {
	state := string(e.State)
	switch {
	case e.Closed:
		state = "CLOSED"
	case state == "":
		state = "-"
	}
	for _, cell := range [...]string{
		state, string(e.Severity), t.stamp(Step{At: e.At}), e.Account, e.Region, e.Namespace, e.name,
	} {
		b.WriteString(cell)
		b.WriteByte('\t')
	}
	for i, step := range shortened(e.Trail, maxListedSteps) {
		if i > 0 {
			b.WriteString(" → ")
		}
		if step == nil {
			b.WriteString(ellipsis)
			continue
		}
		b.WriteString(strings.TrimSpace(oneLine(string(step.State)) + " " + t.stamp(*step)))
	}
	b.WriteByte('\n')
}

const maxListedSteps = 10

// stamp writes a time whole.
func (t teller) stamp(s Step) string {
	if !isSet(s.At) {
		return "-"
	}
	return clockText(s.At, t.Zone, "2006-01-02 15:04:05 -07:00")
}
