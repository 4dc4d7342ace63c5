// The configuration, in an editor that knows its keys and shows its mistakes where they are. What is good can be previewed as
// it is typed; it holds once it is applied.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { EditorView } from "@codemirror/view";
import { find, make } from "../dom";
import { goTo, newEditor, write } from "../editors";
import type { Server } from "../server";
import type { Config, Problem } from "../wire";
import type { Draft } from "../preview";
import { keepDraft, keptDraft } from "./draft";
import { placeAt } from "./place";
import { type Choice, keysAt, type Schema, valuesAt } from "./schema";

const pause = 300; // milliseconds without typing, before it is checked

export class ConfigPanel {
  private readonly editor: EditorView;
  private readonly apply = find<HTMLButtonElement>("config-apply");
  private readonly revert = find<HTMLButtonElement>("config-revert");
  private readonly verdict = find("config-verdict");
  private schema: Schema = {};
  private holds = ""; // the text that is in force
  private base = ""; // what was in force when somebody began to write
  private good = ""; // the newest text that was found to have no mistakes
  private mistaken = false;
  private timer?: ReturnType<typeof setTimeout>;
  private serial = 0;

  constructor(
    private readonly server: Server,
    private readonly edited: () => void, // another draft
    private readonly say: (text: string, bad?: boolean) => void,
  ) {
    this.editor = newEditor(find("config-editor"), {
      language: "yaml",
      label: "Configuration, YAML. Ctrl and Enter applies it; Escape, then Tab leaves the editor",
      complete: (context) => this.complete(context),
      changed: () => this.changed(),
      submit: () => void this.submit(),
    });
    this.apply.addEventListener("click", () => void this.submit());
    this.revert.addEventListener("click", () => write(this.editor, this.holds));
    find("config-copy").addEventListener("click", () => void this.copy());
    server.schema().then(
      (schema) => (this.schema = schema as Schema),
      () => undefined, // then nothing is completed
    );
  }

  get text(): string {
    return this.editor.state.doc.toString();
  }

  // differs tells whether there are changes that do not hold yet.
  get differs(): boolean {
    return this.text !== this.holds;
  }

  // draft is what is written and does not hold yet.
  get draft(): Draft {
    return { good: this.good === this.holds ? undefined : this.good, mistaken: this.mistaken };
  }

  // set takes over the configuration that holds. What somebody is writing stays, also when the page is loaded anew.
  set(config: Config): void {
    const kept = this.holds === "" ? keptDraft() : undefined;
    const written = kept !== undefined || (this.differs && this.holds !== "");
    this.base = kept?.base ?? (written ? this.base : config.text);
    if (this.good === this.holds || !written) this.good = config.text;
    this.holds = config.text;
    find("config-name").textContent = config.name;
    write(this.editor, kept?.text ?? (written ? this.text : config.text));
    this.show([]);
    if (this.differs) this.changed();
    else this.keep();
  }

  private changed(): void {
    clearTimeout(this.timer);
    this.keep();
    this.verdict.textContent = "…";
    this.timer = setTimeout(() => void this.check(), pause);
  }

