package formatter

import "strings"

// secretNames are the ends of keys whose values are secrets, without dashes and underscores.
var secretNames = [...]string{
	"password", "passwd", "pwd", "passphrase", "passcode", "secret", "secretstring", "secretbinary", "token", "jwt",
	"apikey", "accesskey", "secretkey", "privatekey", "accountkey", "signingkey", "encryptionkey", "subscriptionkey",
	"accesskeyid", "credential", "credentials", "authorization", "signature", "cookie", "sessionid", "sessid",
	"webhookurl", "connectionstring", "samlresponse",
}

// maxSecretName is how long a key may be, in bytes.
const maxSecretName = 64

func isSecretName(key string) bool {
	if len(key) < 3 || len(key) > maxSecretName {
		return false
	}
	var b [maxSecretName]byte
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
	// DB_PASS and smtpPass, but neither "pass" nor the words that end so.
	word, isPass := strings.CutSuffix(name, "pass")
	return name == "sig" || isPass && word != "" && word != "by" && word != "com"
}

// keyLength returns the length of the key at the beginning of s whose value is
// a secret, 0 where there is none. "Secret access key" is one of several words.
func keyLength(s string) int {
	n := run(s, "-_.", maxSecretName+1)
	for words := 1; n > 0 && n <= maxSecretName; words++ {
		if isSecretName(s[:n]) && (words == 1 || strings.EqualFold(s[n-3:n], "key")) {
			return n
		}
		if words == 3 || n >= len(s) || s[n] != ' ' {
			return 0
		}
		more := run(s[n+1:], "", maxSecretName)
		if more == 0 {
			return 0
		}
		n += 1 + more
	}
	return 0
}

// flagSecret finds the value of a command's flag: --password hunter2.
func flagSecret(s string) (keep, end int) {
	if !strings.HasPrefix(s, "--") {
		return 0, 0
	}
	n := 2 + run(s[2:], "-_", maxSecretName+1)
	if n >= len(s) || s[n] != ' ' || !isSecretName(s[2:n]) {
		return 0, 0
	}
	start := n + blanks(s[n:])
	start += quotes(s[start:])
	length := valueLength(s[start:], s[n+blanks(s[n:]):start])
	if length == 0 || s[start] == '-' {
		return 0, 0
	}
	return start, start + length
}

// namedSecret finds password=..., "token": "...", apiKey => ..., also where the
// quotes are escaped because one JSON stands inside another.
func namedSecret(s string) (keep, end int) {
	n := keyLength(s)
	if n == 0 {
		return 0, 0
	}
	if n < len(s) && s[n] == '>' { // <password>...</password>
		if length := strings.IndexByte(s[n+1:min(len(s), n+1+maxToken)], '<'); length > 0 {
			return n + 1, n + 1 + length
		}
		return 0, 0
	}
	i := n + quotes(s[n:])
	i += blanks(s[i:])
	separator := separatorAt(s[i:])
	if separator == 0 {
		return 0, 0
	}
	i += separator
	gap := blanks(s[i:])
	i += gap
	isList := strings.HasPrefix(s[i:], "[")
	i += wrapper(s[i:])
	opening := quotes(s[i:])
	quote := s[i : i+opening]
	i += opening
	if isHeader(s[:n]) && quote == "" && gap > 0 {
		if length := lineLength(s[i:]); length > 0 && !isWords(s[i:i+length]) {
			scheme := schemeLength(s[i:])
			return i + scheme, i + max(scheme, length)
		}
		return 0, 0
	}
	i += schemeLength(s[i:])
	length := valueLength(s[i:], quote)
	if isList && quote != "" {
		length = listLength(s[i:], quote, length)
	}
	if value := s[i : i+length]; isNoSecret(value) || quote == "" && gap > 0 && isTalk(s[:n], value) || isPlace(s[:n], value) {
		return 0, 0
	}
	return i, i + length
}

// separatorAt returns the length of what stands between a key and its value.
func separatorAt(s string) int {
	for _, separator := range [...]string{"=>", ":=", "=", ":", `\u003d`, "%3D"} {
		if strings.HasPrefix(s, separator) {
			return len(separator)
		}
	}
	return 0
}

