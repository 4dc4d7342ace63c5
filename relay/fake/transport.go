package fake

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"syscall"
)

// Transport brings requests to handlers by the host of their address
// ("discord.com", or host:port), without a socket: for tests inside a synctest
// bubble, whose clock sockets would stop. It behaves as the network does: faults that cut the connection are
// errors, answers come as a stream, a cancelled context ends both sides, and
// httptrace's WroteRequest is called when the handler has read the request. A
// host nobody serves can't be dialled.
type Transport map[string]http.Handler

// RoundTrip implements http.RoundTripper.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	handler, ok := t[r.URL.Host]
	if !ok {
		if r.Body != nil {
			r.Body.Close()
		}
		missing := &net.DNSError{Err: "no such host", Name: r.URL.Hostname(), IsNotFound: true}
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: missing}
	}
	ctx, cancel := context.WithCancel(r.Context())
	reader, writer := io.Pipe()
	w := &wire{
		request: r, header: http.Header{}, ready: make(chan struct{}),
		body: writer, reader: reader, cancel: cancel,
	}
	context.AfterFunc(ctx, func() { writer.CloseWithError(context.Cause(ctx)) })
	go w.serve(ctx, handler)
	select {
	case <-w.ready:
		return w.response, w.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// wire is the http.ResponseWriter at the far end of one request.
type wire struct {
	request *http.Request
	header  http.Header
	body    *io.PipeWriter
	reader  *io.PipeReader
	cancel  context.CancelFunc

	once     sync.Once
	ready    chan struct{} // closed when response or err is set
	response *http.Response
	err      error
}

func (w *wire) serve(ctx context.Context, h http.Handler) {
	defer func() {
		switch failure := recover(); failure {
		case nil:
			w.WriteHeader(http.StatusOK)
			_ = w.body.Close() // of a pipe: never fails
		case http.ErrAbortHandler:
			w.finish(nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET})
			w.body.CloseWithError(io.ErrUnexpectedEOF)
		default:
			panic(failure)
		}
	}()
	r := w.request.Clone(ctx)
	r.RequestURI = r.URL.RequestURI()
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.Body = &sentBody{ReadCloser: r.Body, trace: httptrace.ContextClientTrace(w.request.Context())}
	defer r.Body.Close()
	h.ServeHTTP(w, r)
}

// finish sets what RoundTrip returns; only the first call counts.
func (w *wire) finish(response *http.Response, err error) {
	w.once.Do(func() {
		w.response, w.err = response, err
		close(w.ready)
	})
}

// Header implements http.ResponseWriter.
func (w *wire) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *wire) WriteHeader(status int) {
	length := int64(-1)
	if n, err := strconv.ParseInt(w.header.Get("Content-Length"), 10, 64); err == nil {
		length = n
	}
	w.finish(&http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header.Clone(), ContentLength: length, Request: w.request,
		Body: &received{PipeReader: w.reader, cancel: w.cancel},
	}, nil)
}

// Write implements http.ResponseWriter. It waits until the client reads.
func (w *wire) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// FlushError lets http.ResponseController flush; there is no buffer.
func (w *wire) FlushError() error { return nil }

// received is the body of an answer. Closing it ends the request at the far end.
type received struct {
	*io.PipeReader
	cancel context.CancelFunc
}

func (r *received) Close() error {
	err := r.PipeReader.Close()
	r.cancel()
	return err
}

// sentBody tells the client's trace when the request is out.
type sentBody struct {
	io.ReadCloser
	trace *httptrace.ClientTrace
	told  bool
}

func (b *sentBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) && !b.told {
		b.told = true
		if b.trace != nil && b.trace.WroteRequest != nil {
			b.trace.WroteRequest(httptrace.WroteRequestInfo{})
		}
	}
	return n, err
}
