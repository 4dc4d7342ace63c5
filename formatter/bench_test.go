package formatter

import (
	"strings"
	"testing"

	"alarmrelay/alert"
)

func BenchmarkDiscordAlarm(b *testing.B) { benchmark(b, Discord, notice(cpuAlarm())) }
func BenchmarkSlackAlarm(b *testing.B)   { benchmark(b, Slack, notice(cpuAlarm())) }

func BenchmarkDiscordStorm(b *testing.B) {
	alerts := make([]alert.Alert, 100)
	for i := range alerts {
		alerts[i] = cpuAlarm()
	}
	benchmark(b, Discord, notice(alerts...))
}

// BenchmarkDiscordHostile has a description as long as alerts carry them, all markup.
func BenchmarkDiscordHostile(b *testing.B) {
	a := cpuAlarm()
	a.Description = strings.Repeat("[*_`<@!> https://evil.example ", 500)
	benchmark(b, Discord, notice(a))
}

func benchmark(b *testing.B, format func(Notice, Style) []Message, n Notice) {
	s := Style{Locale: "ko", Accounts: map[string]string{"111122223333": "prod"}}
	b.ReportAllocs()
	for b.Loop() {
		format(n, s)
	}
}

func BenchmarkDigest200(b *testing.B)   { benchmarkDigest(b, 200) }
func BenchmarkDigest1000(b *testing.B)  { benchmarkDigest(b, 1000) }
func BenchmarkDigest10000(b *testing.B) { benchmarkDigest(b, 10_000) }

func benchmarkDigest(b *testing.B, lines int) {
	d := Digest{Lines: stormLines(lines), Room: 5, Arrived: fired}
	s := Style{Locale: "ko", Accounts: map[string]string{"111122223333": "prod"}}
	b.ReportAllocs()
	for b.Loop() {
		DigestOf(ServiceDiscord, d, s)
	}
}
