package cloud_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud"
)

// What docs/store.md says of requests and units.
func TestWhatAMessageCosts(t *testing.T) {
	tests := []struct {
		name          string
		do            func(t *testing.T, table *cloud.Table)
		requests      map[string]int
		read, written float64
	}{
		{"reading a destination and an incident", func(t *testing.T, table *cloud.Table) { mustRead(t, table, 2) }, map[string]int{"BatchGetItem": 1}, 2, 0},
		{"reading 100 items", func(t *testing.T, table *cloud.Table) { mustRead(t, table, 100) }, map[string]int{"BatchGetItem": 1}, 100, 0},
		{"reading 101 items", func(t *testing.T, table *cloud.Table) { mustRead(t, table, 101) }, map[string]int{"BatchGetItem": 2}, 101, 0},
		{"writing one that is open", func(t *testing.T, table *cloud.Table) { mustWrite(t, table, 1) }, map[string]int{"PutItem": 1}, 0, 2},
		{"writing four", func(t *testing.T, table *cloud.Table) { mustWrite(t, table, 4) }, map[string]int{"PutItem": 4}, 0, 8},
		{"writing five", func(t *testing.T, table *cloud.Table) { mustWrite(t, table, 5) }, map[string]int{"TransactWriteItems": 1}, 0, 15},
		{"writing 101", func(t *testing.T, table *cloud.Table) { mustWrite(t, table, 101) }, map[string]int{"TransactWriteItems": 1, "PutItem": 1}, 0, 302},
		{"listing when nothing is open", func(t *testing.T, table *cloud.Table) {
			if _, err := table.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
		}, map[string]int{"Query": 8}, 4, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, service := newTable(time.Now)
			tt.do(t, table)
			if diff := cmp.Diff(tt.requests, service.Requests()); diff != "" {
				t.Error(diff)
			}
			if read, written := service.Units(); read != tt.read || written != tt.written {
				t.Errorf("%v units read, %v written", read, written)
			}
		})
	}
}

func mustRead(t *testing.T, table *cloud.Table, n int) {
	t.Helper()
	if _, err := table.Read(t.Context(), idsOf(newItems(n))...); err != nil {
		t.Fatal(err)
	}
}

func mustWrite(t *testing.T, table *cloud.Table, n int) {
	t.Helper()
	if stale, err := table.Write(t.Context(), newItems(n)...); err != nil || len(stale) > 0 {
		t.Fatal(stale, err)
	}
}
