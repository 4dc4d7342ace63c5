package formatter

// Day is what came of a day's alerts.
type Day struct {
	Count
	Noisiest []Noise // most first
}

// Count is how many alerts came to what.
type Count struct {
	Fired        int `json:"f,omitempty"` // times that an alarm came into ALARM
	Recovered    int `json:"r,omitempty"`
	Delivered    int `json:"d,omitempty"` // alerts that people were told
	Failed       int `json:"x,omitempty"` // attempts to tell
	DeadLettered int `json:"l,omitempty"`
	Duplicates   int `json:"u,omitempty"` // alerts that came although people had been told them
}

// isTroubled reports whether the relay itself had trouble.
func (c Count) isTroubled() bool { return c.Failed > 0 || c.DeadLettered > 0 }

// Noise is how often an alarm fired, or more often.
type Noise struct {
	Name  string
	Times int
}

// Plus returns the sums.
func (c Count) Plus(d Count) Count {
	return Count{
		Fired: c.Fired + d.Fired, Recovered: c.Recovered + d.Recovered, Delivered: c.Delivered + d.Delivered,
		Failed: c.Failed + d.Failed, DeadLettered: c.DeadLettered + d.DeadLettered, Duplicates: c.Duplicates + d.Duplicates,
	}
}
