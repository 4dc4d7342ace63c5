package alert

// Home is where the relay itself runs: it tells what an envelope leaves out.
type Home struct {
	Region    string
	Account   string
	Partition string
	LogGroup  string // the relay's own
}

// Complete adds the region and partition that CloudWatch Logs does not tell,
// and refuses lines of the relay's own log group: each message about them would
// write more of them, for ever.
func (h Home) Complete(records []Record) {
	for i := range records {
		r := &records[i]
		if r.Err != nil || r.Skip != "" {
			continue
		}
		if r.Alert.Kind == KindLogs && h.LogGroup != "" && r.Alert.Logs.Group == h.LogGroup {
			*r = Record{ID: r.ID, Skip: "the relay's own log group must not be subscribed to the relay"}
			continue
		}
		r.Alert.at(location{h.Partition, h.Region, r.Alert.Account})
	}
}
