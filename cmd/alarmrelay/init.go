package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"alarmrelay/relay/secret"
)

// initFlags are what init is asked for. Empty answers are asked for, or have defaults.
type initFlags struct {
	answers
	webhook string
	key     string
	dir     string
	yes     bool
	keep    bool
	dryRun  bool
	noStore bool
	asJSON  bool
}

func newInit(e *env) *cobra.Command {
	var flags initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Set up a relay, ready to be deployed",
		Long: `init asks for a chat service and a webhook's address, looks whether the webhook is
alive, keeps the address in Parameter Store as a SecureString, and writes
alarmrelay.yaml and samconfig.toml. Then sam build and sam deploy are all that is left.
It is run in the folder that holds alarmrelay's template.yaml.

Each question has a flag, and without a terminal the flags decide. The address itself
is never a flag, since others see a command line: it is typed unseen, or read from
standard input, a variable or a file. It is shown nowhere.

Everything is looked at and asked first; only then the address is stored and the files
are written. What is there already is replaced only after a yes; keys that
samconfig.toml lacks are added. Discord is asked for the webhook, Slack is sent an empty
message, which it refuses: nobody sees anything.

The credentials need ssm:GetParameter, ssm:PutParameter and, since a new parameter gets a
tag, ssm:AddTagsToResource on the parameter, and with --key what Parameter Store does
with that key, kms:Encrypt and kms:Decrypt.`,
		Example: `  alarmrelay init
  alarmrelay init --service slack --webhook env:SLACK_WEBHOOK --locale ko --timezone Asia/Seoul
  alarmrelay init --service discord --webhook - --region ap-northeast-2 --yes < webhook.txt
  alarmrelay init --dry-run`,
		Args: noAddress,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.init(cmd.Context(), flags)
		},
	}
	flags.add(cmd)
	return cmd
}

func (f *initFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.service, "service", "", "the chat `SERVICE`, discord or slack")
	cmd.Flags().StringVar(&f.webhook, "webhook", "", "`REF` to where the address is read from: - for standard input, env:NAME or file:PATH")
	cmd.Flags().StringVar(&f.name, "name", "", "the `NAME` of the destination in alarmrelay.yaml (default: ops)")
	cmd.Flags().StringVar(&f.region, "region", "", "the AWS `REGION` (default: samconfig.toml's, the AWS configuration's)")
	cmd.Flags().StringVar(&f.stack, "stack", "", "the `NAME` of the CloudFormation stack (default: samconfig.toml's, alarmrelay)")
	cmd.Flags().StringVar(&f.locale, "locale", "", "the `LANGUAGE` of the messages, en or ko (default: LANG's)")
	cmd.Flags().StringVar(&f.timezone, "timezone", "", "the time `ZONE` of the messages, such as Asia/Seoul (default: this machine's)")
	cmd.Flags().StringVar(&f.email, "email", "", "an `ADDRESS` for the alarms about the relay itself")
	cmd.Flags().StringVar(&f.architecture, "architecture", "", "the function's `PROCESSOR`, arm64 or x86_64 (default: samconfig.toml's, arm64)")
	cmd.Flags().StringVar(&f.parameter, "parameter", "", "the `NAME` of the SSM parameter (default: /STACK/SERVICE/NAME)")
	cmd.Flags().StringVar(&f.key, "key", "", "the `ARN` of your own KMS key to encrypt the parameter with, named each time the address is stored")
	cmd.Flags().StringArrayVar(&f.allowHosts, "allow-host", nil, "a `HOST` beside Discord's and Slack's that the webhook may lie at, such as a Mattermost (may be repeated)")
	cmd.Flags().StringVar(&f.dir, "dir", ".", "the `FOLDER` that holds alarmrelay's template.yaml")
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "don't ask before replacing what is there")
	cmd.Flags().BoolVar(&f.keep, "keep", false, "leave an alarmrelay.yaml that is there as it is")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "look at everything, and say what would be done")
	cmd.Flags().BoolVar(&f.noStore, "no-store", false, "only write the files: the parameter is there, or is made in another way")
	addJSONFlag(cmd, &f.asJSON)
}

// noAddress refuses arguments without repeating them: one may be the address.
func noAddress(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return misuse("init takes flags only; a webhook's address does not belong on a command line, where others see it: see --webhook")
	}
	return nil
}

