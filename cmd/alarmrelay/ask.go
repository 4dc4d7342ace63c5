package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"
)

// question asks until the answer is right.
func (e *env) question(ctx context.Context, q field) error {
	usual, shown := q.usual(), ""
	if usual != "" {
		shown = " [" + inOneLine(usual) + "]"
	}
	for {
		text, err := e.line(ctx, q.ask+shown+": ")
		if err != nil {
			return err
		}
		text = cmp.Or(strings.TrimSpace(text), usual)
		if err = q.right(ctx, e, text); err == nil {
			*q.value = text
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Fprintf(e.stderr, "  %s\n", inOneLine(err.Error()))
	}
}

// confirm asks for a yes or a no; an empty line is what usual says.
func (e *env) confirm(ctx context.Context, question string, usual bool) (yes bool, err error) {
	answer := " [y/N] "
	if usual {
		answer = " [Y/n] "
	}
	text, err := e.line(ctx, inOneLine(question)+answer)
	if err != nil {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "":
		return usual, nil
	case "y", "yes":
		return true, nil
	}
	return false, nil
}

// ask returns nil for a yes; for anything else, and where nobody answers, no.
func (e *env) ask(ctx context.Context, question string, no error) error {
	yes, err := e.confirm(ctx, question, false)
	switch {
	case ctx.Err() != nil:
		return wordInterrupt(ctx, err)
	case err != nil, !yes:
		return no
	}
	return nil
}

var errInputEnded = errors.New("the input ended before the last question")

// line asks for a line. It does not outlive its context.
func (e *env) line(ctx context.Context, question string) (string, error) {
	fmt.Fprint(e.stderr, question)
	if e.lines == nil {
		e.lines = bufio.NewReader(e.stdin)
	}
	return e.await(ctx, func() (string, error) { return e.lines.ReadString('\n') })
}

// unseen asks for a line that the terminal does not show.
func (e *env) unseen(ctx context.Context, question string) (string, error) {
	fmt.Fprint(e.stderr, question)
	text, err := e.hidden(ctx)
	fmt.Fprintln(e.stderr)
	if err != nil && ctx.Err() == nil {
		return "", errInputEnded
	}
	return text, err
}

// await waits for what read returns, or for the end of the context.
func (e *env) await(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	came := make(chan answer, 1)
	go func() {
		text, err := read()
		came <- answer{text, err}
	}()
	select {
	case a := <-came:
		if a.err != nil && a.text == "" {
			fmt.Fprintln(e.stderr)
			return "", errInputEnded
		}
		return a.text, nil
	case <-ctx.Done():
		fmt.Fprintln(e.stderr)
		return "", ctx.Err()
	}
}

// readHidden reads a line from a terminal that shows nothing meanwhile. When the context ends first, the terminal shows
// what is typed again.
func readHidden(ctx context.Context, terminal *os.File) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	fd := int(terminal.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("hide what is typed: %w", err)
	}
	held, err := terminal.SyscallConn()
	if err != nil {
		return "", fmt.Errorf("hide what is typed: %w", err)
	}
	type answer struct {
		text []byte
		err  error
	}
	came := make(chan answer, 1)
	go func() {
		var a answer
		// Held while it is read: a closed terminal's number may be another file's by now.
		err := held.Control(func(fd uintptr) { a.text, a.err = term.ReadPassword(int(fd)) })
		a.err = cmp.Or(a.err, err)
		came <- a
	}()
	select {
	case a := <-came:
		return string(a.text), a.err
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(fd, before))
	}
}
