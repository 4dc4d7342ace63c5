// A channel with its newest messages. Whatever comes within a frame is drawn in one go, and a frame draws no more than it has
// time for, so that a storm does not freeze the page.

import { icon, icons, make } from "./dom";
import { discordMessage, discordSummary } from "./discord/message";
import type { Scene } from "./inline";
import { slackMessage, slackSummary } from "./slack/message";
import { webAddress } from "./pieces";
import { Scroll } from "./scroll";
import type { Destination, Message } from "./wire";

const mostShown = 300; // messages
const frame = 12; // milliseconds

// Page is what a channel needs of the page that it is on.
export interface Page {
  names(): Record<string, string>;
  open(id: string): void; // the panel about a message
  jump(id: string): void;
  came(channel: Channel, fresh: number): void; // so many new messages
  telling(): boolean; // the story, whose point is what changes in place
}

interface Row {
  message: Message;
  element: HTMLElement;
}

export class Channel {
  readonly list: HTMLElement;
  private readonly scroll: Scroll;
  private readonly rows = new Map<string, Row>();
  private readonly waiting = new Map<string, Message>();
  private readonly posts = new Map<string, string>(); // names of a forum's posts
  private scheduled = false;
  private readonly empty = make("div", { class: "empty" });
  private flashing = true; // but what was there when the page came is no news

  constructor(
    readonly destination: Destination,
    private readonly page: Page,
    label: string,
    follows = true, // what comes; else it is read from the top
  ) {
    this.list = destination.service === "discord" ? make("discord-messages", { class: "messages discord" }) : make("div", { class: "messages slack" });
    this.list.toggleAttribute("light-theme", document.documentElement.dataset["theme"] === "light");
    this.list.setAttribute("role", "feed");
    this.list.setAttribute("aria-label", label);
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.scroll = new Scroll(this.list, this.empty, follows, (id) => this.reveal(id));
  }

  // elements are what the channel is seen in.
  get elements(): HTMLElement[] {
    return this.scroll.elements;
  }

  get size(): number {
    return this.rows.size;
  }

  // explain says why there is nothing, for as long as there is nothing.
  explain(said: HTMLElement): void {
    if (this.empty.textContent !== said.textContent) this.empty.replaceChildren(said);
  }

  *messages(): Generator<Message> {
    for (const row of this.rows.values()) yield row.message;
    yield* this.waiting.values();
  }

  has(id: string): boolean {
    return this.rows.has(id) || this.waiting.has(id);
  }

  // put shows messages: new ones at the end, known ones where they are.
  put(all: Message[]): void {
    for (const m of all) {
      const known = this.waiting.get(m.id) ?? this.rows.get(m.id)?.message;
      if (known && known.edits > m.edits) continue; // an older version that was still on its way
      if (!known && this.isBygone(m)) continue;
      this.waiting.set(m.id, m); // one that waits already keeps its place
    }
    let surplus = this.waiting.size - mostShown;
    for (const id of this.waiting.keys()) {
      if (surplus-- <= 0) break;
      if (!this.rows.has(id)) this.waiting.delete(id);
    }
    this.schedule();
  }

  // isBygone tells of a message that had to make room for newer ones, and was edited since.
  private isBygone(m: Message): boolean {
    const oldest = this.rows.values().next().value;
    return this.rows.size >= mostShown && oldest !== undefined && Date.parse(m.at) < Date.parse(oldest.message.at);
  }

  remove(id: string): void {
    this.waiting.delete(id);
    this.rows.get(id)?.element.remove();
    this.rows.delete(id);
    this.showEmpty();
  }

  // reset shows these messages and no others.
  reset(all: Message[]): void {
    const stays = new Set(all.map((m) => m.id));
    for (const id of [...this.rows.keys()]) if (!stays.has(id)) this.remove(id);
    this.waiting.clear();
    this.flashing = all.length === 0;
    this.scroll.begin();
    this.put(all);
    this.showEmpty();
  }

  // redraw draws everything anew, since names have changed.
  redraw(): void {
    const all = [...this.rows.values()].map((r) => r.message);
    this.flashing = false;
    for (const m of all) if (!this.waiting.has(m.id)) this.waiting.set(m.id, m);
    this.schedule();
  }

  // reveal scrolls to a message and shows which it is.
  reveal(id: string): boolean {
    const row = this.rows.get(id)?.element;
    if (!row) return false;
    this.scroll.to(row);
    row.focus({ preventScroll: true });
    flash(row);
    return true;
  }

  mark(id: string | undefined): void {
    this.list.querySelector("article.chosen")?.classList.remove("chosen");
    if (id !== undefined) this.rows.get(id)?.element.classList.add("chosen");
  }

  private schedule(): void {
    if (this.scheduled || this.waiting.size === 0) return;
    this.scheduled = true;
    // A hidden page gets no frames, and is not looked at.
    if (document.hidden) setTimeout(() => this.draw(), 500);
    else requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.scheduled = false;
    const until = performance.now() + frame;
    const fresh = document.createDocumentFragment();
    let count = 0;
    for (const [id, m] of this.waiting) {
      this.waiting.delete(id);
      count += this.drawOne(m, fresh) ? 1 : 0;
      if (performance.now() > until) break;
    }
    this.list.append(fresh);
    this.trim();
    if (this.flashing && count > 0) this.page.came(this, count);
    if (this.flashing) this.scroll.came(count);
    this.showEmpty();
    // Not now, since components draw themselves after this: measured meanwhile, the list is short, and the browser would scroll up.
    requestAnimationFrame(() => this.scroll.settle());
    this.schedule();
    if (this.waiting.size === 0) this.flashing = true;
  }

