package fake

import (
	"crypto/sha256"
	"encoding/json"
	"time"
)

// The limits of a transaction.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const (
	maxTransaction     = 100
	maxTransactionSize = 4 << 20
	maxToken           = 36
	tokenLives         = 10 * time.Minute
)

type put struct {
	expression
	TableName                           string
	Item                                item
	ConditionExpression                 string
	ReturnValuesOnConditionCheckFailure string // NONE or ALL_OLD
}

func (d *DynamoDB) putItem(in put, f Fault) (any, *tableError) {
	if f.Kind == Conflicted {
		return nil, &tableError{code: "TransactionConflictException", message: "Transaction is ongoing for the item"}
	}
	met, no := d.prepare(in)
	if no != nil {
		return nil, no
	}
	key, _ := keyOf(in.Item)
	d.written += writeUnits(max(in.Item.size(), d.items[key].size()))
	if !met(d.items[key]) {
		return nil, &tableError{code: unmet + "Exception", message: unmetMessage, found: d.shown(in)}
	}
	d.keep(in.Item)
	return struct{}{}, nil
}

// prepare refuses a write that is wrong whatever the table holds, and returns its condition.
func (d *DynamoDB) prepare(in put) (condition, *tableError) {
	if in.TableName != d.table {
		return nil, &tableError{code: "ResourceNotFoundException", message: "Requested resource not found"}
	}
	switch in.ReturnValuesOnConditionCheckFailure {
	case "", "NONE", "ALL_OLD":
	default:
		return nil, invalid("Value at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint")
	}
	if no := d.check(in.Item); no != nil {
		return nil, no
	}
	return in.condition(in.ConditionExpression)
}

// shown is what a write that failed is told about the item.
func (d *DynamoDB) shown(in put) item {
	key, _ := keyOf(in.Item)
	if in.ReturnValuesOnConditionCheckFailure != "ALL_OLD" {
		return nil
	}
	return d.items[key]
}

// keep stores an item and counts what that costs the index.
func (d *DynamoDB) keep(i item) {
	key, _ := keyOf(i)
	before, after := d.items[key][d.index], i[d.index]
	if valueOf(before.S) != valueOf(after.S) {
		for _, a := range []itemValue{before, after} {
			if a.S != nil {
				d.written++
			}
		}
	}
	d.items[key] = i
}

func writeUnits(size int) float64 { return max(1, float64((size+1023)/1024)) }

type transactInput struct {
	TransactItems      []struct{ Put *put }
	ClientRequestToken string
}

// transact writes all items or none.
func (d *DynamoDB) transact(in transactInput, f Fault) (any, *tableError) {
	puts, conditions, no := d.prepareAll(in)
	if no != nil {
		return nil, no
	}
	body, err := json.Marshal(in.TransactItems)
	if err != nil {
		return nil, invalid(err.Error())
	}
	now := d.options.Clock()
	sum := sha256.Sum256(body)
	if done, ok := d.transactions[in.ClientRequestToken]; ok && now.Sub(done.at) < tokenLives {
		if done.sum != sum {
			return nil, &tableError{code: "IdempotentParameterMismatchException", message: "another request had the same token"}
		}
		return struct{}{}, nil
	}
	if reasons, wrong := d.judge(puts, conditions, f); wrong {
		return nil, cancelled(reasons)
	}
	for _, p := range puts {
		d.keep(p.Item)
	}
	if in.ClientRequestToken != "" {
		d.transactions[in.ClientRequestToken] = transaction{now, sum}
	}
	return struct{}{}, nil
}

// judge says what of a transaction can't be done; wrong is false when all can.
func (d *DynamoDB) judge(puts []put, conditions []condition, f Fault) (reasons []reason, wrong bool) {
	for n, p := range puts {
		key, _ := keyOf(p.Item)
		d.written += 2 * writeUnits(max(p.Item.size(), d.items[key].size()))
		why := reason{Code: "None"}
		switch {
		case f.Kind == Conflicted && n == 0:
			why = reason{Code: "TransactionConflict", Message: "Transaction is ongoing for the item"}
		case !conditions[n](d.items[key]):
			why = reason{Code: unmet, Message: unmetMessage, Item: d.shown(p)}
		}
		reasons = append(reasons, why)
		wrong = wrong || why.Code != "None"
	}
	return reasons, wrong
}

func (d *DynamoDB) prepareAll(in transactInput) (puts []put, conditions []condition, no *tableError) {
	if n := len(in.TransactItems); n == 0 || n > maxTransaction {
		return nil, nil, invalid("Member must have length less than or equal to 100 and at least 1: transactItems")
	}
	if len(in.ClientRequestToken) > maxToken {
		return nil, nil, invalid("Member must have length less than or equal to 36: clientRequestToken")
	}
	seen, size := map[itemKey]bool{}, 0
	for _, action := range in.TransactItems {
		if action.Put == nil {
			return nil, nil, invalid("only Put is known here")
		}
		met, no := d.prepare(*action.Put)
		if no != nil {
			return nil, nil, no
		}
		key, _ := keyOf(action.Put.Item)
		if seen[key] {
			return nil, nil, invalid("Transaction request cannot include multiple operations on one item")
		}
		seen[key] = true
		size += action.Put.Item.size()
		puts, conditions = append(puts, *action.Put), append(conditions, met)
	}
	if size > maxTransactionSize {
		return nil, nil, invalid("Collection size of items in the transaction is larger than 4 MB")
	}
	return puts, conditions, nil
}
