package formatter

import (
	"time"

	"alarmrelay/alert"
)

// Line is an alert as a digest names it: facts without texts, so that a store
// can keep it until the digest is over. [LineOf] makes it.
type Line struct {
	Key       string         `json:"k"` // what it is about; a newer line of the same key takes the older one's place
	Kind      alert.Kind     `json:"kd"`
	Name      string         `json:"n"`           // of the alarm or log group, or a notice's title; at most 256 UTF-16 units
	Detail    string         `json:"d,omitempty"` // which of an alarm's series it is, or how a notice's matter ended
	Lines     int            `json:"l,omitempty"` // how many log lines it stands for; those of one key are added up
	State     alert.State    `json:"s,omitempty"` // of an alarm
	Severity  alert.Severity `json:"sv,omitempty"`
	Good      bool           `json:"g,omitempty"`  // a notice that something ended well
	Closed    bool           `json:"c,omitempty"`  // an alarm that fired anew in another message, and nobody saw it recover
	Acked     string         `json:"ak,omitempty"` // who takes care of an alarm
	At        time.Time      `json:"t"`
	Trail     []Step         `json:"tr,omitempty"` // earlier changes that are told along with this one, oldest first
	Account   string         `json:"a,omitempty"`
	Region    string         `json:"r,omitempty"`
	Partition string         `json:"p,omitempty"`
	Namespace string         `json:"ns,omitempty"` // of an alarm's metric; a notice's service
}

// Digest is many alerts told at once.
type Digest struct {
	Lines     []Line
	Earlier   int       // alerts of the same storm that other messages told
	Mentions  []Mention // who is pinged, by the first message; empty for nobody
	Room      int       // how many messages it may become, at least 1
	Arrived   time.Time // when the relay got the newest of it; times of another day are shown with their date
	InsteadOf string    // the destination it was for, whose webhook is dead
}

// told is a digest before a service writes its requests.
type told struct {
	pages   []page
	summary string // raw, the sentence that a phone shows
	about   string // raw, what a forum's post is called: it keeps its name
	worst   alert.Severity
	fires   bool   // an alarm is in ALARM
	list    string // the console's list of alarms in ALARM; empty where there is none
	counted bool   // the pages do not name all
	whole   []File // the complete list, where it is attached then
}

// digest decides what is said: the lines one by one where they fit into the
// frame, else the worst of them and counts.
func (t teller) digest(d Digest, f frame) told {
	if len(d.Lines) == 0 {
		return told{}
	}
	o := t.outline(d)
	said := told{about: t.digestName(o), fires: o.counts().firing > 0, list: o.list(), worst: o.worst()}
	said.summary = o.sections[0].tone.emoji() + " " + t.digestSummary(o)
	if pages, ok := t.named(f, max(1, d.Room), o); ok {
		said.pages = pages
		return said
	}
	if f.attaches {
		said.whole = []File{t.listing(o)}
	}
	said.counted, said.pages = true, t.counted(f, o)
	return said
}
