// Discord's Markdown, as its client reads it.
// https://docs.discord.com/developers/reference#message-formatting
// https://support.discord.com/hc/en-us/articles/210298617

import { MarkupReader } from "../markup";
import { type Piece, Pieces, webAddress, type Who } from "../pieces";

// Place is where a text stands: titles and names of fields know no blocks, mentions, times and links.
export type Place = "content" | "title";

// discordText reads a text.
export function discordText(source: string, place: Place = "content"): Piece[] {
  return new Reader(source, { blocks: place === "content", references: place === "content", escapes: true, nested: 0 }).read();
}

interface Rules {
  blocks: boolean; // headings, lists and quotes at the beginning of a line
  references: boolean; // mentions, times and links
  escapes: boolean;
  nested: number;
}

const deepest = 12; // beyond this, marks are text

class Reader extends MarkupReader {
  constructor(
    source: string,
    private readonly rules: Rules,
  ) {
    super(source);
  }

  protected markup(): boolean {
    if (this.rules.nested > deepest) return false;
    if (this.rules.blocks && this.atLineStart && this.block()) return true;
    switch (this.source[this.at]) {
      case "\\":
        return this.escape();
      case "`":
        return this.code();
      case "<":
        return this.rules.references && this.angle();
      case "[":
        return this.rules.references && this.link();
      case "@":
        return this.rules.references && this.crowd();
      case ":":
        return this.emoji();
      case "h":
      case "H":
        return this.rules.references && this.address();
      case "*":
      case "_":
      case "~":
      case "|":
        return this.emphasis();
    }
    return false;
  }

  // letters takes a word, since nothing begins within one, or else one character.
  protected override letters(): void {
    const word = this.match(/[0-9A-Za-z]+/y);
    if (word) {
      this.take(word[0].length, { kind: "text", text: word[0] });
      return;
    }
    super.letters();
  }

  private inner(source: string, changed: Partial<Rules> = {}): Piece[] {
    return new Reader(source, { ...this.rules, blocks: false, ...changed, nested: this.rules.nested + 1 }).read();
  }

