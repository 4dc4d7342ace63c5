package rule_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"alarmrelay/relay/rule"
)

const schemaFile = "../../alarmrelay.schema.json"

func TestTheSchemaHasTheKeysOfTheParser(t *testing.T) {
	const to = "rules: [{to: ops}]\n"
	places := map[string]string{ // where in the schema: a file with the key zzz there
		"properties":                                         "zzz: 1\n" + to,
		"$defs/destination/properties":                       "destinations: {ops: {zzz: 1}}\n" + to,
		"$defs/mention/properties":                           "mentions: {oncall: {zzz: 1}}\n" + to,
		"$defs/rule/properties":                              "rules: [{zzz: 1}]\n",
		"$defs/match/properties":                             "rules: [{match: {zzz: 1}}]\n",
		"$defs/group/properties":                             "rules: [{match: {not: {zzz: 1}}}]\n",
		"properties/storm/properties":                        "storm: {zzz: 1}\n" + to,
		"properties/retry/properties":                        "retry: {zzz: 1}\n" + to,
		"properties/logs/properties":                         "logs: {zzz: 1}\n" + to,
		"properties/metrics/properties":                      "metrics: {zzz: 1}\n" + to,
		"properties/incidents/properties":                    "incidents: {zzz: 1}\n" + to,
		"properties/summary/properties":                      "summary: {zzz: 1}\n" + to,
		"$defs/muted-below/properties":                       "rules: [{mute: {zzz: 1}}]\n",
		"$defs/rule/properties/recovery":                     "rules: [{recovery: zzz}]\n",
		"properties/locale":                                  "locale: zzz\n" + to,
		"$defs/rule/properties/escalate/properties":          "rules: [{escalate: {zzz: 1}}]\n",
		"$defs/destination/properties/forum_tags/properties": "destinations: {ops: {discord: \"env:A\", forum_tags: {zzz: 1}}}\n" + to,
		"properties/tags":                                    "tags: zzz\n" + to,
		"$defs/rule/properties/ignore":                       "rules: [{ignore: zzz}]\n",
		"$defs/match/properties/kind":                        "rules: [{match: {kind: zzz}}]\n",
		"$defs/match/properties/state":                       "rules: [{match: {state: zzz}}]\n",
		"$defs/rule/properties/mention_on":                   "rules: [{mention_on: zzz}]\n",
	}
	schema := loadSchema(t)
	for place, file := range places {
		want := known(t, file)
		if len(want) == 0 {
			t.Fatalf("the parser does not say what it knows at %s", place)
		}
		if diff := cmp.Diff(want, listed(t, schema, place)); diff != "" {
			t.Errorf("%s (-parser +schema): %s", place, diff)
		}
	}
	severities := append(known(t, "rules: [{severity: zzz}]\n"), "medium", "low", "informational")
	slices.Sort(severities)
	for _, place := range []string{"$defs/rule/properties/severity", "$defs/match/properties/severity"} {
		if diff := cmp.Diff(severities, listed(t, schema, place)); diff != "" {
			t.Errorf("%s (-parser +schema): %s", place, diff)
		}
	}
}

// known returns the words that the parser says it knows in place of zzz, sorted.
func known(t *testing.T, file string) (words []string) {
	t.Helper()
	_, err := rule.Parse("f", []byte(file))
	for line := range strings.Lines(err.Error()) {
		if _, list, ok := strings.Cut(strings.TrimSpace(line), "; known: "); ok && strings.Contains(line, `"zzz"`) {
			words = strings.Split(list, ", ")
		}
	}
	slices.Sort(words)
	return words
}

// listed returns the properties or the enumerated words at a place of the schema, sorted.
func listed(t *testing.T, schema any, place string) (words []string) {
	t.Helper()
	at := schema
	for step := range strings.SplitSeq(place, "/") {
		object, ok := at.(map[string]any)
		if !ok || object[step] == nil {
			t.Fatalf("the schema has nothing at %s", place)
		}
		at = object[step]
	}
	object := at.(map[string]any)
	if strings.HasSuffix(place, "properties") {
		for key := range object {
			words = append(words, key)
		}
	} else {
		words = enumerated(schema, object)
	}
	slices.Sort(words)
	return words
}

// enumerated finds the words of an enum, also behind a reference or as one of several forms.
func enumerated(schema any, object map[string]any) (words []string) {
	if name, ok := object["$ref"].(string); ok {
		definitions := schema.(map[string]any)["$defs"].(map[string]any)
		return enumerated(schema, definitions[strings.TrimPrefix(name, "#/$defs/")].(map[string]any))
	}
	if forms, ok := object["anyOf"].([]any); ok {
		return enumerated(schema, forms[0].(map[string]any))
	}
	list, _ := object["enum"].([]any)
	for _, word := range list {
		words = append(words, word.(string))
	}
	return words
}

