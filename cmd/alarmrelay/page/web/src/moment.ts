// Times as the chats show them: in the reader's zone, and some of them relative to now.

export interface Reader {
  locale: string;
  zone?: string; // empty for the machine's
  now: number; // milliseconds
}

// discordTime says <t:unix:form>.
// https://docs.discord.com/developers/reference#message-formatting-timestamp-styles
export function discordTime(unix: number, form: string, reader: Reader): string {
  if (form === "R") return ago(unix, reader);
  const styles: Record<string, Intl.DateTimeFormatOptions> = {
    t: { timeStyle: "short" },
    T: { timeStyle: "medium" },
    d: { dateStyle: "short" },
    D: { dateStyle: "long" },
    f: { dateStyle: "long", timeStyle: "short" },
    F: { dateStyle: "full", timeStyle: "short" },
    s: { dateStyle: "short", timeStyle: "short" },
    S: { dateStyle: "short", timeStyle: "medium" },
  };
  return say(unix, reader, styles[form] ?? styles["f"]!);
}

// slackTime fills the pattern of <!date^unix^pattern|...>; nothing where it names what Slack does not know.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
export function slackTime(unix: number, pattern: string, reader: Reader): string | undefined {
  let known = true;
  const text = pattern.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const said = slackToken(unix, name, reader);
    known &&= said !== undefined;
    return said ?? whole;
  });
  return known ? text : undefined;
}

function slackToken(unix: number, name: string, reader: Reader): string | undefined {
  const pretty = name.endsWith("_pretty") ? nearDay(unix, reader) : undefined;
  if (pretty) return pretty;
  switch (name.replace(/_pretty$/, "")) {
    case "date_num":
      return say(unix, { ...reader, locale: "sv-SE" }, { dateStyle: "short" });
    case "date":
      return ordinal(unix, reader, { month: "long", day: "numeric", year: "numeric" });
    case "date_short":
      return say(unix, reader, { month: "short", day: "numeric", year: "numeric" });
    case "date_long":
      return ordinal(unix, reader, { weekday: "long", month: "long", day: "numeric", year: "numeric" });
    case "time":
      return say(unix, reader, { timeStyle: "short" });
    case "time_secs":
      return say(unix, reader, { timeStyle: "medium" });
    case "ago":
      return ago(unix, reader);
  }
  return undefined;
}

// ordinal says a date with its day counted, which Slack does in English: November 13th, 2026.
function ordinal(unix: number, reader: Reader, style: Intl.DateTimeFormatOptions): string {
  const text = say(unix, reader, style);
  if (!/^en\b/.test(reader.locale)) return text;
  return text.replace(/\b\d{1,2}\b/, (day) => day + (/1[1-3]$/.test(day) ? "th" : (["th", "st", "nd", "rd"][Number(day) % 10] ?? "th")));
}

// nearDay is yesterday, today or tomorrow.
function nearDay(unix: number, reader: Reader): string | undefined {
  const day = (ms: number) => Date.parse(say(ms / 1000, { ...reader, locale: "sv-SE" }, { dateStyle: "short" }) + "T00:00:00Z") / 86_400_000;
  const days = Math.round(day(unix * 1000) - day(reader.now));
  if (Math.abs(days) > 1) return undefined;
  const text = new Intl.RelativeTimeFormat(reader.locale, { numeric: "auto" }).format(days, "day");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

// ago counts in the largest unit that fits.
export function ago(unix: number, reader: Reader): string {
  const seconds = Math.round(unix - reader.now / 1000);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units.at(-1)!;
  return new Intl.RelativeTimeFormat(reader.locale, { numeric: "always" }).format(Math.trunc(seconds / size), unit);
}

// full is a time without anything left out, for those who point at it.
export function full(unix: number, reader: Reader): string {
  return say(unix, reader, { dateStyle: "full", timeStyle: "long" });
}

// stamp is the time beside a message's author.
export function stamp(iso: string, reader: Reader, service: "discord" | "slack"): string {
  const unix = Date.parse(iso) / 1000;
  const clock = say(unix, reader, { timeStyle: "short" });
  if (service === "slack" || Number.isNaN(unix)) return clock;
  const day = nearDay(unix, reader);
  return day === undefined ? say(unix, reader, { dateStyle: "short", timeStyle: "short" }) : day === nearDay(reader.now / 1000, reader) ? clock : `${day} ${clock}`;
}

// A formatter takes long to make: each is made once.
const formatters = new Map<string, Intl.DateTimeFormat>();

function say(unix: number, reader: Reader, style: Intl.DateTimeFormatOptions): string {
  if (!Number.isFinite(unix) || Math.abs(unix) > 8.64e12) return "?";
  const key = `${reader.locale} ${reader.zone ?? ""} ${JSON.stringify(style)}`;
  let format = formatters.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(reader.locale, { ...style, timeZone: reader.zone });
    formatters.set(key, format);
  }
  return format.format(unix * 1000);
}
