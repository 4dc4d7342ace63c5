// What the relay logs.

import { find, make } from "./dom";
import { visible } from "./visible";
import type { Note } from "./wire";

const mostNotes = 200;

// addNote adds a line.
export function addNote({ at, text }: Note): void {
  const list = find("notes");
  list.append(make("li", null, make("time", { datetime: at }, new Date(at).toLocaleTimeString()), " ", visible(text)));
  while (list.childElementCount > mostNotes) list.firstElementChild!.remove();
  count();
}

// setNotes shows these lines and no others.
export function setNotes(all: Note[]): void {
  find("notes").replaceChildren();
  all.forEach(addNote);
  count();
}

// openNotes shows the newest lines.
export function openNotes(): void {
  find<HTMLDetailsElement>("log").open = true;
  const list = find("notes");
  list.scrollTop = list.scrollHeight;
  list.focus({ preventScroll: true });
  find("log").scrollIntoView({ block: "nearest" });
}

function count(): void {
  const lines = find("notes").childElementCount;
  find("notes-count").textContent = lines > 0 ? String(lines) : "";
}