  private block(): boolean {
    let found = this.match(/(#{1,3})[ ]+([^\n]*[^\s][^\n]*)\n?/y);
    if (found) return this.take(found[0].length, { kind: "heading", level: found[1]!.length, inside: this.inner(found[2]!.trim()) });
    if ((found = this.match(/-#[ ]+([^\n]*[^\s][^\n]*)\n?/y))) return this.take(found[0].length, { kind: "small", inside: this.inner(found[1]!.trim()) });
    if ((found = this.match(/>>> ([\s\S]*)/y))) return this.take(found[0].length, { kind: "quote", inside: this.inner(found[1]!, { blocks: true }) });
    if ((found = this.match(/(?:> [^\n]*(?:\n|$))+/y))) {
      const lines = found[0].replace(/\n$/, "").replace(/^> /gm, "");
      return this.take(found[0].length, { kind: "quote", inside: this.inner(lines, { blocks: true }) });
    }
    if ((found = this.match(/( *)(?:[-*]|(\d{1,4})\.) +([^\n]*[^\s][^\n]*)\n?/y))) {
      const mark = found[2] ? `${found[2]}. ` : found[1] ? "◦ " : "• ";
      const inside = new Pieces();
      inside.text(found[1]! + mark);
      for (const piece of this.inner(found[3]!.trim())) inside.add(piece);
      return this.take(found[0].length, { kind: "item", inside: inside.all });
    }
    return false;
  }

  private escape(): boolean {
    const found = this.rules.escapes ? this.match(/\\([^0-9A-Za-z\s])/uy) : null;
    return found !== null && this.take(found[0].length, { kind: "text", text: found[1]! });
  }

  private code(): boolean {
    const fence = this.match(/```(?:[a-z0-9_+\-.#]+\n)?\n*([^\n][\s\S]*?)\n*```/iy);
    if (fence && this.rules.references) {
      if (this.source[this.at + fence[0].length] === "\n") this.at++; // the block ends the line itself
      return this.take(fence[0].length, { kind: "fence", text: fence[1]! });
    }
    const inline = this.match(/(`+)([\s\S]*?[^`])\1(?!`)/y);
    return inline !== null && this.take(inline[0].length, { kind: "code", text: inline[2]!.replace(/^ (?=`)|(?<=`) $/g, "") });
  }

  private angle(): boolean {
    const time = this.match(/<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>/y);
    if (time) return this.take(time[0].length, { kind: "time", unix: Number(time[1]), form: time[2] ?? "f", otherwise: time[0] });
    const mention = this.match(/<(@&|@!|@|#)(\d{1,20})>/y);
    if (mention) {
      const who: Who = mention[1] === "@&" ? "role" : mention[1] === "#" ? "channel" : "user";
      return this.take(mention[0].length, { kind: "mention", who, id: mention[2]! });
    }
    const command = this.match(/<\/([\w -]{1,100}):\d+>/y);
    if (command) return this.take(command[0].length, { kind: "mention", who: "command", id: command[1]! });
    const guide = this.match(/<id:(customize|browse|guide|linked-roles)>/y);
    if (guide) return this.take(guide[0].length, { kind: "mention", who: "channel", id: guide[1]! });
    const emoji = this.match(/<a?:(\w{2,32}):\d{17,20}>/y);
    if (emoji) return this.take(emoji[0].length, { kind: "text", text: `:${emoji[1]}:` }); // its picture lies elsewhere
    const address = this.match(/<(https?:\/\/[^\s<>]+)>/iy);
    return address !== null && this.offer(address[0].length, address[1]!, [{ kind: "text", text: address[1]! }]);
  }

  private address(): boolean {
    if (/[0-9A-Za-z]/.test(this.source[this.at - 1] ?? "")) return false;
    const found = this.match(/https?:\/\/[^\s<[\]]*[^<.,:;"'[\]\s]/iy);
    if (!found) return false;
    let text = found[0];
    while (text.endsWith(")") && text.split("(").length < text.split(")").length) text = text.slice(0, -1);
    return this.offer(text.length, text, [{ kind: "text", text }]);
  }

  // link takes [label](address). A label that shows another address is no label: the client then leaves all of it as text.
  private link(): boolean {
    const label = bracketed(this.source, this.at, "[", "]");
    if (label === undefined || label.trim() === "" || this.source[this.at + label.length + 2] !== "(") return false;
    const target = bracketed(this.source, this.at + label.length + 2, "(", ")");
    if (target === undefined) return false;
    const address = /^\s*<?([^\s<>]+)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*$/.exec(target)?.[1] ?? "";
    if (/https?:\/\//i.test(label)) return false;
    const inside = this.inner(label, { references: false, escapes: false }); // https://github.com/discord/discord-api-docs/issues/6185
    return this.offer(label.length + target.length + 4, address, inside);
  }

  private offer(length: number, address: string, inside: Piece[]): boolean {
    const url = webAddress(address);
    return url !== undefined && this.take(length, { kind: "link", url, inside });
  }

  private crowd(): boolean {
    const found = this.match(/@(everyone|here)/y);
    return found !== null && this.take(found[0].length, { kind: "mention", who: "crowd", id: found[1]! });
  }

  private emphasis(): boolean {
    for (const [pattern, kind] of marks) {
      const found = this.match(pattern);
      if (found) return this.take(found[0].length, { kind, inside: this.inner(found[1]!) });
    }
    return false;
  }
}

// What stands between marks: characters that are escaped, or no backslash.
const marks: [RegExp, "bold" | "italic" | "underline" | "strike" | "spoiler"][] = [
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, "bold"],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, "underline"],
  [/\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/y, "italic"],
  [/_((?:__|\\[\s\S]|[^\\_])+?)_(?![0-9A-Za-z_])/y, "italic"],
  [/~~((?:\\[\s\S]|[^\\])+?)~~(?!_)/y, "strike"],
  [/\|\|((?:\\[\s\S]|[^\\])+?)\|\|/y, "spoiler"],
];

// bracketed returns what stands between the bracket at this place and the one that closes it.
function bracketed(source: string, at: number, open: string, shut: string): string | undefined {
  let depth = 0;
  for (let i = at; i < source.length; i++) {
    if (source[i] === "\n") return undefined;
    if (source[i] === open) depth++;
    if (source[i] === shut && --depth === 0) return source.slice(at + 1, i);
  }
  return undefined;
}
