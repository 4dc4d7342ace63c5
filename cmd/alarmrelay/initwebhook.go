package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/secret"
	"alarmrelay/relay/setup"
)

// fromStdin is what --webhook calls standard input.
const fromStdin = "-"

// checkWebhookFlag refuses what is no place to read the address from. The error does not repeat it: it may be the address.
func checkWebhookFlag(text string) error {
	if text == fromStdin {
		return nil
	}
	r, err := secret.ParseReference(text)
	switch {
	case strings.Contains(text, "://") || strings.Contains(text, "/webhooks/"):
		return errors.New("this is an address itself, which others see on a command line and which stays in the shell's history: write -, env:NAME or file:PATH")
	case err == nil && (r.Scheme == secret.SchemeSSM || r.Scheme == secret.SchemeSecretsManager):
		return errors.New("what AWS keeps already is not stored again: leave it out, and say --no-store and --parameter NAME")
	case err != nil:
		return errors.New("write - for standard input, env:NAME for a variable or file:PATH for a file")
	}
	return nil
}

// address returns the webhook's address, which is of the right kind and alive; zero where it is not needed.
func (e *env) address(ctx context.Context, f initFlags) (secret.Value, error) {
	typed := f.webhook == "" || f.webhook == fromStdin
	switch {
	case f.webhook == "" && f.noStore:
		return secret.Value{}, nil
	case !e.asking || !typed:
		value, err := e.readAddress(ctx, f.webhook)
		if err != nil {
			return secret.Value{}, err
		}
		return value, e.isAlive(ctx, f, value)
	}
	for {
		text, err := e.unseen(ctx, "The webhook's address, which is not shown: ")
		if err != nil {
			return secret.Value{}, err
		}
		value := pasted(text)
		if err = e.isAlive(ctx, f, value); err == nil {
			return value, nil
		}
		if ctx.Err() != nil {
			return secret.Value{}, ctx.Err()
		}
		fmt.Fprintf(e.stderr, "  %s\n", inOneLine(err.Error()))
	}
}

// readAddress reads it from where --webhook says.
func (e *env) readAddress(ctx context.Context, from string) (secret.Value, error) {
	if from != fromStdin {
		r, err := secret.ParseReference(from)
		if err != nil {
			return secret.Value{}, fmt.Errorf("read the webhook's address: %w", err)
		}
		value, err := e.secrets.Fetch(ctx, r)
		return pasted(value.Reveal()), err
	}
	text, err := readCapped("standard input", e.stdin)
	if err != nil {
		return secret.Value{}, err
	}
	lines := strings.Fields(string(text))
	switch len(lines) {
	case 0:
		return secret.Value{}, errors.New("standard input is empty: the webhook's address should stand there")
	case 1:
		return pasted(lines[0]), nil
	}
	return secret.Value{}, errors.New("standard input holds more than a webhook's address")
}

// pasted is an address without what comes along when it is copied: quotes, the angle brackets of chats and mails, the byte
// order mark of an editor.
func pasted(text string) secret.Value {
	return secret.New(strings.TrimFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"'`<>\u2018\u2019\u201c\u201d\u200b\ufeff", r)
	}))
}

// isAlive says what is wrong with an address, or with the webhook that it leads to. It shows nothing to anybody there.
func (e *env) isAlive(ctx context.Context, f initFlags, value secret.Value) error {
	service := formatter.Service(f.service)
	if err := rightKind(service, value, f.allowHosts); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, onlineTimeout)
	defer cancel()
	webhook := chat.New(service, func(context.Context) (secret.Value, error) { return value, nil },
		chat.Options{UserAgent: setup.UserAgent(version), AllowHosts: f.allowHosts, MaxWait: onlineTimeout / 2})
	err := webhook.Alive(ctx)
	if _, dead := errors.AsType[*relay.DeadError](err); dead {
		return fmt.Errorf("there is no such webhook: copy its address again (%w)", err)
	}
	return err
}

// rightKind says what is wrong with an address by itself. allow_hosts, which it may name, is what --allow-host writes.
func rightKind(service formatter.Service, value secret.Value, allowHosts []string) error {
	err := chat.CheckURL(service, value, allowHosts)
	for _, other := range []formatter.Service{formatter.ServiceDiscord, formatter.ServiceSlack} {
		if err != nil && other != service && chat.CheckURL(other, value, nil) == nil {
			return fmt.Errorf("this is the address of a webhook of %s, and the chosen service is %s", other, service)
		}
	}
	return err
}
