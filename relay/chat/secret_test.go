package chat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/secret"
)

// kept is a place where an address is kept, and changed.
type kept struct {
	addresses []string // one for each fetch; the last again and again; "" is an error
	fetches   int
}

var errKept = errors.New("ssm:/alarmrelay/ops: access denied")

func (k *kept) fetch(context.Context) (secret.Value, error) {
	address := k.addresses[min(k.fetches, len(k.addresses)-1)]
	k.fetches++
	switch address {
	case "":
		return secret.Value{}, errKept
	case "missing":
		return secret.Value{}, secret.ErrMissing
	}
	return secret.New(address), nil
}

func TestTheAddressIsFetchedOnceAndAgainWhenTheWebhookIsDead(t *testing.T) {
	const other = "https://discord.com/api/webhooks/998877665544332211/another-token"
	at := func(address string) string {
		return strings.Replace(address, "/api/webhooks", "/api/v10/webhooks", 1) + "?wait=true"
	}
	gone, ok := coded(404, 10015), says(200, posted)
	dead := &relay.DeadError{Status: 404, Code: "10015"}
	for _, test := range []struct {
		name      string
		addresses []string
		replies   []reply
		posts     int
		asked     []string
		fetches   int
		err       error
		says      string
	}{
		{"it is kept", []string{discordURL}, []reply{ok}, 3, []string{at(discordURL), at(discordURL), at(discordURL)}, 1, nil, ""},
		{"it was changed", []string{discordURL, other}, []reply{ok, gone, ok}, 3, []string{at(discordURL), at(discordURL), at(other), at(other)}, 2, nil, ""},
		{"it is the same", []string{discordURL}, []reply{gone}, 1, []string{at(discordURL)}, 2, dead, ""},
		{"the new one is dead as well", []string{discordURL, other}, []reply{gone}, 1, []string{at(discordURL), at(other)}, 2, dead, ""},
		{"it can't be fetched again", []string{discordURL, ""}, []reply{gone}, 1, []string{at(discordURL)}, 2, dead, ""},
		{"the new one is none", []string{discordURL, "none"}, []reply{gone}, 1, []string{at(discordURL)}, 2, dead, ""},
		{"it can't be fetched", []string{""}, []reply{ok}, 1, nil, 1, nil, "post to Discord: fetch the webhook's address: ssm:/alarmrelay/ops: access denied"},
		{"it is missing", []string{"missing"}, []reply{ok}, 1, nil, 1, &relay.DeadError{}, ""},
		{"it is Slack's", []string{slackURL}, []reply{ok}, 1, nil, 1, &relay.DeadError{}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, k := &wire{replies: test.replies}, &kept{addresses: test.addresses}
			hooks := chat.New(discord, k.fetch, chat.Options{HTTP: client(w)})
			var err error
			for range test.posts {
				_, err = hooks.Post(t.Context(), message())
			}
			says, gotErr := typed(err)
			if diff := cmp.Diff(test.err, gotErr); diff != "" || says != test.says {
				t.Errorf("error %q, -want +got:\n%s", says, diff)
			}
			var asked []string
			for _, a := range w.asked {
				asked = append(asked, a.URL)
			}
			if diff := cmp.Diff(test.asked, asked); diff != "" || k.fetches != test.fetches {
				t.Errorf("%d fetches, -want +got:\n%s", k.fetches, diff)
			}
			assertNothingSecret(t, err, hooks)
		})
	}
}

func TestAnAddressThatFailedIsFetchedAgainNextTime(t *testing.T) {
	w, k := &wire{replies: []reply{says(200, posted)}}, &kept{addresses: []string{"", "none", discordURL}}
	hooks := chat.New(discord, k.fetch, chat.Options{HTTP: client(w)})
	for range 2 {
		if err := hooks.Warm(t.Context()); err == nil || len(w.asked) > 0 {
			t.Fatal(err, w.asked)
		}
	}
	if _, err := hooks.Post(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
}

// TestNoFailureShowsTheAddress goes through every way to fail that the client
// knows, with a service that throws the address back in each.
func TestNoFailureShowsTheAddress(t *testing.T) {
	for service, address := range map[string]string{"discord": discordURL, "slack": slackURL} {
		path, ids, token := discordPath, discordID, discordToken
		if service == "slack" {
			path, ids, token = slackPath, slackIDs, slackToken
		}
		echo := func(status int, code string) reply {
			return says(status, `{"message":"`+token+" "+ids+" "+path+`","error":"`+token+`","code":`+code+`,"errors":{"`+token+`":{"`+ids+`":{"_errors":[{"code":"`+token+`","message":"`+address+`"}]}}}}`,
				"Location: "+address, "X-RateLimit-Bucket: "+token)
		}
		network := func(sent bool, err error) reply {
			return func(r *http.Request) (*http.Response, error) {
				if sent {
					wrote(r)
				}
				return nil, err
			}
		}
		quoting := &url.Error{Op: "Post", URL: address, Err: errors.New("malformed HTTP response \"" + path + "\x00" + token + "\"")}
		failures := map[string]reply{
			"silence":              silent,
			"a word":               says(400, token),
			"a page":               says(403, "<html>"+address),
			"a quoting error":      network(false, quoting),
			"a lost quoting error": network(true, quoting),
			"a token cut in two":   network(true, errors.New(token[:5]+"\r\n"+token[5:])),
			"a long error":         network(false, errors.New(strings.Repeat("x", 200-len(token)/2)+token)),
			"edits of the old":     echo(429, "30046"),
			"a wrong thread":       echo(400, "220001"),
			"gone":                 echo(404, "10008"),
			"crash":                echo(500, "0"),
			"a code as text":       echo(400, `"`+token+`"`),
		}
		for _, status := range []int{301, 302, 307, 400, 401, 403, 404, 405, 408, 410, 413, 418, 429, 500, 502, 503, 504, 599} {
			failures[fmt.Sprint("status ", status)] = echo(status, "50035")
			failures[fmt.Sprint("bare status ", status)] = says(status, address)
		}
		for name, failure := range failures {
			t.Run(service+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					hooks, _ := on(discord, chat.Options{}, failure)
					if service == "slack" {
						hooks, _ = on(slack, chat.Options{}, failure)
					}
					ctx := deadline(t, time.Minute)
					_, posted := hooks.Post(ctx, message())
					_, edited := hooks.Edit(ctx, postedRef, message())
					deleted := hooks.Delete(ctx, postedRef)
					alive := hooks.Alive(ctx)
					warm := hooks.Warm(ctx)
					if posted == nil || edited == nil || deleted == nil {
						t.Errorf("no failure: post %v, edit %v, delete %v", posted, edited, deleted)
					}
					assertNothingSecret(t, posted, edited, deleted, alive, warm, hooks)
				})
			})
		}
	}
}
