// An event of one's own, a storm, and what goes wrong with the services.

import { type Diagnostic, linter } from "@codemirror/lint";
import { find, make } from "./dom";
import { newEditor, write } from "./editors";
import { isJSON, type Mistake, mistakeIn } from "./mistake";
import type { Server } from "./server";
import { visible } from "./visible";
import { type FaultKind, type Faults, type Sample, type Service, titles } from "./wire";

export type Say = (text: string, bad?: boolean) => void;

// OwnEvent is the editor for an event of one's own.
export class OwnEvent {
  private readonly editor;
  private readonly verdict = find("own-verdict");

  constructor(
    private readonly server: Server,
    send: (text: string) => void,
    preview: (text: string) => void,
    private readonly say: Say,
  ) {
    const good = () => {
      const mistake = mistakeInEvent(this.text);
      const empty = this.text.trim() === "";
      if (empty) this.say("Paste an event first.", true);
      else if (mistake) this.say(`This is no JSON: line ${mistake.line}: ${mistake.about}`, true);
      return !empty && !mistake;
    };
    this.editor = newEditor(find("own-editor"), {
      language: "json",
      label: "An event of your own, JSON. Ctrl and Enter sends it; Escape, then Tab leaves the editor",
      hint: "Paste an event: what SNS, SQS, EventBridge or an alarm hands to Lambda",
      changed: () => this.judge(),
      submit: () => good() && send(this.text),
      more: linter((view) => diagnostics(view.state.doc.toString())),
    });
    find("own-send").addEventListener("click", () => good() && send(this.text));
    find("own-preview").addEventListener("click", () => good() && preview(this.text));
    find("own-tidy").addEventListener("click", () => isJSON(this.text) && good() && write(this.editor, JSON.stringify(JSON.parse(this.text), null, 2)));
  }

  // judge says what the text is.
  private judge(): void {
    const mistake = mistakeInEvent(this.text);
    const json = isJSON(this.text) ? "✓ JSON" : "plain text: it is told as it is";
    this.verdict.textContent = this.text.trim() === "" ? "" : mistake ? `✗ line ${mistake.line}: ${visible(mistake.about)}` : json;
    this.verdict.className = mistake ? "verdict bad" : "verdict good";
  }

  get text(): string {
    return this.editor.state.doc.toString();
  }

  // take puts a sample's text into the editor.
  async take(sample: Sample): Promise<void> {
    try {
      write(this.editor, await this.server.sample(sample.name));
      find<HTMLDetailsElement>("own").open = true;
      find("own").scrollIntoView({ block: "nearest" });
      this.editor.focus();
    } catch (error) {
      this.say((error as Error).message, true);
    }
  }
}

function mistakeInEvent(text: string): Mistake | undefined {
  return isJSON(text) ? mistakeIn(text) : undefined;
}

function diagnostics(text: string): Diagnostic[] {
  const mistake = mistakeInEvent(text);
  return mistake ? [{ from: mistake.at, to: Math.min(mistake.at + 1, text.length), severity: "error", message: mistake.about }] : [];
}

// storm is the control that lets many alarms fire at once. began is called when they do.
export function storm(server: Server, say: Say, began: () => void): void {
  const alarms = find<HTMLInputElement>("storm-alarms");
  const rate = find<HTMLInputElement>("storm-rate");
  const tell = () => {
    find("storm-alarms-said").textContent = alarms.value;
    find("storm-rate-said").textContent = `${rate.value}/s`;
  };
  alarms.addEventListener("input", tell);
  rate.addEventListener("input", tell);
  tell();
  find("storm-start").addEventListener("click", async () => {
    try {
      await server.storm(Number(alarms.value), Number(rate.value));
      began();
      say(`A storm of ${alarms.value} alarms, ${rate.value} a second.`);
    } catch (error) {
      say((error as Error).message, true);
    }
  });
}

// FaultControls break a service, and mend it.
export class FaultControls {
  private readonly rows = new Map<Service, { kind: HTMLSelectElement; seconds: HTMLSelectElement; button: HTMLButtonElement; broken: boolean }>();

  constructor(
    private readonly server: Server,
    private readonly say: Say,
  ) {
    const into = find("faults");
    for (const service of ["discord", "slack"] as const) {
      const title = titles[service];
      const kind = make("select", { "aria-label": `What goes wrong at ${title}` });
      const seconds = make("select", { "aria-label": `For how long at ${title}` }, ...[5, 10, 30, 60, 300].map((s) => make("option", { value: s, selected: s === 10 }, s < 60 ? `${s} s` : `${s / 60} min`)));
      const button = make("button", { type: "button", class: "button", click: () => void this.press(service) }, "Break");
      this.rows.set(service, { kind, seconds, button, broken: false });
      into.append(make("div", { class: "fault-row" }, make("span", { class: `service service-${service}` }, title), kind, seconds, button));
    }
  }

  setKinds(kinds: FaultKind[]): void {
    for (const { kind } of this.rows.values()) {
      const chosen = kind.value;
      kind.replaceChildren(...kinds.map((k) => make("option", { value: k.kind }, k.title)));
      if (kinds.some((k) => k.kind === chosen)) kind.value = chosen;
    }
  }

  set(faults: Faults): void {
    for (const [service, row] of this.rows) {
      if (!(service in faults)) continue;
      const fault = faults[service];
      row.broken = Boolean(fault);
      if (fault) row.kind.value = fault.kind;
      row.button.textContent = fault ? "Mend" : "Break";
      row.button.classList.toggle("danger", Boolean(fault));
    }
    const broken = [...this.rows].filter(([, row]) => row.broken).map(([service]) => titles[service]);
    find("trouble-now").textContent = broken.length > 0 ? `at ${broken.join(" and ")} now` : "";
  }

  private async press(service: Service): Promise<void> {
    const row = this.rows.get(service)!;
    try {
      await this.server.fault(service, row.broken ? "" : row.kind.value, Number(row.seconds.value));
    } catch (error) {
      this.say((error as Error).message, true);
    }
  }
}
