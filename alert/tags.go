package alert

import (
	"strings"
)

// readTags takes an alarm's tags from where AlarmTagsPropagation puts them.
// AWS documents that they are there, not in which shape for SNS: a list of
// Key and Value and an object are both read.
func readTags(o object) map[string]string {
	for _, key := range []string{"AlarmTags", "alarmTags", "Tags", "tags"} {
		raw, ok := o[key]
		if !ok {
			continue
		}
		var rows list[struct{ Key, Value text }]
		_ = rows.UnmarshalJSON(raw) // never fails: what is no list stays empty
		tags := map[string]string{}
		for _, r := range rows {
			if r.Key != "" {
				tags[string(r.Key)] = string(r.Value)
			}
		}
		for k, v := range readObject(raw) {
			tags[k] = string(scalar(v))
		}
		if len(tags) > 0 {
			return tags
		}
	}
	return nil
}

// readAlarmLogLines finds the lines that a log alarm can bring along. The
// field's name is not documented, so any list whose key speaks of log lines or events is taken.
func readAlarmLogLines(o object) *LogBatch {
	for _, key := range sortedKeys(o) {
		k := strings.ToLower(key)
		if !strings.Contains(k, "logline") && !strings.Contains(k, "logevent") && !strings.Contains(k, "logrecord") {
			continue
		}
		batch := &LogBatch{Group: firstOf(o.str("LogGroupName"), o.str("LogGroup"))}
		for _, row := range elements(o[key]) {
			batch.add(readLogLine(row))
		}
		if len(batch.Lines) > 0 {
			return batch
		}
	}
	return nil
}
