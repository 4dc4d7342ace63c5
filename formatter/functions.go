package formatter

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"alarmrelay/formatter/phrase"
)

// functions are what a phrase may do with what a placeholder stands for. README.md has a row for each.
var functions = [...]phrase.Function{
	{Name: "default", Takes: []phrase.Parameter{{}}, Example: `default "none"`, Apply: otherwise},
	{Name: "upper", Example: "upper", Apply: func(v phrase.Value, _ []phrase.Argument) (phrase.Value, error) {
		return phrase.Value{Text: strings.ToUpper(v.Text)}, nil
	}},
	{Name: "lower", Example: "lower", Apply: func(v phrase.Value, _ []phrase.Argument) (phrase.Value, error) {
		return phrase.Value{Text: strings.ToLower(v.Text)}, nil
	}},
	{Name: "short", Example: "short", Apply: lastPart},
	{Name: "trim", Takes: []phrase.Parameter{{}}, Example: `trim "prod-"`, Apply: trimmed},
	{Name: "replace", Takes: []phrase.Parameter{{}, {MayBeEmpty: true}}, Example: `replace "_" " "`, Apply: replaced},
	{Name: "cut", Takes: []phrase.Parameter{{Least: 1, Most: phrase.MaxSource}}, Example: "cut 40", Apply: shortenedTo},
	{Name: "number", Takes: []phrase.Parameter{{Least: 0, Most: 6}}, Example: "number 1", Apply: rounded},
	{Name: "urlencode", Example: "urlencode", Apply: encoded},
}

// otherwise puts a text in the place of nothing.
func otherwise(v phrase.Value, args []phrase.Argument) (phrase.Value, error) {
	if v.Text == "" {
		v.Text = args[0].Text
	}
	return v, nil
}

// lastPart returns the last part of an ARN or a path, which is what people call it.
func lastPart(v phrase.Value, _ []phrase.Argument) (phrase.Value, error) {
	s := strings.TrimRight(v.Text, ":/")
	return phrase.Value{Text: s[strings.LastIndexAny(s, ":/")+1:]}, nil
}

// trimmed takes a text away from the beginning and from the end.
func trimmed(v phrase.Value, args []phrase.Argument) (phrase.Value, error) {
	return phrase.Value{Text: strings.TrimSuffix(strings.TrimPrefix(v.Text, args[0].Text), args[0].Text)}, nil
}

func replaced(v phrase.Value, args []phrase.Argument) (phrase.Value, error) {
	before, after := args[0].Text, args[1].Text
	if n := strings.Count(v.Text, before); len(v.Text)+n*(len(after)-len(before)) > phrase.Longest {
		return phrase.Value{}, phrase.ErrTooLong
	}
	return phrase.Value{Text: strings.ReplaceAll(v.Text, before, after)}, nil
}

func shortenedTo(v phrase.Value, args []phrase.Argument) (phrase.Value, error) {
	s, wasCut := cut(v.Text, args[0].Number, utf8.RuneCountInString)
	if !wasCut {
		return v, nil
	}
	return phrase.Value{Text: s}, nil
}

// rounded writes a number with so many decimals, and its unit. A text that is no number stays as it is.
func rounded(v phrase.Value, args []phrase.Argument) (phrase.Value, error) {
	const enough = 1e15 // beyond, decimals are noise
	var n float64
	if v.Number != nil {
		n = *v.Number
	} else {
		var err error
		if n, err = strconv.ParseFloat(strings.ReplaceAll(v.Text, ",", ""), 64); err != nil {
			return v, nil
		}
	}
	if math.IsNaN(n) || math.Abs(n) >= enough {
		return v, nil
	}
	v.Text = thousands(strconv.FormatFloat(n, 'f', args[0].Number, 64)) + v.Unit
	return v, nil
}

// encoded makes a text fit for any part of an address.
func encoded(v phrase.Value, _ []phrase.Argument) (phrase.Value, error) {
	return phrase.Value{Text: strings.ReplaceAll(url.QueryEscape(v.Text), "+", "%20")}, nil
}
