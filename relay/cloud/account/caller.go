package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// CallerAccount returns the id of the account that the credentials belong to. It takes no permission.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func CallerAccount(ctx context.Context, cfg Config) (string, error) {
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", refused("ask AWS in "+cfg.Region+" whose credentials these are", err)
	}
	return aws.ToString(out.Account), nil
}