// wrapper returns the length of what a value is wrapped in: the list of
// {"cookie":["..."]}, DynamoDB's {"S":"..."}, Python's b'...'.
func wrapper(s string) int {
	if s == "" {
		return 0
	}
	switch s[0] {
	case '[':
		return 1 + space(s[1:])
	case '{':
		n := 1 + blanks(s[1:])
		n += quotes(s[n:])
		kind := run(s[n:], "", 3)
		if n += kind; kind == 0 || kind == 3 {
			return 0
		}
		n += quotes(s[n:])
		n += blanks(s[n:])
		if n < len(s) && s[n] == ':' {
			return n + 1 + blanks(s[n+1:])
		}
		return 0
	case 'b', 'u', 'r':
		if quotes(s[1:]) > 0 {
			return 1
		}
	}
	return 0
}

// isHeader reports whether a key's value is the rest of its line, as in HTTP.
func isHeader(key string) bool {
	key = strings.ToLower(key)
	return strings.HasSuffix(key, "authorization") || strings.HasSuffix(key, "cookie")
}

// schemeLength returns the length of an authorization's scheme.
func schemeLength(s string) int {
	for _, scheme := range [...]string{"Bearer ", "Basic ", "Token ", "Bot "} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			return len(scheme)
		}
	}
	return 0
}

// lineLength returns how far a header goes: to the end of its line or of the text it is quoted in.
func lineLength(s string) int {
	for i := range len(s) {
		if s[i] == '\n' || s[i] == '"' || s[i] == '\'' || endsValue(s[i:]) {
			return i
		}
	}
	return len(s)
}

// endsValue reports whether an escape follows that ends a value: of a line break or of a quote.
func endsValue(s string) bool {
	return len(s) >= 2 && s[0] == '\\' && strings.IndexByte(`nrt"'`, s[1]) >= 0
}

func isNoSecret(value string) bool {
	switch value {
	case "", "null", "true", "false", "none", "None", "nil", "undefined", "{", "[", "{}", "[]", masked:
		return true
	}
	return false
}

// isTalk reports whether a text speaks of a key instead of telling it, as in
// "invalid token: expired". No token is one short word.
func isTalk(key, value string) bool {
	key = strings.ToLower(key)
	for _, name := range [...]string{"token", "signature", "credential", "credentials"} {
		if strings.HasSuffix(key, name) {
			return isWords(value)
		}
	}
	return false
}

// isWords reports whether a text is nothing but short words in small letters.
func isWords(s string) bool {
	length := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z':
			length++
		case c == ' ' || c == '.' && i == len(s)-1:
			length = 0
		default:
			return false
		}
		if length > 16 {
			return false
		}
	}
	return true
}

// isPlace finds what only says where something is: PWD=/var/task, a shell's
// working folder, and the ARN of a secret.
func isPlace(key, value string) bool {
	return strings.HasPrefix(value, "arn:") || strings.EqualFold(key, "pwd") && strings.HasPrefix(value, "/")
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

// listLength returns how far the texts of a list go whose first is so long: to
// the last one's closing quote.
func listLength(s, quote string, first int) int {
	end := first
	for {
		next := end + len(quote)
		if next >= len(s) {
			return end
		}
		next += space(s[next:])
		if !strings.HasPrefix(s[next:], ",") {
			return end
		}
		next += 1 + space(s[next+1:])
		if !strings.HasPrefix(s[next:], quote) {
			return end
		}
		next += len(quote)
		end = next + valueLength(s[next:], quote)
	}
}

func space(s string) int { return len(s) - len(strings.TrimLeft(s, " \t\r\n")) }

func blanks(s string) int { return len(s) - len(strings.TrimLeft(s, " \t")) }

// valueLength returns how far a value goes: to the quote that opened it, or to the next blank or comma.
func valueLength(s, quote string) int {
	if quote == "" {
		for i := range len(s) {
			if strings.IndexByte(" \t\n,;&)]}\"'<", s[i]) >= 0 || endsValue(s[i:]) {
				return i
			}
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
