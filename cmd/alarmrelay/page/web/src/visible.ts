// Characters that nobody sees, but that turn a text around or hide a part of it.
// https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

// visible returns a text with such characters written out, as JSON writes them. What the page itself says about events goes
// through it; what a channel shows does not, since there the service's own reading counts.
export function visible(text: string): string {
  return text.replace(unseen, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
