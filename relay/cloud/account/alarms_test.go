package account_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud/account"
)

// newCloudWatch answers DescribeAlarms page by page, in the CBOR that CloudWatch speaks
// (https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html), and leads the SDK to itself.
func newCloudWatch(t *testing.T, pages ...cbor.Map) (asked *[]cbor.Map) {
	t.Helper()
	asked = new([]cbor.Map)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		in, decodeErr := cbor.Decode(body)
		request, ok := in.(cbor.Map)
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		w.Header().Set("Content-Type", "application/cbor")
		if err != nil || decodeErr != nil || !ok || !strings.HasSuffix(r.URL.Path, "/operation/DescribeAlarms") || len(*asked) >= len(pages) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write(cbor.Encode(cbor.Map{"__type": cbor.String("ValidationError"), "message": cbor.String("not a request for a page")}))
			return
		}
		_, _ = w.Write(cbor.Encode(pages[len(*asked)]))
		*asked = append(*asked, request)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL_CLOUDWATCH", server.URL)
	t.Setenv("AWS_REGION", "ap-northeast-2")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "example")
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	return asked
}

func alarm(name string, more cbor.Map) cbor.Map {
	m := cbor.Map{"AlarmName": cbor.String(name), "AlarmArn": cbor.String("arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:" + name)}
	maps.Copy(m, more)
	return m
}

func TestAlarmsOfEveryTypeAndPageAreListed(t *testing.T) {
	topic := cbor.List{cbor.String("arn:aws:sns:ap-northeast-2:111122223333:ops")}
	propagated := cbor.Map{"AlarmTagsPropagation": cbor.Map{"Enabled": cbor.Bool(true)}}
	asked := newCloudWatch(t,
		cbor.Map{
			"MetricAlarms": cbor.List{
				alarm("cpu", cbor.Map{"ActionsEnabled": cbor.Bool(true), "AlarmActions": topic, "OKActions": topic, "ActionConfiguration": propagated}),
				alarm("disk", cbor.Map{"ActionsEnabled": cbor.Bool(false), "AlarmActions": topic}),
			},
			"NextToken": cbor.String("page 2"),
		},
		cbor.Map{
			"CompositeAlarms": cbor.List{alarm("shop-down", cbor.Map{"ActionsEnabled": cbor.Bool(true), "AlarmActions": topic})},
			"LogAlarms":       cbor.List{alarm("errors", cbor.Map{"ActionsEnabled": cbor.Bool(true)})},
		},
	)
	cfg, err := account.LoadConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, err := account.ListAlarms(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ops := []string{"arn:aws:sns:ap-northeast-2:111122223333:ops"}
	arn := func(name string) string { return "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:" + name }
	want := []account.Alarm{
		{Name: "cpu", ARN: arn("cpu"), ActionsEnabled: true, AlarmActions: ops, OKActions: ops, TagsPropagated: true},
		{Name: "disk", ARN: arn("disk"), AlarmActions: ops},
		{Name: "shop-down", ARN: arn("shop-down"), ActionsEnabled: true, AlarmActions: ops},
		{Name: "errors", ARN: arn("errors"), ActionsEnabled: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	types := cbor.List{cbor.String("MetricAlarm"), cbor.String("CompositeAlarm"), cbor.String("LogAlarm")}
	if diff := cmp.Diff(cbor.Value(types), (*asked)[0]["AlarmTypes"]); diff != "" {
		t.Errorf("asked for: -want +got\n%s", diff)
	}
	if token := (*asked)[1]["NextToken"]; token != cbor.String("page 2") {
		t.Errorf("second page asked with %v", token)
	}
}

func TestARefusalSaysWhatWasBeingDone(t *testing.T) {
	newCloudWatch(t)
	cfg, err := account.LoadConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := account.ListAlarms(t.Context(), cfg); err == nil || !strings.HasPrefix(err.Error(), "describe alarms: ") {
		t.Errorf("error %v", err)
	}
}
