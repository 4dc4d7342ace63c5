// The right side: for each service its channels, one of which is shown.

import { Channel, type Page } from "./channel";
import { find, icon, icons, make } from "./dom";
import { visible } from "./visible";
import { type Destination, type Exchange, type Fault, type Message, type Service, titles } from "./wire";

// Panes are the channels of both services.
export class Panes {
  private readonly panes: Record<Service, Pane>;

  // whyEmpty is what an empty channel says; opened opens what a request was about.
  constructor(page: Page, whyEmpty: (d: Destination) => HTMLElement, kind: string, opened: (e: Exchange) => void = () => undefined) {
    const pane = (service: Service) => new Pane(service, page, whyEmpty, kind, opened);
    this.panes = { discord: pane("discord"), slack: pane("slack") };
  }

  get elements(): HTMLElement[] {
    return [this.panes.discord.element, this.panes.slack.element];
  }

  // arrange makes a channel for each destination; those that stay keep their messages.
  arrange(destinations: Destination[]): void {
    for (const pane of Object.values(this.panes)) pane.arrange(destinations.filter((d) => d.service === pane.service));
  }

  // explain has the empty channels say anew why they are.
  explain(): void {
    for (const pane of Object.values(this.panes)) pane.explain();
  }

  channel(destination: string): Channel | undefined {
    return this.panes.discord.channels.get(destination) ?? this.panes.slack.channels.get(destination);
  }

  *all(): Generator<Channel> {
    for (const pane of Object.values(this.panes)) yield* pane.channels.values();
  }

  put(all: Message[]): void {
    for (const [name, group] of byDestination(all)) this.channel(name)?.put(group);
  }

  reset(all: Message[]): void {
    const groups = byDestination(all);
    for (const channel of this.all()) channel.reset(groups.get(channel.destination.name) ?? []);
  }

  // showing brings a channel to the front of its service's pane.
  show(channel: Channel): void {
    this.panes[channel.destination.service].choose(channel.destination.name);
  }

  came(channel: Channel): void {
    this.panes[channel.destination.service].came(channel.destination.name);
  }

  exchanged(e: Exchange): void {
    for (const pane of Object.values(this.panes)) if (pane.channels.has(e.destination)) pane.exchanged(e);
  }

  fault(service: Service, fault: Fault | null | undefined): void {
    this.panes[service].fault(fault ?? null);
  }
}

function byDestination(all: Message[]): Map<string, Message[]> {
  const groups = new Map<string, Message[]>();
  for (const m of all) {
    const group = groups.get(m.destination);
    if (group) group.push(m);
    else groups.set(m.destination, [m]);
  }
  return groups;
}

class Pane {
  readonly channels = new Map<string, Channel>();
  readonly element: HTMLElement;
  private readonly tabs = make("div", { class: "channel-tabs", role: "tablist" });
  private readonly body = make("div", { class: "channel-body" });
  private readonly banner = make("p", { class: "channel-fault", role: "status", hidden: true });
  private readonly wire = make("p", { class: "channel-wire" });
  private chosen = "";
  private arranged = ""; // what was arranged last

  constructor(
    readonly service: Service,
    private readonly page: Page,
    private readonly whyEmpty: (d: Destination) => HTMLElement,
    private readonly kind: string,
    private readonly opened: (e: Exchange) => void,
  ) {
    this.tabs.setAttribute("aria-label", `${titles[service]}: channels`);
    const head = make("header", { class: "pane-head" }, make("h2", null, titles[service]), this.tabs);
    this.element = make("section", { class: `pane pane-${service}`, "aria-label": `${titles[service]}, ${kind}`, id: `${kind}-${service}` }, head, this.banner, this.body, this.wire);
    this.tabs.addEventListener("keydown", (event) => this.key(event));
  }

  arrange(destinations: Destination[]): void {
    const arranged = JSON.stringify(destinations);
    if (arranged === this.arranged) return;
    this.arranged = arranged;
    const names = new Set(destinations.map((d) => d.name));
    for (const name of [...this.channels.keys()]) if (!names.has(name)) this.channels.delete(name);
    for (const d of destinations) {
      const old = this.channels.get(d.name);
      if (old && old.destination.channel === d.channel && old.destination.forum === d.forum) continue;
      this.channels.set(d.name, new Channel(d, this.page, `${d.channel} at ${titles[this.service]}`, this.kind === "live"));
    }
    this.explain();
    this.element.hidden = destinations.length === 0;
    this.tabs.replaceChildren(...destinations.map((d) => this.tab(d)));
    this.choose(names.has(this.chosen) ? this.chosen : (destinations[0]?.name ?? ""));
  }

