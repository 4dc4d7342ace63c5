package account

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"
)

// refusal is an error of AWS's in words that help at a desk.
type refusal struct {
	text string
	err  error
}

func (r *refusal) Error() string { return r.text }
func (r *refusal) Unwrap() error { return r.err }

// refused adds to an error of the SDK's what was being done, and replaces its text where the
// code tells what somebody can do about it.
func refused(doing string, err error) error {
	api := smithy.APIError(nil)
	if !errors.As(err, &api) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	hint := hintOf(api.ErrorCode(), actionOf(err))
	if hint == "" {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if said := strings.TrimSpace(api.ErrorMessage()); said != "" {
		hint += " (" + strings.TrimSuffix(said, ".") + ")"
	}
	return &refusal{doing + ": " + hint, err}
}

// hintOf says what a code of AWS's means; it is empty for codes that say it themselves.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
func hintOf(code, action string) string {
	switch code {
	case "AccessDenied", "AccessDeniedException", "AuthorizationError":
		return "access denied: it takes " + action
	case "KmsAccessDenied", "KMS.AccessDeniedException":
		return "access denied: it takes kms:Decrypt, and for sending kms:GenerateDataKey, on the queue's key"
	case "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue":
		return "no such queue, or these credentials may not see it"
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
		return "the AWS credentials have expired: sign in again"
	case "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidAccessKeyId":
		return "AWS does not know these credentials"
	}
	return ""
}

// actionOf is the IAM action of the operation that failed; what is done in batches has no action of its own.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
func actionOf(err error) string {
	operation := (*smithy.OperationError)(nil)
	if !errors.As(err, &operation) {
		return "a permission"
	}
	return strings.ToLower(operation.Service()) + ":" + strings.TrimSuffix(operation.Operation(), "Batch")
}
