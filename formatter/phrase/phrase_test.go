package phrase_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"alarmrelay/formatter/phrase"
)

// facts are what the phrases of these tests are about.
type facts map[string]string

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

var language = phrase.Language[facts]{
	Placeholders: []phrase.Placeholder[facts]{
		{Name: "name", Of: func(f facts, _ string) phrase.Value { return phrase.Value{Text: f["name"]} }},
		{Name: "tag", Key: "team", Of: func(f facts, key string) phrase.Value { return phrase.Value{Text: f["tag."+key]} }},
		{Name: "since", Of: func(facts, string) phrase.Value { return phrase.Value{Text: "noon", At: noon} }},
		{Name: "wrong", Of: func(facts, string) phrase.Value { panic("a value that nobody may log") }},
		{Name: "beyond", Of: func(facts, string) phrase.Value { return phrase.Value{Text: noon.String()[:len(noon.String())+1]} }},
	},
	Functions: []phrase.Function{
		{Name: "upper", Example: "upper", Apply: func(v phrase.Value, _ []phrase.Argument) (phrase.Value, error) {
			return phrase.Value{Text: strings.ToUpper(v.Text)}, nil
		}},
		{Name: "repeat", Takes: []phrase.Parameter{{Least: 1, Most: 1000}}, Example: "repeat 3", Apply: func(v phrase.Value, a []phrase.Argument) (phrase.Value, error) {
			return phrase.Value{Text: strings.Repeat(v.Text, a[0].Number)}, nil
		}},
		{
			Name: "swap", Takes: []phrase.Parameter{{}, {MayBeEmpty: true}}, Example: `swap "a" "b"`,
			Apply: func(v phrase.Value, a []phrase.Argument) (phrase.Value, error) {
				return phrase.Value{Text: strings.ReplaceAll(v.Text, a[0].Text, a[1].Text)}, nil
			},
		},
	},
}

func TestAPhraseSaysItsPlaceholders(t *testing.T) {
	about := facts{"name": "api", "tag.team": "data", "tag.cost centre": "42", "tag.aws:stack": "shop"}
	for source, want := range map[string]string{
		"nothing to fill in":                      "nothing to fill in",
		"${name}":                                 "api",
		"${ name }s are ${name|upper}":            "apis are API",
		"${tag.team} ${tag.aws:stack}":            "data shop",
		`${tag."cost centre"}${tag.'team'}`:       "42data",
		"${name | upper | swap 'PI' \"|}\" }":     "A|}",
		`${name | swap a ""}`:                     "pi",
		"costs $5, {braces}, } and $${name}":      "costs $5, {braces}, } and $api",
		"it is ${since}":                          "it is noon",
		"${name | repeat 3} of ${tag.none} teams": "apiapiapi of  teams",
		"한 ${name\n| upper} 글":                    "한 API 글",
	} {
		p, mistakes := language.Read(source)
		if mistakes != nil {
			t.Errorf("%s: %v", source, mistakes)
			continue
		}
		said, err := p.Say(about)
		if got := join(said); got != want || err != nil || p.String() != source {
			t.Errorf("%s says %q, want %q (%v)", source, got, want, err)
		}
	}
}

func join(said []phrase.Value) (all string) {
	for _, v := range said {
		all += v.Text
	}
	return all
}

func TestAMomentStaysOneUntilAFunctionChangesIt(t *testing.T) {
	for source, want := range map[string][]phrase.Value{
		"at ${since}.":     {{Text: "at "}, {Text: "noon", At: noon}, {Text: "."}},
		"${since | upper}": {{Text: "NOON"}},
	} {
		p, _ := language.Read(source)
		got, err := p.Say(nil)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", source, err, diff)
		}
	}
}

func TestAPhraseOfWhichNothingIsKnownSaysNothing(t *testing.T) {
	for source, about := range map[string]facts{
		"owned by ${tag.team}": {},
		"${name}${tag.team}":   {"tag.other": "x"},
	} {
		p, _ := language.Read(source)
		if said, err := p.Say(about); said != nil || err != nil {
			t.Errorf("%s says %q, %v", source, join(said), err)
		}
	}
}

func TestWhatCannotBeSaidIsAnErrorThatRepeatsNoValue(t *testing.T) {
	long := facts{"name": strings.Repeat("x", 1000), "tag.team": strings.Repeat("y", phrase.Longest)}
	often := strings.Repeat("${name | repeat 65} ", 20)
	for source, want := range map[string]string{
		"${name} ${wrong}":     "${wrong}: a bug",
		"${beyond}":            "${beyond}: a bug: runtime error: slice bounds out of range [:30] with length 29",
		"${name | repeat 100}": "${name}: longer than 64 KiB",
		"${tag.team}${name}":   "longer than 64 KiB",
		often:                  "longer than 64 KiB",
	} {
		p, mistakes := language.Read(source)
		if mistakes != nil {
			t.Fatal(source, mistakes)
		}
		said, err := p.Say(long)
		if said != nil || err == nil || err.Error() != want {
			t.Errorf("%.40s: %d pieces, %v, want %s", source, len(said), err, want)
		}
		if strings.HasSuffix(want, "KiB") != errors.Is(err, phrase.ErrTooLong) {
			t.Errorf("%.40s: %v", source, err)
		}
	}
}

