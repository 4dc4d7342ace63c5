package account_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

// broken is a network that brings nothing anywhere.
type broken struct{ err error }

func (b broken) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body.Close()
	}
	return nil, b.err
}

func TestAnAWSThatIsNotReachedIsOneSentence(t *testing.T) {
	nobody := fake.Transport{} // where DNS knows no host
	for name, row := range map[string]struct {
		region  string
		network http.RoundTripper
		err     string
	}{
		"a slip in the region":  {"ap-northeest-2", nobody, "no AWS region is called ap-northeest-2, as far as can be seen from here; did you mean ap-northeast-2?"},
		"no way to the outside": {"ap-northeast-2", nobody, "there is no host cloudformation.ap-northeast-2.amazonaws.com, as far as can be seen from here"},
		"nobody listens": {
			"ap-northeast-2",
			broken{&net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4566}, Err: syscall.ECONNREFUSED}},
			"no answer: dial tcp 127.0.0.1:4566: connection refused",
		},
		"too slow":                {"ap-northeast-2", broken{context.DeadlineExceeded}, "no answer: context deadline exceeded"},
		"a proxy that says no":    {"ap-northeast-2", broken{errors.New("Forbidden")}, "no answer: Forbidden"},
		"a region of another sea": {"xx-nowhere-7", nobody, "no AWS region is called xx-nowhere-7, as far as can be seen from here"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := configFor(nil)
				cfg.Region, cfg.HTTPClient = row.region, &http.Client{Transport: row.network}
				_, err := account.StackOutputs(t.Context(), cfg, "alarmrelay")
				if want := "read the outputs of stack alarmrelay: " + row.err; err == nil || err.Error() != want {
					t.Errorf("error %v, want %s", err, want)
				}
			})
		})
	}
}

// A request may take more than one permission: AWS says which was missing.
func TestTheActionThatWasMissingIsTheOneThatAWSNames(t *testing.T) {
	for said, want := range map[string]string{
		"User: arn:aws:iam::111122223333:user/minji is not authorized to perform: ssm:AddTagsToResource on resource: x": "ssm:AddTagsToResource",
		"User: arn:aws:iam::111122223333:user/minji is not authorized to perform: kms:Encrypt on resource: x":           "kms:Encrypt",
		"Access denied": "ssm:PutParameter",
	} {
		synctest.Test(t, func(t *testing.T) {
			denies := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/x-amz-json-1.1")
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprintf(w, `{"__type":"AccessDeniedException","message":%q}`, said)
			})
			cfg := configFor(fake.Transport{"ssm.us-east-1.amazonaws.com": denies})
			err := account.PutSecret(t.Context(), cfg, webhookSecret(webhook), false)
			if want := "store parameter " + parameterName + ": access denied: it takes " + want + " (" + said + ")"; err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
		})
	}
}
