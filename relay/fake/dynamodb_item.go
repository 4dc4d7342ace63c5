package fake

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"
)

// item is an item as the service's JSON has it.
type item map[string]itemValue

// itemValue is a value of one of the types that a store of items uses; others are refused.
type itemValue struct {
	S *string `json:",omitempty"`
	N *string `json:",omitempty"`
	B *[]byte `json:",omitempty"`
}

// The limits of an item.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
const (
	maxPartitionKey = 2048
	maxSortKey      = 1024
	maxItemSize     = 400 << 10
)

func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// check refuses a value that has no type or several, and a number that is none.
func (a itemValue) check(name string) *tableError {
	types := 0
	for _, set := range []bool{a.S != nil, a.N != nil, a.B != nil} {
		if set {
			types++
		}
	}
	if types != 1 {
		return invalid(fmt.Sprintf("Supplied AttributeValue has %d datatypes set, must contain exactly one of the supported datatypes: %s", types, name))
	}
	if a.N != nil && !number.MatchString(*a.N) {
		return invalid("The parameter cannot be converted to a numeric value: " + *a.N)
	}
	if a.S != nil && !utf8.ValidString(*a.S) {
		return invalid("not UTF-8: " + name)
	}
	return nil
}

// number has up to 38 digits, which is what the service keeps of one.
var number = regexp.MustCompile(`^-?\d{1,38}$`)

// size is what the value counts for; of a number half its digits and one.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func (a itemValue) size() int {
	switch {
	case a.S != nil:
		return len(*a.S)
	case a.N != nil:
		return len(*a.N)/2 + 1
	case a.B != nil:
		return len(*a.B)
	}
	return 0
}

// compare returns ok false when the values are not of one type.
func (a itemValue) compare(b itemValue) (order int, ok bool) {
	switch {
	case a.N != nil && b.N != nil:
		x, _ := new(big.Rat).SetString(*a.N)
		y, _ := new(big.Rat).SetString(*b.N)
		return x.Cmp(y), true
	case a.S != nil && b.S != nil:
		return strings.Compare(*a.S, *b.S), true
	case a.B != nil && b.B != nil:
		return strings.Compare(string(*a.B), string(*b.B)), true
	}
	return 0, false
}

func (i item) size() (sum int) {
	for name, a := range i {
		sum += len(name) + a.size()
	}
	return sum
}

// keyOf reads the primary key of an item and holds it against its limits.
func keyOf(i item) (itemKey, *tableError) {
	for name, most := range map[string]int{"pk": maxPartitionKey, "sk": maxSortKey} {
		a, ok := i[name]
		switch {
		case !ok:
			return itemKey{}, invalid("One of the required keys was not given a value")
		case a.S == nil:
			return itemKey{}, invalid("Type mismatch for key " + name + " expected: S")
		case *a.S == "":
			return itemKey{}, invalid("The AttributeValue for a key attribute cannot contain an empty string value. Key: " + name)
		case len(*a.S) > most:
			return itemKey{}, invalid(fmt.Sprintf("Size of key %s has exceeded the maximum size limit of %d bytes", name, most))
		}
	}
	return itemKey{*i["pk"].S, *i["sk"].S}, nil
}

// check refuses an item that the table or its index could not keep.
func (d *DynamoDB) check(i item) *tableError {
	for name, a := range i {
		if no := a.check(name); no != nil {
			return no
		}
	}
	if _, no := keyOf(i); no != nil {
		return no
	}
	if a, ok := i[d.index]; ok && (a.S == nil || *a.S == "" || len(*i["pk"].S) > maxSortKey) {
		return invalid("One or more parameter values are not valid for the key of index " + d.index)
	}
	if i.size() > maxItemSize {
		return invalid("Item size has exceeded the maximum allowed size")
	}
	return nil
}
