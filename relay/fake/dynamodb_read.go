package fake

import (
	"maps"
	"slices"
	"strings"
)

// The limits of what is read at once.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
const (
	maxBatchGet  = 100
	maxBatchSize = 16 << 20
	maxPageSize  = 1 << 20
)

type keysOf struct {
	Keys           []item
	ConsistentRead bool `json:",omitempty"`
}

type batchGetInput struct {
	RequestItems           map[string]keysOf
	ReturnConsumedCapacity string // only NONE
}

type batchGetOutput struct {
	Responses       map[string][]item
	UnprocessedKeys map[string]keysOf
}

// batchGet answers in another order than was asked, since the service promises none.
func (d *DynamoDB) batchGet(in batchGetInput, f Fault) (any, *tableError) {
	asked, ok := in.RequestItems[d.table]
	switch {
	case !ok || len(in.RequestItems) != 1:
		return nil, &tableError{code: "ResourceNotFoundException", message: "Requested resource not found"}
	case len(asked.Keys) == 0:
		return nil, invalid("The list of keys must have length greater than or equal to 1")
	case len(asked.Keys) > maxBatchGet:
		return nil, invalid("Too many items requested for the BatchGetItem call")
	case in.ReturnConsumedCapacity != "" && in.ReturnConsumedCapacity != "NONE":
		return nil, invalid("consumed capacity is not told here")
	}
	seen := map[itemKey]bool{}
	for _, key := range asked.Keys {
		k, no := keyOf(key)
		switch {
		case no != nil:
			return nil, no
		case len(key) != 2:
			return nil, invalid("The provided key element does not match the schema")
		case seen[k]:
			return nil, invalid("Provided list of item keys contains duplicates")
		}
		seen[k] = true
	}
	most := len(asked.Keys)
	if f.Kind == Partial {
		most /= 2
	}
	found, left := d.fetch(asked, most)
	out := batchGetOutput{Responses: map[string][]item{d.table: found}, UnprocessedKeys: map[string]keysOf{}}
	if len(left) > 0 {
		out.UnprocessedKeys[d.table] = keysOf{left, asked.ConsistentRead}
	}
	return out, nil
}

// fetch reads at most so many keys, from the last on, and returns those it left.
func (d *DynamoDB) fetch(asked keysOf, most int) (found, left []item) {
	found = []item{}
	size := 0
	for n, key := range slices.Backward(asked.Keys) {
		k, _ := keyOf(key)
		i, ok := d.items[k]
		if len(asked.Keys)-n > most || size+i.size() > maxBatchSize {
			return found, asked.Keys[:n+1]
		}
		d.read += readUnits(i.size(), asked.ConsistentRead)
		size += i.size()
		if ok {
			found = append(found, i)
		}
	}
	return found, nil
}

func readUnits(size int, consistent bool) float64 {
	units := max(1, float64((size+4095)/4096))
	if consistent {
		return units
	}
	return units / 2
}

type queryInput struct {
	expression
	TableName, IndexName   string
	KeyConditionExpression string
	ExclusiveStartKey      item
}

type queryOutput struct {
	Items               []item
	Count, ScannedCount int
	LastEvaluatedKey    item `json:",omitempty"`
}

// query lists the keys that the index has under one value, sorted by pk.
func (d *DynamoDB) query(in queryInput, f Fault) (any, *tableError) {
	switch {
	case in.TableName != d.table:
		return nil, &tableError{code: "ResourceNotFoundException", message: "Requested resource not found"}
	case in.IndexName != d.index:
		return nil, invalid("The table does not have the specified index: " + in.IndexName)
	}
	r := in.read(in.KeyConditionExpression)
	name := r.name()
	r.expect("=")
	value := r.value()
	if no := r.end(); no != nil {
		return nil, no
	}
	if name != d.index || value.S == nil {
		return nil, invalid("Query condition missed key schema element: " + d.index)
	}
	page := []item{}
	size := 0
	for _, key := range d.listed(*value.S, valueOf(in.ExclusiveStartKey["pk"].S)) {
		page = append(page, key)
		size += key.size()
	}
	out := queryOutput{Items: page}
	for len(out.Items) > 1 && (size > maxPageSize || f.Kind == Partial && len(out.Items) > len(page)/2) {
		size -= out.Items[len(out.Items)-1].size()
		out.Items = out.Items[:len(out.Items)-1]
		out.LastEvaluatedKey = out.Items[len(out.Items)-1]
	}
	out.Count, out.ScannedCount = len(out.Items), len(out.Items)
	d.read += readUnits(size, false)
	return out, nil
}

// listed returns the index's keys under a value, after the item with that pk.
func (d *DynamoDB) listed(value, after string) (keys []item) {
	byKey := func(a, b itemKey) int { return strings.Compare(a.partition, b.partition) }
	for _, k := range slices.SortedFunc(maps.Keys(d.items), byKey) {
		if i := d.items[k]; i[d.index].S != nil && *i[d.index].S == value && k.partition > after {
			keys = append(keys, item{"pk": i["pk"], "sk": i["sk"], d.index: i[d.index]})
		}
	}
	return keys
}
