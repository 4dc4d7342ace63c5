// Where a JSON text is wrong. The browser's own parser says what is wrong, but not always where.

import { jsonLanguage } from "@codemirror/lang-json";

// isJSON tells of a text that is meant to be JSON, as livesend.go does. Anything else, also "[Alarm] disk full", is told as it is.
export function isJSON(text: string): boolean {
  return /^\s*(?:\{|\[\s*(?:[{["\]]|$))/.test(text);
}

export interface Mistake {
  at: number; // offset in the text
  line: number; // from 1
  about: string;
}

// mistakeIn returns the first mistake of a text, nothing for one that is JSON.
export function mistakeIn(text: string): Mistake | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const about = (error as Error).message;
    const at = placeIn(text, about);
    return { at, line: text.slice(0, at).split("\n").length, about };
  }
}

function placeIn(text: string, about: string): number {
  const said = /at position (\d+)/.exec(about)?.[1];
  if (said !== undefined) return Math.min(Number(said), text.length);
  let at: number | undefined;
  jsonLanguage.parser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError) at ??= node.from;
      return at === undefined;
    },
  });
  return Math.min(at ?? 0, text.length);
}