func TestEveryMistakeIsToldWithItsPlace(t *testing.T) {
	placeholders, functions := []string{"name", "tag", "since", "wrong", "beyond"}, []string{"upper", "repeat", "swap"}
	for source, want := range map[string][]phrase.Mistake{
		"a ${nmae} b ${ Tag.x }":          {{At: 4, Text: "placeholder", Word: "nmae", Known: placeholders}, {At: 15, Text: "placeholder", Word: "Tag", Known: placeholders}},
		"${name | uper}":                  {{At: 9, Text: "function", Word: "uper", Known: functions}},
		"${name.x}":                       {{At: 2, Text: "nothing can stand behind the dot of name; write ${name}"}},
		"${tag}":                          {{At: 2, Text: "tag needs a dot and which one, such as ${tag.team}"}},
		"${tag.} ${tag.''}":               {{At: 2, Text: "tag needs to know which one, such as ${tag.team}"}, {At: 10, Text: "tag needs to know which one, such as ${tag.team}"}},
		"${}":                             {{At: 0, Text: "a placeholder needs a name, such as ${name}"}},
		"x ${name":                        {{At: 2, Text: "the placeholder is not closed; end it with }"}},
		"${name upper}":                   {{At: 7, Text: "expected } or | and a function here"}},
		"${name |}":                       {{At: 8, Text: "expected a function behind |, such as upper"}},
		"${name | upper 1}":               {{At: 9, Text: "upper takes nothing; write upper"}},
		"${name | repeat}":                {{At: 9, Text: "repeat takes a whole number from 1 to 1000; write repeat 3"}},
		"${name | repeat 1001}":           {{At: 9, Text: "repeat takes a whole number from 1 to 1000; write repeat 3"}},
		"${name | swap '' b}":             {{At: 9, Text: `swap takes a text and a text; write swap "a" "b"`}},
		"${name | swap: 'a' 'b'":          {{At: 9, Text: `swap takes a text and a text; write swap "a" "b"`}},
		"${name | swap 'a b}":             {{At: 14, Text: "the text is not closed; end it with another '"}},
		"${name | swap 'a' \"${name}\"}":  {{At: 18, Text: "no placeholder can stand inside another; write a text"}},
		"${tag.${name}} ${tag.'${name}'}": {{At: 6, Text: "no placeholder can stand inside another; write a text"}, {At: 21, Text: "no placeholder can stand inside another; write a text"}},
		"${tag.'x}":                       {{At: 6, Text: "the text is not closed; end it with another '"}},
		"{{name}} {name} {tag.x}": {
			{At: 0, Text: "{{ begins no placeholder; write ${name}"},
			{At: 9, Text: "a placeholder begins with a dollar sign; write ${name}"},
			{At: 16, Text: "a placeholder begins with a dollar sign; write ${tag.team}"},
		},
		strings.Repeat("한", phrase.MaxSource+1): {{Text: "has 1001 characters; write at most 1000"}},
	} {
		p, got := language.Read(source)
		if diff := cmp.Diff(want, got); diff != "" || p != nil {
			t.Errorf("%.60s (-want +got):\n%s", source, diff)
		}
	}
}

func TestAPhraseIsWrittenAsItWasRead(t *testing.T) {
	p, _ := language.Read("${name | upper}!")
	if text, err := p.MarshalText(); string(text) != "${name | upper}!" || err != nil {
		t.Errorf("%s, %v", text, err)
	}
}

// TestAnyTextIsReadOrRefusedInItsPlace holds the reader to its word for any text: a mistake lies
// within, and what is accepted can be said within the bound.
func TestAnyTextIsReadOrRefusedInItsPlace(t *testing.T) {
	piece := rapid.SampledFrom([]string{"${", "}", "{", "$", "name", "tag", ".", "|", " ", "repeat", "900", "swap", "upper", "'", `"`, "가", "\n", "since"})
	rapid.Check(t, func(t *rapid.T) {
		source := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "source"), "")
		p, mistakes := language.Read(source)
		if (p == nil) != (len(mistakes) > 0) {
			t.Fatalf("%q: a phrase and mistakes, or neither", source)
		}
		for _, m := range mistakes {
			if m.At < 0 || m.At > len(source) || m.Text == "" {
				t.Fatalf("%q: %+v", source, m)
			}
		}
		if p == nil {
			return
		}
		said, err := p.Say(facts{"name": strings.Repeat("n", 100), "tag.x": "y"})
		if err == nil && len(join(said)) > phrase.Longest {
			t.Fatalf("%q says %d bytes", source, len(join(said)))
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"${name | swap 'a' \"b\" | repeat 3}", "${tag.team}", "{{name}}", "$${", "${name|"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		p, mistakes := language.Read(source)
		if (p == nil) != (len(mistakes) > 0) {
			t.Fatalf("%q: a phrase and mistakes, or neither", source)
		}
		if p != nil {
			if _, err := p.Say(facts{"name": source}); err != nil && !strings.Contains(source, "wrong") && !strings.Contains(source, "beyond") && !errors.Is(err, phrase.ErrTooLong) {
				t.Fatal(err)
			}
		}
	})
}
