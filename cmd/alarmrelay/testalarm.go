package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alarmrelay/relay/cloud/account"
)

// The outputs of the stack that test-alarm needs beside the queues'.
const (
	topicOutput    = "TopicArn"
	functionOutput = "FunctionArn"
)

// defaultStack is what a relay's stack is called unless somebody says otherwise.
const defaultStack = "alarmrelay"

// drillPrefix is what the names of throw-away alarms begin with.
const drillPrefix = "alarmrelay-test-"

// noSeverity leaves the throw-away alarm without tags.
const noSeverity = "none"

// drillSeverities are what a tag alarmrelay:severity may say.
func drillSeverities() []string { return []string{"critical", "high", "warning", "info", noSeverity} }

// drillFlags are what test-alarm is asked for.
type drillFlags struct {
	alarm      string // an existing one; "" for a throw-away one
	stack      string
	stackNamed bool // by a flag
	topic      string
	functions  []string
	severity   string
	wait       time.Duration
	keep       bool
	yes        bool
	asJSON     bool
}

func newTestAlarm(e *env) *cobra.Command {
	var flags drillFlags
	cmd := &cobra.Command{
		Use:   "test-alarm [NAME]",
		Short: "Let an alarm fire and recover, to see the whole path work",
		Long: `test-alarm makes a throw-away alarm that tells the relay's topic, sets it to ALARM and
back to OK, says what CloudWatch's history tells of each, and deletes it: also when
something fails, or with Ctrl-C. In the channel it then stands as fired and recovered.
One that was left, since the machine went down meanwhile, is called alarmrelay-test-...
and may be deleted.

With a NAME it does the same with an alarm of yours, and deletes nothing. That runs
each of the alarm's actions, so it asks before, and refuses an alarm whose actions are
more than notices: only SNS topics, and the relay's own function.

The topic is the stack's output TopicArn, or --topic; alarms tell topics of their own
region only, so the alarm is made there. An alarm of yours is looked for in the region
of your credentials. With a stack its queues are looked at as well, for what could not
be told.

The role needs cloudwatch:PutMetricAlarm, SetAlarmState, DescribeAlarmHistory and
DeleteAlarms on alarm:alarmrelay-test-*, and TagResource and ListTagsForResource there
unless --severity is none. For an alarm of yours it needs cloudwatch:DescribeAlarms,
SetAlarmState and DescribeAlarmHistory. For the stack it needs
cloudformation:DescribeStacks, and sqs:GetQueueAttributes on its queues.`,
		Example: `  alarmrelay test-alarm
  alarmrelay test-alarm --stack alarmrelay-prod --severity critical
  alarmrelay test-alarm --topic arn:aws:sns:ap-northeast-2:111122223333:alarms
  alarmrelay test-alarm prod-api-cpu-high`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.alarm = strings.Join(args, "")
			flags.stackNamed = cmd.Flags().Changed("stack")
			if err := flags.check(e, len(args) == 1); err != nil {
				return err
			}
			return e.testAlarm(cmd.Context(), flags)
		},
	}
	flags.add(cmd)
	return cmd
}

func (f *drillFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.stack, "stack", defaultStack, "the CloudFormation stack `NAME` whose outputs name topic, function and queues")
	cmd.Flags().StringVar(&f.topic, "topic", "", "the `ARN` of a topic that leads to the relay, instead of the stack's")
	cmd.Flags().StringArrayVar(&f.functions, "function", nil, "the `ARN` of the relay's function, where your alarm invokes it (may be repeated)")
	cmd.Flags().StringVar(&f.severity, "severity", "info", "the throw-away alarm's `SEVERITY`: "+strings.Join(drillSeverities(), ", "))
	cmd.Flags().DurationVar(&f.wait, "wait", time.Minute, "how `LONG` to wait for CloudWatch to say what became of an action; 0 for not at all")
	cmd.Flags().BoolVar(&f.keep, "keep", false, "leave the throw-away alarm there")
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "don't ask before an alarm of yours is set")
	addJSONFlag(cmd, &f.asJSON)
}

