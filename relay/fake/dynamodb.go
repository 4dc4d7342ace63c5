package fake

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// DynamoDB is one table of the service of that name, as far as a store of versioned items asks for
// it: BatchGetItem, PutItem and TransactWriteItems with conditions, and Query on one sparse index. What
// else is in a request is refused, as are a name in an expression that is no
// placeholder and whatever is over a limit of the service.
//
// It reads an index that is never behind, and deletes nothing that has expired
// unless [DynamoDB.DeleteExpired] is called, since the service may take days for it.
//
// Faults name the operation as their Method and the table as their Webhook. [Limited] is
// ProvisionedThroughputExceededException, [LimitedGlobally] RequestLimitExceeded, [Forbidden]
// AccessDeniedException. The log tells operations and no bodies.
type DynamoDB struct {
	house
	table, index  string
	items         map[itemKey]item
	transactions  map[string]transaction // by their tokens
	requests      map[string]int
	read, written float64
}

// itemKey is the primary key of an item.
type itemKey struct{ partition, sort string }

// transaction is one that succeeded.
type transaction struct {
	at  time.Time
	sum [sha256.Size]byte // of its items
}

// Faults that only [DynamoDB] has.
const (
	// Conflicted refuses a write because another transaction writes the same item.
	Conflicted FaultKind = "conflicted"
	// Partial leaves half of what was to be read, rounded down, to another request.
	Partial FaultKind = "partial"
)

// NewDynamoDB returns a DynamoDB whose one table has the key pk and sk, both strings, and one index
// that holds the keys of the items that have the attribute index, by it and sorted by pk. The
// index has the name of its attribute.
func NewDynamoDB(o Options, table, index string) *DynamoDB {
	d := &DynamoDB{
		table: table, index: index,
		items: map[itemKey]item{}, transactions: map[string]transaction{}, requests: map[string]int{},
	}
	d.open(o)
	return d
}

// Requests returns how many requests of each operation came, those that met a fault included.
func (d *DynamoDB) Requests() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.requests)
}

// Units returns the request units that were consumed: a read of 4 KB, a write of 1 KB.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
func (d *DynamoDB) Units() (read, written float64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.read, d.written
}

// Items returns how many items the table holds, expired ones included.
func (d *DynamoDB) Items() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.items)
}

// DeleteExpired does what the service does some days after the time in an item's attribute ttl.
func (d *DynamoDB) DeleteExpired(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.DeleteFunc(d.items, func(_ itemKey, i item) bool {
		expires, err := strconv.ParseInt(valueOf(i["ttl"].N), 10, 64)
		return err == nil && expires < now.Unix()
	})
}

// ServeHTTP implements http.Handler.
func (d *DynamoDB) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB_20120810.")
	fault := d.takeFault(d.table, operation)
	note := Exchange{At: d.options.Clock(), Webhook: d.table, Method: operation, Path: r.URL.Path, Fault: fault.Kind}
	d.count(operation)
	if fault.Kind == Reset {
		d.record(note, "")
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		panic(http.ErrAbortHandler) // the client went away: nothing was asked
	}
	if !d.wait(r, fault) {
		d.record(note, "")
		panic(http.ErrAbortHandler)
	}
	answer := d.answer(r, operation, body, fault)
	note.Why = answer.why
	if fault.Kind != AnswerLost {
		note.Status = answer.status
	}
	d.record(note, "")
	if fault.Kind == AnswerLate && !d.wait(r, Fault{Kind: Slow, After: fault.After}) {
		panic(http.ErrAbortHandler)
	}
	write(w, answer, fault)
}

func (d *DynamoDB) count(operation string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests[operation]++
}

// answer is what the service does with a request that reaches it.
func (d *DynamoDB) answer(r *http.Request, operation string, body []byte, f Fault) reply {
	d.mu.Lock()
	defer d.mu.Unlock()
	if answer, fallen := d.fallen(f); fallen {
		return answer
	}
	switch {
	case r.Method != http.MethodPost || r.URL.Path != "/":
		return tableRefusal("UnknownOperationException", "")
	case r.Header.Get("Content-Type") != "application/x-amz-json-1.0":
		return tableRefusal("SerializationException", "not JSON 1.0")
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 "):
		return tableRefusal("MissingAuthenticationTokenException", "Request is missing Authentication Token")
	}
	switch operation {
	case "BatchGetItem":
		return answerTo(body, f, d.batchGet)
	case "PutItem":
		return answerTo(body, f, d.putItem)
	case "TransactWriteItems":
		return answerTo(body, f, d.transact)
	case "Query":
		return answerTo(body, f, d.query)
	}
	return tableRefusal("UnknownOperationException", operation)
}

// answerTo reads a request strictly and hands it on.
func answerTo[T any](body []byte, f Fault, do func(T, Fault) (any, *tableError)) reply {
	var in T
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return tableRefusal("SerializationException", "not a request that is known here: "+err.Error())
	}
	out, no := do(in, f)
	if no != nil {
		return no.reply()
	}
	return checked(http.StatusOK, out)
}
