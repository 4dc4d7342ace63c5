// Package setup makes the parts of a relay from what the process finds around
// it: the configuration file or the environment, and the way to each
// destination. The function and the command use the same. It sends nothing.
package setup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
)

const (
	// PathVariable names the configuration file.
	PathVariable = "ALARMRELAY_CONFIG"
	// DefaultFile is looked for in the working directory and beside the binary.
	DefaultFile = "alarmrelay.yaml"

	discordVariable = "DISCORD_WEBHOOK"
	slackVariable   = "SLACK_WEBHOOK"
)

// ErrNoConfig means that there is neither a file nor a webhook in the environment.
var ErrNoConfig = errors.New("no configuration: write " + DefaultFile + ", name another file in " + PathVariable +
	", or set " + discordVariable + " or " + slackVariable + " to a webhook's address or a reference to it")

// Config returns the configuration: of the file that ALARMRELAY_CONFIG names,
// else of alarmrelay.yaml, else of the environment's webhooks. It returns
// [ErrNoConfig] when there is none of them, and [rule.Errors] for a file with mistakes.
func Config(getenv func(string) string) (*rule.Config, error) {
	if path := Find(getenv); path != "" {
		return Read(path)
	}
	discord, slack := webhookIn(getenv, discordVariable), webhookIn(getenv, slackVariable)
	if discord.IsZero() && slack.IsZero() {
		return nil, ErrNoConfig
	}
	return rule.FromWebhooks(discord, slack)
}

// webhookIn reads a variable that may hold a webhook's address; blanks are nothing.
func webhookIn(getenv func(string) string, variable string) secret.Value {
	return secret.New(strings.TrimSpace(getenv(variable)))
}

// Find returns the path of the configuration file, whether or not the one that
// ALARMRELAY_CONFIG names exists; empty when there is none.
func Find(getenv func(string) string) string {
	if path := getenv(PathVariable); path != "" {
		return path
	}
	places := []string{DefaultFile}
	if binary, err := os.Executable(); err == nil {
		places = append(places, filepath.Join(filepath.Dir(binary), DefaultFile))
	}
	for _, path := range places {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// Read reads a configuration file.
func Read(path string) (*rule.Config, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("configuration %s does not exist", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return rule.Parse(path, data)
}

// Destination is the way to one destination: a webhook, or a bot in a channel.
type Destination interface {
	relay.Channel
	// Alive asks the service whether it can be posted to, and shows nothing to anybody. It returns nil when it can,
	// and otherwise an error as Post does.
	Alive(ctx context.Context) error
	// Warm fetches the secret and opens the connection that the first message will use. Any answer is a success.
	Warm(ctx context.Context) error
}

// Destinations returns the way to each destination, by its name. Addresses and tokens are fetched
// from source when they are first needed.
func Destinations(c *rule.Config, source secret.Source, o chat.Options) map[string]Destination {
	if o.HTTP == nil {
		o.HTTP = chat.NewHTTPClient()
	}
	if o.Gate == nil {
		o.Gate = new(chat.Gate)
	}
	o.AllowHosts = c.AllowHosts
	all := make(map[string]Destination, len(c.Destinations))
	for _, d := range c.Destinations {
		o := o
		if o.Log != nil {
			o.Log = o.Log.With("destination", d.Name)
		}
		if d.IsBot() {
			all[d.Name] = chat.NewBot(d.Channel, fetch(d.Webhook, source), o)
		} else {
			all[d.Name] = chat.New(d.Service, fetch(d.Webhook, source), o)
		}
	}
	return all
}

func fetch(w rule.Webhook, source secret.Source) func(context.Context) (secret.Value, error) {
	return func(ctx context.Context) (secret.Value, error) {
		if !w.Address.IsZero() {
			return w.Address, nil
		}
		return source.Fetch(ctx, w.Reference)
	}
}

// Channels hands destinations to the relay.
func Channels(all map[string]Destination) map[string]relay.Channel {
	channels := make(map[string]relay.Channel, len(all))
	for name, d := range all {
		channels[name] = d
	}
	return channels
}

// UserAgent is what every request of this version says of itself, in the form that Discord asks for.
// https://docs.discord.com/developers/reference#user-agent
func UserAgent(version string) string {
	return "DiscordBot (https://alarmrelay.invalid, " + version + ")"
}
