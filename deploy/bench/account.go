//go:build linux

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
)

// account is what the relay uses of AWS, on loopback: a table and two queues. It lasts as long as
// the Discord beside it, whose certificate it shares.
type account struct {
	table   *fake.DynamoDB
	servers []*httptest.Server
	env     []string // of a relay that uses it
}

const tableName = "alarmrelay-state"

// openAccount speaks HTTP/1.1, as DynamoDB and SQS do: with TLS where d does.
func openAccount(d *discord) *account {
	a := &account{table: fake.NewDynamoDB(fake.Options{}, tableName, "open")}
	queues := fake.NewSQS()
	input, dead := queues.Add(fake.NewQueue(fake.QueueOptions{Name: "alarms"})), queues.Add(fake.NewQueue(fake.QueueOptions{Name: "alarms-dead"}))
	table, queue := a.serve(a.table, d), a.serve(queues, d)
	a.env = []string{
		"ALARMRELAY_TABLE=" + tableName, "ALARMRELAY_QUEUE_URL=" + queue + input, "ALARMRELAY_DEAD_LETTER_QUEUE_URL=" + queue + dead,
		"AWS_ENDPOINT_URL_DYNAMODB=" + table, "AWS_ENDPOINT_URL_SQS=" + queue,
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret-key-of-nobody", "AWS_SESSION_TOKEN=token-of-nobody",
	}
	return a
}

func (a *account) serve(handler http.Handler, d *discord) (address string) {
	s := httptest.NewUnstartedServer(handler)
	s.Config.ErrorLog = d.server.Config.ErrorLog // functions are stopped with connections half open
	a.servers = append(a.servers, s)
	if d.tls == nil {
		s.Start()
		return s.URL
	}
	s.TLS = d.tls.Clone()
	s.StartTLS()
	return s.URL
}

func (a *account) close() {
	a.table.Close()
	for _, s := range a.servers {
		s.Close()
	}
}

// forget lets everything in the table expire, so that the same alarms are news for the next relay.
func (a *account) forget() { a.table.DeleteExpired(time.Now().Add(2 * incident.Keep)) }

// askedSince returns how many requests of each operation the table has had since before.
func (a *account) askedSince(before map[string]int) map[string]int {
	since := a.table.Requests()
	for operation, n := range before {
		since[operation] -= n
	}
	return since
}

// wellAsked returns an error when the table has refused something.
func (a *account) wellAsked() error {
	for _, exchange := range a.table.Log() {
		if exchange.Status != http.StatusOK {
			return fmt.Errorf("the table answered a %s with status %d: %v", exchange.Method, exchange.Status, exchange.Why)
		}
	}
	return nil
}
