package fake

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What becomes of a write, by a socket and by [Transport].
func TestDynamoDBFaults(t *testing.T) {
	type seen struct {
		Status int
		Code   string // of the error; empty when there was no answer
		Kept   int
	}
	const aws = "com.amazonaws.dynamodb.v20120810#"
	tests := []struct {
		fault Fault
		want  seen
	}{
		{Fault{Kind: Limited}, seen{400, aws + "ProvisionedThroughputExceededException", 0}},
		{Fault{Kind: LimitedGlobally}, seen{400, aws + "RequestLimitExceeded", 0}},
		{Fault{Kind: Down}, seen{500, aws + "InternalServerError", 0}},
		{Fault{Kind: Down, Status: 503}, seen{503, aws + "InternalServerError", 0}},
		{Fault{Kind: Forbidden}, seen{400, aws + "AccessDeniedException", 0}},
		{Fault{Kind: Unknown}, seen{400, aws + "ResourceNotFoundException", 0}},
		{Fault{Kind: BadToken}, seen{400, aws + "UnrecognizedClientException", 0}},
		{Fault{Kind: Conflicted}, seen{400, aws + "TransactionConflictException", 0}},
		{Fault{Kind: Reset}, seen{0, "", 0}},
		{Fault{Kind: AnswerLost}, seen{0, "", 1}},
		{Fault{Kind: Slow, After: time.Millisecond}, seen{200, "", 1}},
		{Fault{Kind: AnswerLate, After: time.Millisecond}, seen{200, "", 1}},
		{Fault{Kind: Partial}, seen{200, "", 1}},
		{Fault{Kind: Limited, Method: "Query"}, seen{200, "", 1}},
		{Fault{Kind: Limited, Webhook: "other table"}, seen{200, "", 1}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.fault.Kind, tt.fault.Status, tt.fault.Method, tt.fault.Webhook), func(t *testing.T) {
			for _, way := range []string{"socket", "transport"} {
				d := newDynamoDB()
				client, base := &http.Client{Transport: Transport{"dynamodb.us-east-1.amazonaws.com": d}}, "https://dynamodb.us-east-1.amazonaws.com/"
				if way == "socket" {
					server := httptest.NewServer(d)
					defer server.Close()
					client, base = server.Client(), server.URL+"/"
				}
				d.Fail(tt.fault)
				r := dynamoRequest(t, "PutItem", putOf(rowOf("a", 1)))
				out, err := http.NewRequestWithContext(t.Context(), r.Method, base, r.Body)
				if err != nil {
					t.Fatal(err)
				}
				out.Header = r.Header
				got := seen{}
				if answer, err := client.Do(out); err == nil {
					body, _ := decode(t, []byte(readAll(t, answer.Body))).(obj)
					answer.Body.Close()
					got.Status = answer.StatusCode
					got.Code, _ = body["__type"].(string)
				}
				got.Kept = d.Items()
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s:\n%s", way, diff)
				}
				if diff := cmp.Diff(map[string]int{"PutItem": 1}, d.Requests()); diff != "" {
					t.Errorf("%s:\n%s", way, diff)
				}
			}
		})
	}
}

func TestDynamoDBHangsUntilItsClientLeavesOrItIsClosed(t *testing.T) {
	for _, way := range []string{"client", "close"} {
		synctest.Test(t, func(t *testing.T) {
			d := newDynamoDB()
			d.Break(Fault{Kind: Hang})
			client := &http.Client{Transport: Transport{"example.com": d}}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if way == "close" {
				time.AfterFunc(time.Second, d.Close)
			}
			r := dynamoRequest(t, "PutItem", putOf(rowOf("a", 1))).WithContext(ctx)
			r.RequestURI = ""
			r.URL.Scheme, r.URL.Host = "https", "example.com"
			if answer, err := client.Do(r); err == nil {
				answer.Body.Close()
				t.Errorf("%s: answered with %d", way, answer.StatusCode)
			}
			d.Mend()
			put200(t, d, rowOf("a", 1))
		})
	}
}
