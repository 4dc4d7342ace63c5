// How the chosen event would look, with the rules as they are being written, without anything being sent.

import type { Page } from "./channel";
import { find, make } from "./dom";
import { Panes } from "./panes";
import type { Event, Server } from "./server";
import type { Alert, Destination, Previewed, State } from "./wire";
import { alertView } from "./why";

// Draft is what somebody is writing.
export interface Draft {
  good: string | undefined; // its newest text without mistakes, where that is not in force
  mistaken: boolean; // it has mistakes now
}

export class Preview {
  readonly panes: Panes;
  private wanted?: () => Event;
  private serial = 0;
  private inForce: Pick<Previewed, "destinations" | "mentions"> = {};
  private names: Record<string, string> = {};
  private alerts: Alert[] = [];
  private told = false; // whether anybody is told
  private trouble = "";

  // arranged is called with the channels that are previewed.
  constructor(
    page: Page,
    private readonly server: Server,
    private readonly draft: () => Draft,
    private readonly arranged: (destinations: Destination[]) => void,
  ) {
    this.panes = new Panes({ ...page, names: () => this.names }, (d) => this.whyEmpty(d), "preview");
  }

  // arrange takes over the channels of the configuration that is in force.
  arrange({ destinations, mentions }: Pick<State, "destinations" | "mentions">): void {
    this.inForce = { destinations, mentions };
    this.panes.arrange(destinations);
  }

  // choose is for the event that is previewed from now on.
  choose(event: () => Event, name: string): void {
    this.wanted = event;
    find("preview-name").textContent = name;
  }

  // show asks how the event would look.
  async show(): Promise<void> {
    if (!this.wanted) return;
    const serial = ++this.serial;
    const { good } = this.draft();
    let previewed: Previewed;
    try {
      previewed = await this.server.preview(this.wanted(), good);
      this.trouble = "";
    } catch (error) {
      previewed = { messages: [], problems: [] };
      this.trouble = (error as Error).message;
    }
    if (serial !== this.serial) return;
    const { destinations, mentions } = { ...this.inForce, ...previewed };
    this.names = mentions ?? {};
    this.alerts = previewed.alerts ?? [];
    this.told = Boolean(previewed.messages?.length);
    this.panes.arrange(destinations ?? []);
    this.panes.reset(previewed.messages ?? []);
    this.panes.explain();
    this.arranged(destinations ?? []);
    this.tell();
  }

  // tell says with which rules it is shown.
  tell(): void {
    const { good, mistaken } = this.draft();
    const changes = good === undefined ? "" : "with your changes, ";
    const left = !mistaken ? "" : changes ? "but without the newest, which have mistakes; " : "without your changes, which have mistakes; ";
    find("preview-note").textContent = this.trouble ? "nothing to preview" : `${changes}${left}not sent`;
  }

  private whyEmpty(d: Destination): HTMLElement {
    if (this.trouble) return make("div", null, make("p", { class: "bad" }, this.trouble));
    const text = this.told ? `Nothing of it comes to ${d.channel}.` : this.alerts.length > 0 ? "Nobody is told of it." : "There is no news in it: nobody is told of it. Send says why.";
    return make("div", { class: "reasons" }, make("p", null, text), ...this.alerts.map((a) => alertView(a, this.alerts.length < 4)));
  }
}
