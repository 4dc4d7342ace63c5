// JSON as people read it, with its parts in colours.

import { make } from "./dom";
import { visible } from "./visible";

const mostColoured = 60_000; // characters
const part = /("(?:\\.|[^"\\])*")(\s*:)?|(true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

// jsonView returns a value, as a block that can be scrolled and copied.
export function jsonView(value: unknown): HTMLElement {
  const parsed = typeof value === "string" ? parse(value) : value;
  const text = visible(typeof parsed === "string" ? parsed : (JSON.stringify(parsed, null, 2) ?? ""));
  const block = make("pre", { class: "json", tabindex: 0 });
  if (typeof parsed === "string" || text.length > mostColoured) block.textContent = text;
  else block.append(...coloured(text));
  const copy = make("button", { type: "button", class: "copy" }, "Copy");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  });
  return make("div", { class: "json-view" }, copy, block);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function coloured(text: string): (Node | string)[] {
  const out: (Node | string)[] = [];
  let last = 0;
  for (const found of text.matchAll(part)) {
    out.push(text.slice(last, found.index));
    const [whole, string, colon, other] = found;
    if (string !== undefined) out.push(make("span", { class: colon ? "json-key" : "json-string" }, string), colon ?? "");
    else out.push(make("span", { class: "json-number" }, other ?? whole));
    last = found.index + whole.length;
  }
  out.push(text.slice(last));
  return out;
}
