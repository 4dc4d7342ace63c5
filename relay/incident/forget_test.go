package incident

import (
	"fmt"
	"testing"
	"time"
)

func TestMemoryForgetsWhatHasExpiredOnceAMinute(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	m := NewMemory(func() time.Time { return now })
	for second := range 600 {
		item := &Item{ID: ID{Destination: "ops", Key: fmt.Sprint(second)}, Expires: now.Add(30 * time.Second)}
		if _, err := m.Write(t.Context(), item); err != nil {
			t.Fatal(err)
		}
		if len(m.items) > 90 {
			t.Fatalf("%d items after %d s", len(m.items), second)
		}
		now = now.Add(time.Second)
	}
}
