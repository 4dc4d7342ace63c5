package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"alarmrelay/relay/cloud/account"
)

// The environment's names for the queues, which the function has as well.
const (
	deadLetterQueueVariable = "ALARMRELAY_DEAD_LETTER_QUEUE_URL"
	queueVariable           = "ALARMRELAY_QUEUE_URL"
)

// The outputs of the stack that a relay was deployed with.
const (
	deadLetterQueueOutput = "DeadLetterQueueUrl"
	queueOutput           = "QueueUrl"
)

// queueFlags say which queues a command works on.
type queueFlags struct {
	stack      string
	deadLetter string
	input      string
}

// addQueues adds the flags; the input queue's only for a command that sends.
func (f *queueFlags) addQueues(cmd *cobra.Command, sends bool) {
	cmd.Flags().StringVar(&f.stack, "stack", "", "the CloudFormation stack `NAME` whose outputs name the queues")
	cmd.Flags().StringVar(&f.deadLetter, "dead-letter-queue", "", "the `URL` of the dead-letter queue (default: "+deadLetterQueueVariable+")")
	if sends {
		cmd.Flags().StringVar(&f.input, "queue", "", "the `URL` of the queue that invokes the function (default: "+queueVariable+")")
	}
}

// check refuses flags that name no dead-letter queue, or, for a command that sends, no input queue.
func (f *queueFlags) check(e *env, sends bool) error {
	dead := cmp.Or(f.deadLetter, e.getenv(deadLetterQueueVariable))
	input := cmp.Or(f.input, e.getenv(queueVariable))
	switch {
	case f.stack == "" && dead == "":
		return misuse("which dead-letter queue? --stack NAME, --dead-letter-queue URL, or %s", deadLetterQueueVariable)
	case f.stack == "" && sends && input == "":
		return misuse("to which queue? --stack NAME, --queue URL, or %s", queueVariable)
	case f.stack == "" && sends && dead == input:
		return misuse("%s is both the dead-letter queue and the queue to move to", dead)
	}
	if err := checkAddress("--dead-letter-queue", f.deadLetter, deadLetterQueueVariable, dead); err != nil || !sends {
		return err
	}
	return checkAddress("--queue", f.input, queueVariable, input)
}

// checkAddress refuses what is no queue's URL, naming where it was given; empty is none.
func checkAddress(flag, given, variable, address string) error {
	if address == "" {
		return nil
	}
	if err := account.CheckQueueURL(address); err != nil {
		return misuse("%s: %v", map[bool]string{true: flag, false: variable}[given != ""], err)
	}
	return nil
}

// queues are those that a command works on; input is nil for one that does not send.
type queues struct{ dead, input *account.Queue }

// open signs in and finds the queues: by a flag, else in the stack's outputs, else in the environment.
func (f *queueFlags) open(ctx context.Context, e *env, sends bool) (q queues, err error) {
	cfg, err := e.signIn(ctx)
	if err != nil {
		return q, err
	}
	outputs := map[string]string{}
	if f.stack != "" {
		if outputs, err = account.StackOutputs(ctx, cfg, f.stack); err != nil {
			return q, err
		}
	}
	address := func(flag, output, variable string) (string, error) {
		switch {
		case flag != "":
			return flag, nil
		case f.stack == "":
			return e.getenv(variable), nil
		case outputs[output] == "":
			return "", fmt.Errorf("stack %s has no output %s: is it alarmrelay's?", f.stack, output)
		}
		return outputs[output], nil
	}
	dead, err := address(f.deadLetter, deadLetterQueueOutput, deadLetterQueueVariable)
	if err != nil {
		return q, err
	}
	if q.dead, err = account.OpenQueue(cfg, dead); err != nil || !sends {
		return q, err
	}
	input, err := address(f.input, queueOutput, queueVariable)
	if err != nil {
		return q, err
	}
	if q.input, err = account.OpenQueue(cfg, input); err == nil && q.input.Is(q.dead) {
		err = errors.New(dead + " is both the dead-letter queue and the queue to move to")
	}
	return q, err
}
