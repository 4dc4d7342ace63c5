//go:build linux

package main

import (
	"context"
	"fmt"
	"time"

	"alarmrelay/deploy/runtimeapi"
)

// allDelivered is a relay's answer to a batch of which nothing is to come back, and
// nothing is that of a function without one.
const (
	allDelivered = `{"batchItemFailures":[]}`
	nothing      = `null`
)

// deliver invokes a function and makes sure that it did what it is measured for.
func deliver(ctx context.Context, f *runtimeapi.Function, event []byte) error {
	_, err := deliverTimed(ctx, f, event)
	return err
}

func deliverTimed(ctx context.Context, f *runtimeapi.Function, event []byte) (time.Duration, error) {
	answer, err := f.Invoke(ctx, event)
	if err != nil {
		return 0, err
	}
	if said := string(answer.Payload); said != allDelivered && said != nothing {
		return 0, fmt.Errorf("the function answered %.200s", said)
	}
	return answer.Took, nil
}

// contender is one of the functions that are measured side by side.
type contender struct {
	binary string
	env    []string
}

func (c contender) start(ctx context.Context) (*runtimeapi.Function, error) {
	return runtimeapi.Start(ctx, c.binary, runtimeapi.Options{Env: c.env})
}

// warmUps are runs that do not count.
const warmUps = 3

// repeat lets the contenders take turns and returns the median of each, without the warm-ups.
func repeat(runs int, measure func(contender) (time.Duration, error), contenders ...contender) ([]time.Duration, error) {
	taken := make([][]time.Duration, len(contenders))
	for run := range warmUps + runs {
		for i, c := range contenders {
			t, err := measure(c)
			if err != nil {
				return nil, err
			}
			if run >= warmUps {
				taken[i] = append(taken[i], t)
			}
		}
	}
	medians := make([]time.Duration, len(contenders))
	for i := range taken {
		medians[i] = median(taken[i])
	}
	return medians, nil
}
