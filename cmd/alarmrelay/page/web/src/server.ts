// The way to the command that serves the page. It may be started anew meanwhile: then there is a new token, and everything
// is asked again.

import type { Config, Configured, Details, Exchange, Faulted, Message, Note, Previewed, Problem, State, StoryStep, Waiting } from "./wire";

// Listener is told what happens.
export interface Listener {
  state(state: State): void;
  messages(all: Message[]): void;
  gone(id: string): void;
  exchange(exchange: Exchange): void;
  fault(fault: Faulted): void;
  config(configured: Configured): void;
  story(step: StoryStep): void;
  note(note: Note): void;
  waiting(waiting: Waiting): void;
  connected(yes: boolean): void;
}

// Event is an event of somebody's own, or a sample's name.
export type Event = { sample: string } | { event: string };

export class Server {
  private token = document.querySelector<HTMLMetaElement>('meta[name="alarmrelay-token"]')?.content ?? "";
  private source?: EventSource;
  private waiting?: (() => void)[]; // what came while the state is on its way

  // listen connects, and again whenever the connection is lost. The state comes first.
  listen(to: Listener): void {
    const source = new EventSource("/api/events");
    this.source = source;
    const on = <T>(kind: string, tell: (data: T) => void) =>
      source.addEventListener(kind, (event) => {
        const data = JSON.parse(event.data) as T;
        if (this.waiting) this.waiting.push(() => tell(data));
        else tell(data);
      });
    source.addEventListener("reset", () => void this.refresh(to));
    source.addEventListener("open", () => to.connected(true));
    source.addEventListener("error", () => {
      to.connected(false);
      if (source.readyState !== EventSource.CLOSED || this.source !== source) return; // else the browser tries again by itself
      setTimeout(() => this.source === source && this.listen(to), 1000);
    });
    on<Message>("message", (m) => m && to.messages([m]));
    on<Message[]>("messages", (all) => to.messages(all));
    on<{ id: string }>("gone", ({ id }) => to.gone(id));
    on<Exchange>("exchange", (e) => to.exchange(e));
    on<Faulted>("fault", (f) => to.fault(f));
    on<Configured>("config", (c) => to.config(c));
    on<StoryStep>("story", (s) => to.story(s));
    on<Note>("note", (n) => to.note(n));
    on<Waiting>("waiting", (w) => to.waiting(w));
  }

  // refresh asks for all there is, and then tells what has happened since.
  async refresh(to: Listener): Promise<void> {
    const waiting: (() => void)[] = [];
    this.waiting = waiting;
    try {
      to.state(await this.get<State>("/api/state"));
    } catch {
      setTimeout(() => this.waiting === waiting && void this.refresh(to), 1000);
      return;
    }
    if (this.waiting !== waiting) return;
    this.waiting = undefined;
    for (const tell of waiting) tell();
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(path, { cache: "no-store" });
    if (!answer.ok) throw new Error(await complaint(answer));
    return (await answer.json()) as T;
  }

  // post changes something. An error's message is for people.
  async post<T>(path: string, body: unknown): Promise<T> {
    let answer = await this.attempt(path, body);
    if (answer.status === 403 && (await this.renewToken())) answer = await this.attempt(path, body);
    if (!answer.ok) throw new Error(await complaint(answer));
    return (await answer.json()) as T;
  }

  private async attempt(path: string, body: unknown): Promise<Response> {
    const headers = { "Content-Type": "application/json", "X-Alarmrelay-Token": this.token };
    try {
      return await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    } catch {
      throw new Error("alarmrelay demo does not answer. Is it still running?");
    }
  }

  // renewToken reads the token of a command that was started anew; false when it is still the same.
  private async renewToken(): Promise<boolean> {
    const html = await (await fetch("/", { cache: "no-store" })).text();
    const token = new DOMParser().parseFromString(html, "text/html").querySelector<HTMLMetaElement>('meta[name="alarmrelay-token"]')?.content;
    if (!token || token === this.token) return false;
    this.token = token;
    return true;
  }

  send = (event: Event) => this.post<{ answer?: string; error?: string }>("/api/send", event);
  storm = (alarms: number, perSecond: number) => this.post("/api/storm", { alarms, perSecond });
  fault = (service: string, kind: string, seconds: number) => this.post("/api/fault", { service, kind, seconds });
  check = (text: string) => this.post<{ problems: Problem[] | null }>("/api/check", { text });
  configure = (text: string) => this.post<{ problems: Problem[] | null }>("/api/config", { text });
  preview = (event: Event, config?: Config["text"]) => this.post<Previewed>("/api/preview", { ...event, config });
  play = (chapter: string) => this.post("/api/story", { chapter });
  clear = () => this.post("/api/clear", {});
  details = (id: string) => this.get<Details>(`/api/message/${encodeURIComponent(id)}`);
  schema = () => this.get<unknown>("/api/schema");

  async sample(name: string): Promise<string> {
    const answer = await fetch(`/api/sample/${encodeURIComponent(name)}`);
    if (!answer.ok) throw new Error("this command cannot show the text of its samples");
    return answer.text();
  }
}

async function complaint(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text) as { error?: string };
    if (error) return error;
  } catch {
    // no JSON: then what it says as it is
  }
  return text.trim().slice(0, 300) || `${answer.status} ${answer.statusText}`;
}
