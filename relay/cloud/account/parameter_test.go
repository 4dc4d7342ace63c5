package account_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/secret"
)

const (
	parameterName = "/alarmrelay/discord/ops"
	webhookToken  = "T0K3N-of-the-webhook-that-nobody-may-see"
	webhook       = "https://discord.com/api/webhooks/123456789012345678/" + webhookToken
)

// inStore runs a test in a synctest bubble with a Parameter Store of its own.
func inStore(t *testing.T, test func(*testing.T, *fake.ParameterStore, aws.Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		store := fake.NewParameterStore()
		defer store.Close()
		cfg := configFor(fake.Transport{"ssm.ap-northeast-2.amazonaws.com": store})
		cfg.Region = "ap-northeast-2"
		test(t, store, cfg)
	})
}

func webhookSecret(value string) account.Secret {
	return account.Secret{Name: parameterName, Value: secret.New(value)}
}

func TestASecretIsStoredTaggedAndReadBack(t *testing.T) {
	inStore(t, func(t *testing.T, store *fake.ParameterStore, cfg aws.Config) {
		if _, ok, err := account.ReadParameter(t.Context(), cfg, parameterName); ok || err != nil {
			t.Fatalf("a parameter that is not there: %v, %v", ok, err)
		}
		if err := account.PutSecret(t.Context(), cfg, webhookSecret(webhook), false); err != nil {
			t.Fatal(err)
		}
		want := map[string]fake.StoredParameter{parameterName: {
			Value: webhook, Type: "SecureString", Key: "alias/aws/ssm", Description: "a webhook of alarmrelay", Version: 1,
			Tags: map[string]string{"Project": "alarmrelay"},
		}}
		if diff := cmp.Diff(want, store.All()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		got, ok, err := account.ReadParameter(t.Context(), cfg, parameterName)
		if err != nil || !ok || got != (account.Parameter{Value: secret.New(webhook), Secure: true, Version: 1}) {
			t.Errorf("read %+v, %v, %v", got, ok, err)
		}
	})
}

func TestASecretIsReplacedOnlyOnPurposeAndKeepsItsTags(t *testing.T) {
	inStore(t, func(t *testing.T, store *fake.ParameterStore, cfg aws.Config) {
		tags := map[string]string{"team": "data"}
		store.Put(parameterName, fake.StoredParameter{Value: "old", Type: "SecureString", Key: "alias/aws/ssm", Version: 4, Tags: tags})
		err := account.PutSecret(t.Context(), cfg, webhookSecret(webhook), false)
		if err == nil || !strings.HasPrefix(err.Error(), "store parameter "+parameterName+": somebody else has just made it") {
			t.Errorf("error %v", err)
		}
		s := webhookSecret(webhook)
		s.Key = "arn:aws:kms:ap-northeast-2:111122223333:key/1a2b"
		if err := account.PutSecret(t.Context(), cfg, s, true); err != nil {
			t.Fatal(err)
		}
		want := map[string]fake.StoredParameter{parameterName: {Value: webhook, Type: "SecureString", Key: s.Key, Version: 5, Tags: tags}}
		if diff := cmp.Diff(want, store.All()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestRefusalsOfParameterStoreSayWhatWouldHelpAndNoAddress(t *testing.T) {
	read := func(t *testing.T, cfg aws.Config) error {
		_, _, err := account.ReadParameter(t.Context(), cfg, parameterName)
		return err
	}
	put := func(t *testing.T, cfg aws.Config) error {
		return account.PutSecret(t.Context(), cfg, webhookSecret(webhook), false)
	}
	for name, row := range map[string]struct {
		fault fake.FaultKind
		act   func(*testing.T, aws.Config) error
		want  string
	}{
		"no permission to read": {
			fake.Forbidden, read,
			"read parameter /alarmrelay/discord/ops: access denied: it takes ssm:GetParameter (User: arn:aws:iam::111122223333:user/minji is not authorized to perform: ssm:GetParameter)",
		},
		"no permission to store": {
			fake.Forbidden, put,
			"store parameter /alarmrelay/discord/ops: access denied: it takes ssm:PutParameter (User: arn:aws:iam::111122223333:user/minji is not authorized to perform: ssm:PutParameter)",
		},
		"other credentials": {
			fake.BadToken, put,
			"store parameter /alarmrelay/discord/ops: AWS does not know these credentials (The security token included in the request is invalid)",
		},
		"an answer that quotes the address": {
			fake.Filtered, put,
			"store parameter /alarmrelay/discord/ops: ValidationException (the answer repeats the value, and is not shown)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			inStore(t, func(t *testing.T, store *fake.ParameterStore, cfg aws.Config) {
				store.Break(fake.Fault{Kind: row.fault})
				err := row.act(t, cfg)
				if err == nil || err.Error() != row.want {
					t.Errorf("error %v, want %s", err, row.want)
				}
				for inner := err; inner != nil; inner = errors.Unwrap(inner) {
					if strings.Contains(fmt.Sprintf("%v %+v", inner, inner), webhookToken) {
						t.Error("the token is in an error")
					}
				}
			})
		})
	}
}

func TestParameterNames(t *testing.T) {
	for name, says := range map[string]string{
		"/alarmrelay/discord/ops":               "",
		"/a":                                    "",
		"/team.x/Slack_1/o-p-s":                 "",
		strings.Repeat("/a", 15):                "",
		"":                                      "reads /alarmrelay/discord/ops",
		"ops":                                   "begins with a slash",
		"/ops/":                                 "begins with a slash",
		"//ops":                                 "reads /alarmrelay/discord/ops",
		"/ops:3":                                "reads /alarmrelay/discord/ops",
		" /ops":                                 "reads /alarmrelay/discord/ops",
		"/결제/ops":                               "reads /alarmrelay/discord/ops",
		"/AWS-ops/x":                            "keeps names that begin",
		"/ssm/x":                                "keeps names that begin",
		strings.Repeat("/a", 16):                "at most 15 levels",
		"/https://discord.com/api/webhooks/1/x": "reads /alarmrelay/discord/ops",
	} {
		err := account.CheckParameterName(name)
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%q: error %v, want %q", name, err, says)
		}
	}
}

// callers answers GetCallerIdentity in the XML of AWS's query protocol.
type callers struct{ refused bool }

func (c callers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	if c.refused || r.FormValue("Action") != "GetCallerIdentity" {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code>`+
			`<Message>The security token included in the request is invalid.</Message></Error></ErrorResponse>`)
		return
	}
	fmt.Fprint(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>`+
		`<Arn>arn:aws:iam::111122223333:user/minji</Arn><UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
}

func TestWhoseCredentialsTheseAre(t *testing.T) {
	for name, row := range map[string]struct {
		service callers
		account string
		err     string
	}{
		"known":   {callers{}, "111122223333", ""},
		"unknown": {callers{refused: true}, "", "ask AWS in ap-northeast-2 whose credentials these are: AWS does not know these credentials (The security token included in the request is invalid)"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := configFor(fake.Transport{"sts.ap-northeast-2.amazonaws.com": row.service})
				cfg.Region = "ap-northeast-2"
				got, err := account.CallerAccount(t.Context(), cfg)
				said := ""
				if err != nil {
					said = err.Error()
				}
				if got != row.account || said != row.err {
					t.Errorf("account %q, error %q", got, said)
				}
			})
		})
	}
}