// init is the whole story: look, ask, look at AWS, agree, and only then do.
func (e *env) init(ctx context.Context, f initFlags) error {
	p, err := e.prepare(ctx, f)
	if ctx.Err() != nil || errors.Is(err, errInputEnded) {
		return fmt.Errorf("%w; %w", wordInterrupt(ctx, err), errNothingDone)
	}
	if err != nil {
		return err
	}
	if !f.dryRun {
		if err := p.carryOut(ctx); err != nil {
			return err
		}
	}
	if f.asJSON {
		return writeJSON(e.stdout, p.report(f.dryRun))
	}
	return p.write(e.stdout, f.dryRun)
}

var errNothingDone = errors.New("nothing was stored and nothing was written")

// prepare returns what is to be done, and has done nothing yet.
func (e *env) prepare(ctx context.Context, f initFlags) (plan, error) {
	here, err := openPlace(f.dir)
	if err != nil {
		return plan{}, err
	}
	here.usualRegion = e.region(ctx)
	fields := f.fields(e.usual(here), e.asking)
	if problems := f.problems(ctx, e, fields); len(problems) > 0 {
		return plan{}, misuse("%s", strings.Join(problems, "\n"))
	}
	v := vault{left: f.noStore, key: f.key}
	if !f.noStore {
		if v.cfg, err = e.signIn(ctx); err != nil { // before anything is asked
			return plan{}, err
		}
	}
	if v.address, err = e.answer(ctx, &f, fields); err != nil {
		return plan{}, err
	}
	if err := v.look(ctx, f.answers); err != nil {
		return plan{}, err
	}
	if f.keep, err = e.keeps(ctx, f, here); err != nil {
		return plan{}, err
	}
	p, err := newPlan(f, here, v)
	if err != nil {
		return plan{}, err
	}
	return p, e.agree(ctx, f, p)
}

// problems is all that is wrong with the flags; without a terminal also what they lack, and what has a default is filled in.
func (f *initFlags) problems(ctx context.Context, e *env, fields []field) (problems []string) {
	for _, q := range fields {
		if *q.value == "" && !e.asking {
			*q.value = q.usual()
		}
		switch {
		case *q.value != "":
			if err := q.right(ctx, e, *q.value); err != nil {
				problems = append(problems, fmt.Sprintf("--%s: %v", q.flag, err))
			}
		case !e.asking && q.needed != "":
			problems = append(problems, q.needed)
		}
	}
	if f.webhook == "" && !f.noStore && !e.asking {
		problems = append(problems, "--webhook is missing: - reads the address from standard input, env:NAME from a variable, file:PATH from a file")
	}
	for _, other := range []struct {
		flag  string
		given bool
		err   error
	}{
		{"webhook", f.webhook != "", checkWebhookFlag(f.webhook)},
		{"architecture", f.architecture != "", checkArchitecture(f.architecture)},
		{"parameter", f.parameter != "", checkParameter(f.parameter)},
		{"key", f.key != "", checkKey(f.key)},
		{"allow-host", true, checkHosts(f.allowHosts)},
	} {
		if other.given && other.err != nil {
			problems = append(problems, fmt.Sprintf("--%s: %v", other.flag, other.err))
		}
	}
	return problems
}

// answer asks what is still open: the service first, then the address, which has to fit it, then the rest.
func (e *env) answer(ctx context.Context, f *initFlags, fields []field) (address secret.Value, err error) {
	for i, q := range fields {
		if *q.value == "" && e.asking {
			if err := e.question(ctx, q); err != nil {
				return address, err
			}
		}
		if i == 0 {
			if address, err = e.address(ctx, *f); err != nil {
				return address, err
			}
		}
	}
	return address, e.finish(ctx, f)
}

// finish names the parameter, whose default follows from the rest, and holds the key against the region.
func (e *env) finish(ctx context.Context, f *initFlags) error {
	if in := keyShape.FindStringSubmatch(f.key); in != nil && in[1] != f.region {
		return misuse("--key: the key is in %s, and the parameter would be in %s; it has to be in the same region", in[1], f.region)
	}
	if f.parameter != "" {
		return nil
	}
	f.parameter = "/" + f.stack + "/" + f.service + "/" + f.name
	err := checkParameter(f.parameter)
	switch {
	case err == nil:
		return nil
	case !e.asking:
		return misuse("the SSM parameter can't be called %s (%v): name another with --parameter", f.parameter, err)
	}
	return e.question(ctx, field{"parameter", "Name of the SSM parameter", &f.parameter, func() string { return "" }, "", pure(checkParameter)})
}
