// Which part of the page is in front, and in which colours.

import { find, icon, icons } from "./dom";

// Tabs are buttons of which one is chosen, each for a panel. Arrow keys move between them.
export class Tabs {
  private readonly tabs: HTMLElement[];

  constructor(
    list: HTMLElement,
    private readonly chose: (panel: string) => void,
  ) {
    this.tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"]')];
    for (const tab of this.tabs) tab.addEventListener("click", () => this.choose(tab.dataset["panel"]!));
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const seen = this.tabs.filter((t) => t.offsetParent !== null);
      const at = seen.findIndex((t) => t === document.activeElement);
      const next = seen[(at + step + seen.length) % seen.length]!;
      this.choose(next.dataset["panel"]!);
      next.focus();
      event.preventDefault();
    });
  }

  choose(panel: string): void {
    for (const tab of this.tabs) {
      const is = tab.dataset["panel"] === panel;
      tab.setAttribute("aria-selected", String(is));
      tab.tabIndex = is ? 0 : -1;
    }
    this.chose(panel);
  }
}

// roomy opens what stands beneath the samples, where the window leaves enough of their list.
export function roomy(): void {
  const open = matchMedia("(min-height: 900px) and (min-width: 901px)").matches;
  for (const part of document.querySelectorAll<HTMLDetailsElement>("details.roomy")) part.open = open;
}

type Theme = "dark" | "light";

// theme follows the machine until somebody presses the switch.
export function theme(): void {
  const button = find<HTMLButtonElement>("theme");
  const machine = matchMedia("(prefers-color-scheme: dark)");
  let chosen = remembered();
  const apply = () => {
    const now: Theme = chosen ?? (machine.matches ? "dark" : "light");
    document.documentElement.dataset["theme"] = now;
    for (const list of document.querySelectorAll("discord-messages")) list.toggleAttribute("light-theme", now === "light");
    button.replaceChildren(icon(now === "dark" ? icons.sun : icons.moon));
    button.setAttribute("aria-label", now === "dark" ? "Light colours" : "Dark colours");
    button.title = button.getAttribute("aria-label")!;
  };
  machine.addEventListener("change", apply);
  button.addEventListener("click", () => {
    chosen = document.documentElement.dataset["theme"] === "dark" ? "light" : "dark";
    localStorage.setItem("theme", chosen);
    apply();
  });
  apply();
}

function remembered(): Theme | undefined {
  const stored = localStorage.getItem("theme");
  return stored === "dark" || stored === "light" ? stored : undefined;
}
