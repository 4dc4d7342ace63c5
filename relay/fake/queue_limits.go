package fake

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// The limits of a message, in bytes and attributes, and of a batch.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
	maxMessage    = 1 << 20
	maxAttributes = 10
	maxBatch      = 10
	// maxAttributeName: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
	maxAttributeName = 256
)

// messageAttribute is a message attribute, named as SQS names its parts.
type messageAttribute struct {
	DataType    string
	StringValue string `json:",omitempty"`
	BinaryValue []byte `json:",omitempty"`
}

func stringAttributes(values map[string]string) map[string]messageAttribute {
	typed := make(map[string]messageAttribute, len(values))
	for name, value := range values {
		typed[name] = messageAttribute{DataType: "String", StringValue: value}
	}
	return typed
}

// texts are the attributes as an [alert.Message] has them: a binary one is empty.
func texts(typed map[string]messageAttribute) map[string]string {
	values := make(map[string]string, len(typed))
	for name, a := range typed {
		values[name] = a.StringValue
	}
	return values
}

// refusedCall is an error of SQS: its code in the older protocol, by which people know it, and its message.
type refusedCall struct{ code, message string }

// Error implements error.
func (r *refusedCall) Error() string { return r.code + ": " + r.message }

func refuseCall(code, message string, args ...any) *refusedCall {
	return &refusedCall{code, fmt.Sprintf(message, args...)}
}

// checkMessage returns why SQS takes no such message, or nil.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
func checkMessage(body string, attributes map[string]messageAttribute) *refusedCall {
	if body == "" {
		return refuseCall("InvalidParameterValue", "One or more parameters are invalid. Reason: Message must be at least one character.")
	}
	if !isQueueText(body) {
		return refuseCall("InvalidMessageContents", "Invalid characters found. Valid unicode characters are "+
			"#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
	}
	if len(attributes) > maxAttributes {
		return refuseCall("InvalidParameterValue", "Number of message attributes [%d] exceeds the allowed maximum [%d].", len(attributes), maxAttributes)
	}
	for name, a := range attributes {
		if refused := a.check(name); refused != nil {
			return refused
		}
	}
	if messageSize(body, attributes) > maxMessage {
		return refuseCall("InvalidParameterValue", "One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", maxMessage)
	}
	return nil
}

func (a messageAttribute) check(name string) *refusedCall {
	kind, _, _ := strings.Cut(a.DataType, ".")
	switch {
	case !isAttributeName(name):
		return refuseCall("InvalidParameterValue", "Message (user) attribute name %q is invalid.", name)
	case kind != "String" && kind != "Number" && kind != "Binary":
		return refuseCall("InvalidParameterValue", "The type of message (user) attribute %q is invalid. You must use only the "+
			"following supported type prefixes: Binary, Number, String.", name)
	case kind != "Binary" && a.StringValue == "", kind == "Binary" && len(a.BinaryValue) == 0:
		return refuseCall("InvalidParameterValue", "The message (user) attribute %q must contain a non-empty value of type %q.", name, kind)
	case !isQueueText(a.StringValue):
		return refuseCall("InvalidMessageContents", "Message (user) attribute %q contains invalid characters.", name)
	}
	return nil
}

// messageSize counts what counts: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
func messageSize(body string, attributes map[string]messageAttribute) int {
	size := len(body)
	for name, a := range attributes {
		size += len(name) + len(a.DataType) + len(a.StringValue) + len(a.BinaryValue)
	}
	return size
}

func isQueueText(text string) bool {
	for _, c := range text {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0xFFFE || c == 0xFFFF {
			return false
		}
	}
	return utf8.ValidString(text)
}

func isAttributeName(name string) bool {
	const allowed = "abcdefghijklmnopqrstuvwxyz0123456789_-."
	lower := strings.ToLower(name)
	return name != "" && len(name) <= maxAttributeName && strings.Trim(lower, allowed) == "" &&
		!strings.HasPrefix(lower, "aws.") && !strings.HasPrefix(lower, "amazon.") &&
		!strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".") && !strings.Contains(name, "..")
}
