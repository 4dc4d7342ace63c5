package formatter

import (
	"strings"
)

// masked stands where a secret stood.
const masked = "•••"

// rule looks for one sort of secret at the beginning of s. It returns how much
// of s may stay before the secret and where the secret ends; 0, 0 for no secret,
// and twice the same for a text that is none and is to be passed over.
type rule func(s string) (keep, end int)

// rules are tried in order at the beginning of every word.
var rules = [...]rule{resourceName, accessKey, webToken, privateKey, webhookAddress, knownPrefix, botToken, credentials, bearer, flagSecret, namedSecret}

// mask hides what looks like a secret: access keys, tokens, webhook addresses
// and the values of keys that are named like secrets.
func mask(s string) string { return maskWith(s, rules[:]) }

// maskMail hides mail addresses but for their first letter and their domain.
func maskMail(s string) string { return maskWith(s, []rule{mailAddress}) }

func maskWith(s string, rules []rule) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		keep, end := 0, 0
		if startsWord(s, i) {
			for _, r := range rules {
				if keep, end = r(s[i:]); end > 0 {
					break
				}
			}
		}
		if keep == end {
			i += max(1, end)
			continue
		}
		b.WriteString(s[done : i+keep])
		b.WriteString(masked)
		i += end
		done = i
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// startsWord reports whether a word begins at s[i]. What JSON and addresses
// write for a character, such as \n, \u0026 and %2F, ends the word before it.
func startsWord(s string, i int) bool {
	if i == 0 || !isAlnum(s[i-1]) {
		return true
	}
	switch {
	case i >= 2 && s[i-2] == '\\':
		return strings.IndexByte("nrt", s[i-1]) >= 0
	case i >= 3 && s[i-3] == '%':
		return true
	}
	return i >= 6 && s[i-6] == '\\' && s[i-5] == 'u'
}

// run returns how many bytes at the beginning of s are letters, digits or one of
// extra, and looks at no more than most: it is asked at every word of a text
// that may be one long run.
func run(s, extra string, most int) int {
	n := 0
	for n < len(s) && n < most && (isAlnum(s[n]) || strings.IndexByte(extra, s[n]) >= 0) {
		n++
	}
	return n
}

// maxToken is longer than any token, in bytes.
const maxToken = 4 << 10

// resourceName passes over an ARN: that of a secret reads ...:secret:NAME.
func resourceName(s string) (keep, end int) {
	if !strings.HasPrefix(s, "arn:") {
		return 0, 0
	}
	n := run(s, ":/-_.", maxToken)
	return n, n
}

// accessKey: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func accessKey(s string) (keep, end int) {
	if len(s) < 20 || s[0] != 'A' || (s[:4] != "AKIA" && s[:4] != "ASIA" && s[:4] != "ABIA" && s[:4] != "ACCA") {
		return 0, 0
	}
	if n := run(s, "", maxToken); n >= 16 && s[:n] == strings.ToUpper(s[:n]) {
		return 4, n
	}
	return 0, 0
}

// webToken finds JSON web tokens: three parts, the first of which is an object in base64.
func webToken(s string) (keep, end int) {
	const longestHead = 1 << 10
	if !strings.HasPrefix(s, "eyJ") {
		return 0, 0
	}
	if head := run(s, "-_=", longestHead); head == len(s) || s[head] != '.' {
		return 0, 0
	}
	n := run(s, "-_=.", len(s))
	if strings.Count(s[:n], ".") >= 2 && n > 20 {
		return 3, n
	}
	return 0, 0
}

// privateKey finds what stands in a PEM block whose first line says that it is a private key.
func privateKey(s string) (keep, end int) {
	if !strings.HasPrefix(s, "BEGIN ") {
		return 0, 0
	}
	head := s[:min(len(s), 64)]
	at := strings.Index(head, "PRIVATE KEY")
	if at < 0 {
		return 0, 0
	}
	shut := strings.Index(head[at:], "-----")
	if shut < 0 {
		return 0, 0
	}
	keep = at + shut + len("-----")
	if last := strings.LastIndex(s[keep:], "-----END"); last >= 0 {
		return keep, keep + last
	}
	return keep, len(s)
}

// webhookAddress finds the address of a Discord or Slack webhook, which is its
// password, also where JSON has its slashes escaped or an address has them encoded.
func webhookAddress(s string) (keep, end int) {
	for _, host := range [...]string{"discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com", "hooks.slack.com", "hooks.slack-gov.com"} {
		if len(s) <= len(host) || s[0]|0x20 != host[0] || !strings.EqualFold(s[:len(host)], host) || strings.IndexByte("/\\%", s[len(host)]) < 0 {
			continue
		}
		end := run(s, "-_./~%?=&\\", maxToken)
		path := s[len(host):end]
		if at := strings.Index(path, "webhooks"); at >= 0 {
			return slashEnd(s, len(host)+at+len("webhooks")), end
		}
		if strings.HasPrefix(host, "hooks.") {
			return slashEnd(s, len(host)), end
		}
	}
	return 0, 0
}

