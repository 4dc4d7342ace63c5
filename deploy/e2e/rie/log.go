package main

import (
	"bytes"
	"encoding/json"
	"strings"
)

// judgeLog looks for errors where none is due, or for the lack of one where one is, and for secrets.
func (t *trial) judgeLog(due bool) {
	found := errorsIn(t.logs.Bytes())
	if !due {
		for _, line := range found {
			t.complain("logged an error: %s", line)
		}
	}
	if due && len(found) == 0 {
		t.complain("logged no error")
	}
	t.mustHoldNoSecret("the log", t.logs.String())
}

// errorsIn returns the lines of a log that are errors, the function's and the emulator's.
func errorsIn(log []byte) (lines []string) {
	for line := range bytes.Lines(log) {
		var entry struct{ Level string }
		if json.Unmarshal(line, &entry) == nil && entry.Level == "ERROR" || bytes.Contains(line, []byte("[ERROR]")) || bytes.HasPrefix(line, []byte("panic:")) {
			lines = append(lines, string(bytes.TrimSpace(line)))
		}
	}
	return lines
}

// secrets are the parts of the webhooks' addresses that nobody may see.
func (w *world) secrets() []string { return []string{w.ops.Token, w.ops.ID, w.crew.Token, w.crew.ID} }

// mustHoldNoSecret complains without showing what it found.
func (t *trial) mustHoldNoSecret(what, text string) {
	if t.redacted(text) != text {
		t.complain("%s holds a part of a webhook's address", what)
	}
}

func (w *world) redacted(text string) string {
	for _, secret := range w.secrets() {
		text = strings.ReplaceAll(text, secret, "[secret]")
	}
	return text
}

// finish returns the row of a case that is over.
func (t *trial) finish() row {
	t.mustHoldNoSecret("an answer", t.row.Answer)
	t.row.Answer = t.redacted(t.row.Answer)
	discord, _ := t.channel("ops")
	slack, _ := t.channel("crew")
	t.row.Discord, t.row.Slack = len(discord), len(slack)
	return t.row
}
