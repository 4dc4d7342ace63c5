package fake

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The refusals of the tables, in Discord's codes and words. Slack gives no reasons:
// there they are for the log. Codes that begin with FAKE_ are
// the strict reading's own; no service sends them.
var (
	notAnObject      = refusal{code: "MODEL_TYPE_CONVERT", message: "Only dictionaries may be used in a ModelType"}
	notAList         = refusal{code: "LIST_TYPE_CONVERT", message: "Only iterables may be used in a ListType"}
	notText          = refusal{code: "STRING_TYPE_CONVERT", message: "Could not interpret the value as string."}
	notBoolean       = refusal{code: "BOOLEAN_TYPE_CONVERT", message: "Must be either true or false."}
	required         = refusal{code: "BASE_TYPE_REQUIRED", message: "This field is required"}
	badURL           = refusal{code: "URL_TYPE_INVALID_URL", message: "Not a well formed URL."}
	unknownProperty  = refusal{code: "FAKE_UNKNOWN_PROPERTY", message: "No such property: the service would ignore it."}
	badURLCharacters = "\"<>\\^`{|} "
)

func tooLong(most int) refusal {
	return refusal{code: "BASE_TYPE_MAX_LENGTH", message: fmt.Sprintf("Must be %d or fewer in length.", most)}
}

func tooShort(least int) refusal {
	return refusal{code: "BASE_TYPE_MIN_LENGTH", message: fmt.Sprintf("Must be %d or more in length.", least)}
}

func badLength(least, most int) refusal {
	return refusal{code: "BASE_TYPE_BAD_LENGTH", message: fmt.Sprintf("Must be between %d and %d in length.", least, most)}
}

func notA(what, value string) refusal {
	return refusal{code: "NUMBER_TYPE_COERCE", message: fmt.Sprintf("Value %q is not %s.", value, what)}
}

func wrongChoice(choices []string) refusal {
	return refusal{code: "BASE_TYPE_CHOICES", message: "Value must be one of (" + strings.Join(choices, ", ") + ")."}
}

func wrongType(types []string) refusal {
	return refusal{
		code:    "UNION_TYPE_CHOICES",
		message: `Value of field "type" must be one of (` + strings.Join(types, ", ") + ").",
	}
}

func (w *walk) scalar(v any, p property) (refusal, bool) {
	switch p.kind {
	case boolean:
		_, ok := v.(bool)
		return notBoolean, !ok
	case word:
		return wrongChoice(p.words), !slices.Contains(p.words, bare(v))
	case snow:
		_, number := v.(json.Number)
		return notA("snowflake", bare(v)), !isSnowflake(bare(v)) || (number && !w.lenient)
	}
	number, ok := v.(json.Number)
	if !ok {
		return notA("int", bare(v)), true
	}
	n, err := strconv.Atoi(number.String())
	switch {
	case err != nil:
		return notA("int", number.String()), true
	case n > p.max:
		return refusal{code: "NUMBER_TYPE_MAX", message: fmt.Sprintf("int value should be less than or equal to %d.", p.max)}, true
	case n < p.min:
		return refusal{code: "NUMBER_TYPE_MIN", message: fmt.Sprintf("int value should be greater than or equal to %d.", p.min)}, true
	}
	return refusal{}, false
}

func isSnowflake(t string) bool {
	n, err := strconv.ParseUint(t, 10, 64)
	return err == nil && strconv.FormatUint(n, 10) == t
}

func checkMoment(t string) (refusal, bool) {
	_, err := time.Parse(time.RFC3339Nano, t)
	return refusal{code: "DATE_TIME_TYPE_PARSE", message: "Could not parse " + t + ". Should be ISO8601."}, err != nil
}

// checkLink reads an address as strictly as any of the services is known to: http or
// https, a host with a dot or an IP literal (https://github.com/go-gitea/gitea/issues/11124),
// and only the characters RFC 3986 allows, so that other languages are percent-encoded.
func checkLink(t string, attachments bool) (refusal, bool) {
	scheme, rest, _ := strings.Cut(t, ":")
	if attachments && scheme == "attachment" {
		return badURL, len(rest) < 3 || !strings.HasPrefix(rest, "//") || strings.ContainsAny(rest[2:], "/ ")
	}
	if scheme != "http" && scheme != "https" {
		if !strings.Contains(t, ":") {
			scheme = ""
		}
		return refusal{
			code:    "URL_TYPE_INVALID_SCHEME",
			message: fmt.Sprintf("Scheme %q is not supported. Scheme must be one of ('http', 'https').", scheme),
		}, true
	}
	for _, r := range t {
		if r <= ' ' || r > '~' || strings.ContainsRune(badURLCharacters, r) {
			return badURL, true
		}
	}
	u, err := url.Parse(t)
	return badURL, err != nil || !goodHost(u)
}

func goodHost(u *url.URL) bool {
	host := u.Hostname()
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return false
		}
	}
	if net.ParseIP(host) != nil {
		return true
	}
	labels := strings.Split(host, ".")
	return len(labels) > 1 && !slices.Contains(labels, "")
}
