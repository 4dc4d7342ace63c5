package relay_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
)

func TestAnOrderIsCheckedBeforeItIsCarriedOut(t *testing.T) {
	mute := func(change func(*relay.Order)) relay.Order {
		o := relay.Order{Do: relay.OrderMute, Alarm: "db-*", By: "mina", For: "1h30m", Why: "moving it"}
		change(&o)
		return o
	}
	type verdict struct {
		Long time.Duration
		Err  string
	}
	for name, row := range map[string]struct {
		order relay.Order
		want  verdict
	}{
		"a tick":                       {relay.Order{Do: relay.OrderTick}, verdict{}},
		"a list":                       {relay.Order{Do: relay.OrderMutes}, verdict{}},
		"an ack":                       {relay.Order{Do: relay.OrderAck, Alarm: "/^db-/", By: "미나"}, verdict{}},
		"an end of a mute, by nobody":  {relay.Order{Do: relay.OrderUnmute, Alarm: "db-*"}, verdict{}},
		"a mute, and its length":       {mute(func(*relay.Order) {}), verdict{Long: 90 * time.Minute}},
		"a mute of a script":           {mute(func(o *relay.Order) { o.By = "" }), verdict{Long: 90 * time.Minute}},
		"the longest mute":             {mute(func(o *relay.Order) { o.For = "30d" }), verdict{Long: relay.MaxMute}},
		"a longer one":                 {mute(func(o *relay.Order) { o.For = "30d1s" }), verdict{Err: "a mute lasts 30 days at most; for longer, let a rule ignore the alarm"}},
		"a mute of no time":            {mute(func(o *relay.Order) { o.For = "0s" }), verdict{Err: "a mute lasts a minute at least"}},
		"a number without a unit":      {mute(func(o *relay.Order) { o.For = "30" }), verdict{Err: `for "30" is no duration; write one such as 30m, 1h30m or 2d`}},
		"a mute without a reason":      {mute(func(o *relay.Order) { o.Why = "\t " }), verdict{Err: "why is missing"}},
		"a reason as long as a novel":  {mute(func(o *relay.Order) { o.Why = strings.Repeat("가", 301) }), verdict{Err: "why is longer than 300 characters"}},
		"a reason of many bytes":       {mute(func(o *relay.Order) { o.Why = strings.Repeat("가", 300) }), verdict{Long: 90 * time.Minute}},
		"an alarm without a name":      {mute(func(o *relay.Order) { o.Alarm = "" }), verdict{Err: "alarm is missing"}},
		"an expression with a mistake": {mute(func(o *relay.Order) { o.Alarm = "/(/" }), verdict{Err: "alarm: the expression does not compile: missing closing ): \"(\"; the syntax is RE2's"}},
		"an ack by nobody":             {relay.Order{Do: relay.OrderAck, Alarm: "db"}, verdict{Err: "by is missing"}},
		"an ack by a crowd":            {relay.Order{Do: relay.OrderAck, Alarm: "db", By: strings.Repeat("x", 81)}, verdict{Err: "by is longer than 80 characters"}},
		"what nobody knows":            {relay.Order{Do: "reboot"}, verdict{Err: `no order is called "reboot": there are tick, ack, mute, unmute and mutes`}},
	} {
		t.Run(name, func(t *testing.T) {
			long, err := row.order.Check()
			got := verdict{Long: long}
			if err != nil {
				got.Err = err.Error()
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}
