package main

import (
	"context"
	"errors"
	"time"
)

// patience is how long anything is waited for: far longer than it takes on a slow machine.
const patience = time.Minute

var errTooLong = errors.New("it did not come within " + patience.String())

// poll asks until the answer is yes or an error, or patience has run out.
func poll(ctx context.Context, ask func() (bool, error)) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errTooLong)
	defer cancel()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		done, err := ask()
		if done || err != nil {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
