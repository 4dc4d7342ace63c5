package page

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// policy lets a page load what comes from here, and nothing else. The page writes its own styles into its sheets, not into elements.
// https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// maxBody is the most that a page sends: a configuration, or an event that fits into a queue, as JSON.
const maxBody = 4 << 20

// tokenHeader proves that a change comes from a page that this run has served.
const tokenHeader = "X-Alarmrelay-Token"

// guarded refuses what does not come from a page of this machine. A browser can be led here by any site: by a name of that
// site's that it resolves to 127.0.0.1, or by a request from one of its pages.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		switch {
		case !isOurHost(r):
			http.Error(w, "this page is for this machine only", http.StatusForbidden)
		case isForeign(r):
			http.Error(w, "this page answers nobody else's pages", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isOurHost reports whether the request names loopback and the port that it came to.
func isOurHost(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	_, ours, err := net.SplitHostPort(local.String())
	if err != nil {
		return false
	}
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = strings.Trim(r.Host, "[]"), "80"
	}
	return port == ours && IsLoopback(host)
}

// IsLoopback reports whether a host is this machine, and nobody else's view of it.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// isForeign reports whether another site's page asks. To follow a link to the page itself is allowed.
// https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
func isForeign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return r.URL.Path != "/" || r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"
}

// change reads what a page wants changed, if it may change anything.
func change[T any](s *server, do func(http.ResponseWriter, *http.Request, T)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Origin") != "http://"+r.Host:
			writeJSON(w, http.StatusForbidden, failed{Error: "only the page itself may change something"})
			return
		case subtle.ConstantTimeCompare([]byte(r.Header.Get(tokenHeader)), []byte(s.token)) != 1:
			writeJSON(w, http.StatusForbidden, failed{Error: "the demo was started anew: load the page again", Restarted: true})
			return
		}
		var wanted T
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&wanted)
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			writeJSON(w, http.StatusRequestEntityTooLarge, failed{Error: "that is more than a page may send at once: 4 MiB"})
			return
		}
		if err != nil {
			writeJSON(w, http.StatusBadRequest, failed{Error: "no JSON: " + err.Error()})
			return
		}
		do(w, r, wanted)
	}
}

// failed says why something was not done.
type failed struct {
	Error     string `json:"error"`
	Restarted bool   `json:"restarted,omitempty"`
}
