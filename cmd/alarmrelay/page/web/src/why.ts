// Why an alert goes where it goes: which rule took it, and whom that tells.

import { make } from "./dom";
import { visible } from "./visible";
import type { Alert, Verdict } from "./wire";

// alertView says of an alert what each rule made of it.
export function alertView(alert: Alert, open: boolean): HTMLElement {
  const { rules = [], routing } = alert.explanation ?? {};
  const deliveries = (routing?.deliveries ?? []).map((d) => {
    const how = [d.mention?.length ? `mentions ${d.mention.join(", ")}` : "", d.severity ? `severity ${d.severity}` : ""].filter(Boolean).join(", ");
    return make("li", null, make("span", { class: "sign", "aria-hidden": "true" }, "→"), make("div", null, make("b", null, `#${d.destination}`), how ? `, ${how}` : ""));
  });
  const taken = rules.filter((v) => v.matched).map(nameOf);
  return make(
    "details",
    { class: "alert", open },
    make("summary", null, make("b", null, visible(alert.name)), make("small", null, taken.length > 0 ? ` ${visible(taken.join(", "))}` : "")),
    make("ol", { class: "verdicts" }, ...rules.map((v, i) => verdict(v, rules.slice(0, i).findLast((r) => r.matched)))),
    make("ul", { class: "verdicts deliveries" }, ...deliveries),
    routing?.silence ? make("p", { class: "silence" }, `Nobody is told: ${visible(routing.silence)}`) : null,
    make(
      "dl",
      { class: "keys" },
      ...fact("recognised by", alert.key, "Whatever comes with the same key is about the same thing: its message is edited instead of a new one being posted."),
      ...fact("told once as", alert.change, "Events can come twice. What has the same mark as one that was told already is not told again. Of an alarm it is made of its state, the state before, the time of the change in milliseconds, and whether the alarm was muted until then."),
    ),
  );
}

function nameOf(v: Verdict): string {
  return v.name || `rule ${v.rule}`;
}

// verdict is what became of a rule. taker is the rule before it that took the alert last.
function verdict(v: Verdict, taker: Verdict | undefined): HTMLElement {
  const state = v.matched ? "matched" : v.asked ? "missed" : "unasked";
  const sign = { matched: "✓", missed: "✗", unasked: "·" }[state];
  const said = { matched: "matches: ", missed: "does not match: ", unasked: "" }[state];
  const why = state === "unasked" && taker ? `does not matter any more: “${nameOf(taker)}” has taken the alert` : v.why;
  const title = [nameOf(v), v.line ? `line ${v.line}` : ""].filter(Boolean).join(", ");
  return make("li", { class: `verdict-${state}` }, make("span", { class: "sign", "aria-hidden": "true" }, sign), make("div", null, make("b", null, title), make("span", { class: "unseen" }, ` ${said}`), make("div", { class: "why" }, visible(why))));
}

function fact(name: string, value: string, about: string): HTMLElement[] {
  return [make("dt", { title: about }, name), make("dd", { title: about }, visible(value) || "–")];
}
