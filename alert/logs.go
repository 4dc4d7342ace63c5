package alert

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// maxInflated bounds what a subscription's payload may unpack to, in bytes.
	// The input itself is at most 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html),
	// which could hold gigabytes of zeros.
	maxInflated = 32 << 20
	// maxLines and maxLineBytes bound what is kept of a batch; a message shows fewer.
	maxLines     = 200
	maxLineBytes = 4 << 10
)

// logData is what CloudWatch Logs sends to a subscribed function.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
type logData struct {
	MessageType         text
	Owner               text
	LogGroup            text
	LogStream           text
	SubscriptionFilters list[text]
	LogEvents           []json.RawMessage
}

// readLogs unpacks a subscription's payload. It says neither region nor
// partition; [Home.Complete] adds them.
func readLogs(data string, from Origin) []Record {
	raw, err := inflate(data)
	if err != nil {
		a := textNotice("CloudWatch Logs sent a payload that could not be unpacked: "+err.Error(), from)
		a.Name = "CloudWatch Logs"
		return one(a)
	}
	return readLogData(raw, from)
}

// readLogData reads what was packed.
func readLogData(raw []byte, from Origin) []Record {
	var d logData
	if err := json.Unmarshal(clean(raw), &d); err != nil {
		return one(textNotice(string(clean(raw)), from))
	}
	if d.MessageType == "CONTROL_MESSAGE" {
		return skip("control message of CloudWatch Logs")
	}
	batch := &LogBatch{Group: string(d.LogGroup), Stream: string(d.LogStream)}
	for _, f := range d.SubscriptionFilters {
		batch.Filters = append(batch.Filters, string(f))
	}
	digest := sha256.New() // of the ids: a batch delivered again is the same happening
	for _, row := range d.LogEvents {
		line := readLogLine(row)
		fmt.Fprintln(digest, firstOf(line.ID, line.Text))
		batch.add(line)
	}
	if len(batch.Lines) == 0 {
		return skip("log batch without lines")
	}
	a := Alert{
		Kind: KindLogs, Name: batch.Group, Account: accountID(string(d.Owner)), Logs: batch, Origin: from,
		Key:       "logs|" + string(d.Owner) + "|" + batch.Group + "|" + strings.Join(batch.Filters, ","),
		Change:    hex.EncodeToString(digest.Sum(nil)[:16]),
		ChangedAt: batch.Lines[0].At,
	}
	a.locate(location{})
	return one(a)
}

func (b *LogBatch) add(l LogLine) {
	if len(b.Lines) >= maxLines {
		b.Omitted++
		return
	}
	l.Text = shorten(strings.TrimRight(l.Text, "\r\n"), maxLineBytes)
	b.Lines = append(b.Lines, l)
}

func readLogLine(raw json.RawMessage) LogLine {
	var event struct {
		ID        text
		Timestamp stamp
		Message   text
	}
	if o := readObject(bytes.TrimSpace(raw)); o == nil || json.Unmarshal(raw, &event) != nil {
		return LogLine{Text: string(scalar(raw))}
	}
	return LogLine{ID: string(event.ID), At: event.Timestamp.Time, Text: string(event.Message)}
}

// inflate reads base64 of gzip, or of zlib, which some tools make.
func inflate(data string) ([]byte, error) {
	packed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(data))
	if err != nil {
		return nil, fmt.Errorf("decode base64: %w", err)
	}
	var plain io.Reader
	if plain, err = gzip.NewReader(bytes.NewReader(packed)); err != nil {
		if plain, err = zlib.NewReader(bytes.NewReader(packed)); err != nil {
			return nil, errors.New("neither gzip nor zlib")
		}
	}
	raw, err := io.ReadAll(io.LimitReader(plain, maxInflated+1))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	if len(raw) > maxInflated {
		return nil, fmt.Errorf("more than %d MiB unpacked", maxInflated>>20)
	}
	return raw, nil
}
