package relay

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"alarmrelay/relay/rule"
)

// How long a mute may be. After a month nobody remembers it, and a rule's own mute is what is meant.
const (
	MinMute = time.Minute
	MaxMute = 30 * 24 * time.Hour
)

// How many characters an order may have of each. An alarm's name has at most 255:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
const (
	maxOrderAlarm = 255
	maxOrderBy    = 80
	maxOrderWhy   = 300
)

// Check returns what is wrong with an order, and how long an OrderMute is; 0 for the others.
func (o Order) Check() (long time.Duration, err error) {
	switch o.Do {
	case OrderTick, OrderMutes:
		return 0, nil
	case OrderAck, OrderMute, OrderUnmute:
	default:
		return 0, fmt.Errorf("no order is called %q: there are tick, ack, mute, unmute and mutes", beginningOf(string(o.Do), maxOrderBy))
	}
	if err := o.checkAlarm(); err != nil {
		return 0, err
	}
	if err := checkOrderText("by", o.By, maxOrderBy, o.Do == OrderAck); err != nil {
		return 0, err
	}
	if o.Do != OrderMute {
		return 0, nil
	}
	if err := checkOrderText("why", o.Why, maxOrderWhy, true); err != nil {
		return 0, err
	}
	return muteLength(o.For)
}

func (o Order) checkAlarm() error {
	if err := checkOrderText("alarm", o.Alarm, maxOrderAlarm, true); err != nil {
		return err
	}
	_, err := rule.Pattern(o.Alarm)
	return wrap("alarm", err)
}

// checkOrderText refuses a text that is too long, or that is needed and says nothing.
func checkOrderText(name, text string, most int, needed bool) error {
	switch {
	case needed && strings.TrimSpace(text) == "":
		return errors.New(name + " is missing")
	case utf8.RuneCountInString(text) > most:
		return fmt.Errorf("%s is longer than %d characters", name, most)
	}
	return nil
}

// muteLength reads how long a mute is.
func muteLength(text string) (time.Duration, error) {
	switch long, ok := rule.Duration(text); {
	case !ok:
		return 0, fmt.Errorf("for %q is no duration; write one such as 30m, 1h30m or 2d", beginningOf(text, maxOrderBy))
	case long < MinMute:
		return 0, errors.New("a mute lasts a minute at least")
	case long > MaxMute:
		return 0, errors.New("a mute lasts 30 days at most; for longer, let a rule ignore the alarm")
	default:
		return long, nil
	}
}

// beginningOf is the beginning of a text.
func beginningOf(text string, most int) string {
	for i := range text {
		if most--; most < 0 {
			return text[:i] + "…"
		}
	}
	return text
}
