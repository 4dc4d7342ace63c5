package cloud

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"alarmrelay/relay/incident"
)

const (
	// maxKeys is the most that one BatchGetItem reads.
	// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
	maxKeys = 100
	// atOnce is how many requests of one call are under way: more than a small function has the processor for.
	atOnce = 8
	// openIndex is the name of the sparse index and of its partition key.
	openIndex = "open"
	// openShards is over how many values of that key the open incidents are spread. One takes 1,000
	// writes a second; together they take twice what a new on-demand table does.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
	openShards = 8
)

// Table is the [incident.Store] on a DynamoDB table, whose layout docs/store.md
// describes. Its reads are strongly consistent, except that of the index.
//
// A request that is not answered in two seconds is asked again. A call whose
// requests fail for four seconds, or five times, ends with an error.
type Table struct {
	name   string
	now    func() time.Time
	client func() (*dynamodb.Client, error)
}

var _ incident.Store = (*Table)(nil)

// NewTable returns the store on the table of that name. Its AWS configuration is made by load, once,
// when the first call needs it: [FromEnvironment] in the function. What has expired is judged by now.
func NewTable(name string, load func(context.Context) (aws.Config, error), now func() time.Time) *Table {
	once := sync.OnceValues(func() (*dynamodb.Client, error) {
		cfg, err := load(context.Background())
		if err != nil {
			return nil, err
		}
		return dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) {
			o.BaseEndpoint = endpoint("DYNAMODB", o.BaseEndpoint)
			o.Retryer = aws.NopRetryer{} // persist does it, also for what the SDK does not retry
		}), nil
	})
	return &Table{name: name, now: now, client: once}
}

// Read implements [incident.Store].
func (t *Table) Read(ctx context.Context, ids ...incident.ID) ([]incident.Item, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = partitionKey(id)
	}
	rows, err := t.get(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("read from table %s: %w", t.name, err)
	}
	now := t.now()
	items := make([]incident.Item, len(ids))
	for i, id := range ids {
		items[i] = incident.Item{ID: id}
		if row, ok := rows[keys[i]]; ok && row.Expires.After(now) {
			row.ID, row.Facts = id, bytes.Clone(row.Facts)
			items[i] = row
		}
	}
	return items, nil
}

// Write implements [incident.Store]. Up to four items are a request each; more share transactions
// of at most a hundred, which cost twice as much for each item and a single wait. An item that is too large
// is an error, and the others are written all the same.
func (t *Table) Write(ctx context.Context, items ...*incident.Item) (stale []int, err error) {
	writes, err := newWrites(items, t.now())
	if err != nil {
		return nil, fmt.Errorf("write to table %s: %w", t.name, err)
	}
	requests := together(writes)
	err = sideBySide(ctx, len(requests), func(ctx context.Context, i int) error { return t.put(ctx, requests[i]) })
	if err != nil {
		return nil, fmt.Errorf("write to table %s: %w", t.name, err)
	}
	if err := refusals(writes); err != nil {
		return nil, fmt.Errorf("write to table %s: %w", t.name, err)
	}
	for i, w := range writes {
		if w.stale {
			stale = append(stale, i)
			continue
		}
		items[i].Version++
	}
	return stale, nil
}

// Open implements [incident.Store]. It asks the index what may be open and the
// table what is: 1 read for each open incident, and half of one for each of eight queries.
func (t *Table) Open(ctx context.Context) ([]incident.ID, error) {
	listed := make([][]string, openShards)
	err := sideBySide(ctx, openShards, func(ctx context.Context, shard int) (err error) {
		listed[shard], err = t.list(ctx, shard)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list what is open in table %s: %w", t.name, err)
	}
	keys := slices.Concat(listed...)
	rows, err := t.get(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("read what is open in table %s: %w", t.name, err)
	}
	now := t.now()
	var open []incident.ID
	for _, key := range keys {
		if row, ok := rows[key]; ok && row.Open && row.Expires.After(now) {
			open = append(open, row.ID)
		}
	}
	return open, nil
}

// get reads items by their partition keys, expired ones too.
func (t *Table) get(ctx context.Context, keys []string) (map[string]incident.Item, error) {
	distinct := slices.Compact(slices.Sorted(slices.Values(keys)))
	chunks := slices.Collect(slices.Chunk(distinct, maxKeys))
	var mu sync.Mutex
	rows := make(map[string]incident.Item, len(distinct))
	err := sideBySide(ctx, len(chunks), func(ctx context.Context, i int) error {
		return t.getBatch(ctx, chunks[i], func(key string, item incident.Item) {
			mu.Lock()
			defer mu.Unlock()
			rows[key] = item
		})
	})
	return rows, err
}

// getBatch hands over each of at most a hundred items that the table has. What DynamoDB
// leaves out of an answer, because of its limits or its load, is asked for again.
func (t *Table) getBatch(ctx context.Context, keys []string, found func(string, incident.Item)) error {
	ctx, cancel := context.WithTimeout(ctx, persistFor)
	defer cancel()
	client, err := t.client()
	if err != nil {
		return err
	}
	left := make([]row, len(keys))
	for i, key := range keys {
		left[i] = keyOf(key)
	}
	for len(left) > 0 {
		var out *dynamodb.BatchGetItemOutput
		err := persist(ctx, func(ctx context.Context) (err error) {
			asked := map[string]types.KeysAndAttributes{t.name: {Keys: left, ConsistentRead: aws.Bool(true)}}
			out, err = client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: asked})
			if err == nil && len(out.UnprocessedKeys[t.name].Keys) >= len(left) {
				return errNothingRead
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range out.Responses[t.name] {
			key, item, err := decode(r)
			if err != nil {
				return err
			}
			found(key, item)
		}
		left = out.UnprocessedKeys[t.name].Keys
		if len(left) > 0 {
			if err := pause(ctx, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// list returns the partition keys that the index has in one of its shards.
func (t *Table) list(ctx context.Context, shard int) (keys []string, err error) {
	client, err := t.client()
	if err != nil {
		return nil, err
	}
	in := &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String(openIndex),
		KeyConditionExpression:    aws.String("#open = :shard"),
		ExpressionAttributeNames:  map[string]string{"#open": openIndex},
		ExpressionAttributeValues: row{":shard": text(strconv.Itoa(shard))},
	}
	for {
		var out *dynamodb.QueryOutput
		err := persist(ctx, func(ctx context.Context) (err error) {
			out, err = client.Query(ctx, in)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, r := range out.Items {
			keys = append(keys, textOf(r["pk"]))
		}
		if len(out.LastEvaluatedKey) == 0 {
			return keys, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}