// onlyByTheParser are mistakes of meaning: a schema can't see them.
var onlyByTheParser = []string{
	"account-too-short", "binary-tag", "broken-regexp", "duplicate-key", "fallback-in-a-circle", "fallback-to-itself",
	"fallback-unknown", "graph-for-nobody", "last-rule-continues", "last-rule-matches", "mention-lacks-service", "mention-lacks-service-of-fallback", "rule-that-only-mentions",
	"logs-window-too-long", "retry-first-too-short", "retry-give-up-shorter-than-longest", "retry-give-up-too-long",
	"retry-longest-shorter-than-first", "storm-alerts-with-a-zero-in-front", "storm-window-too-short",
	"thread-at-slack", "thread-in-two-channels", "unknown-destination", "unknown-mention",
	"unknown-timezone", "unreachable-rule", "words-with-mistakes", "rule-that-only-words",
	"escalate-mention-lacks-service", "escalate-to-unknown", "escalate-too-late", "escalate-too-soon", "incidents-flap-too-long",
	"mute-day-misspelled", "mute-empty-time", "mute-for-ever", "mute-late-time", "mute-no-time", "mute-one-day-twice",
	"mute-says-nothing", "mute-two-times", "mute-unknown-zone", "mute-zone-only", "remind-out-of-order", "remind-too-late", "remind-too-soon",
	"forum-tags-without-posts", "rule-that-only-reminds", "summary-to-unknown",
}

// noJSON are files that hold nothing a schema could be asked about, or far too much.
var noJSON = []string{"alias-bomb", "comments-only", "empty", "nul-byte", "tab-indentation", "two-documents", "unclosed-bracket", "unknown-anchor"}

func TestTheSchemaAgreesWithTheParser(t *testing.T) {
	schema := compile(t)
	for _, file := range testdata(t, "good-*.yaml") {
		if err := schema.Validate(asJSON(t, read(t, file))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, mistake := range slices.Concat(mistakes, lifeMistakes) {
		if slices.Contains(noJSON, mistake.file) {
			continue
		}
		err := schema.Validate(asJSON(t, read(t, "bad-"+mistake.file+".yaml")))
		if blind := slices.Contains(onlyByTheParser, mistake.file); blind != (err == nil) {
			t.Errorf("%s: listed as only for the parser: %v; the schema says: %v", mistake.file, blind, err)
		}
	}
}

func TestEveryKeyOfTheSchemaIsDescribed(t *testing.T) {
	schema := loadSchema(t).(map[string]any)
	definitions, file := schema["$defs"].(map[string]any), schema["properties"].(map[string]any)
	for place, holder := range map[string]any{
		"storm": file["storm"], "retry": file["retry"], "logs": file["logs"], "metrics": file["metrics"],
		"the file": schema, "destination": definitions["destination"], "mention": definitions["mention"],
		"rule": definitions["rule"], "match": definitions["match"], "incidents": file["incidents"], "summary": file["summary"],
		"a mute": definitions["muted-below"], "forum_tags": in(definitions, "destination", "forum_tags"), "escalate": in(definitions, "rule", "escalate"),
	} {
		for key, property := range holder.(map[string]any)["properties"].(map[string]any) {
			if text, _ := property.(map[string]any)["description"].(string); text == "" {
				t.Errorf("%s: %s has no description", place, key)
			}
		}
	}
}

// in returns a property of a definition.
func in(definitions map[string]any, name, property string) any {
	return definitions[name].(map[string]any)["properties"].(map[string]any)[property]
}

func loadSchema(t *testing.T) (schema any) {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("alarmrelay.schema.json", loadSchema(t)); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("alarmrelay.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// asJSON turns YAML into what a JSON decoder would have made of it, as editors do.
func asJSON(t *testing.T, data []byte) any {
	t.Helper()
	var document yaml.Node
	if err := yaml.Load(data, &document); err != nil {
		t.Fatal(err)
	}
	return jsonOf(document.Content[0])
}

func jsonOf(n *yaml.Node) any {
	switch n.Kind {
	case yaml.AliasNode:
		return jsonOf(n.Alias)
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			object[n.Content[i].Value] = jsonOf(n.Content[i+1])
		}
		return object
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, jsonOf(item))
		}
		return list
	}
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return n.Value == "true"
	case "!!int", "!!float":
		return json.Number(n.Value)
	}
	return n.Value
}
