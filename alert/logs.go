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

// readLogs unpacks a subscription's payload. It says neither region nor
// partition; [Home.Complete] adds them.
func readLogs(data string, from Origin) []Record {
	raw, err := inflate(data)
	if err != nil {
		a := textNotice("CloudWatch Logs sent a payload that could not be unpacked: "+err.Error(), from)
		a.Name = "CloudWatch Logs"
		return one(a)
	}
	raw = clean(raw)
	o := parseObject(string(raw))
	if o == nil {
		return one(textNotice(string(raw), from))
	}
	return readLogData(o, from)
}

// readLogData reads what was packed.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
func readLogData(o object, from Origin) []Record {
	if o.str("messageType") == "CONTROL_MESSAGE" {
		return skip("control message of CloudWatch Logs")
	}
	batch := &LogBatch{Group: o.str("logGroup"), Stream: o.str("logStream")}
	for _, f := range o.list("subscriptionFilters") {
		batch.Filters = append(batch.Filters, scalar(f))
	}
	digest := sha256.New() // of the ids: a batch delivered again is the same happening
	for _, row := range o.list("logEvents") {
		line := readLogLine(row)
		fmt.Fprintln(digest, firstOf(line.ID, line.Text))
		batch.add(line)
	}
	if len(batch.Lines) == 0 {
		return skip("log batch without lines")
	}
	a := Alert{
		Kind: KindLogs, Name: batch.Group, Account: accountID(o.str("owner")), Logs: batch, Origin: from,
		Key:       "logs|" + o.str("owner") + "|" + batch.Group + "|" + strings.Join(batch.Filters, ","),
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
	o := readObject(raw)
	if o == nil {
		return LogLine{Text: scalar(raw)}
	}
	return LogLine{ID: o.str("Id"), At: o.time("Timestamp"), Text: o.str("Message")}
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
