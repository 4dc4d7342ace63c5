// What both readers of markup do: go through a text, and collect its pieces.

import { type Piece, Pieces } from "./pieces";
import { emojiOf, shortcode } from "./shortcodes";

export abstract class MarkupReader {
  protected at = 0;
  private readonly out = new Pieces();

  constructor(protected readonly source: string) {}

  read(): Piece[] {
    while (this.at < this.source.length) if (!this.markup()) this.letters();
    return this.out.all;
  }

  // markup takes what stands here, if it is markup.
  protected abstract markup(): boolean;

  // letters takes what is none.
  protected letters(): void {
    const character = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
    this.take(character.length, { kind: "text", text: character });
  }

  protected get atLineStart(): boolean {
    return this.at === 0 || this.source[this.at - 1] === "\n";
  }

  // match looks for a sticky pattern where the reader is.
  protected match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.source);
  }

  protected take(length: number, piece: Piece): true {
    this.at += length;
    this.out.add(piece);
    return true;
  }

  protected emoji(): boolean {
    const found = this.match(shortcode);
    const emoji = found && emojiOf(found[1]!);
    return emoji ? this.take(found[0].length, { kind: "text", text: emoji }) : false;
  }
}
