package account

import (
	"context"
	"errors"
	"net"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// CallerAccount returns the id of the account that the credentials belong to. It takes no permission.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func CallerAccount(ctx context.Context, cfg Config) (string, error) {
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	doing := "ask AWS in " + cfg.Region + " whose credentials these are"
	if _, unreached := errors.AsType[net.Error](err); unreached {
		return "", &refusal{doing + ": no answer: " + innermost(err).Error(), err}
	}
	if err != nil {
		return "", refused(doing, err)
	}
	return aws.ToString(out.Account), nil
}
