package incident_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"alarmrelay/relay/incident"
	"alarmrelay/relay/incident/incidenttest"
)

func TestMemoryKeepsTheLawsOfAStore(t *testing.T) {
	incidenttest.Run(t, func(_ *testing.T, now func() time.Time) incident.Store { return incident.NewMemory(now) })
}

func TestMemoryDropsWhatExpiresSoonestWhenThereIsTooMuch(t *testing.T) {
	start := time.Unix(1_800_000_000, 0)
	m := incident.NewMemory(func() time.Time { return start })
	for n := range 100_001 {
		// The last written expires first.
		item := &incident.Item{ID: incident.ID{Destination: "ops", Key: fmt.Sprint(n)}, Open: true, Expires: start.Add(200_000*time.Second - time.Duration(n)*time.Second)}
		if _, err := m.Write(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	open, err := m.Open(t.Context())
	if err != nil || len(open) != 90_000 {
		t.Fatalf("%d items, %v", len(open), err)
	}
	items, err := m.Read(t.Context(), incident.ID{Destination: "ops", Key: "0"}, incident.ID{Destination: "ops", Key: "89999"},
		incident.ID{Destination: "ops", Key: "90000"}, incident.ID{Destination: "ops", Key: "100000"})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []int64{1, 1, 0, 0} {
		if items[n].Version != want {
			t.Errorf("item %s has version %d", items[n].Key, items[n].Version)
		}
	}
}

func TestMemoryDropsWhatExpiresSoonestWhenItIsTooLarge(t *testing.T) {
	start := time.Unix(1_800_000_000, 0)
	m := incident.NewMemory(func() time.Time { return start })
	facts := bytes.Repeat([]byte("x"), 1<<20)
	for n := range 100 {
		item := &incident.Item{ID: incident.ID{Destination: "ops", Key: fmt.Sprint(n % 50)}, Facts: facts, Open: true, Expires: start.Add(time.Duration(n+1) * time.Second)}
		if n >= 50 { // what is written again takes no more room
			item.Key = "49"
			items, err := m.Read(t.Context(), item.ID)
			if err != nil {
				t.Fatal(err)
			}
			item.Version = items[0].Version
		}
		if stale, err := m.Write(t.Context(), item); err != nil || len(stale) > 0 {
			t.Fatal(stale, err)
		}
	}
	open, err := m.Open(t.Context())
	if err != nil || len(open) < 28 || len(open) > 32 {
		t.Errorf("%d items, %v", len(open), err)
	}
	for _, id := range open {
		if len(id.Key) == 1 {
			t.Errorf("item %s, which expires soonest, is kept", id.Key)
		}
	}
}
