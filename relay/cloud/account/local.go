package account

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Local is a configuration for a stand-in of AWS in this program: all requests go by the transport, signed with a key that is none.
func Local(region string, transport http.RoundTripper) Config {
	return Config{
		Region: region, RetryMaxAttempts: 1, HTTPClient: &http.Client{Transport: transport},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "example", Source: "a stand-in"}, nil
		}),
	}
}
