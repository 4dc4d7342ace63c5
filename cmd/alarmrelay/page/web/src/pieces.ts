// A text with its markup read: what the two parsers give and what is drawn.

export type Piece =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "underline" | "strike" | "spoiler" | "small" | "quote" | "item"; inside: Piece[] }
  | { kind: "heading"; level: number; inside: Piece[] }
  | { kind: "code"; text: string }
  | { kind: "fence"; text: string }
  | { kind: "link"; url: string; inside: Piece[] }
  | { kind: "mention"; who: Who; id: string; label?: string }
  | { kind: "time"; unix: number; form: string; otherwise: string; url?: string };

export type Who = "user" | "role" | "channel" | "subteam" | "crowd" | "command";

// Pieces collects pieces; neighbouring texts become one.
export class Pieces {
  readonly all: Piece[] = [];

  text(text: string): void {
    const last = this.all.at(-1);
    if (last?.kind === "text") {
      last.text += text;
    } else if (text !== "") {
      this.all.push({ kind: "text", text });
    }
  }

  add(piece: Piece): void {
    if (piece.kind === "text") this.text(piece.text);
    else this.all.push(piece);
  }
}

// plain returns what a text says without its markup, with the names of those whom it mentions.
export function plain(pieces: Piece[], names: Record<string, string>): string {
  const said = (p: Piece): string => {
    if ("inside" in p) return plain(p.inside, names);
    if (p.kind === "mention") return `@${names[`${p.who}:${p.id}`] ?? p.label ?? p.id}`;
    return p.kind === "time" ? p.otherwise : p.text;
  };
  return pieces.map(said).join("");
}

// webAddress returns an address that may be followed, in the form in which the browser reads it; nothing for any other scheme.
export function webAddress(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}
