// Draws pieces of text as elements, for both services.

import { make } from "./dom";
import { moment } from "./clock";
import { type Piece, plain, webAddress } from "./pieces";
import type { Service } from "./wire";

// Scene is what a text's references mean where it stands.
export interface Scene {
  service: Service;
  names: Record<string, string>; // of those who can be mentioned, by kind:id
  links: Map<string, string>; // addresses of messages that are on the page: their ids
  jump(id: string): void;
}

// draw returns the nodes of a text.
export function draw(pieces: Piece[], scene: Scene): Node[] {
  return pieces.flatMap((p) => one(p, scene));
}

function one(piece: Piece, scene: Scene): Node[] {
  switch (piece.kind) {
    case "text":
      return letters(piece.text);
    case "bold":
      return [make("strong", null, ...draw(piece.inside, scene))];
    case "italic":
      return [make("em", null, ...draw(piece.inside, scene))];
    case "underline":
      return [make("u", null, ...draw(piece.inside, scene))];
    case "strike":
      return [make("s", null, ...draw(piece.inside, scene))];
    case "small":
      return [make("small", { class: "subtext" }, ...draw(piece.inside, scene))];
    case "quote":
      return [make("blockquote", null, ...draw(piece.inside, scene))];
    case "item":
      return [make("div", { class: "item" }, ...draw(piece.inside, scene))];
    case "heading":
      return [make("div", { class: `heading heading-${piece.level}` }, ...draw(piece.inside, scene))];
    case "code":
      return [make("code", null, piece.text)];
    case "fence":
      return [make("pre", { tabindex: 0 }, make("code", null, piece.text))];
    case "spoiler":
      return [spoiler(piece.inside, scene)];
    case "link":
      return [link(piece.url, draw(piece.inside, scene), scene)];
    case "time":
      return [timeOf(piece, scene)];
    case "mention":
      return [mention(piece, scene)];
  }
}

// link returns an anchor: within the page to a message that is on it, to anywhere else in a tab of its own.
export function link(url: string, inside: Node[], scene: Scene, style = ""): HTMLAnchorElement {
  const message = scene.links.get(webAddress(url) ?? url);
  if (message === undefined) {
    return make("a", { href: url, target: "_blank", rel: "noopener noreferrer", class: style || null }, ...inside);
  }
  const leap = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
    scene.jump(message);
  };
  return make("a", { href: `#${message}`, class: `jump ${style}`, click: leap }, ...inside);
}

function spoiler(inside: Piece[], scene: Scene): Node {
  const veil = make("span", { class: "spoiler", role: "button", tabindex: 0, "aria-expanded": "false", "aria-label": "Spoiler: press to show" });
  const text = make("span", { class: "spoiler-text" }, ...draw(inside, scene));
  veil.append(text);
  const show = (event: Event) => {
    event.stopPropagation();
    veil.classList.add("shown");
    veil.setAttribute("aria-expanded", "true");
    veil.removeAttribute("aria-label");
  };
  veil.addEventListener("click", show);
  veil.addEventListener("keydown", (event) => event.key === "Enter" && show(event));
  return veil;
}

function timeOf(piece: Piece & { kind: "time" }, scene: Scene): Node {
  const shown = moment(piece.unix, piece.form, piece.otherwise, scene.service);
  return piece.url ? link(piece.url, [shown], scene) : shown;
}

function mention(piece: Piece & { kind: "mention" }, scene: Scene): Node {
  const sign = piece.who === "channel" ? "#" : piece.who === "command" ? "/" : "@";
  const known = scene.names[`${piece.who}:${piece.id}`];
  const unknown = { user: "unknown-user", role: "unknown-role", channel: "unknown", subteam: "unknown-group", crowd: piece.id, command: piece.id }[piece.who];
  const name = sign + (known ?? piece.label ?? unknown);
  const title = known === undefined ? null : `${piece.who} ${piece.id}`;
  if (scene.service === "slack") return make("span", { class: "slack-mention", title }, name);
  return make("discord-mention", { type: "slash-none", title }, name);
}

const circles: Record<string, string> = { "🔴": "red", "🟠": "orange", "🟡": "yellow", "🟢": "green", "🔵": "blue", "🟣": "purple", "⚪": "white", "⚫": "black" };
const circle = /(🔴|🟠|🟡|🟢|🔵|🟣|⚪|⚫)\ufe0f?/u;

// letters returns a text. The circles that say a state are drawn, since not every machine has a font for them.
export function letters(text: string): Node[] {
  return text
    .split(circle)
    .filter((part) => part !== "")
    .map((part) => (part in circles ? make("span", { class: `circle ${circles[part]}` }, make("span", null, part)) : document.createTextNode(part)));
}

// spoken is what a text says, for labels.
export function spoken(pieces: Piece[], names: Record<string, string>): string {
  return plain(pieces, names).replace(/\s+/g, " ").trim();
}
