// A message as Slack's client shows it.

import bell from "../avatar.svg";
import { stampOf } from "../clock";
import { icon, icons, make } from "../dom";
import { files, picture } from "../files";
import { draw, letters, link, type Scene, spoken } from "../inline";
import { webAddress } from "../pieces";
import type { Attachment, Block, Message, SlackAttachment, TextObject } from "../wire";
import { withEmoji } from "../shortcodes";
import { entities, slackText } from "./mrkdwn";

// slackMessage returns the element of a message.
export function slackMessage(m: Message, scene: Scene): HTMLElement {
  const p = m.payload;
  const attached = (p.attachments ?? []) as (SlackAttachment & Partial<Attachment>)[];
  const body = make("div", { class: "slack-body" });
  body.append(
    make("div", { class: "slack-head" }, make("b", null, p.username || "alarmrelay"), make("span", { class: "slack-app" }, "APP"), make("time", { datetime: m.at }, stampOf(m.at, "slack")), m.silent ? icon(icons.muted, 13) : null),
  );
  if (p.blocks?.length) body.append(...blocks(p.blocks, scene));
  else if (p.text) body.append(make("div", { class: "slack-text" }, ...draw(slackText(p.text, { addresses: true, names: false }), scene)));
  if (m.edits > 0) (body.querySelector(":scope > .slack-text") ?? body).append(make("span", { class: "slack-edited" }, " (edited)"));
  for (const a of attached) if (a.filename === undefined) body.append(attachment(a, scene));
  body.append(...files(attached.filter((a): a is Attachment => a.filename !== undefined)));
  return make("div", { class: "slack-message" }, make("img", { src: bell, alt: "", class: "slack-avatar" }), body);
}

const named: Record<string, string> = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" };

function attachment(a: SlackAttachment, scene: Scene): HTMLElement {
  const bar = make("div", { class: "slack-bar" });
  const colour = named[a.color ?? ""] ?? (/^#[0-9a-f]{6}$/i.test(a.color ?? "") ? a.color! : "");
  if (colour) bar.style.backgroundColor = colour;
  const inside = make("div", { class: "slack-inside" });
  if (a.blocks?.length) inside.append(...blocks(a.blocks, scene));
  else inside.append(...legacy(a, scene));
  return make("div", { class: "slack-attachment" }, bar, inside);
}

// legacy is what attachments held before there were blocks.
function legacy(a: SlackAttachment, scene: Scene): HTMLElement[] {
  const all: HTMLElement[] = [];
  const say = (text: string | undefined, style: string) => text && all.push(make("div", { class: style }, ...draw(slackText(text, { addresses: true, names: false }), scene)));
  const title = webAddress(a.title_link ?? "");
  say(a.pretext, "slack-text");
  if (a.title) all.push(make("div", { class: "slack-title" }, ...(title ? [link(title, letters(entities(a.title)), scene)] : letters(entities(a.title)))));
  say(a.text, "slack-text");
  for (const f of a.fields ?? []) say(`*${f.title ?? ""}*\n${f.value ?? ""}`, "slack-text");
  say(a.footer, "slack-context");
  return all;
}

function blocks(all: Block[], scene: Scene): HTMLElement[] {
  return all.map((b) => block(b, scene));
}

function block(b: Block, scene: Scene): HTMLElement {
  switch (b.type) {
    case "header":
      return make("div", { class: "slack-header" }, ...object(b.text, scene));
    case "divider":
      return make("hr", { class: "slack-divider" });
    case "section":
      return section(b, scene);
    case "context":
      return make("div", { class: "slack-context" }, ...(b.elements ?? []).map((e) => contextElement(e, scene)));
    case "actions":
      return make("div", { class: "slack-actions" }, ...(b.elements ?? []).map((e) => button(e, scene)));
    case "image":
      return make("figure", { class: "slack-image" }, make("figcaption", null, ...object(b.title, scene)), picture(b.image_url ?? "", []));
  }
  return make("div", { class: "elsewhere" }, `a block of type ${b.type}`);
}

function section(b: Block, scene: Scene): HTMLElement {
  const element = make("div", { class: "slack-section" });
  if (b.text) element.append(make("div", { class: "slack-text" }, ...object(b.text, scene)));
  if (b.fields?.length) element.append(make("div", { class: "slack-fields" }, ...b.fields.map((f) => make("div", { class: "slack-text" }, ...object(f, scene)))));
  if (b.accessory?.type === "button") element.append(button(b.accessory, scene));
  if (b.accessory?.type === "image") element.append(picture(b.accessory.image_url ?? "", []));
  return element;
}

function contextElement(e: Block, scene: Scene): HTMLElement {
  if (e.type === "image") return picture(e.image_url ?? "", []);
  return make("span", { class: "slack-context-text" }, ...object(typeof e.text === "string" ? (e as TextObject) : e.text, scene));
}

function button(e: Block, scene: Scene): HTMLElement {
  const style = `slack-button ${e.style === "primary" || e.style === "danger" ? e.style : ""}`;
  const address = webAddress(e.url ?? "");
  return address ? link(address, object(e.text, scene), scene, style) : make("span", { class: style }, ...object(e.text, scene));
}

// object draws a text object: of type mrkdwn, or plain.
function object(text: TextObject | string | undefined, scene: Scene): Node[] {
  if (text === undefined) return [];
  if (typeof text === "string") return letters(entities(text));
  if (text.type !== "mrkdwn") return letters(text.emoji === false ? entities(text.text) : withEmoji(entities(text.text)));
  return draw(slackText(text.text, { addresses: !text.verbatim, names: !text.verbatim }), scene);
}

// slackSummary is a message in one line.
export function slackSummary(m: Message, names: Record<string, string>): string {
  const first = (m.payload.attachments as SlackAttachment[] | undefined)?.[0];
  return spoken(slackText(m.payload.text || first?.fallback || ""), names) || "message";
}
