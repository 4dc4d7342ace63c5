// What people are told for a few seconds.

import { find } from "./dom";
import { visible } from "./visible";

let hiding: ReturnType<typeof setTimeout>;

// say tells people something, longer when it is bad.
export function say(text: string, bad = false): void {
  const toast = find("toast");
  toast.textContent = visible(text);
  toast.className = bad ? "toast bad" : "toast";
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (toast.hidden = true), bad ? 8000 : 5000);
}
