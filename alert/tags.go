package alert

import (
	"strings"
)

// readTags takes an alarm's tags from where AlarmTagsPropagation puts them.
// AWS documents that they are there, not in which shape for SNS: a list of
// Key and Value and an object are both read.
func readTags(o object) map[string]string {
	for _, key := range []string{"AlarmTags", "alarmTags", "Tags", "tags"} {
		raw := o.find(key)
		tags := map[string]string{}
		for _, row := range elements(raw) {
			if tag := readObject(row); tag.str("Key") != "" {
				tags[tag.str("Key")] = tag.str("Value")
			}
		}
		for _, m := range readObject(raw) {
			tags[m.key] = scalar(m.value)
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
	for _, m := range o {
		k := strings.ToLower(m.key)
		if !strings.Contains(k, "logline") && !strings.Contains(k, "logevent") && !strings.Contains(k, "logrecord") {
			continue
		}
		batch := &LogBatch{Group: firstOf(o.str("LogGroupName"), o.str("LogGroup"))}
		for _, row := range elements(m.value) {
			batch.add(readLogLine(row))
		}
		if len(batch.Lines) > 0 {
			return batch
		}
	}
	return nil
}