  explain(): void {
    for (const channel of this.channels.values()) channel.explain(this.whyEmpty(channel.destination));
  }

  private tab(d: Destination): HTMLElement {
    const about = [d.name, d.bot ? "by a bot" : "by a webhook", d.forum ? "a forum" : ""].filter(Boolean).join(", ");
    return make(
      "button",
      { type: "button", role: "tab", class: "channel-tab", "data-name": d.name, title: about, click: () => this.choose(d.name) },
      make("span", { class: "hash", "aria-hidden": "true" }, d.forum ? icon(icons.thread, 14) : "#"),
      d.channel.replace(/^#/, ""),
      make("span", { class: "dot", "aria-hidden": "true" }),
    );
  }

  choose(name: string): void {
    this.chosen = name;
    for (const tab of this.tabs.querySelectorAll<HTMLElement>('[role="tab"]')) {
      const is = tab.dataset["name"] === name;
      tab.setAttribute("aria-selected", String(is));
      tab.tabIndex = is ? 0 : -1;
      if (is) tab.classList.remove("news");
    }
    const channel = this.channels.get(name);
    this.element.dataset["destination"] = name;
    this.body.replaceChildren(...(channel?.elements ?? []));
    this.wire.replaceChildren();
  }

  came(name: string): void {
    if (name === this.chosen) return;
    for (const tab of this.tabs.querySelectorAll<HTMLElement>('[role="tab"]')) if (tab.dataset["name"] === name) tab.classList.add("news");
  }

  private key(event: KeyboardEvent): void {
    const names = [...this.channels.keys()];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || names.length < 2) return;
    this.choose(names[(names.indexOf(this.chosen) + step + names.length) % names.length]!);
    this.tabs.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
    event.preventDefault();
  }

  // exchanged says how the newest request was answered.
  exchanged(e: Exchange): void {
    if (e.destination !== this.chosen) return;
    const good = went(e);
    const answer = e.status === 0 ? "no answer" : [e.status, e.error].filter(Boolean).join(" ");
    const later = e.retryAfter ? `, again in ${Math.round(e.retryAfter * 10) / 10} s` : "";
    const title = good ? "The newest request, and how it was answered. Opens the message" : "The newest request, and how it was answered. Opens what the relay logs";
    const said = [make("span", { class: `status ${good ? "good" : "bad"}` }, visible(answer)), ` ${e.method} ${e.destination}${later}`];
    const button = this.wire.querySelector("button");
    this.newest = e;
    if (button) (button.title = title), button.replaceChildren(...said);
    else this.wire.replaceChildren(make("button", { type: "button", title, click: () => this.newest && this.opened(this.newest) }, ...said));
  }

  private newest?: Exchange;
  private mending?: ReturnType<typeof setInterval>;

  // fault says what is wrong with the service, and for how long.
  fault(fault: Fault | null): void {
    clearInterval(this.mending);
    this.banner.hidden = fault === null;
    if (!fault) return;
    const until = Date.parse(fault.until ?? "");
    const tell = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      this.banner.textContent = `${titles[this.service]}: ${fault.title || fault.kind}${left > 0 && left < 86_400 ? `, for ${left} s more` : ""}`;
    };
    tell();
    if (Number.isFinite(until)) this.mending = setInterval(tell, 1000);
  }
}

// went tells whether a request did what it should. Slack's Web API says 200 even where it did not.
export function went(e: Exchange): boolean {
  return e.status >= 200 && e.status < 300 && !e.error;
}

// announcer says news to those who do not see them, not more often than every few seconds.
export function announcer(): (text: string) => void {
  const region = find("news");
  let waiting = "";
  let quiet = false;
  const say = () => {
    quiet = waiting !== "";
    region.textContent = waiting;
    waiting = "";
    if (quiet) setTimeout(say, 3000);
  };
  return (text) => {
    waiting = text;
    if (!quiet) say();
  };
}