// slashEnd returns the place behind the slash at s[i], however it is written.
func slashEnd(s string, i int) int {
	for _, slash := range [...]string{"/", `\/`, "%2F", "%2f"} {
		if strings.HasPrefix(s[i:], slash) {
			return i + len(slash)
		}
	}
	return i
}

// knownPrefixes are how tokens begin of services that mark them so, and how
// many characters follow at least.
var knownPrefixes = [...]struct {
	begin string
	least int
}{
	{"ghp_", 16},
	{"gho_", 16},
	{"ghs_", 16},
	{"ghu_", 16},
	{"ghr_", 16},
	{"github_pat_", 16},
	{"glpat-", 16},
	{"xoxb-", 16},
	{"xoxp-", 16},
	{"xoxa-", 16},
	{"xoxs-", 16},
	{"xoxr-", 16},
	{"xoxe-", 16},
	{"xoxe.", 16},
	{"xoxc-", 16},
	{"xoxd-", 16},
	{"xapp-", 16},
	{"sk_live_", 16},
	{"sk_test_", 16},
	{"rk_live_", 16},
	{"rk_test_", 16},
	{"whsec_", 16},
	{"sk-", 32},
	{"AIza", 30},
	{"ya29.", 16},
	{"GOCSPX-", 16},
	{"npm_", 30},
	{"pypi-", 32},
	{"hvs.", 20},
	{"SG.", 32},
	{"shpat_", 16},
	{"dop_v1_", 32},
	{"hf_", 30},
	{"ATATT", 32},
}

// knownPrefix finds tokens of services that mark them by how they begin.
func knownPrefix(s string) (keep, end int) {
	for _, p := range knownPrefixes {
		if !strings.HasPrefix(s, p.begin) {
			continue
		}
		n := run(s, "-_.=", maxToken)
		if n >= len(p.begin)+p.least && strings.ContainsAny(s[len(p.begin):n], "0123456789") {
			return len(p.begin), n
		}
	}
	return 0, 0
}

// botToken finds the tokens of Discord's bots, NUMBER.TIME.SIGNATURE in base64
// of which the first part is a user's id: digits, so that it begins with M, N or O.
// https://docs.discord.com/developers/reference#authentication
func botToken(s string) (keep, end int) {
	if c := s[0]; c < 'M' || c > 'O' {
		return 0, 0
	}
	n := run(s, "-_.", 128)
	parts := strings.Split(s[:n], ".")
	if len(parts) != 3 || len(parts[0]) < 23 || len(parts[0]) > 28 || len(parts[1]) < 5 || len(parts[1]) > 7 || len(parts[2]) < 27 || !strings.ContainsAny(parts[0], "0123456789") {
		return 0, 0
	}
	return 4, n
}

// credentials finds the password in scheme://user:password@host.
func credentials(s string) (keep, end int) {
	n := run(s, "+-.", 21)
	if n == 0 || n > 20 || !strings.HasPrefix(s[n:], "://") {
		return 0, 0
	}
	rest := s[n+3 : min(len(s), n+3+maxToken)]
	if stop := strings.IndexAny(rest, " \t\n\"'<>/?#"); stop >= 0 {
		rest = rest[:stop]
	}
	at := strings.LastIndexByte(rest, '@')
	colon := strings.IndexByte(rest, ':')
	if at < 0 || colon < 0 || colon > at {
		return 0, 0
	}
	return n + 3 + colon + 1, n + 3 + at
}

// bearer finds a token behind its scheme. "Bearer authentication" holds none.
func bearer(s string) (keep, end int) {
	const scheme = "Bearer "
	if len(s) <= len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		return 0, 0
	}
	n := run(s[len(scheme):], "-._~+/=", maxToken)
	token := s[len(scheme) : len(scheme)+n]
	if n >= 20 || n >= 8 && strings.ContainsAny(token, "0123456789") {
		return len(scheme), len(scheme) + n
	}
	return 0, 0
}

func mailAddress(s string) (keep, end int) {
	n := run(s, "._%+-", 65)
	if n < 1 || n > 64 || n >= len(s) || s[n] != '@' {
		return 0, 0
	}
	domain := run(s[n+1:], "-.", 255)
	if !strings.Contains(strings.Trim(s[n+1:n+1+domain], "."), ".") {
		return 0, 0
	}
	return 1, n
}
