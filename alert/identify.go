package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// identify completes Key and Change where the kind's reader did not set them:
// an alarm is known by its ARN and contributor, a change of it by both states
// and their moment; everything else by what AWS numbers it with.
func (a *Alert) identify() {
	if a.Origin.Envelope == "" {
		a.Origin.Envelope = EnvelopeUnknown
	}
	if a.IsAlarm() {
		a.Key = a.alarmKey()
		a.Change = strings.Join([]string{string(a.State), string(a.Previous), stampOf(a.ChangedAt), strconv.FormatBool(a.AfterMute)}, "|")
		return
	}
	if a.Key == "" {
		a.Key = strings.Join([]string{string(a.Kind), a.Origin.Topic, firstOf(a.Name, a.Origin.Subject)}, "|")
	}
	if a.Change == "" {
		a.Change = firstOf(a.Origin.MessageID, a.digest())
	}
}

func (a *Alert) alarmKey() string {
	key := firstOf(a.ARN, "alarm|"+a.Account+"|"+a.Region+"|"+a.Name)
	if a.Contributor != nil {
		key += "#" + a.Contributor.ID
	}
	return key
}

// stampOf writes a moment to the millisecond, which is what every envelope of the same change agrees on.
func stampOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}

// digest stands in for a number where an alert came without any envelope.
func (a *Alert) digest() string {
	h := sha256.New()
	h.Write([]byte(a.Key + a.Name + a.Reason + stampOf(a.ChangedAt)))
	if a.Notice != nil {
		h.Write([]byte(a.Notice.Text + a.Notice.Status))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
