import assert from "node:assert/strict";
import { test } from "node:test";
import { discordText } from "../src/discord/markdown";
import type { Piece } from "../src/pieces";

const text = (text: string): Piece => ({ kind: "text", text });
const link = (url: string, ...inside: Piece[]): Piece => ({ kind: "link", url, inside });

const cases: [fact: string, source: string, want: Piece[]][] = [
  ["text is text", "a < b & c > d", [text("a < b & c > d")]],
  ["bold", "**97.2 %**, high", [{ kind: "bold", inside: [text("97.2 %")] }, text(", high")]],
  ["italics, both ways", "*a* _b_", [{ kind: "italic", inside: [text("a")] }, text(" "), { kind: "italic", inside: [text("b")] }]],
  ["bold italics", "***a***", [{ kind: "bold", inside: [{ kind: "italic", inside: [text("a")] }] }]],
  ["underlined, struck, hidden", "__a__~~b~~||c||", [
    { kind: "underline", inside: [text("a")] }, { kind: "strike", inside: [text("b")] }, { kind: "spoiler", inside: [text("c")] },
  ]],
  ["snake_case_names are no italics", "db_free_mem", [text("db_free_mem")]],
  ["a star alone is a star", "3 * 4 * 5", [text("3 * 4 * 5")]],
  ["a mark nobody closes is text", "**a", [text("**a")]],
  ["escapes", "\\*\\*a\\*\\* \\[x\\](y) \\\\", [text("**a** [x](y) \\")]],
  ["a backslash before a letter stays", "C:\\temp", [text("C:\\temp")]],
  ["an escaped mark does not close", "**a\\*\\*b**", [{ kind: "bold", inside: [text("a**b")] }]],
  ["code has no markup inside", "`**a** \\* <@1>`", [{ kind: "code", text: "**a** \\* <@1>" }]],
  ["two backticks hold one", "``a`b``", [{ kind: "code", text: "a`b" }]],
  ["a block of code", "x\n```json\n{\"a\": 1}\n```\ny", [text("x\n"), { kind: "fence", text: "{\"a\": 1}" }, text("y")]],
  ["a block of code without a language", "```\na\n  b\n```", [{ kind: "fence", text: "a\n  b" }]],
  ["masked link", "[jump](https://discord.com/channels/1/2/3)", [link("https://discord.com/channels/1/2/3", text("jump"))]],
  ["masked link with brackets in its address", "[→](https://a.example/x(1)?b=~(c))", [link("https://a.example/x(1)?b=~(c)", text("→"))]],
  ["no link to anything but http and https", "[x](javascript:alert(1)) [y](data:text/html,z)", [text("[x](javascript:alert(1)) [y](data:text/html,z)")]],
  ["a label that shows another address masks nothing", "[https://bank.example](https://evil.example/)", [
    text("["), link("https://bank.example/", text("https://bank.example")), text("]("), link("https://evil.example/", text("https://evil.example/")), text(")"),
  ]],
  ["backslashes in a label are shown", "[a\\_b](https://a.example/)", [link("https://a.example/", text("a\\_b"))]],
  ["bare address, without the stop behind it", "see https://a.example/x.", [text("see "), link("https://a.example/x", text("https://a.example/x")), text(".")]],
  ["address in angles", "(<https://a.example/b>)", [text("("), link("https://a.example/b", text("https://a.example/b")), text(")")]],
  ["escaped address", "https\\://evil.example", [text("https://evil.example")]],
  ["times", "<t:1794506561:R> <t:1794506561>", [
    { kind: "time", unix: 1794506561, form: "R", otherwise: "<t:1794506561:R>" }, text(" "), { kind: "time", unix: 1794506561, form: "f", otherwise: "<t:1794506561>" },
  ]],
  ["no time", "<t:now:R> <t:1:Q>", [text("<t:now:R> <t:1:Q>")]],
  ["mentions", "<@&1> <@2> <@!3> <#4> @everyone @here", [
    { kind: "mention", who: "role", id: "1" }, text(" "), { kind: "mention", who: "user", id: "2" }, text(" "), { kind: "mention", who: "user", id: "3" }, text(" "),
    { kind: "mention", who: "channel", id: "4" }, text(" "), { kind: "mention", who: "crowd", id: "everyone" }, text(" "), { kind: "mention", who: "crowd", id: "here" },
  ]],
  ["broken mentions", "@\u200beveryone \\<@\u200b123> <@\u200b123>", [text("@\u200beveryone <@\u200b123> <@\u200b123>")]],
  ["pictures from elsewhere are their names", "<:boom:123456789012345678>", [text(":boom:")]],
  ["headings", "# a\n## *b*\ntext # c", [
    { kind: "heading", level: 1, inside: [text("a")] }, { kind: "heading", level: 2, inside: [{ kind: "italic", inside: [text("b")] }] }, text("text # c"),
  ]],
  ["small", "-# a", [{ kind: "small", inside: [text("a")] }]],
  ["quotes", "> a\n> **b**\nc", [{ kind: "quote", inside: [text("a\n"), { kind: "bold", inside: [text("b")] }] }, text("c")]],
  ["lists", "- a\n* b\n2. c", [{ kind: "item", inside: [text("• a")] }, { kind: "item", inside: [text("• b")] }, { kind: "item", inside: [text("2. c")] }]],
  ["an escaped heading", "\\# a", [text("# a")]],
  ["emoji by name, unless escaped, in code or unknown", ":warning: \\:warning: `:x:` :nobody: 12:30:50", [
    text("⚠️ :warning: "), { kind: "code", text: ":x:" }, text(" :nobody: 12:30:50"),
  ]],
  ["HTML is text", "<script>alert(1)</script> &lt;b&gt; <img src=x onerror=alert(1)>", [text("<script>alert(1)</script> &lt;b&gt; <img src=x onerror=alert(1)>")]],
];

for (const [fact, source, want] of cases) {
  test(`Discord: ${fact}`, () => assert.deepEqual(discordText(source), want));
}

test("Discord: titles know emphasis and escapes, but neither references nor blocks", () => {
  assert.deepEqual(discordText("# \\*a\\* **b** <t:1:R> @everyone https://a.example", "title"), [
    text("# *a* "), { kind: "bold", inside: [text("b")] }, text(" <t:1:R> @everyone https://a.example"),
  ]);
});

test("Discord: a hostile text is read in no time", () => {
  const began = performance.now();
  for (const hostile of ["[", "*", "_", "||", "`", "(", "> ", "**a", "<t:", "https://", "\\", "*a **"]) discordText(hostile.repeat(4096 / hostile.length));
  assert.ok(performance.now() - began < 5000);
});