// check refuses flags that contradict one another; existing is whether an alarm was named.
func (f *drillFlags) check(e *env, existing bool) error {
	switch {
	case existing && f.alarm == "":
		return misuse("which alarm? its name is empty")
	case existing && f.topic != "":
		return misuse("--topic is for the throw-away alarm: %s tells its own topics", f.alarm)
	case existing && f.keep:
		return misuse("--keep is for the throw-away alarm: %s is not deleted", f.alarm)
	case !existing && len(f.functions) > 0:
		return misuse("--function is for an alarm of yours: name it")
	case f.stack == "":
		return misuse("--stack: which stack?")
	case !slices.Contains(drillSeverities(), f.severity):
		return misuse("--severity %s: one of %s", f.severity, strings.Join(drillSeverities(), ", "))
	case f.wait < 0:
		return misuse("--wait %s: 0 or more", f.wait)
	case existing && !f.yes && !e.asking:
		return misuse("test-alarm asks before it sets an alarm of yours, and there is no terminal to ask on: say --yes")
	}
	topics := []string{f.topic}
	if f.topic == "" {
		topics = nil
	}
	return checkTargets(topics, f.functions)
}

func (e *env) testAlarm(ctx context.Context, flags drillFlags) error {
	cfg, err := e.signIn(ctx)
	if err != nil {
		return err
	}
	d := &drill{env: e, wait: flags.wait, quiet: flags.asJSON, report: drillReport{Steps: []drillStep{}}}
	if flags.alarm != "" {
		err = d.existing(ctx, cfg, flags)
	} else {
		err = d.throwAway(ctx, cfg, flags)
	}
	if err != nil && !d.begun {
		return err
	}
	d.report.finish(err)
	if flags.asJSON {
		err = writeJSON(e.stdout, d.report)
	} else if err == nil {
		d.conclude(flags)
	}
	if err == nil && (!d.report.OK || d.undeleted) {
		return errTold
	}
	return err
}

// throwAway makes an alarm, drills with it, and deletes it whatever happens.
func (d *drill) throwAway(ctx context.Context, cfg account.Config, flags drillFlags) (err error) {
	topic, outputs, err := flags.target(ctx, cfg)
	if err != nil {
		return err
	}
	region := strings.Split(topic, ":")[3]
	if err := account.CheckRegion(ctx, region, d.resolves); err != nil {
		return fmt.Errorf("the topic %s: %w", topic, err)
	}
	if d.alarms, err = account.OpenAlarms(cfg, region); err != nil {
		return err
	}
	d.report.Alarm, d.report.Region = drillPrefix+randomSuffix(), d.alarms.Region()
	q := d.watch(ctx, cfg, flags.stack, outputs)
	mayExist, err := d.alarms.Make(ctx, account.DrillAlarm{
		Name: d.report.Alarm, Topic: topic, Tags: drillTags(flags.severity),
		Description: "Made by alarmrelay test-alarm, to see the way from CloudWatch to the chat work. Nothing is wrong. It goes by itself, and may be deleted.",
	})
	if mayExist && !flags.keep {
		defer d.remove(ctx)
	}
	if err != nil {
		return wordInterrupt(ctx, err)
	}
	d.begun, d.report.Left = true, flags.keep
	d.say("made the alarm %s in %s, which tells %s", d.report.Alarm, d.report.Region, spoken(topic))
	if err := d.upAndDown(ctx, account.StateOK, []string{topic}, []string{topic}); err != nil {
		return err
	}
	if d.report.allDone() {
		d.look(ctx, q)
	}
	return nil
}

// target returns the topic that the throw-away alarm tells, and the outputs of a stack that was asked.
func (f *drillFlags) target(ctx context.Context, cfg account.Config) (topic string, outputs map[string]string, err error) {
	if f.topic == "" || f.stackNamed {
		if outputs, err = account.StackOutputs(ctx, cfg, f.stack); err != nil {
			return "", nil, err
		}
	}
	if topic = cmp.Or(f.topic, outputs[topicOutput]); !topicShape.MatchString(topic) {
		return "", nil, fmt.Errorf("stack %s has no topic in an output %s: is it alarmrelay's?", f.stack, topicOutput)
	}
	return topic, outputs, nil
}

// drillTags are empty without a severity: then no permission to tag is needed.
func drillTags(severity string) map[string]string {
	if severity == noSeverity {
		return nil
	}
	return map[string]string{"alarmrelay:severity": severity}
}

// randomSuffix tells drills at the same time apart: making an alarm of a name that is there changes that one.
func randomSuffix() string {
	suffix := make([]byte, 4)
	_, _ = rand.Read(suffix) // never fails: https://pkg.go.dev/crypto/rand#Read
	return hex.EncodeToString(suffix)
}
