package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"alarmrelay/relay/secret"
)

// Parameter is what Parameter Store holds under a name.
type Parameter struct {
	Value   secret.Value
	Secure  bool // it is a SecureString
	Version int64
}

// maxLevels is how deep a name may be:
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (Name)
const maxLevels = 15

// CheckParameterName refuses what can't be the name of a parameter that the relay's template may read. The error
// does not repeat the name: somebody may have put the address itself there.
func CheckParameterName(name string) error {
	reference, err := secret.ParseReference(string(secret.SchemeSSM) + ":" + name)
	switch {
	case err != nil, strings.Contains(name, ":"), reference.Name != name:
		return errors.New("a parameter's name reads /alarmrelay/discord/ops (letters, digits and _.-/)")
	case !strings.HasPrefix(name, "/"), strings.HasSuffix(name, "/"), strings.Contains(name, "//"):
		return errors.New("a parameter's name begins with a slash and has something after each, as /alarmrelay/discord/ops")
	case strings.Count(name, "/") > maxLevels:
		return fmt.Errorf("a parameter's name has at most %d levels", maxLevels)
	}
	if first := strings.ToLower(name[1:]); strings.HasPrefix(first, "aws") || strings.HasPrefix(first, "ssm") {
		return errors.New("Parameter Store keeps names that begin with /aws or /ssm for itself")
	}
	return nil
}

// ReadParameter returns the newest version of a parameter, decrypted; ok is false where there is none.
func ReadParameter(ctx context.Context, cfg Config, name string) (p Parameter, ok bool, err error) {
	out, err := ssm.NewFromConfig(cfg).GetParameter(ctx, &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
	if _, absent := errors.AsType[*types.ParameterNotFound](err); absent {
		return Parameter{}, false, nil
	}
	if err != nil {
		return Parameter{}, false, refused("read parameter "+name, err)
	}
	if out.Parameter == nil {
		return Parameter{}, false, fmt.Errorf("read parameter %s: Parameter Store answered without a parameter", name)
	}
	return Parameter{
		Value:  secret.New(strings.TrimSpace(aws.ToString(out.Parameter.Value))),
		Secure: out.Parameter.Type == types.ParameterTypeSecureString, Version: out.Parameter.Version,
	}, true, nil
}

// Secret is what is kept as a SecureString.
type Secret struct {
	Name  string
	Value secret.Value
	Key   string // the KMS key's ARN; "" for the account's own key for Parameter Store
}

// PutSecret stores a secret in the standard tier. It makes the parameter, tagged as alarmrelay's; with overwrite it
// gives one that is there a new version, which keeps the tags. No error holds the value.
func PutSecret(ctx context.Context, cfg Config, s Secret, overwrite bool) error {
	in := &ssm.PutParameterInput{
		Name: &s.Name, Value: aws.String(s.Value.Reveal()), Overwrite: &overwrite,
		Type: types.ParameterTypeSecureString, Tier: types.ParameterTierStandard,
	}
	if s.Key != "" {
		in.KeyId = &s.Key
	}
	if !overwrite { // AWS takes tags for a new parameter only
		in.Tags = []types.Tag{{Key: aws.String("Project"), Value: aws.String("alarmrelay")}}
		in.Description = aws.String("a webhook of alarmrelay")
	}
	_, err := ssm.NewFromConfig(cfg).PutParameter(ctx, in)
	doing := "store parameter " + s.Name
	if _, there := errors.AsType[*types.ParameterAlreadyExists](err); there {
		return &refusal{doing + ": somebody else has just made it: look at it, then run this again", err}
	}
	if err != nil {
		return withoutValue(refused(doing, err), doing, s.Value)
	}
	return nil
}

// withoutValue replaces an error whose text holds a part of a secret: AWS quotes what it finds wrong.
func withoutValue(err error, doing string, value secret.Value) error {
	const short = 8 // what is shorter says nothing
	text := err.Error()
	for part := range strings.FieldsFuncSeq(value.Reveal(), func(r rune) bool { return strings.ContainsRune("/?&=", r) }) {
		if len(part) < short || !strings.Contains(text, part) {
			continue
		}
		code := "its answer repeats the value, and is not shown"
		if api := smithy.APIError(nil); errors.As(err, &api) {
			code = api.ErrorCode() + " (the answer repeats the value, and is not shown)"
		}
		return errors.New(doing + ": " + code)
	}
	return err
}
