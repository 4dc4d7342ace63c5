import assert from "node:assert/strict";
import { test } from "node:test";
import { visible } from "../src/visible";

test("characters that turn a text around are written out, and no others", () => {
  assert.equal(visible("a\u202egnp.exe\u2066\u0007\n\t한글 👩\u200d💻"), "a\\u202egnp.exe\\u2066\\u0007\n\t한글 👩\u200d💻");
});
