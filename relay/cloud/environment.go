package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/middleware"
)

// watchers see every call of the function. There are none but in a build with the tag record.
var watchers []func(*middleware.Stack) error

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
	return aws.Config{
		Region: region, Credentials: aws.NewCredentialsCache(aws.CredentialsProviderFunc(credentials)), RetryMaxAttempts: 2,
		HTTPClient: inOnePiece{awshttp.NewBuildableClient()}, APIOptions: watchers,
	}, nil
}

// inOnePiece gives requests a body that net/http knows to be in memory. Of the SDK's own it sends the head alone, and it
// gives up the connection where the answer comes before it has looked whether the body is at its end.
// https://github.com/golang/go/blob/go1.26.0/src/net/http/transfer.go (isKnownInMemoryReader, writeBody),
// https://github.com/aws/smithy-go/blob/v1.28.8/transport/http/internal/io/safe.go (WriteTo)
type inOnePiece struct{ aws.HTTPClient }

// Do implements [aws.HTTPClient]. Since the body can be had again, net/http repeats a request of which nothing went out
// because the service had closed the connection.
func (c inOnePiece) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.ContentLength <= 0 {
		return c.HTTPClient.Do(r)
	}
	data := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, data)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return nil, fmt.Errorf("read the request's body: %w", err)
	}
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
	r.Body, _ = r.GetBody()
	return c.HTTPClient.Do(r)
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