  // keep notes the draft for when the page is loaded anew, and shows that there is one.
  private keep(): void {
    if (!this.differs) this.base = this.holds;
    keepDraft(this.differs ? { base: this.base, text: this.text } : undefined);
    find("tab-config").classList.toggle("changed", this.differs);
    find("config-changed").hidden = !this.differs;
    find("config-other").hidden = this.base === this.holds;
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text);
      this.say("Copied: the configuration as it is written here.");
    } catch {
      this.say("The browser does not let the page copy. Choose all of the text, and copy it yourself.", true);
    }
  }

  private async check(): Promise<void> {
    const serial = ++this.serial;
    const text = this.text;
    try {
      const { problems } = await this.server.check(text);
      if (serial !== this.serial) return;
      this.show(problems ?? []);
      if (!this.mistaken) this.good = text;
      this.edited();
    } catch (error) {
      this.verdict.textContent = (error as Error).message;
    }
  }

  private async submit(): Promise<void> {
    clearTimeout(this.timer);
    const serial = ++this.serial;
    const text = this.text;
    try {
      const { problems } = await this.server.configure(text);
      if (!problems?.length) this.holds = this.good = this.base = text;
      if (serial === this.serial) this.show(problems ?? []);
      this.keep();
      this.say(problems?.length ? "The configuration has mistakes and was not applied." : "The configuration holds from the next event on.", Boolean(problems?.length));
    } catch (error) {
      this.say((error as Error).message, true);
    }
  }

  private show(problems: Problem[]): void {
    this.mistaken = problems.length > 0;
    this.apply.disabled = problems.length > 0 || !this.differs;
    this.revert.disabled = !this.differs;
    this.verdict.className = problems.length > 0 ? "verdict bad" : "verdict good";
    this.verdict.textContent = problems.length > 0 ? `✗ ${problems.length} ${problems.length === 1 ? "mistake" : "mistakes"}` : this.differs ? "✓ good, not applied yet" : "✓ in force";
    const jump = (p: Problem) => make("button", { type: "button", class: "problem", click: () => goTo(this.editor, p.line, p.column) }, p.line ? make("b", null, `line ${p.line}`) : null, " ", p.message);
    find("config-problems").replaceChildren(...problems.map((p) => make("li", null, jump(p))));
    this.editor.dispatch(setDiagnostics(this.editor.state, problems.map((p) => this.diagnostic(p))));
    // The list of mistakes takes room from the editor.
    if (this.editor.hasFocus) this.editor.dispatch({ effects: EditorView.scrollIntoView(this.editor.state.selection.main.head, { y: "nearest", yMargin: 40 }) });
  }

  private diagnostic(p: Problem): Diagnostic {
    const doc = this.editor.state.doc;
    const line = doc.line(Math.max(1, Math.min(p.line || 1, doc.lines)));
    const from = Math.min(line.from + Math.max(0, p.column - 1), line.to);
    const word = /^[^\s,:}\]]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 0;
    return { from, to: Math.max(from + word, Math.min(from + 1, line.to)), severity: "error", message: p.message };
  }

  private complete(context: CompletionContext): CompletionResult | null {
    const text = this.text;
    const place = placeAt(text, context.pos);
    const typed = /[\p{L}\p{N}_.-]*$/u.exec(place.word)?.[0] ?? "";
    if (!context.explicit && typed === "") return null;
    if (!context.explicit && context.matchBefore(/#.*/)) return null;
    const listed = place.path.at(-1) === 0;
    const options: Completion[] = [];
    if (place.writing === "key") options.push(...keysAt(this.schema, place.path, place.present).map(asKey));
    if (place.writing === "value" || listed) options.push(...[...this.named(place.path), ...valuesAt(this.schema, place.path)].map(asValue));
    return options.length > 0 ? { from: context.pos - typed.length, options, validFor: /^[\p{L}\p{N}_.-]*$/u } : null;
  }

  // named are the names that the file itself declares, where one of them is wanted.
  private named(path: (string | number)[]): Choice[] {
    const key = path.filter((step) => typeof step === "string").at(-1);
    const from = { to: "destinations", fallback: "destinations", mention: "mentions" }[key ?? ""];
    if (!from) return [];
    const section = new RegExp(`^${from}:[^\\n]*\\n((?:[ \\t#][^\\n]*\\n?|\\n)*)`, "m").exec(this.text)?.[1] ?? "";
    const indent = /^( +)[^\s#]/m.exec(section)?.[1] ?? "  ";
    const names = [...section.matchAll(new RegExp(`^${indent}([\\p{L}\\p{N}_-]+):`, "gmu"))].map((m) => m[1]!);
    return names.map((label) => ({ label, about: "", detail: from.replace(/s$/, ""), nested: false }));
  }
}

function asKey(c: Choice): Completion {
  return { label: c.label, detail: c.detail, info: c.about || undefined, apply: `${c.label}: `, type: "property" };
}

function asValue(c: Choice, order: number): Completion {
  return { label: c.label, detail: c.detail, info: c.about || undefined, boost: -order, type: "constant" };
}
