package incident

import (
	"encoding/json"
	"fmt"
	"time"
)

// Keep is for how long facts are kept: longer than a message can lie in a dead-letter queue, which is 14 days,
// and in the queue before. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
const Keep = 30 * 24 * time.Hour

// Known is an item with its facts read.
type Known[F any] struct {
	Item
	Is F
}

// Read returns an item's facts. Facts that cannot be read are an error: they must not be
// taken for none, or everything would be told again.
func Read[F any](item Item) (*Known[F], error) {
	k := &Known[F]{Item: item}
	if item.Facts == nil {
		return k, nil
	}
	if err := json.Unmarshal(item.Facts, &k.Is); err != nil {
		return nil, fmt.Errorf("read what is known of %q at %s: %w", item.Key, item.Destination, err)
	}
	return k, nil
}

// Packed returns the item to write, which is kept until expires. What facts are made of can always be encoded.
func (k *Known[F]) Packed(expires time.Time) *Item {
	facts, err := json.Marshal(k.Is)
	if err != nil {
		panic(err)
	}
	k.Facts, k.Expires = facts, expires
	return &k.Item
}
