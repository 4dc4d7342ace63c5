import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, discordTime, type Reader, slackTime, stamp } from "../src/moment";

const then = Date.UTC(2026, 10, 12, 18, 2, 41) / 1000;
const reader = (later: number): Reader => ({ locale: "en-US", zone: "Asia/Seoul", now: (then + later) * 1000 });
const tidy = (text: string | undefined) => text?.replaceAll("\u202f", " ");

test("relative times count in the largest unit that fits", () => {
  const said = [0, 59, 61, 3599, 3601, 86400 * 3, 86400 * 40, -90].map((s) => ago(then, reader(s)));
  assert.deepEqual(said, ["in 0 seconds", "59 seconds ago", "1 minute ago", "59 minutes ago", "1 hour ago", "3 days ago", "1 month ago", "in 1 minute"]);
});

test("Discord's forms, in the reader's zone", () => {
  const said = Object.fromEntries([..."tTdDfFR"].map((form) => [form, tidy(discordTime(then, form, reader(240)))]));
  assert.deepEqual(said, {
    t: "3:02 AM", T: "3:02:41 AM", d: "11/13/26", D: "November 13, 2026", f: "November 13, 2026 at 3:02 AM", F: "Friday, November 13, 2026 at 3:02 AM", R: "4 minutes ago",
  });
});

test("Slack's patterns, in the reader's zone", () => {
  const said = (pattern: string, later = 240) => tidy(slackTime(then, pattern, reader(later)));
  assert.deepEqual(
    [said("{date_short_pretty} {time}"), said("{date_short_pretty} {time}", 86400), said("{date_pretty}", 9e6), said("{date_num} {time_secs}"), said("{date_long}, {ago}"), said("{date_week}")],
    ["Today 3:02 AM", "Yesterday 3:02 AM", "November 13th, 2026", "2026-11-13 3:02:41 AM", "Friday, November 13th, 2026, 4 minutes ago", undefined],
  );
});

test("Slack counts days in English only", () => {
  const day = (d: number, locale = "en-US") => slackTime(Date.UTC(2026, 9, d) / 1000, "{date}", { locale, zone: "UTC", now: then * 1000 });
  assert.deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30].map((d) => day(d)), [
    "October 1st, 2026", "October 2nd, 2026", "October 3rd, 2026", "October 4th, 2026", "October 11th, 2026", "October 12th, 2026", "October 13th, 2026",
    "October 21st, 2026", "October 22nd, 2026", "October 23rd, 2026", "October 30th, 2026",
  ]);
  assert.equal(day(2, "ko-KR"), "2026년 10월 2일");
});

test("the time beside an author", () => {
  const at = new Date(then * 1000).toISOString();
  assert.deepEqual([tidy(stamp(at, reader(60), "discord")), tidy(stamp(at, reader(86400), "discord")), tidy(stamp(at, reader(9e6), "discord")), tidy(stamp(at, reader(9e6), "slack"))], [
    "3:02 AM", "Yesterday 3:02 AM", "11/13/26, 3:02 AM", "3:02 AM",
  ]);
});
