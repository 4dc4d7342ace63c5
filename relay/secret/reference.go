package secret

import (
	"encoding"
	"errors"
	"fmt"
	"strings"
)

// Scheme is the kind of place a secret is kept in.
type Scheme string

// The schemes, as they are written before the colon of a reference.
const (
	SchemeEnv            Scheme = "env"
	SchemeFile           Scheme = "file"
	SchemeSSM            Scheme = "ssm"
	SchemeSecretsManager Scheme = "secretsmanager"
)

// Reference names the place where a secret is kept. It is no secret itself:
// it may be printed, logged and committed.
type Reference struct {
	Scheme Scheme
	Name   string // of the variable, file, parameter or secret
	Key    string // member of a JSON secret; Secrets Manager only, may be empty
}

// IsZero reports whether the reference names nothing.
func (r Reference) IsZero() bool { return r == Reference{} }

// String returns the text that [ParseReference] reads.
func (r Reference) String() string {
	if r.IsZero() {
		return ""
	}
	text := string(r.Scheme) + ":" + r.Name
	if r.Key != "" {
		text += "#" + r.Key
	}
	return text
}

// MarshalText makes encoders write the text that [ParseReference] reads.
func (r Reference) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

var (
	_ fmt.Stringer           = Reference{}
	_ encoding.TextMarshaler = Reference{}
)

var (
	errAddressItself = errors.New("this is an address, not a reference: a webhook's address is a password; " +
		"keep it in a parameter and write ssm:/alarmrelay/discord/ops, or env:NAME, file:PATH, secretsmanager:NAME")
	errTokenItself = errors.New("this is a token, not a reference: a bot's token is a password; " +
		"keep it in a parameter and write ssm:/alarmrelay/slack/bot, or env:NAME, file:PATH, secretsmanager:NAME")
	errNoScheme = errors.New("not a reference: write where the webhook's address is kept, " +
		"as ssm:NAME, secretsmanager:NAME, env:NAME or file:PATH")
	errFileURL = errors.New("a file is written as file:/run/secrets/ops, without //")
)

// ParseReference reads "env:NAME", "file:PATH", "ssm:NAME" or
// "secretsmanager:NAME", the last with an optional "#key" for a secret that is
// a JSON object. White space around it is ignored.
//
// An error says what to write instead. It repeats the text only where that can
// be nothing but a name: somebody may have put the address itself there.
func ParseReference(text string) (Reference, error) {
	text = strings.TrimSpace(text)
	scheme, name, ok := strings.Cut(text, ":")
	switch {
	case ok && Scheme(scheme) == SchemeFile && strings.HasPrefix(name, "//") && !looksLikeAddress(name):
		return Reference{}, errFileURL
	case looksLikeAddress(text):
		return Reference{}, errAddressItself
	case strings.HasPrefix(text, "xox"): // https://docs.slack.dev/authentication/tokens
		return Reference{}, errTokenItself
	case !ok:
		return Reference{}, errNoScheme
	}
	r := Reference{Scheme: Scheme(scheme), Name: name}
	if r.Scheme == SchemeSecretsManager {
		if r.Name, r.Key, ok = strings.Cut(name, "#"); ok && r.Key == "" {
			return Reference{}, errors.New("secretsmanager: nothing follows the #: write the key of the JSON secret there, or leave the # out")
		}
	}
	if err := r.check(); err != nil {
		return Reference{}, err
	}
	return r, nil
}

// looksLikeAddress is generous: whatever might hold a webhook's token counts.
func looksLikeAddress(text string) bool {
	text = strings.ToLower(text)
	for _, mark := range []string{"http:", "https:", "discord.com", "discordapp.com", "/webhooks/", "slack.com", "slack-gov.com", "/services/t"} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return strings.Contains(text, "://") && !strings.HasPrefix(text, "file://")
}

const (
	// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html (Name)
	maxParameterName = 2048
	// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html (Name)
	maxSecretName = 512
)

func (r Reference) check() error {
	switch r.Scheme {
	case SchemeEnv:
		if !made(r.Name, "_") || r.Name[0] >= '0' && r.Name[0] <= '9' {
			return errors.New("env: write the name of an environment variable, as env:DISCORD_WEBHOOK (letters, digits and _)")
		}
	case SchemeFile:
		if r.Name == "" || strings.ContainsRune(r.Name, 0) {
			return errors.New("file: write the path of a file, as file:/run/secrets/ops")
		}
	case SchemeSSM:
		// A colon begins a version or a label, or stands in the ARN of a shared parameter.
		if !made(r.Name, "_.-/:") || len(r.Name) > maxParameterName {
			return errors.New("ssm: write the name of a parameter, as ssm:/alarmrelay/discord/ops (letters, digits and _.-/)")
		}
	case SchemeSecretsManager:
		if strings.HasPrefix(r.Name, "arn:") {
			return errors.New("secretsmanager: write the secret's name instead of its ARN")
		}
		if !made(r.Name, "/_+=.@-:") || len(r.Name) > maxSecretName {
			return errors.New("secretsmanager: write the name of a secret, as secretsmanager:alarmrelay/ops or secretsmanager:alarmrelay#ops")
		}
	default:
		return errNoScheme
	}
	return nil
}

// made reports whether name is not empty and made of ASCII letters, digits and also.
func made(name, also string) bool {
	for i := range len(name) {
		c := name[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte(also, c) < 0 {
			return false
		}
	}
	return name != ""
}
