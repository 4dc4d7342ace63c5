package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// runInit sets the relay up as README.md says, but for the processor: the emulator runs the function on this machine.
func (t *town) runInit(ctx context.Context) error {
	return t.initChannel(ctx, t.channels[first], "--architecture", "x86_64", "--email", "oncall@example.com")
}

// initChannel has `alarmrelay init` store a channel's webhook, which it is told on its standard input.
func (t *town) initChannel(ctx context.Context, ch *channel, more ...string) error {
	args := append([]string{"init", "--service", string(ch.service), "--name", ch.destination, "--webhook", "-"}, more...)
	out, err := t.typing(ctx, ch.address+"\n", args...)
	if err == nil && strings.Contains(out, ch.token()) {
		err = errors.New("alarmrelay init printed the webhook's address")
	}
	return err
}

func (t *town) build(ctx context.Context) error {
	_, err := t.do(ctx, "", t.sam, "build")
	return err
}

// deploy says yes to the change set that sam shows, and asks for the stack's outputs.
func (t *town) deploy(ctx context.Context) error {
	if _, err := t.do(ctx, "y\n", t.sam, "deploy"); err != nil {
		return err
	}
	var err error
	t.outputs, err = t.stackOutputs(ctx, stackName)
	return err
}

// update adds destinations as README.md says, gives the relay a configuration that has them, and deploys it again.
func (t *town) update(ctx context.Context) error {
	for _, l := range later {
		if err := t.initChannel(ctx, t.channels[l.destination], "--keep", "--yes"); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(t.checkout, "alarmrelay.yaml"), []byte(updatedConfig(t.channels)), 0o600); err != nil {
		return err
	}
	if err := t.build(ctx); err != nil {
		return err
	}
	table := t.outputs["Table"]
	if err := t.deploy(ctx); err != nil {
		return err
	}
	if t.outputs["Table"] != table {
		return fmt.Errorf("the table %s has to stay, and there is %s", table, t.outputs["Table"])
	}
	return nil
}

// updatedConfig has a destination for each channel, and alarms go to the one that their name begins with. Times are
// short, so that nobody has to wait.
func updatedConfig(channels map[string]*channel) string {
	var text strings.Builder
	text.WriteString("retry: {first: 500ms, longest: 2s, give_up: 10m}\nstorm: {window: 10s}\ndestinations:\n")
	all := []string{first}
	for _, l := range later {
		all = append(all, l.destination)
	}
	for _, name := range all {
		ch := channels[name]
		fmt.Fprintf(&text, "  %s: {%s: \"ssm:%s\"}\n", name, ch.service, ch.parameter())
	}
	text.WriteString("rules:\n")
	for _, name := range all[1:] {
		more := map[string]string{"forgotten": ", remind: 5m"}[name]
		fmt.Fprintf(&text, "  - {match: {alarm: \"%s-*\"}, to: [%s]%s}\n", name, name, more)
	}
	fmt.Fprintf(&text, "  - to: [%s]\n", first)
	return text.String()
}
