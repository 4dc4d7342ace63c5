package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"alarmrelay/relay/secret"
)

const password = "hunter2-in-the-clear"

func TestValueShowsNowhere(t *testing.T) {
	type exported struct{ Address secret.Value }
	type unexported struct{ address secret.Value }
	value := secret.New(password)
	for name, holder := range map[string]any{
		"itself":                       value,
		"a pointer to it":              &value,
		"an exported field":            exported{value},
		"an unexported field":          unexported{value},
		"a pointer to a struct":        &unexported{value},
		"a map":                        map[string]secret.Value{"ops": value},
		"a map of unexported fields":   map[string]unexported{"ops": {value}},
		"an error that was made of it": fmt.Errorf("post to %v: %s", value, value),
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
				fmt.Fprintf(&out, verb+"\n", holder)
			}
			slog.New(slog.NewJSONHandler(&out, nil)).Info("told", "holder", holder)
			slog.New(slog.NewTextHandler(&out, nil)).Info("told", "holder", holder)
			if err := json.NewEncoder(&out).Encode(holder); err != nil {
				t.Fatal(err)
			}
			hex := fmt.Sprintf("%x", password)
			if text := out.String(); strings.Contains(text, password) || strings.Contains(text, hex) {
				t.Errorf("the password is in:\n%s", text)
			}
		})
	}
}

func TestValuesAreEqualWhenTheirTextsAre(t *testing.T) {
	if a, b := secret.New(password), secret.New(strings.Clone(password)); a != b {
		t.Error("two values of one text differ")
	}
	if a, b := secret.New(password), secret.New("another"); a == b {
		t.Error("values of two texts are equal")
	}
	if v := secret.New(password); v.Reveal() != password || v.IsZero() {
		t.Error("a value lost its text")
	}
	if v := secret.New(""); !v.IsZero() || v != (secret.Value{}) || v.Reveal() != "" {
		t.Error("a value of no text is not zero")
	}
}
