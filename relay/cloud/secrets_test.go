package cloud_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"alarmrelay/relay/cloud"
	"alarmrelay/relay/secret"
)

const address = "https://discord.com/api/webhooks/112233445566778899/d0nt-pRint_me"

// parameterStore answers GetParameter from what it holds, as AWS does, and fails for names
// that say how.
type parameterStore struct {
	parameters map[string]string
	asked      atomic.Int32
}

func (s *parameterStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	var in struct {
		Name           string
		WithDecryption bool
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Header.Get("X-Amz-Target") != "AmazonSSM.GetParameter" || !in.WithDecryption {
		http.Error(w, "not a request to decrypt a parameter", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	value, ok := s.parameters[in.Name]
	switch {
	case in.Name == "/hangs":
		<-r.Context().Done()
	case in.Name == "/says/nothing":
		fmt.Fprint(w, "{}")
	case in.Name == "/down":
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, `{"__type":"InternalServerError","message":"try again"}`)
	case !ok:
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"__type":"ParameterNotFound"}`)
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{"Parameter": map[string]string{"Name": in.Name, "Value": value}})
	}
}

// newStore starts a Parameter Store and leads the SDK to it.
func newStore(t *testing.T) *parameterStore {
	s := &parameterStore{parameters: map[string]string{
		"/alarmrelay/ops": address + "\n",
		"/aws/reference/secretsmanager/alarmrelay/ops": address,
		"/aws/reference/secretsmanager/alarmrelay":     `{"ops":"` + address + `"}`,
		"/blank": " ",
	}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_SSM": server.URL, "AWS_REGION": "ap-northeast-2",
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret-key-of-nobody", "AWS_SESSION_TOKEN": "",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	return s
}

func reference(t *testing.T, text string) secret.Reference {
	t.Helper()
	r, err := secret.ParseReference(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEverySchemeIsFetched(t *testing.T) {
	newStore(t)
	t.Setenv("OPS_WEBHOOK", address)
	source := cloud.NewSecrets(cloud.FromEnvironment)
	for _, text := range []string{"ssm:/alarmrelay/ops", "secretsmanager:alarmrelay/ops", "secretsmanager:alarmrelay#ops", "env:OPS_WEBHOOK"} {
		value, err := source.Fetch(t.Context(), reference(t, text))
		if err != nil || value.Reveal() != address {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhoUsesTheEnvironmentOnlyAsksNobody(t *testing.T) {
	store := newStore(t)
	t.Setenv("OPS_WEBHOOK", address)
	if _, err := cloud.NewSecrets(cloud.FromEnvironment).Fetch(t.Context(), reference(t, "env:OPS_WEBHOOK")); err != nil || store.asked.Load() > 0 {
		t.Errorf("%v after %d requests", err, store.asked.Load())
	}
}

func TestFailuresNameTheReferenceAndHoldNoSecret(t *testing.T) {
	newStore(t)
	source := cloud.NewSecrets(cloud.FromEnvironment)
	for text, says := range map[string]string{
		"ssm:/alarmrelay/opps":         "ParameterNotFound",
		"ssm:/down":                    "InternalServerError",
		"ssm:/blank":                   "nothing is stored there",
		"ssm:/says/nothing":            "without a parameter",
		"secretsmanager:alarmrelay#no": "has no key",
		"env:NOT_SET_ANYWHERE":         "is not set",
	} {
		_, err := source.Fetch(t.Context(), reference(t, text))
		if err == nil || !strings.HasPrefix(err.Error(), text+": ") || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
		for _, hidden := range []string{"d0nt-pRint_me", "secret-key-of-nobody"} {
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), hidden) {
				t.Errorf("%s: the error holds %s", text, hidden)
			}
		}
	}
}

func TestAHangingParameterStoreIsLeftWhenTimeIsOver(t *testing.T) {
	newStore(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := cloud.NewSecrets(cloud.FromEnvironment).Fetch(ctx, reference(t, "ssm:/hangs")); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
