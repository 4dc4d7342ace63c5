package main

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"alarmrelay/alert"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/setup"
)

// sample is the configuration of who has none.
//
//go:embed sample.yaml
var sample []byte

// configFlags say which configuration a command uses, and where it would run.
type configFlags struct {
	path string
	home string
}

func (f *configFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.path, "config", "c", "", "the configuration `FILE` (default: "+setup.PathVariable+
		", "+setup.DefaultFile+" here or beside the binary, DISCORD_WEBHOOK and SLACK_WEBHOOK)")
}

func (f *configFlags) addHome(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.home, "home", "", "the `ACCOUNT` that the relay runs in: its alarms' tags to, mention and mute count")
}

// setting is a configuration and where the relay that uses it runs.
type setting struct {
	from  string // what the configuration is called: a file's path, or where else it comes from
	file  string // its path; "" where it comes from elsewhere
	text  string // what stands in it; "" for a file, and where it comes from the environment
	rules *rule.Config
	home  alert.Home
}

// sampleHome is where the relay of the built-in sample runs: with most of the sample events.
var sampleHome = alert.Home{Account: "111122223333", Region: "ap-northeast-2", Partition: "aws"}

// own returns the configuration that is there; [setup.ErrNoConfig] when there is none.
func (f *configFlags) own(e *env) (s setting, err error) {
	if f.home != "" && (len(f.home) != 12 || strings.Trim(f.home, "0123456789") != "") {
		return s, misuse("--home %s: an account id has twelve digits", f.home)
	}
	switch s.from = cmp.Or(f.path, setup.Find(e.getenv)); s.from {
	case "":
		s.from = "the environment's webhooks"
		s.rules, err = setup.Config(e.getenv)
	case "-":
		s.from = "standard input"
		s.rules, s.text, err = readConfig(e.stdin)
	default:
		s.file = s.from
		s.rules, err = setup.Read(s.file)
	}
	if err != nil {
		return setting{}, err
	}
	s.home = alert.Home{Account: f.home, Region: cmp.Or(e.getenv("AWS_REGION"), e.getenv("AWS_DEFAULT_REGION"))}
	s.rules.Home = f.home
	return s, nil
}

func readConfig(stdin io.Reader) (c *rule.Config, text string, err error) {
	data, err := readCapped("standard input", stdin)
	if err != nil {
		return nil, "", err
	}
	c, err = rule.Parse("standard-input", data)
	return c, string(data), err
}

// orSample returns the configuration that is there, else the built-in sample.
func (f *configFlags) orSample(e *env) (setting, error) {
	s, err := f.own(e)
	if !errors.Is(err, setup.ErrNoConfig) {
		return s, err
	}
	fmt.Fprintln(e.stderr, "no configuration here: this is the built-in sample, a Discord and a Slack channel")
	s.rules, err = rule.Parse("sample.yaml", sample)
	if err != nil {
		return setting{}, fmt.Errorf("read the built-in sample: %w", err)
	}
	s.from, s.text, s.home = "the built-in sample", string(sample), sampleHome
	if f.home != "" {
		s.home.Account = f.home
	}
	s.rules.Home = s.home.Account
	return s, nil
}

// locales are the languages that messages are written in.
var locales = []string{"en", "ko"}

// speak makes every destination be spoken to in one language; empty changes nothing.
func speak(c *rule.Config, locale string) error {
	if locale == "" {
		return nil
	}
	if !slices.Contains(locales, locale) {
		return misuse("--locale %s: there are %s", locale, strings.Join(locales, " and "))
	}
	c.Locale = locale
	for i := range c.Destinations {
		c.Destinations[i].Voice.Locale = locale
	}
	for i := range c.Rules {
		c.Rules[i].Voice.Locale = ""
	}
	return nil
}
