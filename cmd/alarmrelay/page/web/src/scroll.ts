// What a channel scrolls in. It stays at the end while messages come, unless somebody has scrolled away from there.

import { make } from "./dom";

export class Scroll {
  readonly element: HTMLElement;
  private readonly newer = make("button", { class: "newer", type: "button", hidden: true, click: () => this.toEnd() }, "");
  private readonly earlier: HTMLElement;
  private atEnd: boolean;
  private steered = -Infinity; // when somebody last scrolled; the browser scrolls, too, when sizes change
  private changed = ""; // the newest message that was edited out of sight
  private hiding?: ReturnType<typeof setTimeout>;
  private unseen = 0;
  private glancing?: ReturnType<typeof setTimeout>;

  // A scroll follows what comes, or begins at the top and stays there.
  constructor(
    list: HTMLElement,
    empty: HTMLElement,
    private readonly follows: boolean,
    reveal: (id: string) => void,
  ) {
    this.atEnd = follows;
    this.earlier = make("button", { class: "earlier", type: "button", hidden: true, click: () => reveal(this.changed) }, "↑ edited above");
    this.element = make("div", { class: "scroller", tabindex: -1 }, empty, list);
    this.element.addEventListener("scroll", () => this.scrolled(), { passive: true });
    for (const kind of ["wheel", "touchmove", "keydown"]) this.element.addEventListener(kind, () => (this.steered = performance.now()), { passive: true });
    this.element.addEventListener("pointerdown", () => (this.steered = Infinity));
    addEventListener("pointerup", () => this.steered === Infinity && (this.steered = performance.now()));
    const sizes = new ResizeObserver(() => this.settle());
    sizes.observe(list);
    sizes.observe(this.element);
  }

  get elements(): HTMLElement[] {
    return [this.element, this.earlier, this.newer];
  }

  // begin is where a channel stands that shows other messages from now on.
  begin(): void {
    this.atEnd = this.follows;
    if (!this.follows) this.element.scrollTop = 0;
  }

  // to shows a row in the middle.
  to(row: HTMLElement): void {
    this.earlier.hidden = true;
    this.atEnd = false;
    row.scrollIntoView({ block: "center" });
  }

  // came counts what has come while somebody looks elsewhere.
  came(fresh: number): void {
    if (!this.atEnd) this.count(fresh);
  }

  // edited tells of a change above of what is seen. Not before the components are drawn and the list has come to rest.
  edited(id: string, row: HTMLElement, glance: boolean): void {
    clearTimeout(this.hiding);
    this.hiding = setTimeout(() => {
      if (glance && this.glance(row)) return;
      this.changed = id;
      this.earlier.hidden = row.getBoundingClientRect().bottom > this.element.getBoundingClientRect().top + 40;
      this.hiding = setTimeout(() => (this.earlier.hidden = true), 6000);
    }, 150);
  }

  // glance goes up to where a row begins, and after a moment back to the end; false when that is in sight, or nobody wants to be moved.
  private glance(row: HTMLElement): boolean {
    if (!this.atEnd || matchMedia("(prefers-reduced-motion: reduce)").matches) return false;
    if (row.getBoundingClientRect().top >= this.element.getBoundingClientRect().top) return false;
    clearTimeout(this.glancing);
    row.scrollIntoView({ block: "start", behavior: "smooth" });
    this.glancing = setTimeout(() => {
      this.glancing = undefined;
      if (this.atEnd) this.element.scrollTo({ top: this.element.scrollHeight, behavior: "smooth" });
    }, 1900);
    return true;
  }

  // keeping takes rows away at the top, and what somebody looks at stays where it is.
  keeping(trim: () => void): void {
    if (this.atEnd) return trim();
    const before = this.element.scrollHeight;
    trim();
    this.element.scrollTop -= before - this.element.scrollHeight;
  }

  settle(): void {
    if (this.atEnd && this.glancing === undefined) this.element.scrollTop = this.element.scrollHeight;
  }

  private scrolled(): void {
    const s = this.element;
    const near = s.scrollHeight - s.scrollTop - s.clientHeight < 40;
    if (near) this.atEnd = this.follows;
    else if (performance.now() - this.steered < 1000) this.atEnd = false;
    if (near) this.count(-this.unseen);
  }

  private toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
    this.atEnd = this.follows;
    this.count(-this.unseen);
  }

  private count(more: number): void {
    this.unseen += more;
    this.newer.hidden = this.unseen === 0;
    this.newer.textContent = `${this.unseen} new ↓`;
  }
}
