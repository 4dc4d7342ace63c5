package formatter

import "testing"

func TestADescriptionKeepsItsEmphasisAndNothingElse(t *testing.T) {
	for given, want := range map[string]string{
		"## Runbook\r\n\r\n\r\n1. **Look** at `top`\n2. call _them_": "**Runbook**\n\n1\\. **Look** at `top`\n2\\. call *them*",
		"- a\n* b\n  + c": "• a\n• b\n  • c",
		"see [the wiki](https://wiki.example.com/a_b)": "see the wiki (<https://wiki.example.com/a_b>)",
		"[log in](javascript:alert(1))":                "log in (javascript\\:alert(1))",
		"[a](https://me@evil.example)":                 "a (https\\://me@\u200bevil.example)",
		"https://wiki.example.com/x.":                  "<https://wiki.example.com/x>.",
		"http://localhost:8000":                        "http\\://localhost:8000",
		"snake_case_name 2*3*4 a**b":                   "snake_case_name 2\\*3\\*4 a\\*\\*b",
		"**open *and `never closed":                    "\\*\\*open \\*and \\`never closed",
		"```\nmake deploy\n":                           "```\nmake deploy\n```",
		"```sh\na `b`\n```\nafter":                     "```\na `\u200bb`\u200b\n```\nafter",
		"<@1> <t:1:R> @everyone":                       "\\<@\u200b1> \\<t:1\\:R> @\u200beveryone",
		"**bold [x](https://x.example) end**":          "**bold x (**\u200b<https://x.example>\u200b**) end**",
		"":                                             "",
	} {
		if got, _ := write(discordPen{}, markdown(given), 4096); got != want {
			t.Errorf("%q becomes\n%q, want\n%q", given, got, want)
		}
	}
}
