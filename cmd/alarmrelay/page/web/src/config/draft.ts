// A draft of the configuration is kept for as long as its tab is open, so that it is there when the page is loaded anew.

const place = "draft";

export interface KeptDraft {
  base: string; // what was in force when it was begun
  text: string;
}

// keepDraft keeps a draft; undefined forgets it.
export function keepDraft(draft: KeptDraft | undefined): void {
  try {
    if (draft) sessionStorage.setItem(place, JSON.stringify(draft));
    else sessionStorage.removeItem(place);
  } catch {
    // no room, or storing is switched off: then a draft lasts as long as the page
  }
}

// keptDraft is the draft that was kept last.
export function keptDraft(): KeptDraft | undefined {
  try {
    const { base, text } = JSON.parse(sessionStorage.getItem(place) ?? "") as KeptDraft;
    return typeof base === "string" && typeof text === "string" ? { base, text } : undefined;
  } catch {
    return undefined;
  }
}
