// The sample events, by kind, with a search. One of them is chosen: that is what is previewed.

import { find, make } from "./dom";
import { inOrder, titleOf } from "./kinds";
import { visible } from "./visible";
import type { Sample } from "./wire";

export interface SamplesPage {
  chosen(sample: Sample): void;
  send(sample: Sample): void;
}

export class Samples {
  private readonly box = find<HTMLInputElement>("sample-search");
  private readonly list = find("sample-list");
  private all: Sample[] = [];
  private name = "";
  private listed = false; // whether the search has left any

  constructor(private readonly page: SamplesPage) {
    this.box.addEventListener("input", () => {
      const before = this.name;
      this.draw();
      if (this.name !== before) this.tell();
    });
    this.box.addEventListener("keydown", (event) => this.searchKey(event));
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.click(event));
    this.list.addEventListener("dblclick", () => this.send());
    find("sample-send").addEventListener("click", () => this.send());
  }

  get current(): Sample | undefined {
    return this.all.find((s) => s.name === this.name);
  }

  set(all: Sample[]): void {
    this.all = inOrder(all);
    if (!this.current) this.name = this.all[0]?.name ?? "";
    this.draw();
    this.tell();
  }

  private draw(): void {
    const words = this.box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.all.filter((s) => words.every((w) => `${s.name} ${s.kind} ${titleOf(s.kind)} ${s.title}`.toLowerCase().includes(w)));
    const kinds = grouped(found);
    if (found[0] && !found.some((s) => s.name === this.name)) this.name = found[0].name; // what is sent is what can be seen
    this.list.replaceChildren(...[...kinds].map(([kind, samples]) => this.group(kind, samples)));
    for (const button of ["sample-send", "sample-preview", "sample-edit"]) find<HTMLButtonElement>(button).disabled = found.length === 0;
    if (found.length === 0) this.list.append(make("p", { class: "nothing" }, "No sample has all of these words."));
    find("sample-count").textContent = found.length === this.all.length ? `${found.length}` : `${found.length} of ${this.all.length}`;
    this.listed = found.length > 0;
  }

  private group(kind: string, samples: Sample[]): HTMLElement {
    const id = `kind-${kind.replace(/\W/g, "-")}`;
    const options = samples.map((s) =>
      make("div", { role: "option", class: "sample", "data-name": s.name, id: `sample-${s.name}`, "aria-selected": String(s.name === this.name), title: s.name }, make("span", { class: "sample-title" }, visible(s.title || s.name)), make("span", { class: "sample-name" }, s.name)),
    );
    return make("div", { role: "group", "aria-labelledby": id }, make("div", { class: "kind", id }, titleOf(kind)), ...options);
  }

  private choose(name: string, scroll = false): void {
    this.name = name;
    for (const option of this.list.querySelectorAll<HTMLElement>('[role="option"]')) {
      const is = option.dataset["name"] === name;
      option.setAttribute("aria-selected", String(is));
      if (is && scroll) option.scrollIntoView({ block: "nearest" });
    }
    this.tell();
  }

  private tell(): void {
    this.list.setAttribute("aria-activedescendant", `sample-${this.name}`);
    if (this.current) this.page.chosen(this.current);
  }

  private send(): void {
    if (this.current && this.listed) this.page.send(this.current);
  }

  private click(event: Event): void {
    const name = (event.target as Element).closest<HTMLElement>('[role="option"]')?.dataset["name"];
    if (name !== undefined) this.choose(name);
  }

  private searchKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown") {
      this.list.focus();
      this.move(0);
      event.preventDefault();
    } else if (event.key === "Enter") {
      this.move(0);
      this.send();
    }
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
    if (step !== undefined) this.move(step);
    else if (event.key === "Enter") this.send();
    else return;
    event.preventDefault();
  }

  // move chooses the sample so many further down; where the chosen one is not listed, the first.
  private move(step: number): void {
    const names = [...this.list.querySelectorAll<HTMLElement>('[role="option"]')].map((o) => o.dataset["name"]!);
    const at = names.indexOf(this.name);
    const next = at < 0 ? names[0] : names[Math.max(0, Math.min(names.length - 1, at + step))];
    if (next !== undefined) this.choose(next, true);
  }
}

function grouped(samples: Sample[]): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const s of samples) groups.set(s.kind, [...(groups.get(s.kind) ?? []), s]);
  return groups;
}
