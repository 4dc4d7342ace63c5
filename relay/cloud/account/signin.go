package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Config is region and credentials, for who may not import the SDK.
type Config = aws.Config

// signInTimeout bounds the search for credentials: without any, the SDK asks for an instance's role.
const signInTimeout = 10 * time.Second

// SignIn is [LoadConfig] for commands that can do nothing without AWS: it fails at once, saying what to do,
// where there are no credentials.
func SignIn(ctx context.Context) (Config, error) {
	cfg, err := LoadConfig(ctx)
	if err != nil {
		return Config{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, signInTimeout)
	defer cancel()
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return Config{}, fmt.Errorf("no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with aws sso login (%w)", innermost(err))
	}
	return cfg, nil
}

// innermost leaves out the names of the SDK's layers.
func innermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}
