//go:build linux

package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"alarmrelay/deploy/runtimeapi"
	"alarmrelay/relay/fake"
)

// discord is the service that the functions post to, on loopback and without
// rate limits, and the files that make the functions use it.
type discord struct {
	service *fake.Discord
	server  *httptest.Server
	hook    fake.Webhook
	config  string // path of the relay's configuration
	roots   string // path of the certificates that are trusted; empty for plain HTTP
}

// plainDiscord speaks HTTP/1.1 without TLS.
func plainDiscord(folder string) (*discord, error) {
	d := newDiscord()
	d.server.Start()
	return d, d.configure(folder)
}

// tlsDiscord speaks HTTP/2 over TLS 1.3, as the real one does.
func tlsDiscord(folder string) (*discord, error) {
	certificate, roots, err := certify()
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	d := newDiscord()
	d.roots = filepath.Join(folder, "roots.pem")
	if err := os.WriteFile(d.roots, roots, 0o600); err != nil {
		return nil, err
	}
	d.server.EnableHTTP2 = true
	d.server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	d.server.StartTLS()
	return d, d.configure(folder)
}

func newDiscord() *discord {
	service := fake.NewDiscord(fake.Options{Unlimited: true})
	return &discord{
		service: service,
		server:  httptest.NewUnstartedServer(service),
		hook:    service.AddChannel(fake.Channel{Name: "ops"}),
	}
}

func (d *discord) close() {
	d.service.Close()
	d.server.Close()
}

// configure writes the file that lets the relay post to a host that is not Discord's.
func (d *discord) configure(folder string) error {
	at, err := url.Parse(d.server.URL)
	if err != nil {
		return err
	}
	d.config = filepath.Join(folder, "alarmrelay.yaml")
	text := "allow_hosts: [\"" + at.Host + "\"]\ndestinations: {ops: {discord: \"env:OPS\"}}\nrules: [{to: ops}]\n"
	return os.WriteFile(d.config, []byte(text), 0o600)
}

// relay are the variables of a relay that posts here.
func (d *discord) relay() []string {
	return append(d.trust(), "ALARMRELAY_CONFIG="+d.config, "OPS="+d.hook.URL(d.server.URL))
}

// fixed are the variables of a function that always posts the message here.
func (d *discord) fixed(message []byte) []string {
	return append(d.trust(), "WEBHOOK="+d.server.URL+d.hook.Path()+"?wait=true", "MESSAGE="+string(message))
}

// trust makes Go's crypto/x509 read our certificate and no other.
func (d *discord) trust() []string {
	if d.roots == "" {
		return nil
	}
	return []string{"SSL_CERT_FILE=" + d.roots, "SSL_CERT_DIR=" + filepath.Join(filepath.Dir(d.roots), "none")}
}

// posted returns the body of the latest message.
func (d *discord) posted() ([]byte, error) {
	for _, exchange := range slices.Backward(d.service.Log()) {
		if exchange.Method == http.MethodPost && exchange.Status == http.StatusOK {
			return exchange.Request, nil
		}
	}
	return nil, errors.New("nothing was posted")
}

// message returns what a relay posts for the event, so that the fixed function can post the same.
func (d *discord) message(ctx context.Context, b *binaries, event []byte) ([]byte, error) {
	f, err := runtimeapi.Start(ctx, b.relay, runtimeapi.Options{Env: d.relay()})
	if err != nil {
		return nil, err
	}
	defer f.Stop()
	if err := deliver(ctx, f, event); err != nil {
		return nil, err
	}
	return d.posted()
}
