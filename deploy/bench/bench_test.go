//go:build linux

package main

import (
	"archive/zip"
	"bytes"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

var rows = []Row{
	{Promise: "start", Measured: 3.256, Limit: 4, Unit: "ms", Detail: "relay 5 ms"},
	{Promise: "rules", Measured: 10, Limit: 10, Below: true, Detail: "10: 1 µs"},
	{Promise: "size", Measured: 5, Limit: 5, Unit: "MB", Steady: true, Detail: "5000000 bytes"},
	{Promise: "memory", Measured: 43.27, Limit: 64, Below: true, Unit: "MB"},
}

func TestTheTable(t *testing.T) {
	var got bytes.Buffer
	if err := printTable(&got, rows, false); err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"promise  measured  limit    verdict  detail",
		"start    3.26 ms   <= 4 ms  met      relay 5 ms",
		"rules    10 x      < 10 x   over     10: 1 µs",
		"size     5 MB      <= 5 MB  met      5000000 bytes",
		"memory   43.3 MB   < 64 MB  met      \n",
	}, "\n")
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestJSONSaysTheSame(t *testing.T) {
	var out bytes.Buffer
	if err := printTable(&out, rows[1:2], true); err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{{
		"promise": "rules", "measured": 10.0, "limit": 10.0, "below": true, "unit": "",
		"detail": "10: 1 µs", "steady": false, "verdict": "over",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

func TestOnlySteadyPromisesDecideUnlessStrict(t *testing.T) {
	slow := Row{Measured: 2, Limit: 1}
	large := Row{Measured: 2, Limit: 1, Steady: true}
	met := Row{Measured: 1, Limit: 1, Steady: true}
	type verdict struct{ plain, strict bool }
	for name, row := range map[string]struct {
		rows []Row
		want verdict
	}{
		"all met":        {[]Row{met, met}, verdict{false, false}},
		"one is slow":    {[]Row{met, slow}, verdict{false, true}},
		"one is large":   {[]Row{large, met}, verdict{true, true}},
		"nothing at all": {nil, verdict{false, false}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (verdict{broken(row.rows, false), broken(row.rows, true)}); got != row.want {
				t.Errorf("broken %+v, want %+v", got, row.want)
			}
		})
	}
}

func TestWrongUseMeasuresNothing(t *testing.T) {
	for _, args := range [][]string{{"--fast"}, {"start"}, {"--help"}} {
		var out, said bytes.Buffer
		if code := run(t.Context(), args, &out, &said); code != 2 || out.Len() > 0 {
			t.Errorf("%v: exit code %d, printed %q", args, code, out.String())
		}
	}
}

func TestTheMedianIsTheMiddleOne(t *testing.T) {
	for _, row := range []struct {
		of   []int
		want int
	}{{[]int{7}, 7}, {[]int{9, 1}, 1}, {[]int{5, 1, 100}, 5}, {[]int{4, 3, 2, 1}, 2}} {
		if got := median(row.of); got != row.want {
			t.Errorf("median of %v: %d, want %d", row.of, got, row.want)
		}
	}
}

func TestABatchHoldsAlarmsOfDifferentNames(t *testing.T) {
	raw, err := batch(41, 3)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range alert.Parse(raw) {
		got = append(got, fmt.Sprintf("%s %s %s %v", r.ID, r.Alert.Name, r.Alert.State, r.Err))
	}
	want := []string{
		"00000000-0000-4000-8000-000000000041 prod-mail-outbox-age-000041 ALARM <nil>",
		"00000000-0000-4000-8000-000000000042 prod-mail-outbox-age-000042 ALARM <nil>",
		"00000000-0000-4000-8000-000000000043 prod-mail-outbox-age-000043 ALARM <nil>",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// TestTheSampleGoesAllTheWayThroughTheRules: otherwise ten thousand of them would be measured as none.
func TestTheSampleGoesAllTheWayThroughTheRules(t *testing.T) {
	event, err := batch(0, 1)
	if err != nil {
		t.Fatal(err)
	}
	sample := alert.Parse(event)[0].Alert
	for _, n := range []int{10, 10_000} {
		p, err := newPath(n)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.rules.Rules) != n {
			t.Errorf("%d rules, want %d", len(p.rules.Rules), n)
		}
		want := []rule.Delivery{{Destination: "ops", Rule: n, Voice: rule.Voice{Locale: "en", Timezone: "UTC"}, Recovery: rule.RecoveryBoth}}
		if diff := cmp.Diff(want, p.rules.Route(&sample, p.now).Deliveries); diff != "" {
			t.Errorf("deliveries by %d rules (-want +got):\n%s", n, diff)
		}
		if messages, err := p.walk(event, formatter.ServiceDiscord); messages != 1 || err != nil {
			t.Errorf("%d messages, %v", messages, err)
		}
	}
}

// TestEachAlarmHasADestinationOfItsOwn: several at one would become a digest.
func TestEachAlarmHasADestinationOfItsOwn(t *testing.T) {
	config, err := rule.Parse("alarmrelay.yaml", configuration("127.0.0.1:8080", 3))
	if err != nil {
		t.Fatal(err)
	}
	event, err := batch(0, 5)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, record := range alert.Parse(event) {
		for _, d := range config.Route(&record.Alert, record.Alert.ChangedAt).Deliveries {
			got = append(got, record.Alert.Name+" to "+d.Destination)
		}
	}
	want := []string{
		"prod-mail-outbox-age-000000 to ops-0",
		"prod-mail-outbox-age-000001 to ops-1",
		"prod-mail-outbox-age-000002 to ops-2",
		"prod-mail-outbox-age-000003 to ops-2",
		"prod-mail-outbox-age-000004 to ops-2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
}

func TestTheTablesRowCountsWhatAnAlarmAsks(t *testing.T) {
	got := tableRow(map[string]int{"BatchGetItem": 80, "PutItem": 401}, 80)
	want := Row{
		Promise: "requests to the table for a warm alarm", Measured: 6.0125, Limit: 6, Unit: "requests", Steady: true,
		Detail: "1 BatchGetItem, 5.013 PutItem",
	}
	if diff := cmp.Diff(want, got); diff != "" || got.Met() {
		t.Errorf("met: %v, row (-want +got):\n%s", got.Met(), diff)
	}
}

func TestAStormOfWhichAnAlarmIsMissingIsNotMeasured(t *testing.T) {
	d, err := plainDiscord(t.TempDir(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	body := fmt.Sprintf(`{"content":"%s and %s"}`, alarmName(0), alarmName(1))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.hooks[0].URL(d.server.URL), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "DiscordBot (https://alarmrelay.invalid, test)")
	answer, err := d.server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if err := d.named(2); err != nil {
		t.Error(err)
	}
	if err := d.named(3); err == nil || err.Error() != "no message names prod-mail-outbox-age-000002" {
		t.Error(err)
	}
}

func TestTheArchiveIsOneThatLambdaReads(t *testing.T) {
	data := bytes.Repeat([]byte("function"), 1000)
	packed, err := zipped("bootstrap", data)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.File) != 1 || archive.File[0].Name != "bootstrap" || archive.File[0].UncompressedSize64 != 8000 || len(packed) > 400 {
		t.Errorf("%d files of %d bytes packed", len(archive.File), len(packed))
	}
}

func TestTheFunctionsTrustTheServersCertificate(t *testing.T) {
	certificate, file, err := certify()
	if err != nil {
		t.Fatal(err)
	}
	if got := bytes.Count(file, []byte("BEGIN CERTIFICATE")); got != otherRoots+1 {
		t.Errorf("%d roots", got)
	}
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	if !roots.AppendCertsFromPEM(file) {
		t.Fatal("the file of roots cannot be read")
	}
	chain := make([]*x509.Certificate, len(certificate.Certificate))
	for i, der := range certificate.Certificate {
		if chain[i], err = x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		}
	}
	intermediates.AddCert(chain[1])
	if _, err := chain[0].Verify(x509.VerifyOptions{DNSName: "127.0.0.1", Roots: roots, Intermediates: intermediates}); err != nil {
		t.Error(err)
	}
}
