package formatter

import (
	"strings"
)

// masked stands where a secret stood.
const masked = "•••"

// rule looks for one sort of secret at the beginning of s. It returns how much
// of s may stay before the secret and where the secret ends; 0, 0 for no secret.
type rule func(s string) (keep, end int)

// rules are tried in order at the beginning of every word.
var rules = [...]rule{accessKey, webToken, privateKey, webhookAddress, knownPrefix, credentials, bearer, namedSecret}

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
		if i == 0 || !isAlnum(s[i-1]) {
			for _, r := range rules {
				if keep, end = r(s[i:]); end > 0 {
					break
				}
			}
		}
		if end == 0 {
			i++
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

// run returns how many bytes at the beginning of s are letters, digits or one of extra.
func run(s, extra string) int {
	n := 0
	for n < len(s) && (isAlnum(s[n]) || strings.IndexByte(extra, s[n]) >= 0) {
		n++
	}
	return n
}

// accessKey: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func accessKey(s string) (keep, end int) {
	if len(s) < 20 || s[0] != 'A' || (s[:4] != "AKIA" && s[:4] != "ASIA" && s[:4] != "ABIA" && s[:4] != "ACCA") {
		return 0, 0
	}
	if n := run(s, ""); n >= 16 && s[:n] == strings.ToUpper(s[:n]) {
		return 4, n
	}
	return 0, 0
}

// webToken finds JSON web tokens: three parts, the first of which is an object in base64.
func webToken(s string) (keep, end int) {
	if !strings.HasPrefix(s, "eyJ") {
		return 0, 0
	}
	n := run(s, "-_=.")
	if strings.Count(s[:n], ".") >= 2 && n > 20 {
		return 3, n
	}
	return 0, 0
}

func privateKey(s string) (keep, end int) {
	const begin = "BEGIN "
	if !strings.HasPrefix(s, begin) {
		return 0, 0
	}
	head, after, ok := strings.Cut(s, "PRIVATE KEY-----")
	if !ok || len(head) > 30 {
		return 0, 0
	}
	keep = len(s) - len(after)
	if last := strings.Index(after, "-----END"); last >= 0 {
		return keep, keep + last
	}
	return keep, len(s)
}

// webhookAddress finds the address of a Discord or Slack webhook, which is its password.
func webhookAddress(s string) (keep, end int) {
	if s[0] != 'd' && s[0] != 'h' && s[0] != 'c' && s[0] != 'p' {
		return 0, 0
	}
	for _, host := range [...]string{"discord.com/", "discordapp.com/", "ptb.discord.com/", "canary.discord.com/", "hooks.slack.com/", "hooks.slack-gov.com/"} {
		if !strings.HasPrefix(s, host) {
			continue
		}
		end := run(s, "-_./~%?=&")
		path := s[len(host):end]
		if at := strings.Index(path, "webhooks/"); at >= 0 {
			return len(host) + at + len("webhooks/"), end
		}
		if strings.HasPrefix(host, "hooks.") && path != "" {
			return len(host), end
		}
	}
	return 0, 0
}

// knownPrefix finds tokens of services that mark them by how they begin.
func knownPrefix(s string) (keep, end int) {
	for _, p := range [...]string{"ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xoxs-", "xapp-", "sk_live_", "rk_live_", "sk-", "AIza", "npm_", "whsec_"} {
		if strings.HasPrefix(s, p) {
			if n := run(s, "-_"); n >= len(p)+16 {
				return len(p), n
			}
		}
	}
	return 0, 0
}

// credentials finds the password in scheme://user:password@host.
func credentials(s string) (keep, end int) {
	n := run(s, "+-.")
	if n == 0 || n > 20 || !strings.HasPrefix(s[n:], "://") {
		return 0, 0
	}
	rest := s[n+3:]
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

func bearer(s string) (keep, end int) {
	for _, scheme := range [...]string{"Bearer ", "bearer ", "BEARER "} {
		if strings.HasPrefix(s, scheme) {
			if n := run(s[len(scheme):], "-._~+/="); n >= 8 {
				return len(scheme), len(scheme) + n
			}
		}
	}
	return 0, 0
}

// secretNames are the ends of keys whose values are secrets, without dashes and underscores.
var secretNames = [...]string{
	"password", "passwd", "pwd", "passphrase", "secret", "token", "apikey", "accesskey", "secretkey", "privatekey",
	"accesskeyid", "credential", "credentials", "authorization", "signature", "cookie", "webhookurl", "connectionstring",
}

func isSecretName(key string) bool {
	if len(key) < 3 || len(key) > 64 {
		return false
	}
	var b [64]byte
	n := 0
	for i := range len(key) {
		if c := key[i]; c != '_' && c != '-' && c != '.' && c != ' ' {
			b[n] = c | 0x20
			n++
		}
	}
	name := string(b[:n])
	for _, s := range secretNames {
		if strings.HasSuffix(name, s) {
			return true
		}
	}
	return false
}

// namedSecret finds password=..., "token": "...", apiKey => ..., also where the
// quotes are escaped because one JSON stands inside another.
func namedSecret(s string) (keep, end int) {
	n := run(s, "-_.")
	if !isSecretName(s[:n]) {
		return 0, 0
	}
	i := n + quotes(s[n:])
	i += blanks(s[i:])
	switch {
	case strings.HasPrefix(s[i:], "=>"), strings.HasPrefix(s[i:], ":="):
		i += 2
	case strings.HasPrefix(s[i:], "="), strings.HasPrefix(s[i:], ":"):
		i++
	default:
		return 0, 0
	}
	i += blanks(s[i:])
	opening := quotes(s[i:])
	quote := s[i : i+opening]
	i += opening
	for _, scheme := range [...]string{"Bearer ", "bearer ", "Basic ", "basic ", "Token ", "token "} {
		if strings.HasPrefix(s[i:], scheme) {
			i += len(scheme)
			break
		}
	}
	length := valueLength(s[i:], quote)
	switch s[i : i+length] {
	case "", "null", "true", "false", "none", "None", "nil", masked:
		return 0, 0
	}
	return i, i + length
}

// quotes returns the length of a quotation mark with the backslashes before it.
func quotes(s string) int {
	n := 0
	for n < len(s) && s[n] == '\\' {
		n++
	}
	if n < len(s) && (s[n] == '"' || s[n] == '\'') {
		return n + 1
	}
	return 0
}

func blanks(s string) int { return len(s) - len(strings.TrimLeft(s, " \t")) }

// valueLength returns how far a value goes: to the quote that opened it, or to the next blank or comma.
func valueLength(s, quote string) int {
	if quote == "" {
		if n := strings.IndexAny(s, " \t\n,;&)]}\"'"); n >= 0 {
			return n
		}
		return len(s)
	}
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], quote) && (len(quote) > 1 || i == 0 || s[i-1] != '\\') {
			return i
		}
	}
	return len(s)
}

func mailAddress(s string) (keep, end int) {
	n := run(s, "._%+-")
	if n < 1 || n > 64 || n >= len(s) || s[n] != '@' {
		return 0, 0
	}
	domain := run(s[n+1:], "-.")
	if !strings.Contains(strings.Trim(s[n+1:n+1+domain], "."), ".") {
		return 0, 0
	}
	return 1, n
}
