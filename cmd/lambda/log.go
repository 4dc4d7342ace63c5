package main

import (
	"context"
	"io"
	"log/slog"
	"strings"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// newLogger writes JSON lines with the id of the invocation. What is logged
// holds keys, names and reasons: never a payload, never an address. The names of the
// fields are Lambda's: a line without a timestamp it takes for INFO, and drops an error
// where the function's log level is above that.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
func newLogger(w io.Writer, level string) *slog.Logger {
	json := slog.NewJSONHandler(w, &slog.HandlerOptions{Level: logLevel(level), ReplaceAttr: lambdacontext.ReplaceAttr})
	return slog.New(requestLog{json}).With("version", version)
}

// logLevel reads what Lambda's logging configuration sets.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
func logLevel(name string) slog.Level {
	var level slog.Level // info
	if strings.EqualFold(name, "fatal") {
		return slog.LevelError
	}
	if strings.EqualFold(name, "trace") {
		return slog.LevelDebug
	}
	if level.UnmarshalText([]byte(name)) != nil {
		return slog.LevelInfo
	}
	return level
}

// requestLog adds the request id that Lambda gives every invocation.
type requestLog struct{ slog.Handler }

func (h requestLog) Handle(ctx context.Context, r slog.Record) error {
	if call, ok := lambdacontext.FromContext(ctx); ok {
		r.AddAttrs(slog.String("request_id", call.AwsRequestID))
	}
	return h.Handler.Handle(ctx, r)
}

func (h requestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestLog{h.Handler.WithAttrs(attrs)}
}

func (h requestLog) WithGroup(name string) slog.Handler { return requestLog{h.Handler.WithGroup(name)} }
