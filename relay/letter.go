package relay

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// maxAttributes is how many attributes a message of SQS has at most, maxReason how many characters of
	// a reason are kept.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
	maxAttributes = 10
	maxReason     = 1000
	// maxMessage counts bytes: of the body, and of each attribute's name, type and value.
	maxMessage    = 1 << 20
	attributeType = "String"
	// maxAttributeName: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
	maxAttributeName = 256
)

// MessageAttributes are the letter's fields as message attributes of type String: the relay's
// own first, then as many of the message's as there is room for, in the order of
// their names. What the letter does not know has none; the reason is always there. A letter that was re-driven
// and is here again says what is so now.
func (l DeadLetter) MessageAttributes() map[string]string {
	attributes := map[string]string{
		AttributeReason:   QueueText(l.reason()),
		AttributeAttempts: strconv.Itoa(l.Attempts),
	}
	if l.Destination != "" {
		attributes[AttributeDestination] = QueueText(l.Destination)
	}
	if !l.First.IsZero() {
		attributes[AttributeFirst] = l.First.UTC().Format(time.RFC3339)
	}
	if !l.Last.IsZero() {
		attributes[AttributeLast] = l.Last.UTC().Format(time.RFC3339)
	}
	l.addOwn(attributes)
	return attributes
}

// addOwn adds the message's own attributes.
func (l DeadLetter) addOwn(attributes map[string]string) {
	room := maxMessage - len(QueueText(l.Body))
	for name, value := range attributes {
		room -= len(name) + len(attributeType) + len(value)
	}
	for _, name := range slices.Sorted(maps.Keys(l.Attributes)) {
		value := QueueText(l.Attributes[name])
		size := len(name) + len(attributeType) + len(value)
		if len(attributes) < maxAttributes && size <= room && value != "" && isAttributeName(name) && !isOurs(name) {
			attributes[name] = value
			room -= size
		}
	}
}

func (l DeadLetter) reason() string {
	reason := strings.TrimSpace(l.Reason)
	if reason == "" {
		return "no reason was given"
	}
	letters := []rune(reason)
	if len(letters) <= maxReason {
		return reason
	}
	return string(letters[:maxReason-1]) + "…"
}

func isOurs(name string) bool {
	switch name {
	case AttributeDestination, AttributeReason, AttributeFirst, AttributeLast, AttributeAttempts:
		return true
	}
	return false
}

// isAttributeName tells whether SQS takes a name; one bad name would cost the whole letter.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
func isAttributeName(name string) bool {
	for _, c := range []byte(name) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-', c == '.':
		default:
			return false
		}
	}
	if name == "" || len(name) > maxAttributeName || strings.Contains("."+name+".", "..") {
		return false
	}
	prefix := strings.ToLower(name)
	return !strings.HasPrefix(prefix, "aws.") && !strings.HasPrefix(prefix, "amazon.")
}

// QueueText is a text as SQS takes it in bodies and attributes: what it would refuse the whole message
// for becomes U+FFFD.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
func QueueText(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t', c == '\n', c == '\r', ' ' <= c && c <= '\ud7ff', '\ue000' <= c && c <= '\ufffd', c >= 0x10000:
			return c
		}
		return '\ufffd'
	}, text)
}
