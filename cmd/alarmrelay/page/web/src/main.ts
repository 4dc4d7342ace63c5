// The page: what happens in the channels comes from the server, what people do here goes to it.

import "./style/page.css";
import "./discord/components";
import type { Channel, Page } from "./channel";
import { keepFresh } from "./clock";
import { ConfigPanel } from "./config/panel";
import { FaultControls, OwnEvent, storm } from "./controls";
import { DetailsPanel } from "./details";
import { find } from "./dom";
import { addNote, openNotes, setNotes } from "./notes";
import { announcer, Panes, went } from "./panes";
import { Preview } from "./preview";
import { Samples } from "./samples";
import { type Event, type Listener, Server } from "./server";
import { StoryTeller } from "./story";
import { say } from "./toast";
import { roomy, Tabs, theme } from "./views";
import { WaitingLine, whyEmpty } from "./waiting";
import type { Configured, Destination, Exchange, Faults, Message, State } from "./wire";

const server = new Server();
const announce = announcer();
let names: Record<string, string> = {};
let mode: "live" | "preview" = "live";
let broken: Faults = {};
let sent = -Infinity; // when somebody last sent something, whose messages a phone then shows

const page: Page = {
  names: () => names,
  open(id) {
    if (id.startsWith("preview-")) return;
    for (const channel of live.all()) channel.mark(id);
    tabs.choose("message");
    void details.open(id);
  },
  jump(id) {
    const panes = id.startsWith("preview-") ? preview.panes : live;
    for (const channel of panes.all()) {
      if (!channel.has(id)) continue;
      panes.show(channel);
      front(channel.destination.service);
      channel.reveal(id);
      return;
    }
    say("That message is not here any more.", true);
  },
  telling: () => story.playing,
  came(channel: Channel, fresh: number) {
    live.came(channel);
    if (performance.now() - sent < 5000) front(channel.destination.service);
    sent = -Infinity;
    if (!story.playing) announce(`${fresh} new in ${channel.destination.channel}`); // else the captions say it
  },
};

const waiting = new WaitingLine();
const live = new Panes(page, (d) => whyEmpty(d, waiting.waiting, broken[d.service], () => void story.play()), "live", opened);
const preview = new Preview(page, server, () => config.draft, there);
find("live").append(...live.elements);
find("preview").append(...preview.panes.elements);

const tabs = new Tabs(find("tabs"), (panel) => {
  document.body.dataset["panel"] = panel;
  if (panel !== "message") for (const channel of live.all()) channel.mark(undefined);
});
const details = new DetailsPanel(server);
const samples = new Samples({ chosen: (sample) => previewing(() => ({ sample: sample.name }), sample.name), send: (sample) => void send({ sample: sample.name }) });
const own = new OwnEvent(server, (text) => void send({ event: text }), (text) => (previewing(() => ({ event: text }), "your event"), show("preview")), say);
const config = new ConfigPanel(server, written, say);
const faults = new FaultControls(server, say);
const story = new StoryTeller(server, say, () => {
  show("live");
  frontFirst(live);
});
storm(server, say, () => {
  show("live");
  frontFirst(live);
});
keepFresh();

const listener: Listener = {
  state(state: State) {
    find("version").textContent = state.version;
    names = state.mentions ?? {};
    arrange(state);
    live.reset(state.messages);
    samples.set(state.samples);
    faults.setKinds(state.faultKinds);
    for (const service of ["discord", "slack"] as const) listener.fault({ service, fault: state.faults[service] ?? null });
    story.set(state.story);
    setNotes(state.notes ?? []);
    listener.waiting(state.waiting ?? { messages: 0, dead: 0 });
    details.empty((id) => state.messages.some((m) => m.id === id));
  },
  messages(all: Message[]) {
    live.put(all);
    for (const m of all) details.changed(m.id);
  },
  gone(id) {
    for (const channel of live.all()) channel.remove(id);
  },
  exchange: (e) => live.exchanged(e),
  fault({ service, fault }) {
    broken = { ...broken, [service]: fault };
    faults.set({ [service]: fault });
    live.fault(service, fault);
    live.explain();
  },
  config(configured: Configured) {
    names = configured.mentions ?? {};
    arrange(configured);
    for (const channel of live.all()) channel.redraw();
    previewed();
  },
  story: (step) => story.told(step),
  note: addNote,
  waiting(now) {
    waiting.set(now);
    live.explain();
  },
  connected(yes) {
    const sign = find("connection");
    sign.className = yes ? "connection on" : "connection off";
    sign.textContent = yes ? "live" : "not connected";
    sign.title = yes ? "What happens is shown as it happens" : "alarmrelay demo does not answer; the page tries again each second";
  },
};

