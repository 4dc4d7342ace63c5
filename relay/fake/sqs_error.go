package fake

import (
	"net/http"
	"strings"
)

// sqsFault answers the faults that have an answer of their own; ok is false for the others.
func sqsFault(f Fault) (r reply, ok bool) {
	switch f.Kind {
	case "", Hang, Slow, Reset, AnswerLate, AnswerLost, AnswerCut, PartlyFailed:
		return reply{}, false
	case Limited, LimitedGlobally, LimitedEdits, BlockedPage, BlockedJSON:
		return sqsError(refuseCall("RequestThrottled", "Request is throttled.")), true
	case Unknown, Gone:
		return sqsError(refuseCall("QueueDoesNotExist", "The specified queue does not exist.")), true
	case BadToken:
		return sqsError(refuseCall("InvalidClientTokenId", "The security token included in the request is invalid.")), true
	case Forbidden, Filtered:
		return sqsError(refuseCall("AccessDeniedException", "User is not authorized to perform: this on resource: this queue.")), true
	case Down:
		r := sqsError(refuseCall("InternalFailure", "The request processing has failed because of an unknown error, exception or failure."))
		if f.Status != 0 {
			r.status = f.Status
		}
		return r, true
	}
	return commonFault(f)
}

// sqsError is the service's answer to a request that it refuses: the type of the
// error in the body, and in a header its code in the older protocol.
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
func sqsError(refused *refusedCall) reply {
	kind, fault := refused.code, "Sender"
	if kind == "InvalidParameterValue" {
		kind = "InvalidParameterValueException"
	}
	status := sqsStatus(refused.code)
	if status >= http.StatusInternalServerError {
		fault = "Receiver"
	}
	r := jsonReply(status, map[string]any{"__type": "com.amazonaws.sqs#" + kind, "message": refused.message})
	r.why = []string{refused.Error()}
	return r.with("Content-Type", "application/x-amz-json-1.0").with("X-Amzn-Query-Error", queryCode(refused.code)+";"+fault)
}

// sqsStatus is 400 for all but these.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
func sqsStatus(code string) int {
	switch code {
	case "RequestThrottled", "OverLimit", "AccessDeniedException", "InvalidClientTokenId", "MissingAuthenticationToken":
		return http.StatusForbidden
	case "ReceiptHandleIsInvalid", "ResourceNotFoundException", "UnknownOperationException":
		return http.StatusNotFound
	case "InternalFailure":
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

func queryCode(code string) string {
	switch code {
	case "QueueDoesNotExist":
		return "AWS.SimpleQueueService.NonExistentQueue"
	case "MessageNotInflight", "EmptyBatchRequest", "TooManyEntriesInBatchRequest", "BatchEntryIdsNotDistinct",
		"BatchRequestTooLong", "InvalidBatchEntryId", "UnsupportedOperation":
		return "AWS.SimpleQueueService." + code
	}
	return strings.TrimSuffix(code, "Exception")
}
