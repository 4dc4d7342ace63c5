package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// gate is the function's way to the internet: a proxy that leads to the fakes whoever asks for Discord
// or Slack, and turns away and notes who asks for anybody else.
type gate struct {
	server *httptest.Server
	leads  map[string]string // host and port asked for -> address of the fake

	mu     sync.Mutex
	turned []string
}

func openGate(leads map[string]string) *gate {
	g := &gate{leads: leads}
	g.server = httptest.NewServer(g)
	return g
}

// ServeHTTP implements [http.Handler] for CONNECT; nothing is asked for without TLS.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	to, known := g.leads[r.Host]
	if r.Method != http.MethodConnect || !known {
		g.mu.Lock()
		g.turned = append(g.turned, r.Method+" "+r.Host)
		g.mu.Unlock()
		http.Error(w, "only the chat is behind this gate", http.StatusForbidden)
		return
	}
	inner, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(r.Context(), "tcp", to)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	// The connection is taken before the client hears that it is through: what it says then must not reach the server's buffer.
	outer, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = inner.Close() // nobody has used it
		return
	}
	if _, err := io.WriteString(outer, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		_, _ = inner.Close(), outer.Close() // the client has gone
		return
	}
	go carry(inner, outer)
	go carry(outer, inner)
}

// carry copies until one side is done, and then ends both.
func carry(to, from net.Conn) {
	_, _ = io.Copy(to, from) // why a connection ends is the business of those who talk
	_ = to.Close()
	_ = from.Close()
}

// strangers returns what was asked for and is none of the chat's.
func (g *gate) strangers() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]string(nil), g.turned...)
}
