package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alarmrelay/relay"
	"alarmrelay/relay/cloud/account"
)

// orderTimeout is how long a command waits for the function, which template.yaml gives 30 seconds, and its start.
const orderTimeout = 45 * time.Second

// orderFlags say which deployed relay gets an order.
type orderFlags struct {
	stack    string // "" for the one of samconfig.toml, or of the usual name
	function string // "" for the stack's
	asJSON   bool
}

func (f *orderFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.stack, "stack", "", "the CloudFormation stack `NAME` whose outputs name the function (default: "+samConfigFile+"'s, or "+defaultStack+")")
	cmd.Flags().StringVar(&f.function, "function", "", "the `NAME` or ARN of the function, instead of a stack's")
	addJSONFlag(cmd, &f.asJSON)
}

// check refuses flags that contradict one another.
func (f *orderFlags) check() error {
	if f.stack != "" && f.function != "" {
		return misuse("--stack and --function exclude each other")
	}
	if f.function != "" {
		if err := account.CheckFunction(f.function); err != nil {
			return misuse("--function %s: %v", f.function, err)
		}
	}
	return nil
}

// oneAlarm is what commands that are about an alarm ask of their arguments.
func oneAlarm(_ *cobra.Command, args []string) error {
	switch {
	case len(args) == 0, strings.TrimSpace(args[0]) == "":
		return misuse("which alarm? its name, or a pattern in quotes, such as 'prod-*'")
	case len(args) > 1:
		return misuse("one name or pattern, and not %d: a pattern stands in quotes, such as 'prod-*', or the shell makes names of files of it", len(args))
	}
	return nil
}

// order has the deployed function carry out an order.
func (e *env) order(ctx context.Context, flags orderFlags, o relay.Order) (answer relay.OrderAnswer, err error) {
	if err := flags.check(); err != nil {
		return answer, err
	}
	if _, err := o.Check(); err != nil {
		return answer, misuse("%v", err)
	}
	cfg, err := e.signIn(ctx)
	if err != nil {
		return answer, err
	}
	limited, cancel := context.WithTimeout(ctx, orderTimeout)
	defer cancel()
	function, err := flags.open(limited, cfg)
	if err != nil {
		return answer, wordInterrupt(ctx, err)
	}
	said, err := function.Invoke(limited, mustJSON(o))
	if err != nil {
		return answer, wordInterrupt(ctx, err)
	}
	return readAnswer(o, said)
}

// open finds the function: by its name, else in the outputs of a stack.
func (f *orderFlags) open(ctx context.Context, cfg account.Config) (*account.Function, error) {
	if f.function != "" {
		return account.OpenFunction(cfg, f.function)
	}
	stack := f.stack
	if stack == "" {
		deployed, region, err := deployedStack()
		if err != nil {
			return nil, err
		}
		stack, cfg.Region = cmp.Or(deployed, defaultStack), cmp.Or(region, cfg.Region)
	}
	outputs, err := account.StackOutputs(ctx, cfg, stack)
	if err != nil {
		return nil, err
	}
	if outputs[functionOutput] == "" {
		return nil, fmt.Errorf("stack %s has no output %s: is it alarmrelay's?", stack, functionOutput)
	}
	return account.OpenFunction(cfg, outputs[functionOutput])
}

// deployedStack is what the samconfig.toml of this folder says of the stack, and where that is; empty where there is
// no such file, or it says nothing.
func deployedStack() (stack, region string, err error) {
	text, err := os.ReadFile(samConfigFile)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("read which stack it is: %w", err)
	}
	c, err := readSamConfig(string(text))
	if err != nil || c.value(samStack) == "" {
		return "", "", err
	}
	return c.value(samStack), c.value(samRegion), nil
}

// readAnswer reads what the function has answered. One that is older than orders takes them for events of no known kind.
func readAnswer(o relay.Order, said []byte) (answer relay.OrderAnswer, err error) {
	if err := json.Unmarshal(said, &answer); err != nil || answer.Do != o.Do {
		return relay.OrderAnswer{}, errors.New("the function does not know the order: it is no relay, or one that is older than this command; deploy it anew")
	}
	return answer, nil
}

// meant says what an order may have meant that fits nothing; all is what would fit.
func meant(name string, all []string, none, some string) string {
	switch like := alike(name, all); {
	case len(all) == 0:
		return none
	case len(like) > 0:
		return "did you mean " + strings.Join(like, " or ") + "?"
	default:
		shown := all[:min(len(all), shownMatches)]
		text := some + " " + strings.Join(shown, ", ")
		if more := len(all) - len(shown); more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		return text
	}
}

// whoAsks is who gives the order: as named, else as the machine calls the user; "" where that tells nobody's name.
func whoAsks(e *env, named string) string {
	if named = strings.TrimSpace(named); named != "" {
		return named
	}
	user := strings.TrimSpace(cmp.Or(e.getenv("USER"), e.getenv("USERNAME"))) // the latter is Windows'
	if user == "root" {
		return ""
	}
	return user
}

// when is a time for people: in their zone, and how far away.
func when(e *env, at time.Time) string {
	now := e.now()
	return fmt.Sprintf("%s (%s)", at.In(now.Location()).Format("2006-01-02 15:04"), moment{at: at, now: now}.ago())
}
