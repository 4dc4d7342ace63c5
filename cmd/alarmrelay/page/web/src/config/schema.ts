// What a JSON schema allows at a place, as things to choose from.

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  description?: string;
  type?: string;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  examples?: unknown[];
  default?: unknown;
  required?: string[];
  [more: string]: unknown;
}

export interface Choice {
  label: string;
  about: string; // what it means
  detail: string; // its type, or that it must be there
  nested: boolean; // its value has lines of its own
}

// at returns the schemas that hold at a path, of which any may apply.
export function at(root: Schema, path: (string | number)[]): Schema[] {
  let here = spread(root, root);
  for (const step of path) here = here.flatMap((s) => into(root, s, step)).flatMap((s) => spread(root, s));
  return here;
}

function into(root: Schema, s: Schema, step: string | number): Schema[] {
  if (typeof step === "number") return s.items ? [s.items] : [];
  const named = s.properties?.[step];
  if (named) return [named];
  return typeof s.additionalProperties === "object" ? spread(root, s.additionalProperties) : [];
}

// spread resolves references and alternatives. What stands beside a reference stays in force.
function spread(root: Schema, s: Schema, depth = 0): Schema[] {
  if (depth > 12) return [];
  const more = [...(s.anyOf ?? []), ...(s.oneOf ?? []), ...(s.allOf ?? [])];
  const referred = s.$ref ? definition(root, s.$ref) : undefined;
  if (referred) more.push(referred);
  return [s, ...more.flatMap((m) => spread(root, m, depth + 1))];
}

function definition(root: Schema, reference: string): Schema | undefined {
  return reference
    .replace(/^#\//, "")
    .split("/")
    .reduce<any>((s, key) => s?.[key], root);
}

// keysAt are the keys that may stand at a path, without those that are there.
export function keysAt(root: Schema, path: (string | number)[], present: string[]): Choice[] {
  const found = new Map<string, Choice>();
  for (const s of at(root, path)) {
    for (const [key, value] of Object.entries(s.properties ?? {})) {
      if (present.includes(key) || found.has(key)) continue;
      const all = spread(root, value);
      const nested = all.some((a) => a.properties || typeof a.additionalProperties === "object") && !all.some((a) => a.type === "string" || a.enum);
      found.set(key, { label: key, about: all.find((a) => a.description)?.description ?? "", detail: s.required?.includes(key) ? "required" : kindOf(all), nested });
    }
  }
  return [...found.values()];
}

// valuesAt are the values that are known to fit at a path.
export function valuesAt(root: Schema, path: (string | number)[]): Choice[] {
  const found = new Map<string, Choice>();
  const offer = (value: unknown, detail: string, about: string) => {
    const label = String(value);
    if (!found.has(label)) found.set(label, { label, detail, about, nested: false });
  };
  const all = at(root, path).flatMap((s) => (s.items ? [s, ...spread(root, s.items)] : [s]));
  const about = all.find((s) => s.description)?.description ?? "";
  for (const s of all) {
    if (s.default !== undefined) offer(s.default, "default", about);
    for (const value of s.enum ?? []) offer(value, "", about);
    if (s.const !== undefined) offer(s.const, "", about);
    if (s.type === "boolean") for (const value of [true, false]) offer(value, "", about);
    for (const value of s.examples ?? []) offer(value, "for example", about);
  }
  return [...found.values()];
}

function kindOf(all: Schema[]): string {
  const kinds = new Set(all.map((s) => s.type ?? (s.enum ? "choice" : "")).filter(Boolean));
  return [...kinds].map((k) => ({ object: "keys", array: "list" })[k as string] ?? k).join(" or ");
}
