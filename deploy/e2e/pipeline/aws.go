package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Where everything is deployed; the account is invented. Its id is also the access key: that is
// ministack's way to name the owner of an account, whose signature it does not check.
const (
	accountID = "111122223333"
	region    = "eu-west-1"
)

// aws is the emulator as somebody with every right sees it. It speaks plain HTTP, not the SDK: only the
// relay's own packages import that.
type aws struct {
	*emulator
	client *http.Client
}

func startAWS(ctx context.Context, folder string, c *chat) (*aws, error) {
	e, err := startEmulator(ctx, folder, c)
	if err != nil {
		return nil, err
	}
	root, err := os.ReadFile(c.root)
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(root) {
		e.close()
		return nil, errors.Join(errors.New("read the root certificate"), err)
	}
	return &aws{e, &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}},
	}}, nil
}

// call asks a service of AWS's JSON protocols. The operation has its prefix, as in X-Amz-Target.
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
func (a *aws) call(ctx context.Context, service, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	answer, err := a.send(ctx, service, "/", body, "Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", operation)
	if err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// query asks a service of AWS's older protocol, forms in and XML out.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
func (a *aws) query(ctx context.Context, service, action string, form map[string]string, out any) error {
	values := url.Values{"Action": {action}}
	for name, value := range form {
		values.Set(name, value)
	}
	answer, err := a.send(ctx, service, "/", []byte(values.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	if out == nil {
		return nil
	}
	return xml.Unmarshal(answer, out)
}

// send posts, with headers as name after value, and returns the body of an answer that is no error.
func (a *aws) send(ctx context.Context, service, path string, body []byte, headers ...string) ([]byte, error) {
	return a.ask(ctx, http.MethodPost, service, path, body, headers...)
}

// ask is send with any method.
func (a *aws) ask(ctx context.Context, method, service, path string, body []byte, headers ...string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, a.front.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	scope := strings.Join([]string{accountID, time.Now().UTC().Format("20060102"), region, service, "aws4_request"}, "/")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+scope+", SignedHeaders=host, Signature=none")
	answer, err := a.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 300 {
		err = fmt.Errorf("status %d: %.500s", answer.StatusCode, text)
	}
	return text, err
}
