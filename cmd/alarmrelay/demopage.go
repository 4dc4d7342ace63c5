package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/formatter"
)

// servePage shows the demo as a page until the context ends.
func (e *env) servePage(ctx context.Context, flags demoFlags, s setting) error {
	text, err := s.written()
	if err != nil {
		return err
	}
	listener, err := page.Listen(ctx, flags.addr)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stream := page.NewStream(e.now())
	l, err := newLive(ctx, s, text, flags.locale, stream)
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer l.close()
	server := &http.Server{
		Handler: page.New(l, stream, page.Bundle()), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	address := "http://" + listener.Addr().String()
	fmt.Fprintf(e.stdout, "the demo is at %s\nit shows what your channels would show, and sends nothing anywhere; end it with Ctrl-C\n", address)
	if !flags.noBrowser && e.browse != nil {
		if err := e.browse(ctx, address); err != nil {
			fmt.Fprintf(e.stderr, "no browser could be opened: %v\n", err)
		}
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the page: %w", err)
	}
	fmt.Fprintln(e.stdout, "\nthe demo has ended") // below the ^C of a terminal
	return nil
}

// written is the text of a configuration. That of the environment's webhooks is made up, and names no address.
func (s setting) written() (string, error) {
	switch {
	case s.text != "":
		return s.text, nil
	case s.file != "":
		text, err := os.ReadFile(s.file)
		if err != nil {
			return "", fmt.Errorf("read configuration: %w", err)
		}
		return string(text), nil
	}
	var places, names []string
	for _, d := range s.rules.Destinations {
		variable := "DISCORD_WEBHOOK"
		if d.Service == formatter.ServiceSlack {
			variable = "SLACK_WEBHOOK"
		}
		places = append(places, fmt.Sprintf("  %s: {%s: \"env:%s\"}\n", d.Name, d.Service, variable))
		names = append(names, d.Name)
	}
	return "# What the environment's webhooks come to, as a file.\ndestinations:\n" + strings.Join(places, "") +
		"rules:\n  - to: [" + strings.Join(names, ", ") + "]\n", nil
}
