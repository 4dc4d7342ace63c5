package cloud

import (
	"context"
	"errors"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// FromEnvironment is the AWS configuration of a Lambda function: region and
// credentials are in its environment. The SDK's own loader would find them as
// well, and costs every cold start a millisecond and the package half a megabyte for the
// files, metadata services and sign-on that a function does not have.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func FromEnvironment(context.Context) (aws.Config, error) {
	region := os.Getenv("AWS_REGION")
	if region == "" {
		return aws.Config{}, errors.New("AWS_REGION is not set")
	}
	return aws.Config{Region: region, Credentials: aws.NewCredentialsCache(aws.CredentialsProviderFunc(credentials)), RetryMaxAttempts: 2}, nil
}

func credentials(context.Context) (aws.Credentials, error) {
	c := aws.Credentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
	if !c.HasKeys() {
		return aws.Credentials{}, errors.New("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
	}
	return c, nil
}

// endpoint returns the address that the environment gives a service, as for every AWS
// tool, else the one that is set already.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func endpoint(service string, set *string) *string {
	for _, name := range []string{"AWS_ENDPOINT_URL_" + service, "AWS_ENDPOINT_URL"} {
		if address := os.Getenv(name); address != "" {
			return &address
		}
	}
	return set
}
