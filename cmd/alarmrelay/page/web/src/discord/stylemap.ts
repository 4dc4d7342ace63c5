// Lit's styleMap, but through CSSOM from the start: Lit writes the first value as an attribute, which a strict
// Content-Security-Policy refuses. https://github.com/lit/lit/issues/1959

import { noChange } from "lit";
import { type AttributePart, directive, Directive } from "lit/directive.js";

class StyleMap extends Directive {
  override render(_styles: Record<string, string | undefined>): unknown {
    return noChange;
  }

  override update(part: AttributePart, [styles]: [Record<string, string | undefined>]): unknown {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(styles)) {
      if (value === undefined || value === null || value === "") style.removeProperty(name);
      else style.setProperty(name, value);
    }
    return noChange;
  }
}

export const styleMap = directive(StyleMap);
