import assert from "node:assert/strict";
import { test } from "node:test";
import type { Piece } from "../src/pieces";
import { slackText } from "../src/slack/mrkdwn";

const text = (text: string): Piece => ({ kind: "text", text });
const link = (url: string, label: string): Piece => ({ kind: "link", url, inside: [text(label)] });

const cases: [fact: string, source: string, want: Piece[]][] = [
  ["text is text", "a b", [text("a b")]],
  ["entities, once", "a &lt; b &amp;lt; &gt; &quot;", [text("a < b &lt; > &quot;")]],
  ["emphasis", "*a* _b_ ~c~", [{ kind: "bold", inside: [text("a")] }, text(" "), { kind: "italic", inside: [text("b")] }, text(" "), { kind: "strike", inside: [text("c")] }]],
  ["emphasis within emphasis", "*a _b_*", [{ kind: "bold", inside: [text("a "), { kind: "italic", inside: [text("b")] }] }]],
  ["marks within words are text", "db_free_mem 2*3*4 *a*b", [text("db_free_mem 2*3*4 *a*b")]],
  ["marks beside a gap are text", "* a * *\u200b*", [text("* a * *\u200b*")]],
  ["emphasis ends with the line", "*a\nb*", [text("*a\nb*")]],
  ["Discord's bold is none", "**a**", [text("**a**")]],
  ["code has no markup inside", "`*a* &lt;b&gt;`", [{ kind: "code", text: "*a* <b>" }]],
  ["a block of code", "```\na &amp; b\n  c\n```\nd", [{ kind: "fence", text: "a & b\n  c" }, text("d")]],
  ["links", "<https://a.example/?b=1&amp;c=2|Alarm> · <https://a.example/>", [link("https://a.example/?b=1&c=2", "Alarm"), text(" · "), link("https://a.example/", "https://a.example/")]],
  ["no link to anything but http, https and mail", "<javascript:alert(1)|x> <mailto:a@b.example|write>", [text("<javascript:alert(1)|x> "), link("mailto:a@b.example", "write")]],
  ["a label is text", "<https://a.example/|*a* &lt;b&gt;>", [link("https://a.example/", "*a* <b>")]],
  ["times", "<!date^1794506561^{date_short_pretty} {time}|2026-11-13 03:02 KST>", [
    { kind: "time", unix: 1794506561, form: "{date_short_pretty} {time}", otherwise: "2026-11-13 03:02 KST", url: undefined },
  ]],
  ["times that lead somewhere", "<!date^1^{time}^https://a.example/|then>", [{ kind: "time", unix: 1, form: "{time}", otherwise: "then", url: "https://a.example/" }]],
  ["no time", "<!date^soon^{time}|then>", [text("then")]],
  ["mentions", "<@U1> <!subteam^S1> <!subteam^S2|@ops> <!here> <#C1|general>", [
    { kind: "mention", who: "user", id: "U1", label: undefined }, text(" "), { kind: "mention", who: "subteam", id: "S1", label: undefined }, text(" "),
    { kind: "mention", who: "subteam", id: "S2", label: "ops" }, text(" "), { kind: "mention", who: "crowd", id: "here" }, text(" "), { kind: "mention", who: "channel", id: "C1", label: "general" },
  ]],
  ["entities make no mention", "&lt;!here&gt; &lt;@U1&gt;", [text("<!here> <@U1>")]],
  ["quotes", "&gt; a *b*\n&gt;c\nd &gt; e", [{ kind: "quote", inside: [text("a "), { kind: "bold", inside: [text("b")] }, text("\nc")] }, text("d > e")]],
  ["a quote to the end", "a\n&gt;&gt;&gt; b\n&gt; c", [text("a\n"), { kind: "quote", inside: [text("b\n> c")] }]],
  ["emoji by name, unless in code or unknown", ":warning: `:x:` :nobody: :constructor: 12:30:50", [
    text("⚠️ "), { kind: "code", text: ":x:" }, text(" :nobody: :constructor: 12:30:50"),
  ]],
  ["bare addresses and names are text where it is verbatim", "https://a.example @here", [text("https://a.example @here")]],
  ["HTML is text", "<script>alert(1)</script>", [text("<script>alert(1)</script>")]],
];

for (const [fact, source, want] of cases) {
  test(`Slack: ${fact}`, () => assert.deepEqual(slackText(source), want));
}

test("Slack: bare addresses and names count where Slack shall look for them", () => {
  assert.deepEqual(slackText("see https://a.example/b. @here", { addresses: true, names: true }), [
    text("see "), link("https://a.example/b", "https://a.example/b"), text(". "), { kind: "mention", who: "crowd", id: "here" },
  ]);
});

test("Slack: a hostile text is read in no time", () => {
  const began = performance.now();
  for (const hostile of ["*", "_a ", "*a", "`", "<", "<!date^", "&gt; ", "~*_"]) slackText(hostile.repeat(3000 / hostile.length));
  assert.ok(performance.now() - began < 5000);
});
