package chat

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// maxIdle is how long a connection may lie unused. A function that was frozen
// wakes with connections that the other side has long closed, and net/http
// does not send a POST again that found such a one. Transport and its HTTP/2
// compare the wall clock, not only a timer, with the moment a connection
// became idle (see "tooOld" and "tooIdleLocked" in net/http), so time spent
// frozen counts.
const maxIdle = 30 * time.Second

// NewHTTPClient returns a client for all webhooks of a process to share. It
// keeps connections and TLS sessions, takes a proxy from the environment, and
// follows no redirect.
func NewHTTPClient() *http.Client {
	dialer := &net.Dialer{Timeout: 3 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    3 * time.Second,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(8)},
			IdleConnTimeout:        maxIdle,
			MaxIdleConnsPerHost:    8, // Slack and the fakes over HTTP/1: one for each of several destinations
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
