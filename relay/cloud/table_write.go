package cloud

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"alarmrelay/relay/incident"
)

const (
	// maxAlone is how many items are written by a request each.
	maxAlone = 4
	// maxTogether and maxTransaction bound one TransactWriteItems; the service's own limits are 100 items and 4 MB.
	// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
	maxTogether    = 100
	maxTransaction = 3 << 20
)

// write is the conditional write of one item.
type write struct {
	row       row
	size      int
	condition string
	names     map[string]string
	values    row
	stale     bool  // it met another version, and changed nothing
	refused   error // it is too large, and was not made
}

// newWrites returns a write for each item. An ID that comes twice is written once: its later items are stale. What
// is too large is refused alone: it must not keep the others from being remembered.
func newWrites(items []*incident.Item, now time.Time) ([]*write, error) {
	name := rand.Text()
	seen := make(map[incident.ID]bool, len(items))
	writes := make([]*write, len(items))
	for i, item := range items {
		r, err := encode(item, name)
		if err != nil {
			return nil, err
		}
		w := &write{row: r, size: sizeOf(r), stale: seen[item.ID]}
		if w.size > maxItem {
			w.refused = fmt.Errorf("item %.200q has %d bytes, which is more than the %d that are kept in one", partitionKey(item.ID), w.size, maxItem)
		}
		w.expect(item.Version, now)
		seen[item.ID] = true
		writes[i] = w
	}
	return writes, nil
}

// refusals joins the errors of what was refused.
func refusals(writes []*write) error {
	var all []error
	for _, w := range writes {
		all = append(all, w.refused)
	}
	return errors.Join(all...)
}

// expect sets the condition under which the item is written: it is alive and has that version, or it
// has none, where an expired item is as good as none. The names are placeholders since ttl is a reserved word.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
func (w *write) expect(version int64, now time.Time) {
	w.values = row{":now": number(now.Unix())}
	if version == 0 {
		w.condition = "attribute_not_exists(#pk) OR #ttl <= :now"
		w.names = map[string]string{"#pk": "pk", "#ttl": "ttl"}
		return
	}
	w.condition = "#v = :v AND #ttl > :now"
	w.names = map[string]string{"#v": "v", "#ttl": "ttl"}
	w.values[":v"] = number(version)
}

// together groups writes into requests.
func together(writes []*write) (requests [][]*write) {
	most := maxTogether
	if len(writes) <= maxAlone {
		most = 1
	}
	var request []*write
	size := 0
	for _, w := range writes {
		if w.stale || w.refused != nil {
			continue
		}
		if len(request) == most || len(request) > 0 && size+w.size > maxTransaction {
			requests, request, size = append(requests, request), nil, 0
		}
		request = append(request, w)
		size += w.size
	}
	if len(request) > 0 {
		requests = append(requests, request)
	}
	return requests
}

// put makes one request of some writes and notes which are stale. A transaction that
// fails because of those is asked again without them.
func (t *Table) put(ctx context.Context, writes []*write) error {
	ctx, cancel := context.WithTimeout(ctx, persistFor)
	defer cancel()
	for len(writes) > 1 {
		left, err := t.putTogether(ctx, writes)
		if err != nil {
			return err
		}
		writes = left
	}
	if len(writes) == 1 {
		return t.putOne(ctx, writes[0])
	}
	return nil
}

func (t *Table) putOne(ctx context.Context, w *write) error {
	client, err := t.client()
	if err != nil {
		return err
	}
	err = persist(ctx, func(ctx context.Context) error {
		_, err := client.PutItem(ctx, &dynamodb.PutItemInput{
			TableName: &t.name, Item: w.row,
			ConditionExpression: &w.condition, ExpressionAttributeNames: w.names, ExpressionAttributeValues: w.values,
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		})
		return err
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		w.met(failed.Item)
		return nil
	}
	return err
}

// putTogether returns the writes that were not made because others are stale.
func (t *Table) putTogether(ctx context.Context, writes []*write) (left []*write, err error) {
	client, err := t.client()
	if err != nil {
		return nil, err
	}
	items := make([]types.TransactWriteItem, len(writes))
	for i, w := range writes {
		items[i].Put = &types.Put{
			TableName: &t.name, Item: w.row,
			ConditionExpression: &w.condition, ExpressionAttributeNames: w.names, ExpressionAttributeValues: w.values,
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		}
	}
	err = persist(ctx, func(ctx context.Context) error {
		_, err := client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
		return err
	})
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok || !hasReason(cancelled, conditionFailed) {
		return nil, err
	}
	if len(cancelled.CancellationReasons) != len(writes) {
		return nil, fmt.Errorf("%d reasons for %d items: %w", len(cancelled.CancellationReasons), len(writes), err)
	}
	for i, reason := range cancelled.CancellationReasons {
		if aws.ToString(reason.Code) == conditionFailed {
			writes[i].met(reason.Item)
			continue
		}
		left = append(left, writes[i])
	}
	return left, nil
}

// met notes what a write found instead of the version that it expected. Where that is itself, an
// earlier try of it was made and only the answer was lost.
func (w *write) met(found row) {
	w.stale = textOf(found["w"]) != textOf(w.row["w"])
}
