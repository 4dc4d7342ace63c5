package fake

import (
	"crypto/sha512"
	"encoding/base64"
	"strconv"
	"strings"
)

// snowflake returns the n-th id in Discord's form: a number that grows with time.
// The same n is always the same id.
// https://docs.discord.com/developers/reference#snowflakes
func snowflake(n uint64) string {
	const early = 1_300_000_000_000_000_000 // in 2024
	return strconv.FormatUint(early+n<<22, 10)
}

// invented returns size characters that follow from the seed alone and look like a token.
func invented(seed string, size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		sum := sha512.Sum512([]byte("alarmrelay fake " + seed + strconv.Itoa(i)))
		b.WriteString(base64.RawURLEncoding.EncodeToString(sum[:]))
	}
	return b.String()[:size]
}

// inventedID returns size capital letters and digits that follow from the seed alone.
func inventedID(prefix, seed string, size int) string {
	keep := func(r rune) rune {
		if r == '-' || r == '_' {
			return -1
		}
		return r
	}
	letters := strings.ToUpper(strings.Map(keep, invented(seed, 4*size)))
	return prefix + letters[:size-len(prefix)]
}
