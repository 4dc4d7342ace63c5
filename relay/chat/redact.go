package chat

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"unicode"
)

// failure is a failure of the network in words. Of the errors behind it it keeps
// nothing but that the caller's time was over: they hold addresses, and printing
// finds those.
type failure struct {
	text  string
	cause error // ctx.Err() of the caller's context
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.cause }

// describe retells err without anything of the address a.
func describe(ctx context.Context, a *address, err error) error {
	if quoting := (*url.Error)(nil); errors.As(err, &quoting) {
		err = quoting.Err
	}
	text := cut(a.hide(printable(err.Error())), 200)
	if errors.Is(err, context.DeadlineExceeded) {
		text = "no answer in time"
	}
	return &failure{text: text, cause: ctx.Err()}
}

// printable returns text in one line of what can be seen.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
}

// cut returns the first n characters of text.
func cut(text string, n int) string {
	if shown := []rune(text); len(shown) > n {
		return string(shown[:n]) + "…"
	}
	return text
}
