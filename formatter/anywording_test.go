package formatter_test

import (
	"strings"
	"testing"

	"alarmrelay/events"
	"alarmrelay/formatter"
)

// everyPlaceholder is a phrase for each placeholder there is.
func everyPlaceholder(t testing.TB) (phrases []string) {
	t.Helper()
	_, mistakes := formatter.ReadPhrase("${there_is_none}")
	for _, name := range mistakes[0].Known {
		switch name {
		case "dimension":
			name = "dimension.InstanceId"
		case "tag":
			name = "tag.team"
		case "field":
			name = "field.Status"
		}
		phrases = append(phrases, "${"+name+"}")
	}
	if len(phrases) < 30 {
		t.Fatalf("only %d placeholders", len(phrases))
	}
	return phrases
}

// wordingOf says phrases in a title, a summary and as many fields as a rule may have.
func wordingOf(t testing.TB, phrases ...string) *formatter.Wording {
	t.Helper()
	read := func(text string) *formatter.Phrase {
		p, mistakes := formatter.ReadPhrase(text)
		if mistakes != nil {
			t.Fatalf("%s: %v", text, mistakes)
		}
		return p
	}
	all := read(strings.Join(phrases, " "))
	w := &formatter.Wording{Title: all, Summary: all}
	for i, p := range phrases {
		if field := i % 10; len(w.Fields) == 10 {
			w.Fields[field].Value = read(w.Fields[field].Value.String() + p)
			continue
		}
		w.Fields = append(w.Fields, formatter.WordField{Label: "@here <!channel> [a](https://evil.example) " + strings.Repeat("*", 30), Value: read(p)})
	}
	return w
}

func TestEverySampleEventIsAcceptedInOwnWords(t *testing.T) {
	s, own := newServices(), wordingOf(t, everyPlaceholder(t)...)
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) { s.accept(t, raw, own) })
	}
}

func TestMonstersAreAcceptedInOwnWords(t *testing.T) {
	own := wordingOf(t, append(everyPlaceholder(t), "<!channel> @everyone <@&123456789012345678> ``` [x](https://evil.example/${name}) https://${name}/${description | cut 900}")...)
	for name, raw := range monsters() {
		t.Run(name, func(t *testing.T) { newServices().accept(t, []byte(raw), own) })
	}
}

func FuzzAnyEventIsAcceptedInAnyWords(f *testing.F) {
	phrases := []string{
		"${name} of ${dimension.InstanceId | default 'none'}", "<@&123456789012345678> ${reason | replace '(' '](https://evil.example)'}",
		"${description | upper | cut 300}@everyone", "https://${name}/${name | urlencode}", "${value | number 3} ```${values}", "${since}${time}${since}",
	}
	for i, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, phrases[i%len(phrases)])
	}
	all := everyPlaceholder(f)
	f.Fuzz(func(t *testing.T, raw []byte, text string) {
		if _, mistakes := formatter.ReadPhrase(text); mistakes != nil {
			text = "said as it is"
		}
		newServices().accept(t, raw, wordingOf(t, append([]string{text}, all[:5]...)...))
	})
}
