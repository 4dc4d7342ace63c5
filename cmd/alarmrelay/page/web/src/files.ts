// Attached files and pictures. They come from this server only; a picture from elsewhere is named, not fetched.

import { icon, icons, make } from "./dom";
import type { Attachment } from "./wire";

const isPicture = /\.(png|jpe?g|gif|webp)$/i;

// ours is the address of a file on this server, nothing for any other.
function ours(url: string | undefined): string | undefined {
  return url?.startsWith("/api/file/") ? url : undefined;
}

// picture shows an image by its address, which may be that of an attachment.
export function picture(url: string, attached: Attachment[]): HTMLElement {
  const file = attached.find((a) => url === `attachment://${a.filename}`);
  const source = ours(file ? file.url : url);
  const alt = file?.description || file?.filename || "Picture";
  if (!source) return make("span", { class: "elsewhere" }, `picture: ${url}`);
  return make("a", { href: source, target: "_blank", rel: "noopener" }, make("img", { src: source, alt, title: alt }));
}

// files shows attachments: pictures as such, texts with their beginning.
export function files(attached: Attachment[]): HTMLElement[] {
  return attached.map((a) => (isPicture.test(a.filename) && ours(a.url) ? make("div", { class: "loose-picture" }, picture(a.url!, [])) : file(a)));
}

const mostShown = 20_000; // characters

function file(a: Attachment): HTMLElement {
  const source = ours(a.url);
  const name = source ? make("a", { href: source, target: "_blank", rel: "noopener", download: a.filename }, a.filename) : make("span", null, a.filename);
  const card = make("div", { class: "file" }, make("div", { class: "file-head" }, icon(icons.file, 28), make("div", null, name, a.description ? make("small", null, a.description) : null)));
  if (!source || !/\.(txt|log|csv|json|md)$/i.test(a.filename)) return card;
  const text = make("pre", { tabindex: 0 });
  const more = make("details", { class: "file-text" }, make("summary", null, "Show"), text);
  more.addEventListener("toggle", async () => {
    if (!more.open || text.textContent) return;
    const answer = await fetch(source);
    text.textContent = answer.ok ? (await answer.text()).slice(0, mostShown) : `The file is gone (${answer.status}).`;
  });
  card.append(more);
  return card;
}
