package fake

import (
	"fmt"
	"hash/crc32"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func newDynamoDB() *DynamoDB { return NewDynamoDB(Options{}, "state", "open") }

func dynamoRequest(t *testing.T, operation string, in any) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(string(encode(t, in))))
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE")
	return r
}

// askDynamo returns the answer, of an error "code: message" and what else it tells.
func askDynamo(t *testing.T, d *DynamoDB, operation string, in any) (status int, out obj) {
	t.Helper()
	w := httptest.NewRecorder()
	d.ServeHTTP(w, dynamoRequest(t, operation, in))
	if sum := strconv.FormatUint(uint64(crc32.ChecksumIEEE(w.Body.Bytes())), 10); w.Header().Get("X-Amz-Crc32") != sum {
		t.Errorf("checksum %s of an answer with %s", w.Header().Get("X-Amz-Crc32"), sum)
	}
	out, ok := decode(t, w.Body.Bytes()).(obj)
	if !ok {
		t.Fatalf("no object: %s", w.Body)
	}
	return w.Code, out
}

func stringOf(text string) obj { return obj{"S": text} }
func numberOf(number int) obj  { return obj{"N": strconv.Itoa(number)} }

func rowOf(key string, version int) obj {
	return obj{"pk": stringOf(key), "sk": stringOf("state"), "v": numberOf(version)}
}

func rowKey(key string) obj { return obj{"pk": stringOf(key), "sk": stringOf("state")} }

// changed returns a copy of o in which the names have the values.
func changed(o obj, namesAndValues ...any) obj {
	copied := maps.Clone(o)
	for i := 0; i < len(namesAndValues); i += 2 {
		copied[fmt.Sprint(namesAndValues[i])] = namesAndValues[i+1]
	}
	return copied
}

func putOf(item obj) obj { return obj{"TableName": "state", "Item": item} }

// putIf is a write whose condition uses #a for v and :b for a number.
func putIf(item obj, expression string, b int) obj {
	return changed(putOf(item), "ConditionExpression", expression, "ExpressionAttributeNames", obj{"#a": "v"},
		"ExpressionAttributeValues", obj{":b": numberOf(b)}, "ReturnValuesOnConditionCheckFailure", "ALL_OLD")
}

func getOf(keys ...any) obj {
	return obj{"RequestItems": obj{"state": obj{"Keys": keys, "ConsistentRead": true}}}
}

func transactOf(puts ...any) obj {
	items := arr{}
	for _, p := range puts {
		items = append(items, obj{"Put": p})
	}
	return obj{"TransactItems": items}
}

func queryOf(shard string) obj {
	return obj{
		"TableName": "state", "IndexName": "open", "KeyConditionExpression": "#o = :s",
		"ExpressionAttributeNames": obj{"#o": "open"}, "ExpressionAttributeValues": obj{":s": stringOf(shard)},
	}
}

func put200(t *testing.T, d *DynamoDB, item obj) {
	t.Helper()
	if status, out := askDynamo(t, d, "PutItem", putOf(item)); status != 200 {
		t.Fatal(out)
	}
}

func TestConditionsAreReadAsDynamoDBReadsThem(t *testing.T) {
	tests := []struct {
		expression string
		value      int
		absent     bool // whether it holds where there is no item
		present    bool // whether it holds for v = 10
	}{
		{"#a = :b", 10, false, true},
		{"#a = :b", 9, false, false},
		{"#a < :b", 10, false, false},
		{"#a < :b", 11, false, true}, // as numbers: 10 < 11
		{"#a < :b", 9, false, false}, // as text it would hold
		{"#a <= :b", 10, false, true},
		{"#a > :b", 9, false, true},
		{"#a >= :b", 11, false, false},
		{":b = #a", 10, false, true},
		{"NOT #a = :b", 10, true, false},
		{"attribute_not_exists(#a) OR #a = :b", 10, true, true},
		{"attribute_not_exists(#a) OR #a = :b", 9, true, false},
		{"attribute_exists(#a) AND #a = :b", 10, false, true},
		{"attribute_not_exists(#a) OR #a > :b AND #a = :b", 9, true, false}, // AND binds closer
		{"(attribute_not_exists(#a) OR #a > :b) AND :b = :b", 9, true, true},
		{"NOT (#a = :b AND attribute_exists(#a))", 9, true, true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.expression, " ", tt.value), func(t *testing.T) {
			absent, present := newDynamoDB(), newDynamoDB()
			put200(t, present, rowOf("a", 10))
			for d, want := range map[*DynamoDB]bool{absent: tt.absent, present: tt.present} {
				if status, out := askDynamo(t, d, "PutItem", putIf(rowOf("a", 20), tt.expression, tt.value)); (status == 200) != want {
					t.Errorf("with %d items: %d %v", d.Items(), status, out)
				}
			}
		})
	}
}

