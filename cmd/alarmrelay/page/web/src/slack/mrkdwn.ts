// Slack's mrkdwn, as its client reads it.
// https://docs.slack.dev/messaging/formatting-message-text

import { MarkupReader } from "../markup";
import { type Piece, webAddress } from "../pieces";

// Bare says what counts without angles around it: nothing in a verbatim text, names only in one that Slack shall look through.
export interface Bare {
  addresses: boolean;
  names: boolean;
}

export const verbatim: Bare = { addresses: false, names: false };

// slackText reads a text.
export function slackText(source: string, bare: Bare = verbatim): Piece[] {
  return new Reader(source, bare, true).read();
}

// entities turns Slack's three entities into what they stand for; there are no others.
export function entities(text: string): string {
  return text.replace(/&(lt|gt|amp);/g, (_, name: string) => ({ lt: "<", gt: ">", amp: "&" })[name]!);
}

class Reader extends MarkupReader {
  constructor(
    source: string,
    private readonly bare: Bare,
    private readonly blocks: boolean,
    private readonly open = "",
  ) {
    super(source);
  }

  protected markup(): boolean {
    switch (this.source[this.at]) {
      case "&":
        return (this.blocks && this.atLineStart && this.quote()) || this.entity();
      case "`":
        return this.code();
      case "<":
        return this.angle();
      case "*":
        return this.emphasis("*", "bold");
      case "_":
        return this.emphasis("_", "italic");
      case "~":
        return this.emphasis("~", "strike");
      case "h":
        return this.bare.addresses && this.address();
      case "@":
        return this.bare.names && this.crowd();
      case ":":
        return this.emoji();
    }
    return false;
  }

  private quote(): boolean {
    const rest = this.match(/&gt;&gt;&gt; ?([\s\S]+)/y);
    if (rest) return this.take(rest[0].length, { kind: "quote", inside: new Reader(rest[1]!, this.bare, false).read() });
    const found = this.match(/(?:&gt; ?[^\n]*(?:\n|$))+/y);
    if (!found) return false;
    const lines = found[0].replace(/\n$/, "").replace(/^&gt; ?/gm, "");
    return this.take(found[0].length, { kind: "quote", inside: new Reader(lines, this.bare, false).read() });
  }

  private entity(): boolean {
    const found = this.match(/&(?:lt|gt|amp);/y);
    return found !== null && this.take(found[0].length, { kind: "text", text: entities(found[0]) });
  }

  private code(): boolean {
    const fence = this.match(/```\n?([\s\S]*?)\n?```/y);
    if (fence && fence[1] !== "") {
      if (this.source[this.at + fence[0].length] === "\n") this.at++; // the block ends the line itself
      return this.take(fence[0].length, { kind: "fence", text: unmarked(fence[1]!) });
    }
    const inline = this.match(/`([^`\n]+)`/y);
    return inline !== null && this.take(inline[0].length, { kind: "code", text: unmarked(inline[1]!) });
  }

  private angle(): boolean {
    const found = this.match(/<([^<>\n]+)>/y);
    const piece = found && reference(found[1]!);
    return piece ? this.take(found[0].length, piece) : false;
  }

  private address(): boolean {
    const found = this.match(/https?:\/\/[^\s<>|]*[^\s<>|.,:;!?)\]'"]/y);
    const url = found && webAddress(entities(found[0]));
    return url ? this.take(found[0].length, { kind: "link", url, inside: [{ kind: "text", text: entities(found[0]) }] }) : false;
  }

  private crowd(): boolean {
    const found = this.match(/@(here|channel|everyone)\b/y);
    return found !== null && this.take(found[0].length, { kind: "mention", who: "crowd", id: found[1]! });
  }

  // emphasis holds only between words, within a line, and not within itself.
  private emphasis(mark: string, kind: "bold" | "italic" | "strike"): boolean {
    const before = this.source[this.at - 1];
    const after = this.source[this.at + 1];
    if (this.open.includes(mark) || before === mark || isWord(before) || isGap(after) || after === mark) return false;
    for (let end = this.at + 2; end < this.source.length && this.source[end] !== "\n"; end++) {
      const behind = this.source[end + 1];
      if (this.source[end] === mark && !isGap(this.source[end - 1]) && !isWord(behind) && behind !== mark) {
        const inside = new Reader(this.source.slice(this.at + 1, end), this.bare, false, this.open + mark).read();
        return this.take(end + 1 - this.at, { kind, inside });
      }
    }
    return false;
  }
}

// reference reads what stands between < and >.
function reference(inner: string): Piece | undefined {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : entities(inner.slice(bar + 1));
  const special = /^!date\^(-?\d{1,13})\^([^^]+)(?:\^(.+))?$/.exec(target);
  if (special) {
    return { kind: "time", unix: Number(special[1]), form: entities(special[2]!), otherwise: label, url: webAddress(entities(special[3] ?? "")) };
  }
  if (target.startsWith("!date^")) return { kind: "text", text: label };
  const subteam = /^!subteam\^(\w+)$/.exec(target);
  if (subteam) return { kind: "mention", who: "subteam", id: subteam[1]!, label: label.replace(/^@/, "") || undefined };
  const crowd = /^!(here|channel|everyone)$/.exec(target);
  if (crowd) return { kind: "mention", who: "crowd", id: crowd[1]! };
  const named = /^([@#])(\w+)$/.exec(target);
  if (named) return { kind: "mention", who: named[1] === "@" ? "user" : "channel", id: named[2]!, label: label || undefined };
  const url = webAddress(entities(target)) ?? (/^mailto:[^\s]+$/.test(target) ? target : undefined);
  return url ? { kind: "link", url, inside: [{ kind: "text", text: label || entities(target) }] } : undefined;
}

// unmarked is text in code, in which links lose their marks, too.
function unmarked(text: string): string {
  return entities(text.replace(/<(https?:\/\/[^<>|\s]+)(?:\|([^<>]+))?>/g, (_, url: string, label?: string) => label ?? url));
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

function isGap(character: string | undefined): boolean {
  return character === undefined || character === "\u200b" || /\s/.test(character);
}
