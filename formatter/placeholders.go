package formatter

import (
	"strings"

	"alarmrelay/formatter/phrase"
)

// placeholders are what a phrase may name. README.md has a row for each.
var placeholders = [...]phrase.Placeholder[*matter]{
	{Name: "name", Of: func(m *matter, _ string) phrase.Value { return m.text(m.it.Name) }},
	{Name: "kind", Of: func(m *matter, _ string) phrase.Value { return m.text(string(m.it.Kind)) }},
	{Name: "state", Of: func(m *matter, _ string) phrase.Value { return m.text(string(m.state())) }},
	{Name: "previous", Of: func(m *matter, _ string) phrase.Value { return m.text(string(m.previous())) }},
	{Name: "severity", Of: func(m *matter, _ string) phrase.Value { return m.text(string(m.it.Severity)) }},
	{Name: "account", Of: func(m *matter, _ string) phrase.Value { return m.text(m.account()) }},
	{Name: "account_id", Of: func(m *matter, _ string) phrase.Value { return m.text(m.it.Account) }},
	{Name: "region", Of: func(m *matter, _ string) phrase.Value { return m.text(m.it.Region) }},
	{Name: "arn", Of: func(m *matter, _ string) phrase.Value { return m.text(m.it.ARN) }},
	{Name: "reason", Of: func(m *matter, _ string) phrase.Value { return m.text(m.why()) }},
	{Name: "description", Of: func(m *matter, _ string) phrase.Value { return m.text(m.it.Description) }},
	{Name: "runbook", Of: func(m *matter, _ string) phrase.Value { return phrase.Value{Text: runbookLink(m.it.Runbook)} }},
	{Name: "url", Of: func(m *matter, _ string) phrase.Value { return phrase.Value{Text: m.card.url} }},
	{Name: "time", Of: func(m *matter, _ string) phrase.Value { return m.moment(m.it.ChangedAt) }},
	{Name: "since", Of: func(m *matter, _ string) phrase.Value { return m.moment(m.since()) }},
	{Name: "lasted", Of: func(m *matter, _ string) phrase.Value { return m.text(m.lasted(m.it)) }},
	{Name: "tag", Key: "team", Of: func(m *matter, key string) phrase.Value { return m.text(m.it.Tags[key]) }},
	{Name: "namespace", Of: func(m *matter, _ string) phrase.Value { return m.text(namespaceOf(&m.it.Alert)) }},
	{Name: "metric", Of: func(m *matter, _ string) phrase.Value { return m.text(subject(m.metric()).text) }},
	{Name: "statistic", Of: func(m *matter, _ string) phrase.Value { return m.text(statistic(m.metric().Stat)) }},
	{Name: "dimension", Key: "InstanceId", Of: (*matter).dimension},
	{Name: "dimensions", Of: func(m *matter, _ string) phrase.Value {
		return m.text(strings.Join(dimensionsOf(m.it.Metric), ", "))
	}},
	{Name: "value", Of: func(m *matter, _ string) phrase.Value { return m.value() }},
	{Name: "values", Of: func(m *matter, _ string) phrase.Value { return m.text(m.values()) }},
	{Name: "threshold", Of: func(m *matter, _ string) phrase.Value { return m.threshold() }},
	{Name: "series", Of: func(m *matter, _ string) phrase.Value { return m.text(m.series()) }},
	{Name: "children", Of: func(m *matter, _ string) phrase.Value { return m.text(m.children()) }},
	{Name: "line", Of: func(m *matter, _ string) phrase.Value { return m.text(m.logLine()) }},
	{Name: "lines", Of: func(m *matter, _ string) phrase.Value { return m.logLines() }},
	{Name: "service", Of: func(m *matter, _ string) phrase.Value { return m.text(m.news().Service) }},
	{Name: "status", Of: func(m *matter, _ string) phrase.Value { return m.text(m.news().Status) }},
	{Name: "text", Of: func(m *matter, _ string) phrase.Value { return m.text(m.news().Text) }},
	{Name: "field", Key: "Status", Of: (*matter).field},
}
