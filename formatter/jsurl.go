package formatter

import (
	"strconv"
	"unicode/utf16"
)

// The CloudWatch console keeps its state behind the # of an address in a
// notation of its own, JSURL: https://github.com/Sage/jsurl

// object is a JSURL object that keeps its order.
type object []member

type member struct {
	key   string
	value any // string, int, bool, object or list
}

type list []any

// jsurl writes a value in JSURL.
func jsurl(v any) string { return string(appendJSURL(nil, v)) }

func appendJSURL(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendJSURLText(append(b, "~'"...), v)
	case int:
		return strconv.AppendInt(append(b, '~'), int64(v), 10)
	case bool:
		return strconv.AppendBool(append(b, '~'), v)
	case list:
		b = append(b, "~("...)
		for _, x := range v {
			b = appendJSURL(b, x)
		}
		return append(b, ')')
	case object:
		b = append(b, "~("...)
		for i, m := range v {
			if i > 0 {
				b = append(b, '~')
			}
			b = appendJSURL(appendJSURLText(b, m.key), m.value)
		}
		return append(b, ')')
	}
	return append(b, "~null"...)
}

func appendJSURLText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	for _, u := range utf16.Encode([]rune(s)) {
		switch {
		case isAlnum(byte(u)) && u < 0x80, u == '_', u == '-', u == '.':
			b = append(b, byte(u))
		case u == '$':
			b = append(b, '!')
		case u < 0x100:
			b = append(b, '*', hex[u>>4], hex[u&15])
		default:
			b = append(b, '*', '*', hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15])
		}
	}
	return b
}
