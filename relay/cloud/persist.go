package cloud

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	// tries is how often a request is made that fails for a while only.
	tries = 5
	// tryTimeout is how long an answer is waited for, and persistFor how long all tries take: the
	// relay speaks without its store rather than late.
	tryTimeout, persistFor = 2 * time.Second, 4 * time.Second
	// firstPause is at most how long the second try waits; each later one waits twice as long.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html#Programming.Errors.RetryAndBackoff
	firstPause = 50 * time.Millisecond
)

// conditionFailed is the code of a cancelled transaction's item whose condition was not met.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const conditionFailed = "ConditionalCheckFailed"

// errNothingRead is an answer that puts off everything that was asked for.
var errNothingRead = errors.New("the table is too busy to read any item")

// persist makes a request until it is answered, fails for good or has failed for long enough. The
// request must be one that does no harm when it is made again.
func persist(ctx context.Context, request func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, persistFor)
	defer cancel()
	for try := 0; ; try++ {
		err := once(ctx, request)
		if err == nil || try == tries-1 || !passes(err) {
			return err
		}
		if pause(ctx, try) != nil {
			return err
		}
	}
}

func once(ctx context.Context, request func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	return request(ctx)
}

// pause waits before a try is followed by the next, each time for another while, so that those
// who failed together don't come back together.
func pause(ctx context.Context, try int) error {
	longest := firstPause << try
	timer := time.NewTimer(longest/2 + rand.N(longest/2))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// passes reports whether a failure may be over soon: no answer, none that can be read, a fault of the
// service's own, too many requests, or somebody who writes the same item now.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
func passes(err error) bool {
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		return !hasReason(cancelled, conditionFailed) && !hasReason(cancelled, "ValidationError") &&
			!hasReason(cancelled, "ItemCollectionSizeLimitExceeded")
	}
	if answer, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && answer.HTTPStatusCode() >= http.StatusInternalServerError {
		return true
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return true
	}
	switch api.ErrorCode() {
	case "ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException",
		"TransactionConflictException", "TransactionInProgressException", "ReplicatedWriteConflictException":
		return true
	}
	return false
}

func hasReason(e *types.TransactionCanceledException, code string) bool {
	for _, reason := range e.CancellationReasons {
		if aws.ToString(reason.Code) == code {
			return true
		}
	}
	return false
}

// sideBySide does n things, some at once. The first error ends the others and is returned.
func sideBySide(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := ctx.Err(); err != nil {
		return err
	}
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i := range n {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			if ctx.Err() != nil {
				return
			}
			if err := do(ctx, i); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}
