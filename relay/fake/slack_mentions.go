package fake

import (
	"slices"
	"strings"
)

var broadcasts = []string{"here", "channel", "everyone"}

// slackPings returns whom a message may notify, without repetition.
// https://docs.slack.dev/messaging/formatting-message-text#advanced
func slackPings(m SlackMessage, members map[string]any) []string {
	var found []string
	add := func(names ...string) {
		for _, n := range names {
			if !slices.Contains(found, n) {
				found = append(found, n)
			}
		}
	}
	add(marked(m.Text)...)
	if members["link_names"] != nil && members["link_names"] != false || members["parse"] == "full" {
		add(bareNames(m.Text)...)
	}
	for _, a := range m.Attachments {
		for _, t := range []string{a.Pretext, a.Title, a.Text} {
			add(marked(t)...)
		}
		for _, f := range a.Fields {
			add(marked(f.Value)...)
		}
	}
	walkBlocks(m.AllBlocks(), func(b Block) {
		add(typed(b)...)
		for _, t := range b.texts() {
			switch {
			case t.Type == "mrkdwn" && !t.Verbatim:
				add(bareNames(t.Text)...)
				add(marked(t.Text)...)
			case t.Type == "mrkdwn" || b.Type == "markdown":
				add(marked(t.Text)...)
			}
		}
	})
	return found
}

// typed returns whom an element of rich text mentions.
func typed(b Block) []string {
	switch b.Type {
	case "user":
		return []string{"user:" + b.UserID}
	case "usergroup":
		return []string{"subteam:" + b.UsergroupID}
	case "broadcast":
		return []string{b.Range}
	}
	return nil
}

// marked returns whom <!here>, <@U123> and <!subteam^S123> mention.
func marked(t string) []string {
	var found []string
	for {
		_, rest, ok := strings.Cut(t, "<")
		if !ok {
			return found
		}
		inside, _, _ := strings.Cut(rest, ">")
		inside, _, _ = strings.Cut(inside, "|")
		if id, ok := strings.CutPrefix(inside, "@"); ok && id != "" {
			found = append(found, "user:"+id)
		}
		if id, ok := strings.CutPrefix(inside, "!subteam^"); ok && id != "" {
			found = append(found, "subteam:"+id)
		}
		if name, ok := strings.CutPrefix(inside, "!"); ok && slices.Contains(broadcasts, name) {
			found = append(found, name)
		}
		t = rest
	}
}

// bareNames returns the broadcasts that stand as @here where Slack looks for names.
func bareNames(t string) []string {
	var found []string
	for _, name := range broadcasts {
		if strings.Contains(t, "@"+name) {
			found = append(found, name)
		}
	}
	return found
}