func TestAFailedConditionShowsWhatIsThere(t *testing.T) {
	d := newDynamoDB()
	put200(t, d, rowOf("a", 10))
	_, got := askDynamo(t, d, "PutItem", putIf(rowOf("a", 20), "#a = :b", 9))
	want := obj{"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "The conditional request failed", "Item": rowOf("a", 10)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	_, got = askDynamo(t, d, "PutItem", changed(putIf(rowOf("a", 20), "#a = :b", 9), "ReturnValuesOnConditionCheckFailure", "NONE"))
	delete(want, "Item")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestATransactionIsDoneWholeOrNotAtAll(t *testing.T) {
	d := newDynamoDB()
	put200(t, d, rowOf("b", 10))
	_, got := askDynamo(t, d, "TransactWriteItems", transactOf(putOf(rowOf("a", 1)), putIf(rowOf("b", 2), "#a = :b", 9)))
	want := obj{
		"__type":  "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
		"message": "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
		"CancellationReasons": arr{
			obj{"Code": "None"},
			obj{"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": rowOf("b", 10)},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || d.Items() != 1 {
		t.Error(d.Items(), diff)
	}
	if status, out := askDynamo(t, d, "TransactWriteItems", transactOf(putOf(rowOf("a", 1)), putIf(rowOf("b", 2), "#a = :b", 10))); status != 200 || d.Items() != 2 {
		t.Error(d.Items(), out)
	}
}

func TestATokenMakesATransactionOneForTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDynamoDB()
		first := changed(transactOf(putIf(rowOf("a", 1), "attribute_not_exists(#a) AND :b = :b", 1)), "ClientRequestToken", "token")
		other := changed(transactOf(putOf(rowOf("a", 2))), "ClientRequestToken", "token")
		for _, step := range []struct {
			in     obj
			after  time.Duration
			status int
			code   string
		}{
			{first, 0, 200, ""},
			{first, 9 * time.Minute, 200, ""},
			{other, 0, 400, "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException"},
			{first, time.Minute, 400, "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"},
		} {
			time.Sleep(step.after)
			if status, out := askDynamo(t, d, "TransactWriteItems", step.in); status != step.status || step.code != "" && out["__type"] != step.code {
				t.Errorf("%d %v", status, out)
			}
		}
	})
}

func TestTheIndexHoldsTheKeysOfWhatHasItsAttribute(t *testing.T) {
	d := newDynamoDB()
	for _, key := range []string{"c", "a", "b"} {
		put200(t, d, changed(rowOf(key, 1), "open", stringOf("0")))
	}
	put200(t, d, changed(rowOf("other shard", 1), "open", stringOf("1")))
	put200(t, d, rowOf("closed", 1))
	put200(t, d, rowOf("b", 2)) // closes it
	d.Fail(Fault{Kind: Partial, Method: "Query"})
	entry := func(key string) obj { return changed(rowKey(key), "open", stringOf("0")) }
	_, first := askDynamo(t, d, "Query", queryOf("0"))
	want := obj{"Items": arr{entry("a")}, "Count": 1.0, "ScannedCount": 1.0, "LastEvaluatedKey": entry("a")}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Error(diff)
	}
	_, second := askDynamo(t, d, "Query", changed(queryOf("0"), "ExclusiveStartKey", entry("a")))
	if diff := cmp.Diff(obj{"Items": arr{entry("c")}, "Count": 1.0, "ScannedCount": 1.0}, second); diff != "" {
		t.Error(diff)
	}
}

