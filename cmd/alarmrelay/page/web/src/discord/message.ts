// A message as Discord's client shows it.

import type { DiscordMessage } from "@skyra/discord-components-core/discord-message.js";
import { stampOf } from "../clock";
import { make, icon, icons } from "../dom";
import { draw, letters, link, type Scene, spoken } from "../inline";
import { files, picture } from "../files";
import type { Attachment, Component, Embed, Message } from "../wire";
import { webAddress } from "../pieces";
import bell from "../avatar.svg";
import { discordText } from "./markdown";

const suppressed = 1 << 2; // SUPPRESS_EMBEDS

// discordMessage returns the element of a message.
export function discordMessage(m: Message, scene: Scene): HTMLElement {
  const p = m.payload;
  const attached = (p.attachments ?? []) as Attachment[];
  const element = make("discord-message", { author: p.username || "alarmrelay", avatar: bell, bot: true, edited: m.edits > 0, highlight: (m.pings ?? []).length > 0 });
  // The component would read a string as a date of its own; it is told what to show.
  Object.assign(element, { timestamp: stampOf(m.at, "discord") });
  element.append(...draw(discordText(p.content ?? ""), scene));
  if (m.silent) markSilent(element as DiscordMessage);
  const embeds = (p.flags ?? 0) & suppressed ? [] : (p.embeds ?? []);
  for (const e of embeds) element.append(embed(e, attached, scene));
  const loose = attached.filter((a) => !embeds.some((e) => named(e).includes(`attachment://${a.filename}`)));
  if (loose.length > 0) element.append(make("discord-attachments", { slot: "attachments" }, ...files(loose)));
  for (const row of p.components ?? []) if (row.type === 1) element.append(buttons(row, scene));
  return element;
}

// markSilent puts a sign beside a message's time, which the component draws itself.
function markSilent(element: DiscordMessage): void {
  const sign = make("span", { class: "silent", role: "img", "aria-label": "sent silently", title: "Sent silently: nobody's device made a sound" }, icon(icons.muted, 14));
  void element.updateComplete.then(() => element.shadowRoot?.querySelector("time")?.after(sign));
}

function named(e: Embed): string[] {
  return [e.image?.url, e.thumbnail?.url, e.author?.icon_url, e.footer?.icon_url].filter((u) => u !== undefined);
}

function embed(e: Embed, attached: Attachment[], scene: Scene): HTMLElement {
  const colour = e.color === undefined ? null : `#${e.color.toString(16).padStart(6, "0")}`;
  const element = make("discord-embed", { slot: "embeds", color: colour, class: "embed" });
  if (e.thumbnail?.url) element.append(make("div", { slot: "description", class: "embed-thumbnail" }, picture(e.thumbnail.url, attached)));
  if (e.author?.name) element.append(make("div", { slot: "description", class: "embed-author" }, ...linked(letters(e.author.name), e.author.url, scene)));
  if (e.title) {
    element.append(make("div", { slot: "description", class: "embed-title" }, ...linked(draw(discordText(e.title, "title"), scene), e.url, scene)));
  }
  if (e.description) element.append(make("discord-embed-description", { slot: "description" }, ...draw(discordText(e.description), scene)));
  if (e.fields?.length) element.append(fields(e.fields, scene));
  if (e.image?.url) element.append(make("div", { slot: "fields", class: "embed-image" }, picture(e.image.url, attached)));
  if (e.footer?.text || e.timestamp) {
    const when = e.timestamp ? stampOf(e.timestamp, "discord") : "";
    element.append(make("discord-embed-footer", { slot: "footer" }, make("span", null, ...letters([e.footer?.text, when].filter(Boolean).join(" • ")))));
  }
  return element;
}

function linked(inside: Node[], url: string | undefined, scene: Scene): Node[] {
  const address = webAddress(url ?? "");
  return address ? [link(address, inside, scene)] : inside;
}

// fields stand up to three in a row where they are inline.
function fields(all: NonNullable<Embed["fields"]>, scene: Scene): HTMLElement {
  const element = make("discord-embed-fields", { slot: "fields" });
  for (const [i, f] of all.entries()) {
    const field = make("discord-embed-field", null, make("div", { class: "field-name" }, ...draw(discordText(f.name ?? "", "title"), scene)), ...draw(discordText(f.value ?? ""), scene));
    const [row, place] = inRow(all, i);
    if (row > 0) field.classList.add(`of-${row}`, `place-${place}`);
    element.append(field);
  }
  return element;
}

// inRow returns how many fields share the row of field i, and its place there; 0 for one that has a row to itself.
export function inRow(all: { inline?: boolean }[], i: number): [row: number, place: number] {
  if (!all[i]?.inline) return [0, 0];
  let first = i;
  while (all[first - 1]?.inline) first--;
  let end = i;
  while (all[end + 1]?.inline) end++;
  const begin = first + Math.floor((i - first) / 3) * 3;
  return [Math.min(3, end - begin + 1), i - begin + 1];
}

function buttons(row: Component, scene: Scene): HTMLElement {
  const element = make("discord-action-row", { slot: "components" });
  for (const b of row.components ?? []) {
    if (b.type !== 2 || b.style !== 5) continue;
    const address = webAddress(b.url ?? "");
    const label = [b.emoji?.name, b.label].filter(Boolean).join(" ");
    if (!address) continue;
    const button = make("discord-button", { url: address, title: address }, ...letters(label));
    const message = scene.links.get(address);
    if (message !== undefined) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        scene.jump(message);
      });
    }
    element.append(button);
  }
  return element;
}

// discordSummary is a message in one line.
export function discordSummary(m: Message, names: Record<string, string>): string {
  const p = m.payload;
  return spoken(discordText(p.content ?? ""), names) || spoken(discordText(p.embeds?.[0]?.title ?? "", "title"), names) || "message";
}
