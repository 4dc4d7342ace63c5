package cloud

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"alarmrelay/relay/incident"
)

func TestDifferentIDsHaveDifferentKeysThatFitAndTellTheID(t *testing.T) {
	part := rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("a|%7Cb25")), 0, 8, -1),
		rapid.String(),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 1200), func(b []byte) string { return string(b) }),
		rapid.Map(rapid.IntRange(0, 70), func(n int) string { return "sha256:" + strings.Repeat("0", n) }),
	)
	id := rapid.Custom(func(t *rapid.T) incident.ID {
		return incident.ID{Destination: "d" + part.Draw(t, "destination"), Key: part.Draw(t, "key")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := id.Draw(t, "a"), id.Draw(t, "b")
		x, y := partitionKey(a), partitionKey(b)
		if (a == b) != (x == y) {
			t.Fatalf("%q and %q are %q and %q", a, b, x, y)
		}
		if len(x) > 1024 {
			t.Fatalf("%q has %d bytes", x, len(x))
		}
		if back, ok := readKey(x); ok && back != a {
			t.Fatalf("%q is read as %q", x, back)
		}
	})
}

func TestKeysAreReadable(t *testing.T) {
	const long = "sha256:41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
	for want, id := range map[string]incident.ID{
		"ops": {Destination: "ops"},
		"ops|arn:aws:cloudwatch:us-east-1:111122223333:alarm:disk | 95%": {Destination: "ops", Key: "arn:aws:cloudwatch:us-east-1:111122223333:alarm:disk | 95%"},
		"on%7Ccall 100%25": {Destination: "on|call 100%"},
		"ops|" + long:      {Destination: "ops", Key: strings.Repeat("a", 1000)},
	} {
		if got := partitionKey(id); got != want {
			t.Errorf("%.50q: %q, want %q", id, got, want)
		}
		if back, ok := readKey(want); ok == strings.Contains(want, long) || ok && back != id {
			t.Errorf("%q is read as %q", want, back)
		}
	}
}
