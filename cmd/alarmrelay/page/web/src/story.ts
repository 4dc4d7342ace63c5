// The story: an incident from beginning to end, with captions.

import { setClock } from "./clock";
import { find, icon, icons, make } from "./dom";
import type { Say } from "./controls";
import type { Server } from "./server";
import { visible } from "./visible";
import type { Story, StoryStep } from "./wire";

export class StoryTeller {
  private readonly caption = find("caption");
  private readonly button = find<HTMLButtonElement>("story-play");
  private readonly chooser = find<HTMLSelectElement>("story-chapter");
  private story: Story = { chapters: [], playing: "" };
  private fading?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly server: Server,
    private readonly say: Say,
    private readonly began: () => void,
  ) {
    this.button.addEventListener("click", () => void this.toggle());
    this.chooser.addEventListener("change", () => matchMedia("(max-width: 900px)").matches && !this.story.playing && void this.play()); // what is chosen is not seen there
    find("caption-stop").addEventListener("click", () => void this.stop());
    this.show();
  }

  set(story: Story): void {
    this.story = story;
    setClock(story.playing ? story.at : undefined);
    const chosen = this.chooser.value;
    this.chooser.replaceChildren(...story.chapters.map((c) => make("option", { value: c.id }, c.title)));
    if (story.chapters.some((c) => c.id === chosen)) this.chooser.value = chosen;
    this.chooser.hidden = story.chapters.length < 2;
    if (!story.playing) this.caption.hidden = true;
    this.show();
  }

  // told is a step of the story.
  told(step: StoryStep): void {
    clearTimeout(this.fading);
    this.story.playing = step.playing;
    setClock(step.playing ? step.at : undefined);
    if (step.text) this.write(step);
    if (!step.playing) this.fading = setTimeout(() => (this.caption.hidden = true), step.text ? 6000 : 0);
    this.show();
  }

  get playing(): boolean {
    return this.story.playing !== "";
  }

  // write shows a step's caption.
  private write(step: StoryStep): void {
    const title = this.story.chapters.find((c) => c.id === step.chapter)?.title ?? "";
    const [text, why] = [visible(step.text), visible(step.why ?? "")];
    find("caption-title").textContent = title;
    find("caption-text").textContent = text;
    find("caption-why").textContent = why;
    find("caption-said").textContent = [text, why].filter(Boolean).join(". "); // the caption itself comes and goes, which nobody would hear
    this.caption.hidden = false;
    this.caption.classList.remove("step");
    void this.caption.offsetWidth; // lets the animation begin anew
    this.caption.classList.add("step");
  }

  // play begins the story, from where it is chosen.
  async play(): Promise<void> {
    try {
      this.began();
      await this.server.play(this.chooser.value || this.story.chapters[0]?.id || "");
    } catch (error) {
      this.say((error as Error).message, true);
    }
  }

  private async toggle(): Promise<void> {
    await (this.story.playing ? this.stop() : this.play());
  }

  private async stop(): Promise<void> {
    this.caption.hidden = true;
    if (!this.story.playing) return;
    try {
      await this.server.play("");
    } catch (error) {
      this.say((error as Error).message, true);
    }
  }

  private show(): void {
    const playing = Boolean(this.story.playing);
    this.button.replaceChildren(icon(playing ? icons.stop : icons.play, 16), playing ? "Stop" : "Play the story");
    this.button.classList.toggle("playing", playing);
  }
}
