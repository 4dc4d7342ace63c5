package cloud

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"alarmrelay/relay/incident"
)

const (
	// sortKey is the sort key of every item. A later layout takes another word.
	sortKey = "state"
	// maxDestination and maxKey are how many bytes of an ID stand in a partition key as they are. It is
	// the index's sort key too, which may have 1,024 bytes.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
	maxDestination, maxKey = 200, 800
	// maxItem leaves room under DynamoDB's 400 KB, which count the names of the attributes too.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
	maxItem = 350 << 10
	// hashed begins a part of a key that stands for a longer one.
	hashed = "sha256:"
)

// row is an item as DynamoDB has it, or its key.
type row = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func binary(s string) types.AttributeValue { return &types.AttributeValueMemberB{Value: []byte(s)} }

func keyOf(partition string) row { return row{"pk": text(partition), "sk": text(sortKey)} }

func shardOf(partition string) string { return strconv.Itoa(int(digest(partition) % openShards)) }

func digest(s string) uint32 { h := fnv.New32a(); h.Write([]byte(s)); return h.Sum32() }

func textOf(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}

// partitionKey returns "destination" or "destination|key", in which a destination's own | and % are
// escaped and parts that DynamoDB could not keep are replaced by their hash. Different IDs have different keys.
func partitionKey(id incident.ID) string {
	destination := short(strings.ReplaceAll(strings.ReplaceAll(id.Destination, "%", "%25"), "|", "%7C"), maxDestination)
	if id.Key == "" {
		return destination
	}
	return destination + "|" + short(id.Key, maxKey)
}

func short(s string, most int) string {
	if len(s) <= most && utf8.ValidString(s) && !strings.HasPrefix(s, hashed) {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return hashed + hex.EncodeToString(sum[:])
}

// readKey is the reverse of partitionKey; ok is false when a hash hides the ID.
func readKey(partition string) (id incident.ID, ok bool) {
	destination, key, _ := strings.Cut(partition, "|")
	if strings.HasPrefix(destination, hashed) || strings.HasPrefix(key, hashed) {
		return incident.ID{}, false
	}
	destination = strings.ReplaceAll(strings.ReplaceAll(destination, "%7C", "|"), "%25", "%")
	return incident.ID{Destination: destination, Key: key}, true
}

// encode returns the row that replaces what the item was read from. The name of the
// write is how its writer knows it again.
func encode(item *incident.Item, write string) (row, error) {
	partition := partitionKey(item.ID)
	if item.Expires.IsZero() {
		return nil, fmt.Errorf("item %.200q never expires", partition)
	}
	r := keyOf(partition)
	r["v"] = number(item.Version + 1)
	r["w"] = text(write)
	r["ttl"] = number(seconds(item.Expires))
	if len(item.Facts) > 0 {
		r["facts"] = text(string(item.Facts))
	}
	if item.Open {
		r[openIndex] = text(shardOf(partition))
	}
	if _, ok := readKey(partition); !ok {
		r["destination"], r["key"] = binary(item.Destination), binary(item.Key)
	}
	return r, nil
}

// sizeOf is how many bytes of a row grow with what is kept in it.
func sizeOf(r row) int {
	return len(textOf(r["pk"])) + len(textOf(r["facts"])) + len(bytesOf(r["destination"])) + len(bytesOf(r["key"]))
}

// seconds rounds up: an item lives at least as long as it was to.
func seconds(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}

// decode reads what encode wrote. Its error names the item that somebody else must have written.
func decode(r row) (partition string, item incident.Item, err error) {
	partition = textOf(r["pk"])
	version, err := numberOf(r["v"])
	expires, also := numberOf(r["ttl"])
	if err := errors.Join(err, also); err != nil {
		return "", incident.Item{}, fmt.Errorf("item %.200q is not the relay's: %w", partition, err)
	}
	item = incident.Item{Version: version, Expires: time.Unix(expires, 0).UTC()}
	if facts := textOf(r["facts"]); facts != "" {
		item.Facts = []byte(facts)
	}
	_, item.Open = r[openIndex]
	id, ok := readKey(partition)
	if !ok {
		id = incident.ID{Destination: bytesOf(r["destination"]), Key: bytesOf(r["key"])}
	}
	item.ID = id
	return partition, item, nil
}

func numberOf(v types.AttributeValue) (int64, error) {
	n, ok := v.(*types.AttributeValueMemberN)
	if !ok {
		return 0, errors.New("a number is missing")
	}
	return strconv.ParseInt(n.Value, 10, 64)
}

func bytesOf(v types.AttributeValue) string {
	b, ok := v.(*types.AttributeValueMemberB)
	if !ok {
		return ""
	}
	return string(b.Value)
}