  // drawOne returns whether the message is a new one.
  private drawOne(m: Message, fresh: DocumentFragment): boolean {
    const old = this.rows.get(m.id);
    const element = old?.element ?? make("article", { tabindex: -1, "data-message": m.id, id: `message-${m.id}` });
    this.rows.set(m.id, { message: m, element });
    const body = this.body(m);
    const beneath = element.querySelector(":scope > .replies");
    element.replaceChildren(body, ...(beneath ? [beneath] : []));
    element.dataset["edits"] = String(m.edits);
    element.setAttribute("aria-label", this.label(m));
    element.classList.toggle("pinging", (m.pings ?? []).length > 0);
    if (old) {
      if (this.flashing && m.edits > old.message.edits) {
        flash(element.querySelector<HTMLElement>(":scope > .row")!);
        this.scroll.edited(m.id, element, this.page.telling());
      }
      return false;
    }
    element.addEventListener("click", (event) => this.click(event, m.id));
    if (this.flashing) element.classList.add("arrived");
    const parent = this.destination.service === "slack" && !m.broadcast ? this.rows.get(m.replyTo || m.thread)?.element : undefined;
    if (parent) {
      let replies = parent.querySelector<HTMLElement>(":scope > .replies");
      if (!replies) parent.append((replies = make("div", { class: "replies" })));
      replies.append(element);
    } else {
      fresh.append(element);
    }
    return true;
  }

  private body(m: Message): HTMLElement {
    const links = new Map(Object.entries(m.links ?? {}).map(([url, id]) => [webAddress(url) ?? url, id]));
    const scene: Scene = { service: this.destination.service, names: this.page.names(), links, jump: (id) => this.page.jump(id) };
    const drawn = this.destination.service === "discord" ? discordMessage(m, scene) : slackMessage(m, scene);
    const lead = this.lead(m);
    return make("div", { class: "row" }, lead, drawn, make("button", { class: "inspect", type: "button", tabindex: -1, title: "Why, JSON, requests (Enter)" }, "Details"));
  }

  // lead says where a message stands, if not simply in the channel.
  private lead(m: Message): HTMLElement | null {
    if (m.payload.thread_name) this.posts.set(m.thread || m.id, m.payload.thread_name);
    if (this.destination.service === "slack") {
      const parent = m.replyTo || m.thread;
      if (!parent) return null;
      const told = this.rows.get(parent)?.message;
      const jump = make("a", { href: `#${parent}`, class: "jump" }, told ? slackSummary(told, this.page.names()) : "an earlier message");
      jump.addEventListener("click", (event) => {
        event.preventDefault();
        event.stopPropagation();
        this.page.jump(parent);
      });
      return m.broadcast || !told ? make("div", { class: "lead" }, "replied to a thread: ", jump) : null;
    }
    return m.thread ? make("div", { class: "lead" }, icon(icons.thread, 14), " ", this.posts.get(m.thread) ?? `in thread ${m.thread}`) : null;
  }

  private label(m: Message): string {
    const text = this.destination.service === "discord" ? discordSummary(m, this.page.names()) : slackSummary(m, this.page.names());
    return m.edits > 0 ? `${text} (edited)` : text;
  }

  private trim(): void {
    let surplus = this.rows.size - mostShown;
    if (surplus <= 0) return;
    this.scroll.keeping(() => {
      for (const [id, row] of this.rows) {
        if (surplus-- <= 0) break;
        row.element.remove();
        this.rows.delete(id);
      }
    });
  }

  private showEmpty(): void {
    this.empty.hidden = this.rows.size > 0;
    this.list.hidden = this.rows.size === 0; // a feed without articles is none
    const stop = this.list.querySelector('article[tabindex="0"]');
    if (!stop) this.list.querySelector(":scope > article:last-of-type")?.setAttribute("tabindex", "0");
  }

  private click(event: MouseEvent, id: string): void {
    const target = event.target as Element;
    if (target.closest("article")?.getAttribute("data-message") !== id) return; // a reply's, which stands within
    if (event.composedPath().some((n) => n instanceof Element && n.matches("a, button:not(.inspect), summary, .file-text, discord-button"))) return;
    if (getSelection()?.isCollapsed === false && !target.matches(".inspect")) return;
    this.page.open(id);
  }

  // key moves from message to message.
  private key(event: KeyboardEvent): void {
    const row = (event.target as Element).closest?.("article");
    if (!row || event.target !== row) return;
    const all = [...this.list.querySelectorAll<HTMLElement>("article")];
    const at = all.indexOf(row as HTMLElement);
    const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Enter" || event.key === " ") this.page.open(row.getAttribute("data-message")!);
    else if (next === undefined || !all[next]) return;
    else {
      row.setAttribute("tabindex", "-1");
      all[next].setAttribute("tabindex", "0");
      all[next].focus();
      all[next].scrollIntoView({ block: "nearest" });
    }
    event.preventDefault();
  }
}

// flash lets an element stand out for a moment.
function flash(element: HTMLElement): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  element.animate([{ backgroundColor: "var(--flash)" }, { backgroundColor: "var(--flash)", offset: 0.3 }, { backgroundColor: "transparent" }], 1800);
}
