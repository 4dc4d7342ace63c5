package incident

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"alarmrelay/alert"
)

// Packed is an alert in few bytes: some 300 for an alarm.
type Packed []byte

// packedBy is the first byte of what is packed with the dictionary below. Another dictionary, or another form, gets another byte: what
// lies in people's tables has to be read.
const packedBy = 1

// dictionary is what most alarms have in common. The compression refers to it from the end, so that the most common stands last.
// https://datatracker.ietf.org/doc/html/rfc1951#section-3.2.5
const dictionary = `"Tags":{"alarmrelay:severity":"critical","high","warning"},"Contributor":{"ID":"","Attributes":{}}` +
	`"Composite":{"Rule":"ALARM(\\"","Children":[{"Name":"","ARN":"","State":"ALARM","At":""}],"SuppressedBy":""}` +
	`datapoints were less than the threshold (GreaterThanOrEqualToThreshold LessThanThreshold not have been met within the number of ` +
	`Unchecked: Initial alarm creation Insufficient Data: 1 datapoint was unknown. no datapoints were received for periods and missing datapoints ` +
	`were treated as [Breaching]. minimum Threshold Crossed: 3 out of the last 3 datapoints [ (01/01/26 00:00:00)] were greater than or equal to the threshold () ` +
	`(minimum 1 datapoint for OK -> ALARM transition). for ALARM -> OK transition` +
	`"Maximum","Sum","Average","p99"AWS/EC2 AWS/RDS AWS/Lambda AWS/SQS AWS/ApplicationELB InstanceId DBInstanceIdentifier FunctionName QueueName LoadBalancer ` +
	`CPUUtilization Errors Duration FreeStorageSpace ` +
	`{"Kind":"metric-alarm","Key":"arn:aws:cloudwatch:ap-northeast-2:us-east-1::alarm:","Change":"ALARM|OK|INSUFFICIENT_DATA","Name":"","ARN":"arn:aws:cloudwatch:",` +
	`"Account":"","Region":"ap-northeast-2","Partition":"aws","State":"OK","Previous":"ALARM","State":"ALARM","Previous":"OK","ChangedAt":"2026-",` +
	`"PreviousAt":"0001-01-01T00:00:00Z","Reason":"","Description":"","Severity":"","Runbook":"","Tags":null,"AfterMute":false,"NoOKActions":false,` +
	`"Contributor":null,"Metric":{"Queries":[{"ID":"","Label":"","Expression":"","Namespace":"AWS/","Name":"","Stat":"Average","Unit":"",` +
	`"Dimensions":[{"Name":"","Value":""}],"Period":60,"Account":"","Returned":true}],"Comparison":"GreaterThanThreshold","Threshold":0,"ThresholdID":"",` +
	`"Period":300,"Evaluations":3,"Datapoints":0,"MissingData":"missing","Values":[],"Lower":null,"Upper":null,"Missing":false},` +
	`"Metric":null,"Composite":null,"Logs":null,"Notice":null,"Origin":{`

// maxPacked bounds what unpacking takes: no alarm comes to a tenth of it.
const maxPacked = 1 << 20

// Pack packs an alert. Datapoints that are no numbers are left out: JSON has no word for them.
func Pack(a *alert.Alert) Packed {
	text, err := json.Marshal(a)
	if err != nil && a.Metric != nil {
		plain, metric := *a, *a.Metric
		metric.Values, metric.Lower, metric.Upper = nil, nil, nil
		plain.Metric = &metric
		text, err = json.Marshal(&plain)
	}
	if err != nil {
		return nil
	}
	b := bytes.NewBuffer([]byte{packedBy})
	w, ok := packers.Get().(*flate.Writer)
	if !ok {
		w, _ = flate.NewWriterDict(nil, flate.BestCompression, []byte(dictionary)) // the level is one that there is
	}
	defer packers.Put(w)
	w.Reset(b)
	_, _ = w.Write(text) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// packers are kept: to make one takes 0.8 MB and fifteen times as long as what it does.
var packers sync.Pool

// Unpack returns the alert.
func (p Packed) Unpack() (*alert.Alert, error) {
	if len(p) == 0 || p[0] != packedBy {
		return nil, errors.New("unpack an alert: packed in a way that this version does not know")
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReaderDict(bytes.NewReader(p[1:]), []byte(dictionary)), maxPacked))
	if err != nil {
		return nil, fmt.Errorf("unpack an alert: %w", err)
	}
	a := new(alert.Alert)
	if err := json.Unmarshal(text, a); err != nil {
		return nil, fmt.Errorf("unpack an alert: %w", err)
	}
	return a, nil
}
