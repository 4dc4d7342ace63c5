// What nobody has been told yet: what is in the queue, and what was given up. And what an empty channel says.

import { find, icon, icons, make } from "./dom";
import { type Destination, type Fault, titles, type Waiting } from "./wire";

export class WaitingLine {
  private readonly line = find("waiting");
  private now: Waiting = { messages: 0, dead: 0 };
  private ticking?: ReturnType<typeof setInterval>;

  get waiting(): Waiting {
    return this.now;
  }

  // set shows what waits, and counts down to when it is tried again.
  set(waiting: Waiting): void {
    this.now = waiting;
    clearInterval(this.ticking);
    this.tell();
    if (waiting.next) this.ticking = setInterval(() => this.tell(), 1000);
  }

  private tell(): void {
    const parts = [queued(this.now, Date.now()), givenUp(this.now)].filter(Boolean);
    this.line.hidden = parts.length === 0;
    this.line.classList.toggle("passing", !this.now.next && this.now.dead === 0); // what is being told right now is no news
    const text = parts.join(" · ");
    if (this.line.textContent !== text) this.line.textContent = text;
  }
}

// queued says how much is in the queue, and when it is tried again.
export function queued({ messages, next }: Waiting, now: number): string {
  if (messages === 0) return "";
  const left = Math.ceil((Date.parse(next ?? "") - now) / 1000);
  if (!next || Number.isNaN(left)) return `${messages} being told`;
  return `${messages} ${messages === 1 ? "event waits" : "events wait"}, next try ${left > 0 ? `in ${span(left)}` : "now"}`;
}

function span(seconds: number): string {
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

// givenUp says how much will not be tried again by itself.
export function givenUp({ dead }: Waiting): string {
  return dead > 0 ? `${dead} could not be delivered: ${dead === 1 ? "it is" : "they are"} in the dead-letter queue` : "";
}

// whyEmpty is what an empty channel says. play begins the story.
export function whyEmpty(d: Destination, waiting: Waiting, fault: Fault | null | undefined, play: () => void): HTMLElement {
  const said: string[] = [];
  if (fault) said.push(`${titles[d.service]} does not work as it should now. Send an event, and see what the relay makes of that.`);
  if (waiting.messages > 0 && waiting.next) said.push(`${waiting.messages === 1 ? "An event waits" : `${waiting.messages} events wait`} in the queue. The relay tries again by itself: when, stands above.`);
  if (waiting.dead > 0) said.push(`${givenUp(waiting)}. In AWS, “alarmrelay dead” lists what is there.`);
  const all = said.map((text) => make("p", null, text));
  if (fault || waiting.next) return make("div", null, ...all);
  const button = make("button", { type: "button", class: "button", click: play }, icon(icons.play, 16), "Play the story");
  return make("div", null, ...all, make("p", null, "Nothing here yet. Send an event, or see what the relay does with an incident:"), button);
}
