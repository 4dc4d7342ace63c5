package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/smithy-go"
)

// StackOutputs returns the outputs of a deployed CloudFormation stack by their keys. The stack
// is named by its name or its ARN.
func StackOutputs(ctx context.Context, cfg aws.Config, stack string) (map[string]string, error) {
	doing := "read the outputs of stack " + stack
	if cfg.Region == "" {
		return nil, fmt.Errorf("%s: no AWS region: set AWS_REGION, or a region in your profile", doing)
	}
	out, err := cloudformation.NewFromConfig(cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &stack})
	if isUnknownStack(err) {
		return nil, &refusal{fmt.Sprintf("%s: there is no such stack in %s (AWS_REGION says where to look)", doing, cfg.Region), err}
	}
	if err != nil {
		return nil, refused(doing, err)
	}
	outputs := map[string]string{}
	for _, s := range out.Stacks {
		for _, o := range s.Outputs {
			outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
		}
	}
	return outputs, nil
}

// isUnknownStack tells an absent stack from other mistakes by the words: both have one code.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
func isUnknownStack(err error) bool {
	api := smithy.APIError(nil)
	return errors.As(err, &api) && api.ErrorCode() == "ValidationError" && strings.Contains(api.ErrorMessage(), "does not exist")
}
