// What the relay's store keeps, in words: its keys are short, since a table in AWS is paid by its size.

type Words = Record<string, string>;

const trouble: Words = {
  m: "message", s: "state", at: "in this state since", b: "began", l: "last out of ALARM", f: "times fired", tr: "course", p: "last pinged",
  u: "fired again unseen", ack: "taken care of by", rem: "last reminded", esc: "escalated", al: "message of its own since",
};

// Words for the keys of an object, by the key that it stands under; of "" for what an item begins with.
const words: Record<string, Words> = {
  "": { ep: "trouble", a: "newest alert", newest: "newest state told", since: "in trouble since", told: "changes that were told", requests: "requests of the last minute" },
  ep: trouble,
  e: trouble,
  cards: { k: "recognised by", e: "trouble" },
  behind: { e: "trouble", a: "newest alert" },
  held: { a: "alert", at: "changed" },
  found: { s: "state", f: "earliest", t: "latest" },
  parent: { k: "recognised by", n: "name", m: "message" },
};

// inWords returns an item's facts with its short keys written out.
export function inWords(facts: unknown, under = ""): unknown {
  if (Array.isArray(facts)) return facts.map((f) => inWords(f, under));
  if (typeof facts !== "object" || facts === null) return facts;
  const said = words[under] ?? {};
  const all = Object.entries(facts).sort(([a], [b]) => Number(a === "a") - Number(b === "a")); // the alert last: it is long
  return Object.fromEntries(all.map(([key, value]) => [said[key] ?? key, key === "a" ? value : inWords(value, key)]));
}

// titleOfItem says what an item is about.
export function titleOfItem(id: string): string {
  const [destination = "", ...rest] = id.split(" ");
  const key = rest.join(" ");
  const [kind, , message] = key.split("|");
  if (key === "") return `About #${destination} itself`;
  if (kind === "post" && message) return `What message ${message} in #${destination} shows`;
  return `In #${destination}: ${key}`;
}
