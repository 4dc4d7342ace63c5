// Package cloud is where the relay talks to AWS: this package and those under
// it are the only ones that import aws-sdk-go-v2. It reads secrets; it decides nothing.
package cloud

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"

	"alarmrelay/relay/secret"
)

// fetchTimeout bounds one look-up: a function must not be killed in its init,
// and a destination that waits here holds up its alerts.
const fetchTimeout = 4 * time.Second

// secretsPrefix is the path under which Parameter Store reads Secrets Manager,
// which saves the function a client.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
const secretsPrefix = "/aws/reference/secretsmanager/"

// Secrets is the [secret.Source] of ssm: and secretsmanager: references, and of
// those that [secret.Local] reads. Who uses env: only never waits for AWS.
type Secrets struct {
	local  secret.Local
	client func() (*ssm.Client, error)
}

var _ secret.Source = (*Secrets)(nil)

// NewSecrets returns a Source whose AWS configuration load makes, once, when
// the first reference needs it: [FromEnvironment] in the function.
func NewSecrets(load func(context.Context) (aws.Config, error)) *Secrets {
	once := sync.OnceValues(func() (*ssm.Client, error) {
		cfg, err := load(context.Background())
		if err != nil {
			return nil, err
		}
		return ssm.NewFromConfig(cfg, func(o *ssm.Options) { o.BaseEndpoint = endpoint("SSM", o.BaseEndpoint) }), nil
	})
	return &Secrets{client: once}
}

// Fetch reads the newest value from Parameter Store each time.
func (s *Secrets) Fetch(ctx context.Context, r secret.Reference) (secret.Value, error) {
	v, err := s.local.Fetch(ctx, r)
	if !errors.Is(err, errors.ErrUnsupported) {
		return v, err
	}
	name := r.Name
	if r.Scheme == secret.SchemeSecretsManager {
		name = secretsPrefix + r.Name
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	client, err := s.client()
	if err != nil {
		return secret.Value{}, fmt.Errorf("%v: %w", r, err)
	}
	out, err := client.GetParameter(ctx, &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
	if isFinal(err) {
		return secret.Value{}, fmt.Errorf("%v: %w: %w", r, secret.ErrMissing, err)
	}
	if err != nil {
		return secret.Value{}, fmt.Errorf("%v: %w", r, err)
	}
	if out.Parameter == nil {
		return secret.Value{}, fmt.Errorf("%v: Parameter Store answered without a parameter", r)
	}
	return r.Extract(aws.ToString(out.Parameter.Value))
}

// isFinal reports whether only somebody's hand helps: the parameter or secret is
// not there, or the function's role may not read it.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html#API_GetParameter_Errors
func isFinal(err error) bool {
	api := smithy.APIError(nil)
	if !errors.As(err, &api) {
		return false
	}
	switch api.ErrorCode() {
	case "ParameterNotFound", "ParameterVersionNotFound", "AccessDeniedException", "ValidationException":
		return true
	}
	return false
}
