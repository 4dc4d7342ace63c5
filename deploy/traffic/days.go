package traffic

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Options say what a day of faults is made of.
type Options struct {
	Rand   *rand.Rand
	Start  time.Time
	Alarms int           // how many alarms there are; each changes up to eight times
	Span   time.Duration // within which they begin to change
	Routes []Route
	// Drift is how long a change takes at most to reach the queue, and how far clocks are off: what happened
	// later may come earlier.
	Drift time.Duration
	// Gap is the longest time between two changes of an alarm, but for those that stay away for longer than Flap, within which
	// an alarm that fires again is in the same trouble, and for a few that stay in a state for Long, where that is not 0.
	Gap, Flap, Long time.Duration
	// Bursts are moments at which half of the alarms begin to change, within three seconds; 0 for none.
	Bursts int
}

// Day returns parcels in the order of sending: the changes of each alarm, some of them twice in
// different envelopes, and for every hundred alarms a few notices, some nonsense and a log group that floods.
//
// Most alarms live alone. Of every 200 there are fifty that fire and recover together, and of every forty a composite alarm with
// two children.
func Day(o Options) []Parcel {
	d := day{Options: o}
	for n := 0; n < o.Alarms; {
		n += d.alarms(n)
	}
	for n := range o.Alarms {
		if n%50 == 7 {
			d.notice(n)
		}
		if n%100 == 11 {
			d.nonsense(n)
		}
		if n%100 == 13 {
			d.flood(n)
		}
	}
	slices.SortStableFunc(d.parcels, func(a, b Parcel) int { return cmp.Compare(a.After, b.After) })
	return d.parcels
}

type day struct {
	Options
	parcels []Parcel
	serial  int
	plain   bool // everything comes once, by way of SNS
}

func (d *day) upTo(most time.Duration) time.Duration {
	return time.Duration(d.Rand.Int64N(int64(most) + 1))
}

func (d *day) add(p Parcel) { d.parcels = append(d.parcels, p) }

func (d *day) notice(number int) {
	after := d.upTo(d.Span)
	c := &Change{Name: fmt.Sprintf("note-%06d", number), At: d.Start.Add(after), To: everythingElse(d.Routes)}
	topic := "arn:aws:sns:eu-west-1:111122223333:notes"
	d.add(Parcel{After: after, Change: c, Body: notification(topic, "Deployment "+c.Name, "The deployment is through: {", uuid(3, number), c.At)})
}

// nonsense is what nothing can be read from.
func (d *day) nonsense(number int) {
	bodies := []string{"{}", "null", "[]", `""`, "  ", "[ ]"}
	d.add(Parcel{After: d.upTo(d.Span), Body: bodies[number/100%len(bodies)]})
}

// flood is a log group whose subscription invokes the function again and again.
func (d *day) flood(number int) {
	const batches, most = 6, 4
	began := d.upTo(d.Span)
	group := fmt.Sprintf("/made-up/logs-%06d", number)
	for i := range batches {
		after := began + time.Duration(i)*d.upTo(2*time.Second)
		lines := 1 + d.Rand.IntN(most)
		c := &Change{Name: group, At: d.Start.Add(after), Turn: i, Lines: lines, To: everythingElse(d.Routes)}
		d.add(Parcel{After: after, Direct: true, Change: c, Body: logs(group, number*batches+i, lines, c.At)})
	}
}

// logs is the event of a log subscription.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
func logs(group string, batch, lines int, at time.Time) string {
	var events []map[string]any
	for i := range lines {
		events = append(events, map[string]any{
			"id": fmt.Sprintf("3857%020d%04d", batch, i), "timestamp": at.UnixMilli(),
			"message": fmt.Sprintf("ERROR order %d of batch %d is not there", i, batch),
		})
	}
	data := text(map[string]any{
		"messageType": "DATA_MESSAGE", "owner": accounts[0], "logGroup": group, "logStream": "2026/11/22/made-up",
		"subscriptionFilters": []string{"errors"}, "logEvents": events,
	})
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(data)) // to memory: neither fails
	_ = w.Close()
	return text(map[string]any{"awslogs": map[string]string{"data": base64.StdEncoding.EncodeToString(packed.Bytes())}})
}
