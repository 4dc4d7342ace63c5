import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Place, placeAt } from "../src/config/place";
import { keysAt, type Schema, valuesAt } from "../src/config/schema";

// The cursor stands at ‸.
function at(text: string): Place {
  return placeAt(text.replace("‸", ""), text.indexOf("‸"));
}

const cases: [fact: string, text: string, want: Place][] = [
  ["the beginning", "‸", { path: [], writing: "key", word: "", present: [] }],
  ["a key at the top", "locale: en\nru‸\nstorm:\n  alerts: 3\n", { path: [], writing: "key", word: "ru", present: ["locale", "storm"] }],
  ["a value at the top", "locale: e‸", { path: ["locale"], writing: "value", word: "e", present: [] }],
  ["a key beneath a key", "storm:\n  alerts: 3\n  ‸", { path: ["storm"], writing: "key", word: "", present: ["alerts"] }],
  ["a key of an item", "rules:\n  - name: a\n    to‸", { path: ["rules", 0], writing: "key", word: "to", present: ["name"] }],
  ["the first key of an item", "rules:\n  - name: a\n  - ma‸\n", { path: ["rules", 0], writing: "key", word: "ma", present: [] }],
  ["a list at the indent of its key", "rules:\n- name: a\n  mat‸", { path: ["rules", 0], writing: "key", word: "mat", present: ["name"] }],
  ["beneath a key of an item", "rules:\n  - name: a\n    match:\n      sta‸", { path: ["rules", 0, "match"], writing: "key", word: "sta", present: [] }],
  ["a value of an item", "rules:\n  - name: a\n    mention: on‸", { path: ["rules", 0, "mention"], writing: "value", word: "on", present: [] }],
  ["an item of a list of words", "rules:\n  - to:\n      - op‸", { path: ["rules", 0, "to", 0], writing: "key", word: "op", present: [] }],
  ["in brackets", "rules:\n  - to: [ops, ba‸", { path: ["rules", 0, "to", 0], writing: "value", word: "ba", present: [] }],
  ["a key in braces", "rules:\n  - match: {alarm: [\"a\", b], st‸}\n    to: [x]", { path: ["rules", 0, "match"], writing: "key", word: "st", present: ["alarm"] }],
  ["a value in braces", "rules:\n  - match: {alarm: [\"a\", b], state: AL‸", { path: ["rules", 0, "match", "state"], writing: "value", word: "AL", present: [] }],
  ["a list in braces", "rules:\n  - match: {not: {state: [OK, ‸", { path: ["rules", 0, "match", "not", "state", 0], writing: "value", word: "", present: [] }],
  ["braces behind a key at the top", "storm: {alerts: 3, ‸}", { path: ["storm"], writing: "key", word: "", present: ["alerts"] }],
  ["a destination's key", "destinations:\n  ops: {discord: \"ssm:/a/b\", ‸", { path: ["destinations", "ops"], writing: "key", word: "", present: ["discord"] }],
  ["brackets over several lines", "rules:\n  - to: [\n      ops,\n      ba‸", { path: ["rules", 0, "to", 0], writing: "value", word: "ba", present: [] }],
  ["behind brackets that are closed", "rules:\n  - to: [ops]\n    ‸", { path: ["rules", 0], writing: "key", word: "", present: ["to"] }],
  ["comments do not count", "storm:\n  # retry:\n  ‸", { path: ["storm"], writing: "key", word: "", present: [] }],
];

for (const [fact, text, want] of cases) {
  test(`place: ${fact}`, () => assert.deepEqual(at(text), want));
}

const schema = JSON.parse(readFileSync("../../../../alarmrelay.schema.json", "utf8")) as Schema;
const labels = (choices: { label: string }[]) => choices.map((c) => c.label);

test("schema: the keys of a rule, without those it has", () => {
  const keys = labels(keysAt(schema, ["rules", 0], ["name", "match"]));
  assert.ok(keys.includes("to") && keys.includes("mention") && !keys.includes("match"), keys.join());
});

test("schema: what a rule may match", () => {
  const keys = labels(keysAt(schema, ["rules", 0, "match"], []));
  assert.ok(["alarm", "state", "not", "dimension"].every((k) => keys.includes(k)), keys.join());
});

test("schema: values behind references and in lists", () => {
  assert.deepEqual(labels(valuesAt(schema, ["locale"])), ["en", "ko"]);
  assert.deepEqual(labels(valuesAt(schema, ["graph"])), ["false", "true"]);
  assert.deepEqual(labels(valuesAt(schema, ["tags", 0])), ["severity", "runbook", "to", "mention", "mute"]);
  assert.ok(labels(valuesAt(schema, ["rules", 0, "match", "state"])).includes("ALARM"));
  assert.ok(labels(keysAt(schema, ["destinations", "ops"], [])).includes("discord"));
});

test("schema: a key comes with what it means", () => {
  const locale = keysAt(schema, [], []).find((c) => c.label === "locale");
  assert.deepEqual(locale, { label: "locale", about: "Language of the messages. Default: en.", detail: "choice", nested: false });
});
