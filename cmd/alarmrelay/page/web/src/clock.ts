// Times on the page, and what keeps them fresh.

import { make } from "./dom";
import { discordTime, full, type Reader, slackTime, stamp } from "./moment";
import type { Service } from "./wire";

let ahead = 0; // how far the story's clock is from the machine's, in milliseconds

// reader is whoever looks at the page.
export function reader(): Reader {
  return { locale: navigator.language || "en", now: Date.now() + ahead };
}

// setClock has the page's times be told as of a moment, from which time goes on as ever; none is now.
export function setClock(iso?: string): void {
  const at = Date.parse(iso ?? "");
  ahead = Number.isNaN(at) ? 0 : at - Date.now();
  refresh(true);
}

interface Form {
  unix: number;
  form: string;
  otherwise: string;
  service: Service;
}

const forms = new WeakMap<Element, Form>();

// moment is a time within a text, in the form that the text asks for.
export function moment(unix: number, form: string, otherwise: string, service: Service): HTMLElement {
  const at = new Date(unix * 1000);
  const element = make("time", { class: "moment", title: full(unix, reader()), datetime: Number.isNaN(at.getTime()) ? null : at.toISOString() });
  forms.set(element, { unix, form, otherwise, service });
  element.textContent = said(forms.get(element)!, reader());
  if (form === "R" || form.includes("{ago}") || form.includes("_pretty")) element.classList.add("live");
  return element;
}

function said(f: Form, r: Reader): string {
  return f.service === "discord" ? discordTime(f.unix, f.form, r) : (slackTime(f.unix, f.form, r) ?? f.otherwise);
}

// stampOf is the time beside a message's author.
export function stampOf(iso: string, service: Service): string {
  return stamp(iso, reader(), service);
}

// keepFresh tells the relative times anew: those of the last minute each second, the others now and then.
export function keepFresh(): void {
  let ticks = 0;
  setInterval(() => document.hidden || refresh(++ticks % 15 === 0), 1000);
}

function refresh(all: boolean): void {
  const r = reader();
  for (const element of document.querySelectorAll("time.live")) {
    const f = forms.get(element);
    if (!f || (!all && Math.abs(f.unix - r.now / 1000) > 90)) continue;
    const text = said(f, r);
    if (element.textContent !== text) element.textContent = text;
  }
}
