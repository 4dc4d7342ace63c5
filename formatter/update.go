package formatter

import "time"

// Update is what is said about alarms whose messages were edited just now: an edit notifies nobody.
type Update struct {
	Items    []UpdateItem
	Mentions []Mention // who is pinged; empty for nobody
	Arrived  time.Time
}

// UpdateItem is one alarm of an [Update].
type UpdateItem struct {
	Item         // as its message shows it now
	Link  string // where that message is; empty where the update stands beneath it, or nothing leads there
	Again bool   // it fires again; else it has recovered
}
