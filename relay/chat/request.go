package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync/atomic"

	"alarmrelay/formatter"
	"alarmrelay/relay"
)

// call is one request, without the address that it goes to.
type call struct {
	method string
	target target
	body   *body // nil for none
	same   bool  // of a POST: it changes nothing when it is made twice
}

// repeatable reports whether a call may be made again when nobody knows what became of it.
func (c call) repeatable() bool { return c.method != http.MethodPost || c.same }

// body is what a request carries, encoded once for all tries.
type body struct {
	contentType string
	data        []byte
}

// encodeBody writes payload as JSON, or as multipart/form-data with the files beside it:
// https://docs.discord.com/developers/reference#uploading-files
func encodeBody(payload any, files []formatter.File) (*body, error) {
	text, err := encodeJSON(payload)
	if err != nil {
		return nil, fmt.Errorf("encode the message: %w", err)
	}
	if len(files) == 0 {
		return &body{"application/json", text}, nil
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	parts := []formatter.File{{ContentType: "application/json", Data: text}}
	for i, file := range append(parts, files...) {
		part, err := form.CreatePart(partHeader(i-1, file))
		if err != nil {
			return nil, fmt.Errorf("encode the message's files: %w", err)
		}
		if _, err := part.Write(file.Data); err != nil {
			return nil, fmt.Errorf("encode the message's files: %w", err)
		}
	}
	if err := form.Close(); err != nil {
		return nil, fmt.Errorf("encode the message's files: %w", err)
	}
	return &body{form.FormDataContentType(), b.Bytes()}, nil
}

// partHeader describes the n-th file of a form; n is -1 for the message itself.
func partHeader(n int, file formatter.File) textproto.MIMEHeader {
	disposition := `form-data; name="payload_json"`
	if n >= 0 {
		disposition = fmt.Sprintf(`form-data; name="files[%d]"; filename="%s"`, n, inQuotes(file.Name))
	}
	contentType := file.ContentType
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	return textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {inQuotes(contentType)}}
}

func inQuotes(name string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "").Replace(name)
}

// encodeJSON leaves <, > and & as they are: escaped they cost six bytes each.
func encodeJSON(payload any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(payload); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// exchange makes one request. It returns an answer as soon as there was a
// status: what is missing of its body then does not matter. Otherwise the error is a
// *[relay.UncertainError] when the whole request was written, and says that
// nothing reached the service when it wasn't.
func (l *line) exchange(ctx context.Context, a *address, c call) (answer, error) {
	timed, cancel := context.WithTimeout(ctx, l.options.Timeout)
	defer cancel()
	var written atomic.Bool
	timed = httptrace.WithClientTrace(timed, &httptrace.ClientTrace{
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				written.Store(true)
			}
		},
	})
	request, err := l.newRequest(timed, a, c)
	if err != nil {
		return answer{}, describe(ctx, a, err)
	}
	// The transport itself: no redirects, no cookies, and no *url.Error that
	// quotes the address.
	response, err := l.transport.RoundTrip(request)
	if err != nil {
		if written.Load() {
			return answer{}, &relay.UncertainError{Err: describe(ctx, a, err)}
		}
		return answer{}, describe(ctx, a, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	return answer{response.StatusCode, response.Header, text, err != nil}, nil
}

func (l *line) newRequest(ctx context.Context, a *address, c call) (*http.Request, error) {
	var content io.Reader
	if c.body != nil {
		content = bytes.NewReader(c.body.data)
	}
	request, err := http.NewRequestWithContext(ctx, c.method, a.url(c.target), content)
	if err != nil {
		return nil, err
	}
	if c.body != nil {
		request.Header.Set("Content-Type", c.body.contentType)
	}
	if l.bot {
		request.Header.Set("Authorization", "Bearer "+a.token.Reveal())
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", l.options.UserAgent)
	return request, nil
}
