package alarmrelay_test

import (
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"alarmrelay/events"
	"alarmrelay/relay/rule"
)

// readmes say the same in two languages; their sections stand in the same order.
var readmes = []string{"README.md", "README.ko.md"}

const exampleFile = "alarmrelay.example.yaml"

func TestConfigurationsOfTheREADMEsAreAccepted(t *testing.T) {
	for _, name := range readmes {
		whole := ""
		for i, b := range readPage(t, name).blocks {
			text := b.text
			switch b.language {
			case "yaml":
				if whole == "" {
					whole = text
				}
			case "yaml fragment":
				text = completed(text, whole)
			default:
				continue
			}
			if _, err := rule.Parse("block", []byte(text)); err != nil {
				t.Errorf("%s, block %d:\n%s\n%v", name, i+1, text, err)
			}
			checkSchema(t, name, text)
		}
		if whole == "" {
			t.Errorf("%s shows no whole configuration", name)
		}
	}
}

func TestTheMistakesInTheREADMEsAreToldAsShown(t *testing.T) {
	for _, name := range readmes {
		blocks := readPage(t, name).blocks
		refused := slices.IndexFunc(blocks, func(b block) bool { return b.language == "yaml refused" })
		if refused < 0 {
			t.Fatalf("%s shows no file with mistakes", name)
		}
		_, err := rule.Parse("alarmrelay.yaml", []byte(blocks[refused].text))
		if err == nil {
			t.Fatalf("%s: the file with mistakes is accepted", name)
		}
		if diff := cmp.Diff(err.Error(), strings.TrimSpace(blocks[refused+1].text)); diff != "" {
			t.Errorf("%s (-told +shown):\n%s", name, diff)
		}
	}
}

func TestTheExampleConfigurationIsAccepted(t *testing.T) {
	text := readText(t, exampleFile)
	if _, err := rule.Parse(exampleFile, []byte(text)); err != nil {
		t.Error(err)
	}
	checkSchema(t, exampleFile, text)
}

func TestThresholdsAreShownWithTheirDefaults(t *testing.T) {
	const destinations, rules = "destinations: {ops: {discord: \"env:DISCORD_WEBHOOK\"}}\n", "rules: [{to: [ops]}]\n"
	thresholds := func(text string) string {
		t.Helper()
		c, err := rule.Parse("file", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%+v %+v %v %v %+v", c.Storm, c.Retry, c.LogWindow, c.MetricsPerDestination, c.Incidents)
	}
	places := map[string]string{exampleFile: readText(t, exampleFile)}
	for _, name := range readmes {
		for _, b := range readPage(t, name).blocks {
			if strings.HasPrefix(b.text, "storm:") {
				places[name] = destinations + rules + b.text
			}
		}
	}
	want := thresholds(destinations + rules)
	for _, name := range append(readmes, exampleFile) {
		shown := sections(places[name])
		for _, key := range []string{"storm", "retry", "logs", "metrics", "incidents"} {
			if shown[key] == "" {
				t.Errorf("%s does not show %s", name, key)
			}
		}
		if diff := cmp.Diff(want, thresholds(places[name])); diff != "" {
			t.Errorf("%s (-default +shown):\n%s", name, diff)
		}
	}
}

func TestTheREADMENamesEveryVariableOfTheFunction(t *testing.T) {
	variable := regexp.MustCompile(`"(ALARMRELAY_[A-Z_]+)"`)
	var read []string
	for _, pattern := range []string{"cmd/lambda/*.go", "relay/setup/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, found := range variable.FindAllStringSubmatch(readText(t, file), -1) {
				read = append(read, found[1])
			}
		}
	}
	p := readPage(t, readmes[0])
	named := slices.DeleteFunc(p.words(slices.Index(p.headings, "Environment variables")), func(word string) bool {
		return !strings.HasPrefix(word, "ALARMRELAY_")
	})
	if diff := cmp.Diff(slices.Sorted(slices.Values(read)), slices.Sorted(slices.Values(named))); diff != "" {
		t.Errorf("variables (-read +named):\n%s", diff)
	}
}

