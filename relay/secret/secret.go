// Package secret keeps webhook addresses out of everything that is printed,
// and reads the references under which they are kept.
package secret

import (
	"encoding"
	"fmt"
	"log/slog"
	"unique"
)

const redacted = "[secret]"

// Value is a secret text. However it is printed, logged or encoded, it shows
// as [secret]; only [Value.Reveal] gives it away.
//
// Two values are == when their texts are. The text lies behind a handle because
// fmt calls no methods of unexported fields: in a struct that holds a Value in
// one, it prints the handle's address.
type Value struct{ text unique.Handle[string] }

// New wraps a text.
func New(text string) Value {
	if text == "" {
		return Value{}
	}
	return Value{unique.Make(text)}
}

// Reveal returns the secret itself. Call it where a request is built and nowhere else.
func (v Value) Reveal() string {
	if v.IsZero() {
		return ""
	}
	return v.text.Value()
}

// IsZero reports whether there is nothing in it.
func (v Value) IsZero() bool { return v == Value{} }

// Format makes every verb of fmt print [secret], also those that look into structs.
func (Value) Format(s fmt.State, _ rune) { fmt.Fprint(s, redacted) }

// String returns [secret].
func (Value) String() string { return redacted }

// MarshalText makes encoders write [secret].
func (Value) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue makes slog write [secret].
func (Value) LogValue() slog.Value { return slog.StringValue(redacted) }

var (
	_ fmt.Formatter          = Value{}
	_ slog.LogValuer         = Value{}
	_ encoding.TextMarshaler = Value{}
)
