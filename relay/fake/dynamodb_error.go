package fake

import (
	"encoding/json"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"
)

// tableError is an error in DynamoDB's form.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
type tableError struct {
	code    string
	message string
	found   item     // of ConditionalCheckFailedException
	reasons []reason // of TransactionCanceledException
}

// reason is why one item of a transaction cancelled it, or None.
type reason struct {
	Code    string
	Message string `json:",omitempty"`
	Item    item   `json:",omitempty"`
}

const unmet, unmetMessage = "ConditionalCheckFailed", "The conditional request failed"

func invalid(message string) *tableError {
	return &tableError{code: "ValidationException", message: message}
}

func (r *tableError) reply() reply {
	namespace := "com.amazonaws.dynamodb.v20120810#"
	if r.code == "ValidationException" || r.code == "SerializationException" || r.code == "UnknownOperationException" {
		namespace = "com.amazon.coral.service#"
	}
	body := map[string]any{"__type": namespace + r.code, "message": r.message}
	if r.found != nil {
		body["Item"] = r.found
	}
	if r.reasons != nil {
		body["CancellationReasons"] = r.reasons
	}
	status := http.StatusBadRequest
	if r.code == "InternalServerError" {
		status = http.StatusInternalServerError
	}
	answer := checked(status, body)
	answer.why = []string{r.code + ": " + r.message}
	return answer
}

func tableRefusal(code, message string) reply {
	return (&tableError{code: code, message: message}).reply()
}

// cancelled is the error of a transaction, with a reason for each of its items.
func cancelled(reasons []reason) *tableError {
	codes := make([]string, len(reasons))
	for i, r := range reasons {
		codes[i] = r.Code
	}
	message := "Transaction cancelled, please refer cancellation reasons for specific reasons [" + strings.Join(codes, ", ") + "]"
	return &tableError{code: "TransactionCanceledException", message: message, reasons: reasons}
}

// checked is an answer with the checksum that clients hold it against.
func checked(status int, body any) reply {
	data, err := json.Marshal(body)
	if err != nil {
		panic(err) // it holds strings and numbers only
	}
	r := reply{status: status, body: data}.with("Content-Type", "application/x-amz-json-1.0")
	return r.with("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(data)), 10))
}

// fallen answers the faults that look alike for every operation; fallen is false for the others.
func (*DynamoDB) fallen(f Fault) (answer reply, fallen bool) {
	if !f.answersItself() || f.Kind == Conflicted || f.Kind == Partial {
		return reply{}, false
	}
	switch f.Kind {
	case Limited:
		return tableRefusal("ProvisionedThroughputExceededException", "The level of configured provisioned throughput for the table was exceeded."), true
	case LimitedGlobally:
		return tableRefusal("RequestLimitExceeded", "Throughput exceeds the current throughput limit for your account."), true
	case Forbidden:
		return tableRefusal("AccessDeniedException", "User is not authorized to perform this operation"), true
	case Unknown, Gone:
		return tableRefusal("ResourceNotFoundException", "Requested resource not found"), true
	case BadToken:
		return tableRefusal("UnrecognizedClientException", "The security token included in the request is invalid."), true
	case Redirect, Flood:
		return commonFault(f)
	}
	answer = tableRefusal("InternalServerError", "The request processing has failed because of an unknown error, exception or failure")
	if f.Status != 0 {
		answer.status = f.Status
	}
	return answer, true
}
