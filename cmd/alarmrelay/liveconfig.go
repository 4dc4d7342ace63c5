package main

import (
	"errors"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/relay/rule"
)

// mistakesOf are a configuration's mistakes for the page.
func mistakesOf(err error) []page.Problem {
	mistakes, ok := errors.AsType[rule.Errors](err)
	switch {
	case err == nil:
		return nil
	case !ok:
		return []page.Problem{{Message: err.Error()}}
	}
	var all []page.Problem
	for _, m := range mistakes {
		all = append(all, page.Problem{Line: m.Line, Column: m.Column, Message: m.Text})
	}
	return all
}

func (l *live) read(text string) (config, error) {
	l.mu.Lock()
	s := l.config.setting
	l.mu.Unlock()
	return readText(s, text, l.locale)
}

// Check implements [page.Show].
func (l *live) Check(text string) []page.Problem {
	_, err := l.read(text)
	return mistakesOf(err)
}

// Configure implements [page.Show].
func (l *live) Configure(text string) []page.Problem {
	c, err := l.read(text)
	if err != nil {
		return mistakesOf(err)
	}
	l.switching.Lock()
	defer l.switching.Unlock()
	l.current().bind(c)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.config = c
	l.stream.Tell(page.KindConfig, page.Configured{
		Config: l.shown(c), Destinations: destinationsOf(c.bound), Mentions: newReader(c.bound).names,
	})
	return nil
}
