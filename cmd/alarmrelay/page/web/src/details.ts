// The panel about a message: why it is there, what exactly it is, how it came, and what the store knows of it.

import { stampOf } from "./clock";
import { find, make } from "./dom";
import { jsonView } from "./json";
import type { Server } from "./server";
import { inWords, titleOfItem } from "./store";
import { visible } from "./visible";
import { alertView } from "./why";
import { type Details, type Request, titles } from "./wire";

export class DetailsPanel {
  private readonly body = find("details");
  private readonly invitation = [...this.body.children];
  private id = "";
  private waiting?: ReturnType<typeof setTimeout>;

  constructor(private readonly server: Server) {}

  // empty shows no message any more, unless the one that is shown is still there.
  empty(there: (id: string) => boolean): void {
    if (this.id === "") return;
    if (there(this.id)) return void this.open(this.id);
    this.id = "";
    this.body.replaceChildren(...this.invitation);
  }

  // open shows a message.
  async open(id: string): Promise<void> {
    const other = id !== this.id;
    this.id = id;
    try {
      const details = await this.server.details(id);
      if (this.id !== id) return;
      const open = other ? undefined : [...this.body.querySelectorAll("details")].map((d) => d.open);
      const top = this.body.scrollTop;
      this.body.replaceChildren(...drawn(details));
      if (open) this.body.querySelectorAll("details").forEach((d, i) => (d.open = open[i] ?? d.open));
      this.body.scrollTop = other ? 0 : top;
    } catch (error) {
      if (this.id === id) this.body.replaceChildren(make("p", { class: "nothing" }, (error as Error).message));
    }
  }

  // changed reads the message again, when it is the one that is shown.
  changed(id: string): void {
    if (id !== this.id || this.body.offsetParent === null) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.open(id), 250);
  }
}

function drawn({ message, alerts, requests, store }: Details): HTMLElement[] {
  const facts = [
    `#${message.destination}`,
    titles[message.service],
    stampOf(message.at, message.service),
    message.edits > 0 ? `edited ${message.edits}×` : "",
    message.silent ? "silent" : "",
    (message.pings ?? []).length > 0 ? `pings ${message.pings!.join(", ")}` : "pings nobody",
  ];
  return [
    make("p", { class: "facts" }, facts.filter(Boolean).join(" · ")),
    section("Why it is here", true, alerts?.length ? redated() : null, ...(alerts?.length ? alerts.map((a, i) => alertView(a, i === 0)) : [make("p", { class: "nothing" }, "It tells of no alert: it is about the relay's own work.")])),
    section("The message, as the service keeps it", false, jsonView(message.payload)),
    section(`Requests (${requests?.length ?? 0})`, true, ...(requests ?? []).map(requestView)),
    section(
      `What the store knows (${store?.length ?? 0})`,
      false,
      make("p", { class: "hint" }, "In AWS this is a table of DynamoDB. There its keys are shorter: they are written out here."),
      ...(store ?? []).map((item) => make("div", { class: "item" }, make("div", { class: "label" }, visible(titleOfItem(item.id))), jsonView(inWords(item.facts)))),
    ),
  ];
}

// redated says why the times are not those of the event's text.
function redated(): HTMLElement {
  return make("p", { class: "hint" }, "The demo moves an event's times to now, as if it had just happened.");
}

function section(title: string, open: boolean, ...children: (HTMLElement | null)[]): HTMLElement {
  return make("details", { class: "part", open }, make("summary", null, title), ...children);
}

function requestView(r: Request): HTMLElement {
  const good = r.status >= 200 && r.status < 300;
  const answer = r.status === 0 ? "cut" : String(r.status);
  const limits = Object.entries(r.answerHeaders ?? {}).filter(([name]) => /^(x-ratelimit|retry-after)/i.test(name));
  return make(
    "details",
    { class: "request" },
    make("summary", null, make("span", { class: `status ${good ? "good" : "bad"}` }, answer), ` ${r.method} `, make("span", { class: "path" }, r.path), make("small", null, ` ${r.took} ms`)),
    make("p", { class: "facts" }, [new Date(r.at).toLocaleTimeString(), r.files ? `${r.files} file${r.files > 1 ? "s" : ""}` : "", r.fault ? `fault: ${r.fault}` : "", ...(r.why ?? [])].filter(Boolean).join(" · ")),
    limits.length > 0 ? headers("Rate limits", limits, "limits") : null,
    headers("Headers of the request", Object.entries(r.headers ?? {})),
    make("div", { class: "label" }, "Body"),
    jsonView(r.body ?? ""),
    headers("Headers of the answer", Object.entries(r.answerHeaders ?? {})),
    make("div", { class: "label" }, "Answer"),
    jsonView(r.answer ?? ""),
  );
}

function headers(title: string, all: [string, string | string[]][], style = ""): HTMLElement | null {
  if (all.length === 0) return null;
  const rows = all.map(([name, value]) => make("tr", null, make("th", { scope: "row" }, name), make("td", null, Array.isArray(value) ? value.join(", ") : value)));
  return make("div", null, make("div", { class: "label" }, title), make("table", { class: `headers ${style}` }, make("tbody", null, ...rows)));
}
