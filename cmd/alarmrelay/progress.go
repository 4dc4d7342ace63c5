package main

import (
	"fmt"
	"io"
)

// progress is one line that changes while somebody waits, and is gone afterwards.
type progress struct {
	w        io.Writer
	watching bool
}

func newProgress(e *env) progress { return progress{e.stderr, e.watching} }

func (p progress) say(format string, args ...any) {
	if p.watching {
		fmt.Fprintf(p.w, "\r\x1b[K"+format, args...)
	}
}

func (p progress) clear() { p.say("") }