func TestWhatDoesNotFitAnAnswerIsLeftForTheNext(t *testing.T) {
	d := newDynamoDB()
	var left []any
	for i := range 50 {
		put200(t, d, changed(rowOf(fmt.Sprint(i), 1), "facts", stringOf(xs(390<<10))))
		left = append(left, rowKey(fmt.Sprint(i)))
	}
	var counts []int
	for len(left) > 0 {
		_, out := askDynamo(t, d, "BatchGetItem", getOf(left...))
		responses, _ := out["Responses"].(obj)["state"].(arr)
		counts = append(counts, len(responses))
		unprocessed, _ := out["UnprocessedKeys"].(obj)["state"].(obj)
		left, _ = unprocessed["Keys"].(arr)
	}
	if !slices.Equal(counts, []int{42, 8}) { // 16 MB
		t.Error(counts)
	}
}

func TestExpiredItemsStayUntilTheyAreDeleted(t *testing.T) {
	d, now := newDynamoDB(), time.Now()
	put200(t, d, changed(rowOf("expired", 1), "ttl", numberOf(int(now.Unix())-1)))
	put200(t, d, changed(rowOf("alive", 1), "ttl", numberOf(int(now.Unix())+1)))
	put200(t, d, rowOf("for ever", 1))
	_, out := askDynamo(t, d, "BatchGetItem", getOf(rowKey("expired")))
	if diff := cmp.Diff(arr{changed(rowOf("expired", 1), "ttl", numberOf(int(now.Unix())-1))}, out["Responses"].(obj)["state"]); diff != "" {
		t.Error(diff)
	}
	if d.DeleteExpired(now); d.Items() != 2 {
		t.Errorf("%d items are left", d.Items())
	}
}

func TestUnitsAreCountedAsTheyAreBilled(t *testing.T) {
	tests := []struct {
		name          string
		before        obj
		operation     string
		in            obj
		read, written float64
	}{
		{"a small write", nil, "PutItem", putOf(rowOf("a", 1)), 0, 1},
		{"a write of 3 KB", nil, "PutItem", putOf(changed(rowOf("a", 1), "facts", stringOf(xs(2500)))), 0, 3},
		{"a small write over one of 3 KB", changed(rowOf("a", 1), "facts", stringOf(xs(2500))), "PutItem", putOf(rowOf("a", 1)), 0, 3},
		{"a write that was refused", rowOf("a", 1), "PutItem", putIf(rowOf("a", 2), "#a = :b", 9), 0, 1},
		{"an item that opens", rowOf("a", 1), "PutItem", putOf(changed(rowOf("a", 1), "open", stringOf("0"))), 0, 2},
		{"an item that stays open", changed(rowOf("a", 1), "open", stringOf("0")), "PutItem", putOf(changed(rowOf("a", 2), "open", stringOf("0"))), 0, 1},
		{"an item that closes", changed(rowOf("a", 1), "open", stringOf("0")), "PutItem", putOf(rowOf("a", 2)), 0, 2},
		{"a transaction of two", nil, "TransactWriteItems", transactOf(putOf(rowOf("a", 1)), putOf(rowOf("b", 1))), 0, 4},
		{"reading one that is there and one that is not", rowOf("a", 1), "BatchGetItem", getOf(rowKey("a"), rowKey("b")), 2, 0},
		{"reading 5 KB", changed(rowOf("a", 1), "facts", stringOf(xs(5000))), "BatchGetItem", getOf(rowKey("a")), 2, 0},
		{"a query", nil, "Query", queryOf("0"), 0.5, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDynamoDB()
			if tt.before != nil {
				put200(t, d, tt.before)
			}
			readBefore, writtenBefore := d.Units()
			askDynamo(t, d, tt.operation, tt.in)
			if read, written := d.Units(); read-readBefore != tt.read || written-writtenBefore != tt.written {
				t.Errorf("%v read, %v written", read-readBefore, written-writtenBefore)
			}
		})
	}
}
