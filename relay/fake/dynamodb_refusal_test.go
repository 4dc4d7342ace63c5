package fake

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestDynamoDBRefuses(t *testing.T) {
	const validation = "com.amazon.coral.service#ValidationException"
	many := func(count int, each func(i int) any) (all arr) {
		for i := range count {
			all = append(all, each(i))
		}
		return all
	}
	large := stringOf(xs(400 << 10))
	tests := []struct {
		name, operation string
		in              any
		code, says      string
	}{
		{"an operation it doesn't have", "Scan", obj{"TableName": "state"}, "com.amazon.coral.service#UnknownOperationException", "Scan"},
		{"a parameter it doesn't know", "PutItem", changed(putOf(rowOf("a", 1)), "Expected", obj{}), "com.amazon.coral.service#SerializationException", "Expected"},
		{"a type it doesn't know", "PutItem", putOf(changed(rowOf("a", 1), "m", obj{"M": obj{}})), "com.amazon.coral.service#SerializationException", "M"},
		{"another table", "PutItem", changed(putOf(rowOf("a", 1)), "TableName", "other"), "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", ""},
		{"reading another table", "BatchGetItem", obj{"RequestItems": obj{"other": obj{"Keys": arr{rowKey("a")}}}}, "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", ""},
		{"an item without a sort key", "PutItem", putOf(obj{"pk": stringOf("a")}), validation, "keys"},
		{"a key of another type", "PutItem", putOf(obj{"pk": numberOf(1), "sk": stringOf("state")}), validation, "Type mismatch"},
		{"an empty key", "PutItem", putOf(obj{"pk": stringOf(""), "sk": stringOf("state")}), validation, "empty"},
		{"a key that is too long", "PutItem", putOf(obj{"pk": stringOf(xs(2049)), "sk": stringOf("state")}), validation, "2048"},
		{"a sort key that is too long", "PutItem", putOf(obj{"pk": stringOf("a"), "sk": stringOf(xs(1025))}), validation, "1024"},
		{"a key too long for the index", "PutItem", putOf(changed(rowOf(xs(1025), 1), "open", stringOf("0"))), validation, "index"},
		{"a number in the index", "PutItem", putOf(changed(rowOf("a", 1), "open", numberOf(0))), validation, "index"},
		{"an item that is too large", "PutItem", putOf(changed(rowOf("a", 1), "facts", large)), validation, "size"},
		{"a number that is none", "PutItem", putOf(changed(rowOf("a", 1), "v", obj{"N": "1e"})), validation, "numeric"},
		{"a value of two types", "PutItem", putOf(changed(rowOf("a", 1), "v", obj{"N": "1", "S": "1"})), validation, "2 datatypes"},
		{"a bare name", "PutItem", putIf(rowOf("a", 1), "v = :b AND #a = :b", 1), validation, "placeholder"},
		{"an unknown function", "PutItem", putIf(rowOf("a", 1), "begins_with(#a, :b)", 1), validation, "placeholder"},
		{"an unknown operator", "PutItem", putIf(rowOf("a", 1), "#a <> :b", 1), validation, "<>"},
		{"half a condition", "PutItem", putIf(rowOf("a", 1), "#a = :b AND", 1), validation, "ends too early"},
		{"brackets that don't close", "PutItem", putIf(rowOf("a", 1), "(#a = :b", 1), validation, "ends too early"},
		{"a condition with more behind it", "PutItem", putIf(rowOf("a", 1), "#a = :b :b", 1), validation, "token: :b"},
		{"a value nobody uses", "PutItem", putIf(rowOf("a", 1), "attribute_exists(#a)", 1), validation, "unused"},
		{"a name nobody uses", "PutItem", putIf(rowOf("a", 1), ":b = :b", 1), validation, "unused"},
		{"names without an expression", "PutItem", changed(putOf(rowOf("a", 1)), "ExpressionAttributeNames", obj{"#a": "v"}), validation, "expressions"},
		{"a strange wish", "PutItem", changed(putOf(rowOf("a", 1)), "ReturnValuesOnConditionCheckFailure", "ALL_NEW"), validation, "constraint"},
		{"no keys", "BatchGetItem", getOf(), validation, "length"},
		{"101 keys", "BatchGetItem", getOf(many(101, func(i int) any { return rowKey(fmt.Sprint(i)) })...), validation, "Too many"},
		{"a key twice", "BatchGetItem", getOf(rowKey("a"), rowKey("a")), validation, "duplicates"},
		{"a key with more in it", "BatchGetItem", getOf(rowOf("a", 1)), validation, "schema"},
		{"an empty transaction", "TransactWriteItems", transactOf(), validation, "at least 1"},
		{"101 items in a transaction", "TransactWriteItems", transactOf(many(101, func(i int) any { return putOf(rowOf(fmt.Sprint(i), 1)) })...), validation, "100"},
		{"an item twice in a transaction", "TransactWriteItems", transactOf(putOf(rowOf("a", 1)), putOf(rowOf("a", 2))), validation, "multiple operations"},
		{"more than 4 MB in a transaction", "TransactWriteItems", transactOf(many(11, func(i int) any { return putOf(changed(rowOf(fmt.Sprint(i), 1), "facts", stringOf(xs(399<<10)))) })...), validation, "4 MB"},
		{"another action in a transaction", "TransactWriteItems", obj{"TransactItems": arr{obj{}}}, validation, "only Put"},
		{"a long token", "TransactWriteItems", changed(transactOf(putOf(rowOf("a", 1))), "ClientRequestToken", xs(37)), validation, "36"},
		{"another index", "Query", changed(queryOf("0"), "IndexName", "closed"), validation, "index"},
		{"a query by something else", "Query", changed(queryOf("0"), "ExpressionAttributeNames", obj{"#o": "pk"}), validation, "open"},
		{"a query by a range", "Query", changed(queryOf("0"), "KeyConditionExpression", "#o > :s"), validation, "wanted: ="},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDynamoDB()
			status, out := askDynamo(t, d, tt.operation, tt.in)
			if status != 400 || out["__type"] != tt.code || !strings.Contains(fmt.Sprint(out["message"]), tt.says) || d.Items() != 0 {
				t.Errorf("%d %v, and %d items", status, out, d.Items())
			}
			if why := d.Log()[0].Why; len(why) != 1 {
				t.Errorf("the log says %q", why)
			}
		})
	}
}

func TestDynamoDBWantsASignedJSONRequest(t *testing.T) {
	for name, spoil := range map[string]func(*http.Request){
		"UnknownOperationException":           func(r *http.Request) { r.Method = "GET" },
		"SerializationException":              func(r *http.Request) { r.Header.Set("Content-Type", "application/json") },
		"MissingAuthenticationTokenException": func(r *http.Request) { r.Header.Del("Authorization") },
	} {
		d, r, w := newDynamoDB(), dynamoRequest(t, "PutItem", putOf(rowOf("a", 1))), httptest.NewRecorder()
		spoil(r)
		d.ServeHTTP(w, r)
		if w.Code != 400 || !strings.Contains(w.Body.String(), name) || d.Items() != 0 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}
