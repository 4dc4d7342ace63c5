package formatter

import "testing"

func TestTextIsReadAsItself(t *testing.T) {
	const z = zeroWidth
	for _, c := range []struct{ text, discord, slack string }{
		{"prod-api_cpu.high #1 (a)", `prod-api_cpu.high #1 (a)`, "prod-api_cpu.high #1 (a)"},
		{"**b** _i_ ~~s~~ ||x||", `\*\*b\*\* \_i\_ \~\~s\~\~ \|\|x\|\|`, z + "*" + z + z + "*" + z + "b" + z + "*" + z + z + "*" + z + " " + z + "_" + z + "i" + z + "_" + z + " " + z + "~" + z + z + "~" + z + "s" + z + "~" + z + z + "~" + z + " ||x||"},
		{"@everyone <@1> <!here>", "@" + z + `everyone \<@` + z + `1> \<!here>`, "@" + z + "everyone &lt;@" + z + "1&gt; &lt;!here&gt;"},
		{"[a](https://evil.example)", `\[a\](https\://evil.example)`, "[a](https://evil.example)"},
		{"# a\n- b\n> c\n1. d\n12:30 1.5", "\\# a\n\\- b\n\\> c\n1\\. d\n12:30 1.5", "# a\n- b\n&gt; c\n1. d\n12:30 1.5"},
		{"\u00a0-# a\n\u3000> b\n1.\u00a0c", "\\-# a\n\u3000\\> b\n1\\.\u00a0c", "-# a\n\u3000&gt; b\n1.\u00a0c"},
		{"Note: a :smile: &lt;", `Note: a \:smile: &lt;`, "Note: a :smile: &amp;lt;"},
		{`a\*b`, `a\\\*b`, `a\` + z + "*" + z + "b"},
	} {
		for name, p := range map[string]struct {
			pen
			want string
		}{"discord": {discordPen{}, c.discord}, "slack": {slackPen{}, c.slack}} {
			if got, _ := write(p.pen, say(plain(c.text)), 1000); got != p.want {
				t.Errorf("%s: %q is written %q, want %q", name, c.text, got, p.want)
			}
		}
	}
}

func TestMarkup(t *testing.T) {
	const z = zeroWidth
	clock := func(span) string { return "then" }
	for name, c := range map[string]struct {
		text           text
		discord, slack string
	}{
		"bold":                         {say(bold("a*b"), plain(" c")), `**a\*b** c`, "*a" + z + "*" + z + "b* c"},
		"bold beside letters":          {say(plain("x"), bold("a"), plain("입니다")), "x**a**입니다", "x" + z + "*a*" + z + "입니다"},
		"two marks side by side":       {say(bold("a"), span{face: faceItalic, text: "b"}), "**a**" + z + "*b*", "*a*" + z + "_b_"},
		"code":                         {say(code("a_b <x>")), "`a_b <x>`", "`a_b &lt;x&gt;`"},
		"code with a backtick":         {say(code("a`b")), "``" + z + "a`" + z + "b" + z + "``", "`aˋb`"},
		"a block can't be closed":      {say(fence("a\n```\nb")), "```\na\n`" + z + "`" + z + "`" + z + "\nb\n```", "```\na\n`" + z + "`" + z + "`" + z + "\nb\n```"},
		"a moment":                     {say(moment(fired)), "<t:1795230130:R>", "<!date^1795230130^{date_short_pretty} {time}|then>"},
		"an arrow":                     {say(plain("a "), arrow("https://x.example/?a&b")), "a [→](https://x.example/?a&b)", "a <https://x.example/?a&amp;b|→>"},
		"nothing":                      {say(plain(""), bold("")), "", ""},
		"accents don't hide a bracket": {say(plain("<\u0301[\u0301")), "\\<\u0301\\[\u0301", "&lt;\u0301[\u0301"},
	} {
		if got, _ := write(discordPen{}, c.text, 1000); got != c.discord {
			t.Errorf("%s in Discord: %q, want %q", name, got, c.discord)
		}
		if got, _ := write(slackPen{clock}, c.text, 1000); got != c.slack {
			t.Errorf("%s in Slack: %q, want %q", name, got, c.slack)
		}
	}
}

func TestWhatIsCutIsClosed(t *testing.T) {
	long := say(plain("ab "), bold("cd*ef"), plain(" gh "), arrow("https://x.example"))
	for limit, want := range map[int]string{
		0: "", 1: "…", 3: "ab…", 8: "ab…", 9: "ab **c**…", 12: "ab **cd\\***…", 18: "ab **cd\\*ef** gh…", 100: "ab **cd\\*ef** gh [→](https://x.example)",
	} {
		if got, _ := write(discordPen{}, long, limit); got != want {
			t.Errorf("within %d: %q, want %q", limit, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	for given, want := range map[string]string{
		"a\tb\r\nc\x00\x1b[31md\x1b[0m":                     "a b\ncd",
		"\u202egnp.exe\u200b\ufeff":                         "gnp.exe",
		"👩\u200d👩\u200d👧 x\u200dy":                          "👩\u200d👩\u200d👧 xy",
		"❤\ufe0f 🏴\U000e0067\U000e007f a\U000e0067":         "❤\ufe0f 🏴\U000e0067\U000e007f a",
		"bad \xff\xfe utf":                                  "bad \uFFFD\uFFFD utf",
		"e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301": "e\u0301\u0301\u0301\u0301\u0301\u0301",
	} {
		if got := clean(given); got != want {
			t.Errorf("clean(%q) = %q, want %q", given, got, want)
		}
	}
}
