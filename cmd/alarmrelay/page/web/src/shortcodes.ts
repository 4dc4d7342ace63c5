// Emoji by name, as both clients read them: those that people put into messages about alarms. Any other stays the text it is.

const emoji: Record<string, string> = {
  alarm_clock: "⏰", ambulance: "🚑", arrow_down: "⬇️", arrow_right: "➡️", arrow_up: "⬆️", ballot_box_with_check: "☑️", bangbang: "‼️", bar_chart: "📊",
  beers: "🍻", bell: "🔔", black_circle: "⚫", blue_book: "📘", blue_circle: "🔵", bomb: "💣", book: "📖", boom: "💥", bug: "🐛", bulb: "💡", calendar: "📆",
  chart_with_downwards_trend: "📉", chart_with_upwards_trend: "📈", checkered_flag: "🏁", clipboard: "📋", clock1: "🕐", cloud: "☁️", coffee: "☕",
  construction: "🚧", credit_card: "💳", dollar: "💵", exclamation: "❗", eyes: "👀", fire: "🔥", fire_engine: "🚒", floppy_disk: "💾", gear: "⚙️", ghost: "👻",
  globe_with_meridians: "🌐", green_book: "📗", green_circle: "🟢", hammer: "🔨", heart: "❤️", heavy_check_mark: "✔️", hourglass: "⌛", information_source: "ℹ️",
  key: "🔑", large_blue_circle: "🔵", large_green_circle: "🟢", large_orange_circle: "🟠", large_yellow_circle: "🟡", link: "🔗", lock: "🔒", mag: "🔍", memo: "📝",
  moneybag: "💰", mute: "🔇", no_bell: "🔕", no_entry: "⛔", ok: "🆗", orange_circle: "🟠", package: "📦", pager: "📟", phone: "☎️", pushpin: "📌",
  question: "❓", recycle: "♻️", red_circle: "🔴", repeat: "🔁", rocket: "🚀", rotating_light: "🚨", scroll: "📜", shield: "🛡️", skull: "💀", snowflake: "❄️",
  sos: "🆘", sparkles: "✨", speech_balloon: "💬", stopwatch: "⏱️", tada: "🎉", thumbsdown: "👎", thumbsup: "👍", ticket: "🎫", turtle: "🐢", unlock: "🔓",
  warning: "⚠️", wastebasket: "🗑️", white_check_mark: "✅", white_circle: "⚪", wrench: "🔧", x: "❌", yellow_circle: "🟡", zap: "⚡", zzz: "💤",
};

// shortcode matches a name between colons, where one may begin.
export const shortcode = /:([a-z][a-z0-9_]{0,40}):/y;

// emojiOf returns the emoji of a name.
export function emojiOf(name: string): string | undefined {
  return Object.hasOwn(emoji, name) ? emoji[name] : undefined;
}

// withEmoji returns a plain text with the names of emoji replaced.
export function withEmoji(text: string): string {
  return text.replace(new RegExp(shortcode.source, "g"), (whole, name: string) => emojiOf(name) ?? whole);
}
