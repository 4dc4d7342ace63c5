package account

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
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
		return unanswered(doing, err)
	}
	hint := hintOf(api.ErrorCode(), cmp.Or(actionIn(api.ErrorMessage()), actionOf(err)))
	if hint == "" {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if said := strings.TrimSpace(api.ErrorMessage()); said != "" {
		hint += " (" + strings.TrimSuffix(said, ".") + ")"
	}
	return &refusal{doing + ": " + hint, err}
}

// unanswered says what kept a request from AWS, without the SDK's layers around it.
func unanswered(doing string, err error) error {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return &refusal{doing + ": " + noHost(dns.Name), err}
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return &refusal{doing + ": no answer: " + op.Error(), err}
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return &refusal{doing + ": no answer: " + innermost(err).Error(), err}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// noHost words a host that DNS does not know: mostly there is a slip in the region.
func noHost(host string) string {
	for label := range strings.SplitSeq(host, ".") {
		if regionShape.MatchString(label) && !slices.Contains(regions, label) {
			return noRegion(label)
		}
	}
	return "there is no host " + host + ", as far as can be seen from here"
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

// denied is how AWS names the action that was missing. It may be another than the operation's own: to store a parameter
// with tags takes ssm:AddTagsToResource as well, and one with a key of yours kms:Encrypt.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
var denied = regexp.MustCompile(`not authorized to perform: ([a-z0-9-]+:[A-Za-z0-9]+)`)

// actionIn is the action that AWS's words name, "" where they name none.
func actionIn(said string) string {
	if found := denied.FindStringSubmatch(said); found != nil {
		return found[1]
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
	if operation.Operation() == "Invoke" { // the one that is called otherwise
		return "lambda:InvokeFunction"
	}
	return strings.ToLower(operation.Service()) + ":" + strings.TrimSuffix(operation.Operation(), "Batch")
}
