import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { inWords, titleOfItem } from "../src/store";

test("short keys are written out where they stand, and an alert is left as it is", () => {
  deepEqual(inWords({ ep: { s: "ALARM", f: 2, m: { message: "1" } }, a: { Name: "x", s: 1 }, told: ["q"] }), {
    trouble: { state: "ALARM", "times fired": 2, message: { message: "1" } },
    "newest alert": { Name: "x", s: 1 },
    "changes that were told": ["q"],
  });
  deepEqual(inWords({ cards: [{ k: "key", e: { b: "then" } }], found: { f: "a", t: "b" } }), {
    cards: [{ "recognised by": "key", trouble: { began: "then" } }],
    found: { earliest: "a", latest: "b" },
  });
});

test("an item is named by what it is about", () => {
  equal(titleOfItem("ops "), "About #ops itself");
  equal(titleOfItem("ops post|13|14"), "What message 14 in #ops shows");
  equal(titleOfItem("ops log group with spaces"), "In #ops: log group with spaces");
});
