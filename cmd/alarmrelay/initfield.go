package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"alarmrelay/formatter"
	"alarmrelay/relay/cloud/account"
)

// answers are what a relay is set up with.
type answers struct {
	service, name, region, stack, locale, timezone, email, architecture, parameter string

	allowHosts []string
}

// field is one of the answers.
type field struct {
	flag   string
	ask    string // the question; it is followed by what Enter takes
	value  *string
	usual  func() string // what Enter takes, and what no terminal takes; it may follow from answers before it
	needed string        // what is said without a terminal where there is no usual; "" where it may stay empty
	right  func(ctx context.Context, e *env, text string) error
}

// pure makes a check of a field out of one that needs nobody else.
func pure(right func(string) error) func(context.Context, *env, string) error {
	return func(_ context.Context, _ *env, text string) error { return right(text) }
}

// fields are the questions in their order. The service comes first: the address has to fit it. Without a terminal nobody
// has looked at what service is meant, so that one has no default.
func (f *initFlags) fields(usual answers, asking bool) []field {
	if asking {
		usual.service = string(formatter.ServiceDiscord)
	}
	always := func(text string) func() string { return func() string { return text } }
	zone := func() string { return cmp.Or(usual.timezone, zoneOf(f.locale)) }
	email := "E-mail address for alarms about the relay itself"
	if usual.email == "" {
		email += ", empty for none"
	}
	return []field{
		{"service", "Chat service, discord or slack", &f.service, always(usual.service), "--service is missing: discord or slack", pure(checkService)},
		{"name", "Name of the destination", &f.name, always(usual.name), "", pure(checkName)},
		{"region", "AWS region", &f.region, always(usual.region), "--region is missing, and the AWS configuration names none", checkRegion},
		{"stack", "Name of the stack", &f.stack, always(usual.stack), "", pure(checkStack)},
		{"locale", "Language of the messages, en or ko", &f.locale, always(usual.locale), "", pure(checkLocale)},
		{"timezone", "Time zone of the messages", &f.timezone, zone, "", pure(checkTimezone)},
		{"email", email, &f.email, always(usual.email), "", pure(checkEmail)},
	}
}

// usual is what Enter takes: what samconfig.toml says already, else what the machine says of itself.
func (e *env) usual(p place) answers {
	set, _ := p.sam.overrides()
	return answers{
		name: "ops", region: cmp.Or(p.sam.value(samRegion), p.usualRegion), stack: cmp.Or(p.sam.value(samStack), defaultStack),
		locale:   localeOf(cmp.Or(e.getenv("LC_ALL"), e.getenv("LC_MESSAGES"), e.getenv("LANG"))),
		timezone: timezoneOf(e.getenv("TZ"), e.localtime()), email: set["WatchEmail"],
	}
}

// localeOf is the language of messages for who has set LANG so.
func localeOf(lang string) string {
	if strings.HasPrefix(lang, "ko") {
		return "ko"
	}
	return "en"
}

// timezoneOf reads TZ, else where /etc/localtime leads to. It is empty where neither names a zone, and for a machine that
// is on UTC because nobody has set it: that says nothing of who reads the messages.
func timezoneOf(tz, localtime string) string {
	if tz = strings.TrimPrefix(tz, ":"); checkTimezone(tz) == nil {
		return tz
	}
	_, zone, _ := strings.Cut(localtime, "zoneinfo/")
	if checkTimezone(zone) != nil || slices.Contains([]string{"UTC", "Etc/UTC", "GMT"}, zone) {
		return ""
	}
	return zone
}

// zoneOf is where most who read a language are.
func zoneOf(locale string) string {
	if locale == "ko" {
		return "Asia/Seoul"
	}
	return "UTC"
}

// The checks say what would be right, and don't repeat what was said: it may be the address, in the wrong place.

func checkService(text string) error {
	if text != string(formatter.ServiceDiscord) && text != string(formatter.ServiceSlack) {
		return errors.New("there are discord and slack")
	}
	return nil
}

func checkRegion(ctx context.Context, e *env, text string) error {
	return account.CheckRegion(ctx, text, e.resolves)
}

// maxName is the longest name that alarmrelay.yaml takes for a destination.
const maxName = 64

func checkName(text string) error {
	bad := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' }
	if text == "" || strings.ContainsFunc(text, bad) || utf8.RuneCountInString(text) > maxName {
		return errors.New("a destination's name has letters, digits, - and _, at most 64")
	}
	return nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (StackName)
var stackShape = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,127}$`)

func checkStack(text string) error {
	if !stackShape.MatchString(text) {
		return errors.New("a stack's name begins with a letter and has letters, digits and -, at most 128")
	}
	return nil
}

func checkLocale(text string) error {
	if !slices.Contains(locales, text) {
		return errors.New("there are " + strings.Join(locales, " and "))
	}
	return nil
}

func checkTimezone(text string) error {
	if _, err := time.LoadLocation(text); err != nil || text == "" || text == "Local" {
		return errors.New("no time zone is called so; write a name such as Asia/Seoul, Europe/Paris or UTC")
	}
	return nil
}

// checkEmail takes what can stand in parameter_overrides without quotes; empty is none.
func checkEmail(text string) error {
	if text == "" {
		return nil
	}
	parsed, err := mail.ParseAddress(text)
	at := strings.LastIndexByte(text, '@')
	if err != nil || parsed.Address != text || strings.ContainsAny(text, " \t\"'\\<>") || !strings.Contains(text[at+1:], ".") {
		return errors.New("an e-mail address reads oncall@example.com")
	}
	return nil
}

func checkArchitecture(text string) error {
	if text != "" && text != "arm64" && text != "x86_64" {
		return errors.New("there are arm64 and x86_64")
	}
	return nil
}

// maxParameter is the longest name that the template takes; a test compares.
const maxParameter = 100

func checkParameter(text string) error {
	if len(text) > maxParameter {
		return fmt.Errorf("a parameter's name has at most %d characters", maxParameter)
	}
	return account.CheckParameterName(text)
}

// keyShape is what the template takes. https://docs.aws.amazon.com/kms/latest/developerguide/concepts-identifiers.html
var keyShape = regexp.MustCompile(`^arn:aws[a-z-]*:kms:([a-z0-9-]+):[0-9]{12}:key/[A-Za-z0-9-]+$`)

func checkKey(text string) error {
	if text != "" && !keyShape.MatchString(text) {
		return errors.New("a key's ARN reads arn:aws:kms:REGION:ACCOUNT:key/ID; an alias is none")
	}
	return nil
}

// hostShape is what allow_hosts takes: a host or host:port.
var hostShape = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]{1,5})?$`)

func checkHosts(hosts []string) error {
	for _, h := range hosts {
		if !hostShape.MatchString(h) {
			return errors.New("a host reads chat.example.com or chat.example.com:8065, without scheme and path")
		}
	}
	return nil
}
