import { equal } from "node:assert/strict";
import { test } from "node:test";
import { givenUp, queued } from "../src/waiting";

const now = Date.parse("2026-11-22T13:00:00Z");
const at = (next?: string, messages = 1) => queued({ messages, next, dead: 0 }, now);

test("what is in the queue is told with its next try", () => {
  equal(at(undefined, 0), "");
  equal(at(undefined, 3), "3 being told");
  equal(at("2026-11-22T13:00:24.200Z"), "1 event waits, next try in 25 s");
  equal(at("2026-11-22T13:12:00Z", 2), "2 events wait, next try in 12 min");
  equal(at("2026-11-22T12:59:59Z"), "1 event waits, next try now");
});

test("what was given up is told with where it is", () => {
  equal(givenUp({ messages: 0, dead: 0 }), "");
  equal(givenUp({ messages: 0, dead: 1 }), "1 could not be delivered: it is in the dead-letter queue");
  equal(givenUp({ messages: 0, dead: 2 }), "2 could not be delivered: they are in the dead-letter queue");
});
