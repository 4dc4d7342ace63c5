import assert from "node:assert/strict";
import { test } from "node:test";
import { isJSON, mistakeIn } from "../src/mistake";

test("a mistake has its line", () => {
  const lines = [
    '{\n  "AlarmName": "x",\n  "NewStateValue": }', "{", "", "[1,\n2,\n]", '{"a": 1}\n}', "{'a': 1}", '{"a": 1,\n "b": tru}', '{"a":\n"b\n"}',
  ].map((text) => mistakeIn(text)?.line);
  assert.deepEqual(lines, [3, 1, 1, 3, 2, 1, 2, 2]);
});

test("JSON has no mistake", () => assert.deepEqual(['{"a": [1, null]}', "1"].map(mistakeIn), [undefined, undefined]));

test("what begins like JSON is meant to be JSON, and a name in brackets is not", () => {
  const meant = ['{"a', " {", "[", '[{"a": 1}', "[]", "[Alarm] disk full", "disk {full}", ""].map(isJSON);
  assert.deepEqual(meant, [true, true, true, true, true, false, false, false]);
});
