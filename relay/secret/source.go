package secret

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// ErrMissing means that nothing usable is kept under a reference, or that it may not be
// read: only its owner can mend that.
var ErrMissing = errors.New("no secret there")

// Source resolves references. Fetch returns a value that is not empty, or an
// error that names the reference and holds nothing of what is kept there. The error
// wraps [ErrMissing] where trying again is of no use, and [errors.ErrUnsupported] for a
// scheme that the source does not read.
type Source interface {
	Fetch(ctx context.Context, r Reference) (Value, error)
}

// Local is the [Source] of env: and file: references: what is on this machine.
type Local struct{}

var _ Source = Local{}

// Fetch reads the variable or the file anew each time.
func (Local) Fetch(_ context.Context, r Reference) (Value, error) {
	switch r.Scheme {
	case SchemeEnv:
		text, ok := os.LookupEnv(r.Name)
		if !ok {
			return Value{}, fmt.Errorf("%v: the environment variable is not set: %w", r, ErrMissing)
		}
		return r.Extract(text)
	case SchemeFile:
		text, err := os.ReadFile(r.Name)
		if errors.Is(err, fs.ErrNotExist) {
			return Value{}, fmt.Errorf("%v: %w: %w", r, ErrMissing, err)
		}
		if err != nil {
			return Value{}, fmt.Errorf("%v: %w", r, err)
		}
		return r.Extract(string(text))
	}
	return Value{}, fmt.Errorf("%v: not kept on this machine: %w", r, errors.ErrUnsupported)
}

// Extract returns the secret within what is stored under r: the member Key of
// a JSON object where r names one, else all of it, without the white space around it.
// Its errors name r and hold nothing of stored.
func (r Reference) Extract(stored string) (Value, error) {
	if r.Key != "" {
		var members map[string]json.RawMessage
		if json.Unmarshal([]byte(stored), &members) != nil {
			return Value{}, fmt.Errorf("%v: the secret is not a JSON object, so it has no key %q: %w", r, r.Key, ErrMissing)
		}
		member, ok := members[r.Key]
		if !ok {
			return Value{}, fmt.Errorf("%v: the JSON secret has no key %q: %w", r, r.Key, ErrMissing)
		}
		stored = ""
		if json.Unmarshal(member, &stored) != nil {
			return Value{}, fmt.Errorf("%v: the JSON secret's %q is not a string: %w", r, r.Key, ErrMissing)
		}
	}
	value := New(strings.TrimSpace(stored))
	if value.IsZero() {
		return Value{}, fmt.Errorf("%v: nothing is stored there: %w", r, ErrMissing)
	}
	return value, nil
}
