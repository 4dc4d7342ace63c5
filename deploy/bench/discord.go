//go:build linux

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"alarmrelay/deploy/runtimeapi"
	"alarmrelay/relay/fake"
)

// discord is the service that the functions post to, on loopback and without
// rate limits, and the files that make the functions use it.
//
// The relay keeps to the limits all the same, and makes a digest of what comes too fast. So it has a
// destination for each alarm whose message is measured alone.
type discord struct {
	service *fake.Discord
	server  *httptest.Server
	hooks   []fake.Webhook // one for each destination
	config  string         // path of the relay's configuration
	tls     *tls.Config    // nil for plain HTTP
	roots   string         // path of the certificates that are trusted; empty for plain HTTP
}

// plainDiscord speaks HTTP/1.1 without TLS.
func plainDiscord(folder string, destinations int) (*discord, error) {
	d := newDiscord(destinations)
	d.server.Start()
	return d, d.configure(folder)
}

// tlsDiscord speaks HTTP/2 over TLS 1.3, as the real one does.
func tlsDiscord(folder string, destinations int) (*discord, error) {
	certificate, roots, err := certify()
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	d := newDiscord(destinations)
	d.roots = filepath.Join(folder, "roots.pem")
	if err := os.WriteFile(d.roots, roots, 0o600); err != nil {
		return nil, err
	}
	d.tls = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	d.server.EnableHTTP2, d.server.TLS = true, d.tls.Clone()
	d.server.StartTLS()
	return d, d.configure(folder)
}

func newDiscord(destinations int) *discord {
	service := fake.NewDiscord(fake.Options{Unlimited: true})
	d := &discord{service: service, server: httptest.NewUnstartedServer(service)}
	// A relay begins a connection for each destination at once, and gives up all but one.
	d.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	for i := range destinations {
		d.hooks = append(d.hooks, service.AddChannel(fake.Channel{Name: "ops-" + strconv.Itoa(i)}))
	}
	return d
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
	return os.WriteFile(d.config, configuration(at.Host, len(d.hooks)), 0o600)
}

// configuration sends each of the first alarms of a [batch] to a destination of its own, and all
// others to the last one.
func configuration(host string, destinations int) []byte {
	var places, rules strings.Builder
	for i := range destinations {
		fmt.Fprintf(&places, "  ops-%d: {discord: \"env:%s\"}\n", i, variable(i))
		match := fmt.Sprintf("match: {alarm: %q}, ", alarmName(i))
		if i == destinations-1 {
			match = ""
		}
		fmt.Fprintf(&rules, "- {%sto: ops-%d}\n", match, i)
	}
	return fmt.Appendf(nil, "allow_hosts: [%q]\ndestinations:\n%srules:\n%s", host, &places, &rules)
}

func variable(destination int) string { return "OPS_" + strconv.Itoa(destination) }

// relay are the variables of a relay that posts here.
func (d *discord) relay() []string {
	env := append(d.trust(), "ALARMRELAY_CONFIG="+d.config)
	for i, hook := range d.hooks {
		env = append(env, variable(i)+"="+hook.URL(d.server.URL))
	}
	return env
}

// fixed are the variables of a function that always posts the message here.
func (d *discord) fixed(message []byte) []string {
	return append(d.trust(), "WEBHOOK="+d.server.URL+d.hooks[0].Path()+"?wait=true", "MESSAGE="+string(message))
}

// trust makes Go's crypto/x509 read our certificate and no other.
func (d *discord) trust() []string {
	if d.roots == "" {
		return nil
	}
	return []string{"SSL_CERT_FILE=" + d.roots, "SSL_CERT_DIR=" + filepath.Join(filepath.Dir(d.roots), "none")}
}

// posted returns the bodies of the messages, in order.
func (d *discord) posted() (bodies [][]byte) {
	for _, exchange := range d.service.Log() {
		if exchange.Method == http.MethodPost && exchange.Status == http.StatusOK {
			bodies = append(bodies, exchange.Request)
		}
	}
	return bodies
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
	all := d.posted()
	if len(all) != 1 {
		return nil, fmt.Errorf("one alarm became %d messages", len(all))
	}
	return all[0], nil
}

// named returns an error unless what was posted names each of the first n alarms of a [batch].
func (d *discord) named(n int) error {
	var all bytes.Buffer
	for _, exchange := range d.service.Log() {
		all.Write(exchange.Request)
		for _, file := range exchange.Sent {
			all.Write(file.Data)
		}
	}
	for i := range n {
		if !bytes.Contains(all.Bytes(), []byte(alarmName(i))) {
			return fmt.Errorf("no message names %s", alarmName(i))
		}
	}
	return nil
}