func checkSchema(t *testing.T, name, text string) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("alarmrelay.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var file any
	if err := yaml.Load([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(file); err != nil {
		t.Errorf("%s against the schema: %v", name, err)
	}
}

func TestREADMETablesHaveTheWordsOfTheSchema(t *testing.T) {
	schema, p := readSchema(t), readPage(t, readmes[0])
	keys := func(place string) []string {
		object, _ := at(schema, place).(map[string]any)
		return slices.Sorted(maps.Keys(object))
	}
	tags := wordsOf(at(schema, "properties/tags"))
	for i, tag := range tags {
		tags[i] = "alarmrelay:" + tag
	}
	var thresholds []string
	for _, section := range []string{"incidents", "logs", "metrics", "retry", "storm"} {
		for _, key := range keys("properties/" + section + "/properties") {
			thresholds = append(thresholds, section+"."+key)
		}
	}
	for heading, want := range map[string][]string{
		"Keys of the file": keys("properties"),
		"Destinations":     keys("$defs/destination/properties"),
		"Mentions":         keys("$defs/mention/properties"),
		"Rules":            keys("$defs/rule/properties"),
		"Matchers":         keys("$defs/match/properties"),
		"Kinds":            wordsOf(at(schema, "$defs/match/properties/kind")),
		"Tags of an alarm": tags,
		"Thresholds":       slices.Sorted(slices.Values(thresholds)),
	} {
		n := slices.Index(p.headings, heading)
		if n < 0 || len(want) == 0 {
			t.Fatalf("%s has no section %q, or the schema no words for it", readmes[0], heading)
		}
		got := slices.Sorted(slices.Values(p.words(n)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("table under %q (-schema +README):\n%s", heading, diff)
		}
	}
}

func TestREADMERowsHaveTheWordsOfTheirKey(t *testing.T) {
	schema, p := readSchema(t), readPage(t, readmes[0])
	for place, heading := range map[string]string{
		"properties/locale":                "Keys of the file",
		"$defs/rule/properties/mention_on": "Rules",
		"$defs/rule/properties/ignore":     "Rules",
		"$defs/rule/properties/severity":   "Rules",
		"$defs/recovery":                   "Rules",
		"$defs/match/properties/state":     "Matchers",
	} {
		key, value := path.Base(place), at(schema, place)
		if key == "locale" {
			value = at(schema, "$defs/locale")
		}
		row := slices.IndexFunc(p.tables[heading], func(row []string) bool { return slices.Contains(quoted(row[0]), key) })
		if row < 0 || len(wordsOf(value)) == 0 {
			t.Fatalf("no row for %s under %q, or the schema no words for it", key, heading)
		}
		for _, word := range wordsOf(value) {
			if !slices.Contains(quoted(strings.Join(p.tables[heading][row], "|")), word) {
				t.Errorf("the row of %s lacks the word %s", key, word)
			}
		}
	}
}

func TestTheREADMEsSayTheSame(t *testing.T) {
	english, korean := readPage(t, readmes[0]), readPage(t, readmes[1])
	comment := regexp.MustCompile(`(?m)(^|\s+)#.*$`)
	code := func(p page) (all []block) {
		for _, b := range p.blocks {
			if b.language != "text" {
				all = append(all, block{b.language, comment.ReplaceAllString(b.text, "")})
			}
		}
		return all
	}
	if diff := cmp.Diff(code(english), code(korean), cmp.AllowUnexported(block{})); diff != "" {
		t.Errorf("code (-%s +%s):\n%s", readmes[0], readmes[1], diff)
	}
	if len(english.headings) != len(korean.headings) {
		t.Fatalf("%d sections and %d", len(english.headings), len(korean.headings))
	}
	for n, heading := range english.headings {
		if diff := cmp.Diff(english.words(n), korean.words(n)); diff != "" {
			t.Errorf("table under %q (-%s +%s):\n%s", heading, readmes[0], readmes[1], diff)
		}
	}
}

func TestTheREADMEsNameTheTwoCommandsFirst(t *testing.T) {
	const want = "go run ./cmd/alarmrelay demo\ngo test ./...\n"
	for _, name := range readmes {
		if first := readPage(t, name).blocks[0].text; first != want {
			t.Errorf("%s begins with %q", name, first)
		}
	}
}

// The pictures are the Discord channel of preview, and the first chapter of the demo's story. What is drawn now is copied into the
// READMEs by hand.
func TestThePicturesOfTheREADMEsAreWhatTheCommandDraws(t *testing.T) {
	for name, locale := range map[string]string{"README.md": "en", "README.ko.md": "ko"} {
		card, _, _ := strings.Cut(drawn(t, locale, "preview", "sns-alarm-cpu-high"), "── #backend")
		trouble, _, _ := strings.Cut(drawn(t, locale, "demo"), "── A storm")
		var pictures []string
		for _, b := range readPage(t, name).blocks {
			if b.language == "text" && strings.HasPrefix(b.text, "── ") {
				pictures = append(pictures, strings.TrimSpace(b.text))
			}
		}
		if diff := cmp.Diff([]string{strings.TrimSpace(card), strings.TrimSpace(trouble)}, pictures); diff != "" {
			t.Errorf("%s (-drawn +README):\n%s", name, diff)
		}
	}
}

// drawn is what a command draws with the built-in sample's configuration.
func drawn(t *testing.T, locale, command string, args ...string) string {
	t.Helper()
	args = append([]string{"run", "./cmd/alarmrelay", command, "--config", "cmd/alarmrelay/sample.yaml", "--locale", locale}, args...)
	out, err := exec.CommandContext(t.Context(), "go", args...).Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("%s: %v\n%s", command, err, failed.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestEventsOfTheCommandsExist(t *testing.T) {
	for _, name := range readmes {
		for _, b := range readPage(t, name).blocks {
			if b.language != "sh" {
				continue
			}
			for word := range strings.FieldsSeq(b.text) {
				word = strings.TrimSuffix(strings.TrimPrefix(word, "events/"), ".json")
				if !strings.HasPrefix(word, "sns-") {
					continue
				}
				if _, err := events.Read(word); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
}
