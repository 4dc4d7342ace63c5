package incident

import (
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// Mute is an order that nothing is posted of some alarms for a while.
type Mute struct {
	Alarm string    `json:"alarm"` // a name, or a pattern as in rules
	Until time.Time `json:"until"`
	Since time.Time `json:"since"`
	By    string    `json:"by,omitempty"`
	Why   string    `json:"why,omitempty"`
}

// Mutes are the orders in force, oldest first.
type Mutes []Mute

const (
	maxMutes = 200
	// An alarm's name has at most 255 characters:
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
	maxMutedName = 255
	maxMutedBy   = 80
	maxMutedWhy  = 300
)

// MutesID is where they are kept.
func MutesID() ID { return ID{"@relay", "mutes"} }

// Add puts an order into force, in the place of an earlier one for the same pattern. Long texts are cut.
func (m *Mutes) Add(now time.Time, order Mute) error {
	switch {
	case order.Alarm == "":
		return errors.New("a mute needs the name of an alarm, or a pattern")
	case utf8.RuneCountInString(order.Alarm) > maxMutedName:
		return fmt.Errorf("no alarm's name is longer than %d characters", maxMutedName)
	case !now.Before(order.Until):
		return errors.New("a mute ends after now")
	}
	order.By, order.Why = firstRunes(order.By, maxMutedBy), firstRunes(order.Why, maxMutedWhy)
	kept := slices.DeleteFunc(m.InForce(now), func(known Mute) bool { return known.Alarm == order.Alarm })
	if len(kept) >= maxMutes {
		return fmt.Errorf("%d mutes are in force already: end some first, or mute a pattern", maxMutes)
	}
	*m = append(kept, order)
	return nil
}

// Remove ends the orders for a pattern and those for what it matches, and returns them: "*" ends all.
func (m *Mutes) Remove(now time.Time, pattern string, match func(pattern, name string) bool) (ended []Mute) {
	var kept Mutes
	for _, known := range m.InForce(now) {
		if known.Alarm == pattern || match(pattern, known.Alarm) {
			ended = append(ended, known)
			continue
		}
		kept = append(kept, known)
	}
	*m = kept
	return ended
}

// Active returns the order that mutes an alarm for longest; ok is false where none does.
func (m Mutes) Active(now time.Time, name string, match func(pattern, name string) bool) (longest Mute, ok bool) {
	for _, known := range m.InForce(now) {
		if (known.Alarm == name || match(known.Alarm, name)) && known.Until.After(longest.Until) {
			longest, ok = known, true
		}
	}
	return longest, ok
}

// InForce returns the orders that have not ended, in a list of its own.
func (m Mutes) InForce(now time.Time) (in Mutes) {
	for _, known := range m {
		if now.Before(known.Until) {
			in = append(in, known)
		}
	}
	return in
}

// End is when the last of them ends: they have to be kept until then.
func (m Mutes) End() (until time.Time) {
	for _, known := range m {
		if known.Until.After(until) {
			until = known.Until
		}
	}
	return until
}

func firstRunes(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}
