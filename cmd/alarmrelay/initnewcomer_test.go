package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

// treasury is an AWS that keeps parameters and knows whose credentials those are.
type treasury struct{ store *fake.ParameterStore }

func newTreasury() *treasury { return &treasury{fake.NewParameterStore()} }

// ServeHTTP answers for both services.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func (t *treasury) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Amz-Target") != "" {
		t.store.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	if r.FormValue("Action") != "GetCallerIdentity" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>not here</Message></Error></ErrorResponse>")
		return
	}
	fmt.Fprint(w, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
}

// newcomer is somebody who sets up a relay: a folder with a template, a treasury, a Discord and a Slack.
type newcomer struct {
	*scene
	*treasury
	dir string
}

func newNewcomer(t *testing.T) *newcomer {
	n := &newcomer{newScene(t), newTreasury(), t.TempDir()}
	t.Cleanup(n.store.Close)
	n.put("template.yaml", "Resources: {}\n")
	return n
}

func (n *newcomer) put(name, text string) {
	n.t.Helper()
	if err := os.WriteFile(filepath.Join(n.dir, name), []byte(text), 0o600); err != nil {
		n.t.Fatal(err)
	}
}

// files are the texts of what lies in the folder, but for the template.
func (n *newcomer) files() map[string]string {
	n.t.Helper()
	entries, err := os.ReadDir(n.dir)
	if err != nil {
		n.t.Fatal(err)
	}
	texts := map[string]string{}
	for _, entry := range entries {
		if entry.Name() == "template.yaml" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(n.dir, entry.Name()))
		if err != nil {
			n.t.Fatal(err)
		}
		texts[entry.Name()] = string(text)
	}
	return texts
}

// at puts a newcomer in front of init. Without flags for it, region and time zone are Seoul's.
func (n *newcomer) at(args ...string) *testEnv {
	e := newTestEnv(append([]string{"init", "--dir", n.dir, "--allow-host", "127.0.0.1"}, args...)...)
	e.signIn = func(context.Context) (account.Config, error) {
		return account.Config{
			RetryMaxAttempts: 2,
			HTTPClient:       &http.Client{Transport: fake.Transport{"ssm.ap-northeast-2.amazonaws.com": n, "sts.ap-northeast-2.amazonaws.com": n}},
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "example"}, nil
			}),
		}, nil
	}
	e.region = func(context.Context) string { return "ap-northeast-2" }
	e.resolves = func(context.Context, string) error { return errors.New("no such host") }
	e.localtime = func() string { return "/usr/share/zoneinfo/Asia/Seoul" }
	return e
}

// typing lets a newcomer answer on a terminal: unseen what is typed where nothing is shown, seen the lines.
func (n *newcomer) typing(unseen []string, seen string, args ...string) *testEnv {
	e := n.at(args...)
	e.asking, e.stdin = true, strings.NewReader(seen)
	e.hidden = func(context.Context) (string, error) {
		if len(unseen) == 0 {
			return "", io.EOF
		}
		text := unseen[0]
		unseen = unseen[1:]
		return text, nil
	}
	return e
}

func (n *newcomer) discordURL() string { return os.Getenv("OPS") }
func (n *newcomer) slackURL() string   { return os.Getenv("BACKEND") }

// stored is the parameter that init makes unless it is told another.
const stored = "/alarmrelay/discord/ops"
