package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAllThatIsWrongWithTheFlagsIsToldAtOnce(t *testing.T) {
	n := newNewcomer(t)
	e := n.at("--region", "ap-northeest-2", "--stack", "my relay", "--timezone", "Local", "--email", "nobody", "--architecture", "arm", "--parameter", "ops",
		"--key", "alias/ops", "--allow-host", "https://chat.example.com/", "--locale", "jp", "--name", "")
	const want = `alarmrelay init: --service is missing: discord or slack
--region: no AWS region is called ap-northeest-2, as far as can be seen from here; did you mean ap-northeast-2?
--stack: a stack's name begins with a letter and has letters, digits and -, at most 128
--locale: there are en and ko
--timezone: no time zone is called so; write a name such as Asia/Seoul, Europe/Paris or UTC
--email: an e-mail address reads oncall@example.com
--webhook is missing: - reads the address from standard input, env:NAME from a variable, file:PATH from a file
--architecture: there are arm64 and x86_64
--parameter: a parameter's name begins with a slash and has something after each, as /alarmrelay/discord/ops
--key: a key's ARN reads arn:aws:kms:REGION:ACCOUNT:key/ID; an alias is none
--allow-host: a host reads chat.example.com or chat.example.com:8065, without scheme and path
see alarmrelay init --help
`
	if code := run(t.Context(), e.env); code != exitMisuse {
		t.Errorf("exit code %d", code)
	}
	if diff := cmp.Diff(want, e.err.String()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestDefaultsOfLanguageAndTimeZone(t *testing.T) {
	for name, row := range map[string]struct{ lang, tz, localtime, locale, zone string }{
		"Korean, on a machine in UTC":   {"ko_KR.UTF-8", "", "/usr/share/zoneinfo/Etc/UTC", "ko", "Asia/Seoul"},
		"Korean, in Tokyo":              {"ko", "", "/usr/share/zoneinfo/Asia/Tokyo", "ko", "Asia/Tokyo"},
		"Korean, UTC on purpose":        {"ko_KR", "UTC", "/usr/share/zoneinfo/Asia/Seoul", "ko", "UTC"},
		"English, TZ is set":            {"en_US.UTF-8", "Europe/Paris", "/usr/share/zoneinfo/Asia/Tokyo", "en", "Europe/Paris"},
		"TZ with a colon":               {"C", ":Europe/Paris", "", "en", "Europe/Paris"},
		"TZ in POSIX's words":           {"", "KST-9", "/var/db/timezone/zoneinfo/Asia/Seoul", "en", "Asia/Seoul"},
		"another language, no link":     {"de_DE.UTF-8", "", "", "en", "UTC"},
		"a link that leads to no place": {"", "", "/etc/mine", "en", "UTC"},
	} {
		n := newNewcomer(t)
		e := n.at("--service", "discord", "--webhook", "env:OPS", "--dry-run")
		e.getenv = func(name string) string { return map[string]string{"LANG": row.lang, "TZ": row.tz}[name] }
		e.localtime = func() string { return row.localtime }
		code := run(t.Context(), e.env)
		if said := e.out.String(); code != exitDone || !strings.Contains(said, "+locale: "+row.locale+" ") || !strings.Contains(said, "+timezone: "+row.zone+" ") {
			t.Errorf("%s: exit code %d: %s%s", name, code, said, e.err.String())
		}
	}
}

func TestRightAnswers(t *testing.T) {
	for _, row := range []struct {
		check func(string) error
		good  []string
		bad   []string
	}{
		{checkName, []string{"ops", "야간조", "a_b-1", strings.Repeat("x", 64)}, []string{"", "a b", "a/b", strings.Repeat("x", 65)}},
		{checkStack, []string{"a", "Relay-1"}, []string{"", "-a", "1a", "a_b", strings.Repeat("x", 129)}},
		{checkEmail, []string{"", "a.b+c@example.co.kr"}, []string{"a@b", "a b@example.com", "A <a@example.com>", `"a"@example.com`, "o'neill@example.com"}},
		{checkKey, []string{"", "arn:aws-cn:kms:cn-north-1:111122223333:key/1a-2b"}, []string{"1a-2b", "arn:aws:kms:us-east-1:111122223333:alias/x"}},
		{checkWebhookFlag, []string{"-", "env:OPS", "file:/run/ops"}, []string{"OPS", "ssm:/x", "secretsmanager:x", "file://x", "vault:x"}},
		{checkParameter, []string{"/a/b"}, []string{"a", "/" + strings.Repeat("x", maxParameter), "/aws/x"}},
	} {
		for _, text := range row.good {
			if err := row.check(text); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
		for _, text := range row.bad {
			if err := row.check(text); err == nil || text != "" && len(text) > 3 && strings.Contains(err.Error(), text) {
				t.Errorf("%q is accepted or repeated: %v", text, err)
			}
		}
	}
}
