package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// What cost can reckon with: beyond, AWS's prices have other tiers, and a function other limits.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxAlarms       = 1_000_000_000
	maxDestinations = 1000
	maxSecrets      = 1000
	minMemory       = 128
	maxMemory       = 10_240
	maxDuration     = 30 * time.Second // template.yaml's timeout
)

// costFlags are what cost is asked for.
type costFlags struct {
	alarms   string
	duration time.Duration
	usage
	asJSON bool
}

func newCost(e *env) *cobra.Command {
	var flags costFlags
	cmd := &cobra.Command{
		Use:   "cost --alarms N",
		Short: "Reckon what a number of alarms costs a month",
		Long: `cost says what a relay costs a month at so many alarms, as template.yaml sets it up:
line by line, with and without AWS's free tier, with the price and the page that
says so. It asks nobody; the prices are those of us-east-1 on the day that it prints.
docs/cost.md explains the lines.`,
		Example: `  alarmrelay cost --alarms 1000
  alarmrelay cost --alarms 1_000_000 --graphs
  alarmrelay cost --alarms 20,000 --destinations 5 --per-destination-metrics --json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return e.cost(flags) },
	}
	cmd.Flags().StringVar(&flags.alarms, "alarms", "", "how many alarms a month, recoveries included: a `NUMBER`, such as 1000 or 1_000_000")
	cmd.Flags().IntVar(&flags.Destinations, "destinations", 1, "at how many destinations each is told: a `NUMBER`")
	cmd.Flags().DurationVar(&flags.duration, "duration", 250*time.Millisecond, "how `LONG` the function takes for one")
	cmd.Flags().IntVar(&flags.MemoryMB, "memory", minMemory, "the function's memory in `MB`")
	cmd.Flags().StringVar(&flags.Architecture, "arch", arm, "the function's architecture: `NAME` is "+arm+" or "+x86)
	cmd.Flags().BoolVar(&flags.Graphs, "graphs", false, "a graph of the metric in each message")
	cmd.Flags().BoolVar(&flags.PerDestination, "per-destination-metrics", false, "metrics: {per_destination: true} in the configuration")
	cmd.Flags().BoolVar(&flags.Ticks, "ticks", true, "the template's schedule, which looks after open alarms every 5 minutes")
	cmd.Flags().BoolVar(&flags.Dashboard, "dashboard", true, "the template's dashboard")
	cmd.Flags().IntVar(&flags.Secrets, "secrets", 0, "how many webhooks lie in Secrets Manager instead of Parameter Store: a `NUMBER`")
	addJSONFlag(cmd, &flags.asJSON)
	return cmd
}

func (e *env) cost(flags costFlags) error {
	u, err := flags.read()
	if err != nil {
		return err
	}
	b := newBill(u)
	if flags.asJSON {
		return writeJSON(e.stdout, b)
	}
	return b.write(e.stdout)
}

// read refuses what can't be reckoned with.
func (f *costFlags) read() (usage, error) {
	u := f.usage
	if f.alarms == "" {
		return u, misuse("how many alarms a month? --alarms 1000")
	}
	n, err := strconv.ParseUint(strings.NewReplacer("_", "", ",", "").Replace(f.alarms), 10, 64)
	switch {
	case err != nil:
		return u, misuse("--alarms %s: a whole number, such as 1000 or 1_000_000", f.alarms)
	case n > maxAlarms:
		return u, misuse("--alarms %s: at most %s, beyond which AWS has other prices", f.alarms, grouped(strconv.Itoa(maxAlarms)))
	case u.Destinations < 1 || u.Destinations > maxDestinations:
		return u, misuse("--destinations %d: 1 to %s", u.Destinations, grouped(strconv.Itoa(maxDestinations)))
	case f.duration < time.Millisecond || f.duration > maxDuration:
		return u, misuse("--duration %s: 1ms to %s, which is the function's timeout", f.duration, maxDuration)
	case u.MemoryMB < minMemory || u.MemoryMB > maxMemory:
		return u, misuse("--memory %d: %d to %d MB", u.MemoryMB, minMemory, maxMemory)
	case u.Architecture != arm && u.Architecture != x86:
		return u, misuse("--arch %s: %s or %s", u.Architecture, arm, x86)
	case u.Secrets < 0 || u.Secrets > maxSecrets:
		return u, misuse("--secrets %d: 0 to %s", u.Secrets, grouped(strconv.Itoa(maxSecrets)))
	}
	u.Alarms, u.Seconds = int(n), f.duration.Seconds()
	return u, nil
}
