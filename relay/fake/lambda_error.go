package fake

import "net/http"

// lambdaFailure is the answer of a function that has failed.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-sync.html
func lambdaFailure(kind, message string) reply {
	r := jsonReply(http.StatusOK, map[string]any{"errorType": kind, "errorMessage": message})
	r.why = []string{kind}
	return r.with("X-Amz-Function-Error", "Unhandled").with("X-Amz-Executed-Version", "$LATEST")
}

// lambdaError is an error of the service's.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
func lambdaError(status int, code, message string) reply {
	r := jsonReply(status, map[string]any{"Type": "User", "Message": message})
	r.why = []string{code}
	return r.with("X-Amzn-ErrorType", code)
}

// lambdaFault answers the faults that have an answer of their own; ok is false for the others.
func lambdaFault(c *lambdaCall, f Fault) (r reply, ok bool) {
	switch f.Kind {
	case Limited, LimitedGlobally:
		return lambdaError(http.StatusTooManyRequests, "TooManyRequestsException", "Rate Exceeded."), true
	case Unknown, Gone:
		return lambdaError(http.StatusNotFound, "ResourceNotFoundException", "Function not found: "+c.arn()), true
	case BadToken:
		return lambdaError(http.StatusForbidden, "UnrecognizedClientException", "The security token included in the request is invalid."), true
	case Forbidden, Filtered:
		return lambdaError(http.StatusForbidden, "AccessDeniedException", "User: arn:aws:iam::"+queueAccount+":user/minji is not authorized to perform: "+
			"lambda:InvokeFunction on resource: "+c.arn()+" because no identity-based policy allows the lambda:InvokeFunction action"), true
	case Down:
		return lambdaError(http.StatusInternalServerError, "ServiceException", "Internal Error"), true
	}
	return commonFault(f)
}
