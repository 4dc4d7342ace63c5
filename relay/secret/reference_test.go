package secret_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/secret"
)

func TestParseReference(t *testing.T) {
	for _, test := range []struct {
		text string
		want secret.Reference
	}{
		{"env:DISCORD_WEBHOOK", secret.Reference{Scheme: secret.SchemeEnv, Name: "DISCORD_WEBHOOK"}},
		{"file:/run/secrets/ops", secret.Reference{Scheme: secret.SchemeFile, Name: "/run/secrets/ops"}},
		{"file:here#there", secret.Reference{Scheme: secret.SchemeFile, Name: "here#there"}},
		{"  ssm:/alarmrelay/discord/ops\n", secret.Reference{Scheme: secret.SchemeSSM, Name: "/alarmrelay/discord/ops"}},
		{"ssm:/alarmrelay/ops:3", secret.Reference{Scheme: secret.SchemeSSM, Name: "/alarmrelay/ops:3"}},
		{
			"ssm:arn:aws:ssm:eu-west-1:111122223333:parameter/ops",
			secret.Reference{Scheme: secret.SchemeSSM, Name: "arn:aws:ssm:eu-west-1:111122223333:parameter/ops"},
		},
		{"secretsmanager:alarmrelay/ops", secret.Reference{Scheme: secret.SchemeSecretsManager, Name: "alarmrelay/ops"}},
		{"secretsmanager:chat#ops", secret.Reference{Scheme: secret.SchemeSecretsManager, Name: "chat", Key: "ops"}},
	} {
		t.Run(test.text, func(t *testing.T) {
			got, err := secret.ParseReference(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if trimmed := strings.TrimSpace(test.text); got.String() != trimmed {
				t.Errorf("String() = %q, want %q", got, trimmed)
			}
			if text, err := json.Marshal(got); err != nil || string(text) != fmt.Sprintf("%q", got) {
				t.Errorf("as JSON: %s, %v", text, err)
			}
		})
	}
}

func TestParseReferenceTeachesAndRepeatsNoAddress(t *testing.T) {
	for _, test := range []struct{ name, text, says string }{
		{"nothing", "", "not a reference"},
		{"a Discord address", "https://discord.com/api/webhooks/1/T0K3N", "is a password"},
		{"a Slack address", "https://hooks.slack.com/services/T0/B0/T0K3N", "is a password"},
		{"an address without its scheme", "discord.com/api/webhooks/1/T0K3N", "is a password"},
		{"a path of an address", "/api/webhooks/1/T0K3N", "is a password"},
		{"an address after a scheme", "ssm:https://discord.com/api/webhooks/1/T0K3N", "is a password"},
		{"an address of another host", "HTTPS://chat.example.org/T0K3N", "is a password"},
		{"a webhook as file address", "file://discord.com/api/webhooks/1/T0K3N", "is a password"},
		{"a token alone", "T0K3N", "not a reference"},
		{"a scheme nobody knows", "vault:T0K3N", "not a reference"},
		{"a file as an address", "file:///run/T0K3N", "without //"},
		{"no variable", "env:", "environment variable"},
		{"a variable with a digit first", "env:1T0K3N", "environment variable"},
		{"a variable with a dash", "env:T0K3N-", "environment variable"},
		{"no file", "file:", "path of a file"},
		{"no parameter", "ssm:", "name of a parameter"},
		{"a parameter with a space", "ssm:T0K3N ops", "name of a parameter"},
		{"an endless parameter", "ssm:/T0K3N" + strings.Repeat("x", 2048), "name of a parameter"},
		{"no secret", "secretsmanager:#ops", "name of a secret"},
		{"no key", "secretsmanager:T0K3N#", "key of the JSON secret"},
		{"an ARN", "secretsmanager:arn:aws:secretsmanager:eu-west-1:111122223333:secret:T0K3N", "instead of its ARN"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := secret.ParseReference(test.text)
			if err == nil {
				t.Fatalf("accepted as %#v", got)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %q does not say %q", err, test.says)
			}
			if strings.Contains(err.Error(), "T0K3N") {
				t.Errorf("error repeats the text: %v", err)
			}
			if !got.IsZero() {
				t.Errorf("an error came with %#v", got)
			}
		})
	}
}

func TestLocalFetchesWithoutWhiteSpace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ops")
	if err := os.WriteFile(path, []byte("\n  of-the-file \r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ALARMRELAY_TEST_OPS", " of-the-variable\n")
	for text, want := range map[string]string{
		"file:" + path:            "of-the-file",
		"env:ALARMRELAY_TEST_OPS": "of-the-variable",
	} {
		got, err := secret.Local{}.Fetch(t.Context(), reference(t, text))
		if err != nil || got.Reveal() != want {
			t.Errorf("%s: %q, %v", text, got.Reveal(), err)
		}
	}
}

func TestLocalErrorsNameTheReference(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ALARMRELAY_TEST_EMPTY", "")
	for _, test := range []struct {
		name, text, says string
		is               error
	}{
		{"a variable nobody set", "env:ALARMRELAY_TEST_NOBODY", "is not set", nil},
		{"an empty variable", "env:ALARMRELAY_TEST_EMPTY", "nothing is stored", nil},
		{"an empty file", "file:" + empty, "nothing is stored", nil},
		{"no such file", "file:" + empty + ".not", "no such file", os.ErrNotExist},
		{"a parameter", "ssm:/alarmrelay/ops", "not kept on this machine", errors.ErrUnsupported},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := reference(t, test.text)
			_, err := secret.Local{}.Fetch(context.Background(), r)
			if err == nil || !strings.HasPrefix(err.Error(), r.String()) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v does not say %q of %v", err, test.says, r)
			}
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("error %v is not %v", err, test.is)
			}
		})
	}
}

func TestExtract(t *testing.T) {
	for _, test := range []struct{ name, text, stored, want, says string }{
		{"all of a secret", "secretsmanager:chat", "  s3cret\n", "s3cret", ""},
		{"one of several", "secretsmanager:chat#ops", `{"ops":" s3cret ","backend":"other"}`, "s3cret", ""},
		{"a key that is not there", "secretsmanager:chat#dev", `{"ops":"s3cret"}`, "", `no key "dev"`},
		{"no JSON", "secretsmanager:chat#ops", "s3cret", "", "not a JSON object"},
		{"a list", "secretsmanager:chat#ops", `["s3cret"]`, "", "not a JSON object"},
		{"a number", "secretsmanager:chat#ops", `{"ops":7331}`, "", "is not a string"},
		{"an empty member", "secretsmanager:chat#ops", `{"ops":" ","backend":"s3cret"}`, "", "nothing is stored"},
		{"a null", "secretsmanager:chat#ops", `{"ops":null,"backend":"s3cret"}`, "", "nothing is stored"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := reference(t, test.text).Extract(test.stored)
			if got.Reveal() != test.want {
				t.Errorf("got %q, want %q", got.Reveal(), test.want)
			}
			switch {
			case test.says == "" && err != nil:
				t.Error(err)
			case test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)):
				t.Errorf("error %v does not say %q", err, test.says)
			case err != nil && (strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "7331")):
				t.Errorf("error holds what is stored: %v", err)
			}
		})
	}
}

func reference(t *testing.T, text string) secret.Reference {
	t.Helper()
	r, err := secret.ParseReference(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
