// Where in a YAML file a cursor stands: which keys lead there, and whether a key or a value is being written. It looks at lines
// and brackets, not at a parsed tree, since what is being written is rarely whole.

export interface Place {
  path: (string | number)[]; // keys, and 0 for an item of a list
  writing: "key" | "value";
  word: string; // what stands before the cursor
  present: string[]; // the keys that are there already, beside the one that is being written
}

interface Level {
  indent: number;
  key: string | number;
}

// placeAt returns where offset stands.
export function placeAt(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split("\n");
  const current = lines.pop()!;
  const { flow, start } = openFlow(lines, current);
  const head = flow === "" ? current : start;
  const levels = above(lines, head, flow === "");
  const path = levels.map((l) => l.key);
  if (flow !== "") return inFlow(path, flow);
  const { indent, rest, dashes } = unlisted(current);
  const pair = /^("[^"]*"|'[^']*'|[^\s:#][^:#]*?)\s*:(?:\s+(.*))?$/s.exec(rest);
  for (let i = 0; i < dashes; i++) path.push(0);
  if (pair) return { path: [...path, unquoted(pair[1]!)], writing: "value", word: pair[2] ?? "", present: [] };
  const present = siblings(text, offset, indent);
  return { path, writing: "key", word: rest, present };
}

// unlisted parts a line into its indent, counted behind the dashes of lists, and what follows.
function unlisted(line: string): { indent: number; rest: string; dashes: number } {
  const dash = /^(\s*)((?:-\s+)*(?:-$)?)(.*)$/s.exec(line)!;
  return { indent: dash[1]!.length + dash[2]!.length, rest: dash[3]!, dashes: (dash[2]!.match(/-/g) ?? []).length };
}

// above returns the keys that the line with this head stands beneath.
function above(lines: string[], head: string, block: boolean): Level[] {
  const own = /^\s*/.exec(head)![0].length;
  const listed = /^\s*-(\s|$)/.test(head);
  let least = own;
  let closed = listed; // a list may stand at the indent of its key
  const levels: Level[] = [];
  if (!block) {
    const { indent, rest, dashes } = unlisted(head);
    const key = /^("[^"]*"|'[^']*'|[^\s:#][^:#]*?)\s*:/.exec(rest);
    if (key) levels.push({ indent, key: unquoted(key[1]!) });
    for (let i = 0; i < dashes; i++) levels.push({ indent: own, key: 0 });
  }
  for (const line of [...lines].reverse()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const { indent, rest, dashes } = unlisted(line);
    const begin = indent - (dashes > 0 ? indent - /^\s*/.exec(line)![0].length : 0);
    const key = /^("[^"]*"|'[^']*'|[^\s:#][^:#]*?)\s*:(?:\s|$)/.exec(rest);
    if (dashes > 0 && begin < least) {
      if (key && indent < least) levels.push({ indent, key: unquoted(key[1]!) });
      levels.push({ indent: begin, key: 0 });
      least = begin;
      closed = true;
    } else if (dashes === 0 && key && (indent < least || (closed && indent === least))) {
      levels.push({ indent, key: unquoted(key[1]!) });
      least = indent;
      closed = false;
    }
    if (least === 0 && !closed) break;
  }
  return levels.reverse();
}

// openFlow returns the text from the first bracket that is still open, and the line in which it stands.
function openFlow(lines: string[], current: string): { flow: string; start: string } {
  let from = lines.length;
  while (from > 0 && from > lines.length - 40 && !/^\s*(- +)*("[^"]*"|'[^']*'|[^\s:#{[][^:#]*?)\s*:(\s|$)|^\s*-\s/.test(lines[from] ?? current)) from--;
  const all = [...lines.slice(from), current];
  const text = all.join("\n");
  const open: number[] = [];
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote) quote = c === quote ? "" : quote;
    else if (c === "#" && /\s/.test(text[i - 1] ?? "\n")) while (i < text.length && text[i] !== "\n") i++;
    else if ((c === '"' || c === "'") && /[\s,:[{]/.test(text[i - 1] ?? " ")) quote = c;
    else if ((c === "{" || c === "[") && (open.length > 0 || /(^|[\s:-])$/.test(text.slice(0, i)))) open.push(i);
    else if ((c === "}" || c === "]") && open.length > 0) open.pop();
  }
  if (open.length === 0) return { flow: "", start: current };
  const begin = open[0]!;
  return { flow: text.slice(begin), start: text.slice(0, begin).split("\n").at(-1)! };
}

// inFlow goes on within brackets: {match: {alarm: [a, b
function inFlow(path: (string | number)[], flow: string): Place {
  const stack: { open: string; key: string | null; present: string[] }[] = [];
  let word = "";
  let quote = "";
  const end = () => {
    const top = stack.at(-1);
    if (top && top.open === "{" && top.key !== null) top.key = null;
    word = "";
  };
  for (let i = 0; i < flow.length; i++) {
    const c = flow[i]!;
    if (quote) {
      word += c;
      if (c === quote) quote = "";
    } else if (c === '"' || c === "'") {
      quote = c;
      word += c;
    } else if (c === "{" || c === "[") {
      stack.push({ open: c, key: null, present: [] });
      word = "";
    } else if (c === "}" || c === "]") {
      stack.pop();
      word = "";
    } else if (c === ",") {
      end();
    } else if (c === ":" && /[\s{[]|$/.test(flow[i + 1] ?? "") && stack.at(-1)?.open === "{" && stack.at(-1)!.key === null) {
      const top = stack.at(-1)!;
      top.key = unquoted(word.trim());
      top.present.push(top.key);
      word = "";
    } else if (word !== "" || !/\s/.test(c)) {
      word += c;
    }
  }
  const full = [...path];
  for (const [i, level] of stack.entries()) {
    if (level.open === "[") full.push(0);
    else if (level.key !== null || i < stack.length - 1) full.push(level.key ?? "");
  }
  const top = stack.at(-1)!;
  const writing = top.open === "{" && top.key === null ? "key" : "value";
  return { path: full, writing, word, present: writing === "key" ? top.present : [] };
}

// siblings are the keys at this indent around the line at offset.
function siblings(text: string, offset: number, indent: number): string[] {
  const lines = text.split("\n");
  const at = text.slice(0, offset).split("\n").length - 1;
  const keys: string[] = [];
  const look = (i: number, step: number) => {
    for (let n = i; n >= 0 && n < lines.length; n += step) {
      const line = lines[n]!;
      if (/^\s*(#|$)/.test(line)) continue;
      const { indent: here, rest, dashes } = unlisted(line);
      const key = /^("[^"]*"|'[^']*'|[^\s:#][^:#]*?)\s*:(?:\s|$)/.exec(rest);
      if (dashes > 0 && step > 0) return;
      if (here < indent) return;
      if (here === indent && key) keys.push(unquoted(key[1]!));
      if (dashes > 0 && here === indent) return;
    }
  };
  if (!/^\s*-/.test(lines[at] ?? "")) look(at - 1, -1);
  look(at + 1, 1);
  return keys;
}

function unquoted(key: string): string {
  return key.replace(/^(["'])(.*)\1$/s, "$2");
}
