package fake

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// What CloudWatch speaks is CBOR: https://www.rfc-editor.org/rfc/rfc8949. Here it is maps with text keys, lists, texts, bytes,
// booleans, null, float64 for every number (and int, in answers, for one that has to be whole and not negative), and time.Time for the tag 1.
const (
	cborUnsigned, cborNegative, cborBytes, cborText = 0, 1, 2, 3
	cborList, cborMap, cborTag, cborSimple          = 4, 5, 6, 7
	cborEndless                                     = 31
)

var errCBOR = errors.New("not CBOR that is known here")

// cborReader reads one value after the other.
type cborReader struct {
	data  []byte
	depth int
}

// readCBOR reads one value and nothing behind it.
func readCBOR(data []byte) (any, error) {
	r := cborReader{data: data}
	v, err := r.value()
	if err == nil && len(r.data) > 0 {
		err = errCBOR
	}
	return v, err
}

// head reads the kind of an item and its number, which is its value or its length.
func (r *cborReader) head() (kind, short byte, n uint64, err error) {
	if len(r.data) == 0 {
		return 0, 0, 0, errCBOR
	}
	kind, short, r.data = r.data[0]>>5, r.data[0]&31, r.data[1:]
	if short < 24 || short == cborEndless {
		return kind, short, uint64(short), nil
	}
	size := 1 << (short - 24)
	if short > 27 || len(r.data) < size {
		return 0, 0, 0, errCBOR
	}
	for _, b := range r.data[:size] {
		n = n<<8 | uint64(b)
	}
	r.data = r.data[size:]
	return kind, short, n, nil
}

func (r *cborReader) value() (any, error) {
	const deepest = 64
	if r.depth++; r.depth > deepest {
		return nil, errCBOR
	}
	defer func() { r.depth-- }()
	kind, short, n, err := r.head()
	if err != nil {
		return nil, err
	}
	endless := short == cborEndless
	switch kind {
	case cborUnsigned:
		return float64(n), nil
	case cborNegative:
		return -1 - float64(n), nil
	case cborBytes, cborText:
		return r.run(kind, n, endless)
	case cborList:
		return r.list(n, endless)
	case cborMap:
		return r.object(n, endless)
	case cborTag:
		return r.tagged(n)
	}
	return simple(short, n)
}

func (r *cborReader) run(kind byte, n uint64, endless bool) (any, error) {
	if endless || n > uint64(len(r.data)) {
		return nil, errCBOR
	}
	piece := r.data[:n]
	r.data = r.data[n:]
	if kind == cborText {
		return string(piece), nil
	}
	return slices.Clone(piece), nil
}

// more reports whether another element of a list or a map comes.
func (r *cborReader) more(read, n uint64, endless bool) bool {
	if !endless {
		return read < n
	}
	if len(r.data) > 0 && r.data[0] == 0xFF {
		r.data = r.data[1:]
		return false
	}
	return true
}

func (r *cborReader) list(n uint64, endless bool) (any, error) {
	all := []any{}
	for i := uint64(0); r.more(i, n, endless); i++ {
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

func (r *cborReader) object(n uint64, endless bool) (any, error) {
	all := map[string]any{}
	for i := uint64(0); r.more(i, n, endless); i++ {
		key, err := r.value()
		name, ok := key.(string)
		if err != nil || !ok {
			return nil, errCBOR
		}
		if all[name], err = r.value(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// tagged reads a time: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html#timestamps
func (r *cborReader) tagged(tag uint64) (any, error) {
	v, err := r.value()
	seconds, ok := v.(float64)
	if err != nil || tag != 1 || !ok {
		return nil, errCBOR
	}
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC(), nil
}

func simple(short byte, n uint64) (any, error) {
	switch short {
	case 20, 21:
		return short == 21, nil
	case 22:
		return nil, nil
	case 26:
		return float64(math.Float32frombits(uint32(n))), nil //nolint:gosec // of four bytes
	case 27:
		return math.Float64frombits(n), nil
	}
	return nil, errCBOR
}

// appendCBOR writes a value. What it does not know is a mistake of the fake's own.
func appendCBOR(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, cborSimple<<5|22)
	case bool:
		if v {
			return append(b, cborSimple<<5|21)
		}
		return append(b, cborSimple<<5|20)
	case int:
		return appendHead(b, cborUnsigned, v)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, cborSimple<<5|27), math.Float64bits(v))
	case string:
		return append(appendHead(b, cborText, len(v)), v...)
	case []byte:
		return append(appendHead(b, cborBytes, len(v)), v...)
	case time.Time:
		return appendCBOR(append(b, cborTag<<5|1), float64(v.UnixMilli())/1000)
	case []any:
		b = appendHead(b, cborList, len(v))
		for _, one := range v {
			b = appendCBOR(b, one)
		}
		return b
	case map[string]any:
		b = appendHead(b, cborMap, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			b = appendCBOR(appendCBOR(b, key), v[key])
		}
		return b
	}
	panic(fmt.Sprintf("fake: no CBOR for %T", v))
}

func appendHead(b []byte, kind byte, n int) []byte {
	switch {
	case n < 24:
		return append(b, kind<<5|byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, kind<<5|25), uint16(n))
	}
	return binary.BigEndian.AppendUint32(append(b, kind<<5|26), uint32(n)) //nolint:gosec // no answer is that large
}