function arrange({ config: text, destinations, mentions }: Configured): void {
  config.set(text);
  live.arrange(destinations);
  preview.arrange({ destinations, mentions });
  there(destinations);
}

// there offers a phone those services that have channels.
function there(destinations: Destination[]): void {
  for (const service of ["discord", "slack"]) {
    const has = destinations.some((d) => d.service === service);
    document.querySelector<HTMLElement>(`#tabs [data-panel="${service}"]`)!.dataset["there"] = String(has);
  }
}

// opened shows what a request was about: the message that it posted or changed, or what the relay logs of its failure.
function opened(e: Exchange): void {
  const at = Date.parse(e.at);
  const far = (m: Message) => Math.abs(Date.parse(m.editedAt ?? m.at) - at);
  const near = [...(live.channel(e.destination)?.messages() ?? [])].sort((a, b) => far(a) - far(b))[0];
  if (went(e) && near) return page.open(near.id);
  tabs.choose("events");
  openNotes();
}

// written shows what somebody has written into the rules, once it was looked at.
function written(): void {
  if (mode === "live" && config.differs && !config.draft.mistaken) show("preview");
  else previewed();
}

async function send(event: Event): Promise<void> {
  show("live");
  sent = performance.now();
  try {
    const { answer, error } = await server.send(event);
    say(error || answer || "Sent.", Boolean(error));
  } catch (error) {
    say((error as Error).message, true);
  }
}

function previewing(event: () => Event, name: string): void {
  preview.choose(event, name);
  previewed();
}

// previewed asks for the preview, where it is looked at.
function previewed(): void {
  if (mode !== "preview") return;
  if (config.draft.mistaken) preview.tell();
  void preview.show();
}

// show brings the live channels to the front, or the preview.
function show(what: "live" | "preview"): void {
  mode = what;
  document.body.dataset["mode"] = what;
  for (const button of document.querySelectorAll<HTMLElement>("#modes button")) button.setAttribute("aria-pressed", String(button.dataset["mode"] === what));
  find("live").hidden = what !== "live";
  find("preview").hidden = what !== "preview";
  if (what === "live") there([...live.all()].map((c) => c.destination));
  previewed();
}

// front brings a service to the front on a phone, where only one part of the page is seen.
function front(service: "discord" | "slack"): void {
  if (matchMedia("(max-width: 900px)").matches) tabs.choose(service);
}

function frontFirst(panes: Panes): void {
  for (const channel of panes.all()) return front(channel.destination.service);
}

theme();
roomy();
for (const button of document.querySelectorAll<HTMLElement>("#modes button")) button.addEventListener("click", () => show(button.dataset["mode"] as typeof mode));
find("sample-edit").addEventListener("click", () => samples.current && void own.take(samples.current));
find("sample-preview").addEventListener("click", () => {
  if (samples.current) previewing(() => ({ sample: samples.current!.name }), samples.current.name);
  show("preview");
  frontFirst(preview.panes);
});
find("clear").addEventListener("click", () => server.clear().then(() => server.refresh(listener), (error: Error) => say(error.message, true)));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.dataset["panel"] === "message" && !(event.target as Element).closest(".editor")) {
    tabs.choose("events");
  }
  if (event.key === "/" && !(event.target as Element).closest("input, textarea, select, .editor")) {
    tabs.choose("events");
    find("sample-search").focus();
    event.preventDefault();
  }
});
tabs.choose("events");
show("live");
server.listen(listener);
