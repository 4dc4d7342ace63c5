// Command fixed is a Lambda function that posts the same message whatever it
// is invoked with: what remains when reading, routing and formatting are taken
// away from the relay, which is measured beside it. It retries nothing.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	post := poster{url: os.Getenv("WEBHOOK"), message: os.Getenv("MESSAGE"), client: &http.Client{}}
	lambda.Start(post.handle)
}

type poster struct {
	url     string // with its query
	message string // JSON
	client  *http.Client
}

func (p *poster) handle(ctx context.Context, _ json.RawMessage) (any, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, strings.NewReader(p.message))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "DiscordBot (https://alarmrelay.invalid, fixed)")
	answer, err := p.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("post: %w", err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("answered with status %d", answer.StatusCode)
	}
	return nil, nil
}
