package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"alarmrelay/relay/cloud"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
)

var (
	alarms    = flag.Int("alarms", 150, "alarms of TestFaults; .ci/run has days with 500")
	seed      = flag.Uint64("seed", 1, "the first seed of TestFaults")
	instances = flag.Int("instances", 5, "instances of TestFaults")
	reportTo  = flag.String("report", "", "a file for the report of TestFaults; its complaints are no failures then")
	traced    = flag.String("trace", "", "an alarm whose every message is listed")
	logTo     = flag.String("log", "", "a file for what the relays of TestFaults log")
)

// perRun is how many alarms one bubble has: enough for storms, few enough for its fakes' memory.
const perRun = 1000

// TestFaults runs days of faults in virtual time. The judge looks at what people were told, and nobody may
// have to complain.
func TestFaults(t *testing.T) {
	total := report{Mode: "virtual", Seed: *seed, Faults: map[string]int{}, Said: map[string]int{}}
	for n := 0; n*perRun < *alarms; n++ {
		total.add(day(t, options{alarms: min(perRun, *alarms-n*perRun), seed: *seed + uint64(n)}))
	}
	conclude(t, total)
}

// TestFaultsOnATable is a day with relay/cloud's table for a store, whose service fails as well.
func TestFaultsOnATable(t *testing.T) {
	conclude(t, day(t, options{alarms: max(1, *alarms/3), seed: *seed, store: onTable}))
}

// onTable is an instance's store on the one table of its run.
func onTable(r *virtualRun, now func() time.Time) incident.Store {
	const host = "dynamodb.us-east-1.amazonaws.com"
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.network[host] == nil {
		table := fake.NewDynamoDB(fake.Options{}, tableName, "open")
		r.network[host] = r.weather.troubling("table", table, 0.03, storeFaults)
	}
	client := &http.Client{Transport: fake.Transport{host: r.network[host]}}
	return cloud.NewTable(tableName, func(context.Context) (aws.Config, error) {
		keys := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "MADEUP", SecretAccessKey: "made-up"}, nil
		})
		return aws.Config{Region: "us-east-1", Credentials: keys, HTTPClient: client}, nil
	}, now)
}

// day runs one day in a bubble.
func day(t *testing.T, o options) (out report) {
	t.Helper()
	o.instances, o.trace, o.span, o.limit = *instances, *traced, 2*time.Hour, 4*24*time.Hour
	if *logTo != "" {
		file, err := os.OpenFile(*logTo, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close() //nolint:errcheck // a log for people
		o.log = file
	}
	synctest.Test(t, func(t *testing.T) {
		r, err := newVirtualRun(o)
		if err != nil {
			t.Fatal(err)
		}
		if out, err = r.run(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	for i, c := range out.Verdict.Complaints {
		out.Verdict.Complaints[i].What = fmt.Sprintf("seed %d: %s", o.seed, c.What)
	}
	return out
}

// conclude prints a report, and fails when there are complaints.
func conclude(t *testing.T, total report) {
	t.Helper()
	if *reportTo != "" {
		text, err := json.Marshal(total)
		if err == nil {
			err = os.WriteFile(*reportTo, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	var said strings.Builder
	if err := total.print(&said, false); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + said.String())
	if len(total.Verdict.Complaints) > 0 {
		t.Error("promises were broken")
	}
}
