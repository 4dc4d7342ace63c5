package cloud

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
)

// written is a client that answers nothing and notes what goes over the wire in which pieces.
type written struct{ pieces []string }

func (w *written) Do(r *http.Request) (*http.Response, error) { return nil, r.Write(w) }

func (w *written) Write(p []byte) (int, error) {
	w.pieces = append(w.pieces, string(p))
	return len(p), nil
}

// request has a body that net/http does not know, as the SDK's requests have.
func request(t *testing.T, body io.Reader) *http.Request {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://dynamodb.us-east-1.amazonaws.com/", io.NopCloser(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", "sdk")
	r.ContentLength = 4
	return r
}

func send(client aws.HTTPClient, r *http.Request) error {
	answer, err := client.Do(r)
	if answer != nil {
		answer.Body.Close()
	}
	return err
}

func TestARequestGoesOutInOnePiece(t *testing.T) {
	const whole = "POST / HTTP/1.1\r\nHost: dynamodb.us-east-1.amazonaws.com\r\nUser-Agent: sdk\r\nContent-Length: 4\r\n\r\nbody"
	head, body := whole[:len(whole)-4], whole[len(whole)-4:]
	var without, with written
	if err := send(&without, request(t, iotest.OneByteReader(strings.NewReader("body")))); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{head, body}, without.pieces); diff != "" {
		t.Errorf("net/http has changed: is this still needed? (-want +got)\n%s", diff)
	}
	r := request(t, iotest.OneByteReader(strings.NewReader("body")))
	if err := send(inOnePiece{&with}, r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{whole}, with.pieces); diff != "" {
		t.Errorf("pieces (-want +got)\n%s", diff)
	}
	again, err := r.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(again); string(data) != "body" || err != nil {
		t.Errorf("a second try sends %q, %v", data, err)
	}
}

func TestARequestWhoseBodyCannotBeReadIsNotSent(t *testing.T) {
	broken := errors.New("broken")
	for name, row := range map[string]struct {
		body io.Reader
		want error
	}{
		"it breaks":        {iotest.ErrReader(broken), broken},
		"it ends too soon": {strings.NewReader("bod"), io.ErrUnexpectedEOF},
	} {
		var w written
		if err := send(inOnePiece{&w}, request(t, row.body)); !errors.Is(err, row.want) || w.pieces != nil {
			t.Errorf("%s: %v, sent %q", name, err, w.pieces)
		}
	}
}

func TestARequestWithoutABodyGoesOutAsItIs(t *testing.T) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://dynamodb.us-east-1.amazonaws.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	var w written
	if err := send(inOnePiece{&w}, r); err != nil || len(w.pieces) != 1 {
		t.Errorf("%v, sent %q", err, w.pieces)
	}
}
