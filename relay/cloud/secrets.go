// Package cloud is where the relay talks to AWS: it is the only package that
// imports aws-sdk-go-v2. It reads secrets and lists alarms; it decides nothing.
package cloud

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

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
// those that [secret.Local] reads. AWS's configuration is loaded when the first
// reference needs it: who uses env: only never waits for it.
type Secrets struct {
	local  secret.Local
	client func(context.Context) (*ssm.Client, error)
}

var _ secret.Source = (*Secrets)(nil)

// NewSecrets returns a Source that finds region and credentials as every AWS tool does.
func NewSecrets() *Secrets {
	load := sync.OnceValues(func() (aws.Config, error) { return LoadConfig(context.Background()) })
	return &Secrets{client: func(context.Context) (*ssm.Client, error) {
		cfg, err := load()
		if err != nil {
			return nil, err
		}
		return ssm.NewFromConfig(cfg), nil
	}}
}

// LoadConfig reads AWS's configuration from the environment and the shared files.
func LoadConfig(ctx context.Context) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(2))
	if err != nil {
		return aws.Config{}, fmt.Errorf("load AWS configuration: %w", err)
	}
	return cfg, nil
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
	client, err := s.client(ctx)
	if err != nil {
		return secret.Value{}, fmt.Errorf("%v: %w", r, err)
	}
	out, err := client.GetParameter(ctx, &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
	if err != nil {
		return secret.Value{}, fmt.Errorf("%v: %w", r, err)
	}
	return r.Extract(aws.ToString(out.Parameter.Value))
}
