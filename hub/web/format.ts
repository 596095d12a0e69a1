/** Numbers and times as the city writes them: decimal comma in Kazakh and Russian, 24 hours, the city's own local time. */
import type { PageWords } from "../words/page.en.js";

export type Language = "kk" | "ru" | "en";

/** Fills `{name}` in a text. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all));
}

/** A number with so many decimals, thousands set apart from 10 000 on, with a true minus; "-0" never. */
export function number(value: number, decimals: number, language: Language): string {
  const [whole, rest] = value
    .toFixed(decimals)
    .replace(/^-(0(?:\.0*)?)$/, "$1")
    .replace("-", "\u2212")
    .split(".");
  const grouped = Math.abs(value) < 10_000 ? whole : whole.replace(/\d(?=(\d{3})+$)/g, "$&\u202f");
  const text = rest === undefined ? grouped : `${grouped}.${rest}`;
  return language === "en" ? text : text.replace(".", ",");
}

const two = (n: number): string => String(n).padStart(2, "0");

/** `14:05`; with the day before it (`21.11. 14:05`) when that was another day than `now`. */
export function time(at: number, now: number, zoneMinutes: number): string {
  const local = (ms: number): Date => new Date(ms + zoneMinutes * 60_000);
  const day = (d: Date): string => `${two(d.getUTCDate())}.${two(d.getUTCMonth() + 1)}.`;
  const then = local(at);
  const clock = `${two(then.getUTCHours())}:${two(then.getUTCMinutes())}`;
  return then.toISOString().slice(0, 10) === local(now).toISOString().slice(0, 10) ? clock : `${day(then)} ${clock}`;
}

/** `14:05:09` */
export function clockTime(at: number, zoneMinutes: number): string {
  return new Date(at + zoneMinutes * 60_000).toISOString().slice(11, 19);
}

/** A number with its unit, which do not part at a line's end. */
export function quantity(value: number, decimals: number, unit: string, language: Language): string {
  return `${number(value, decimals, language)}\u00a0${unit}`;
}

/** How old something is, in one unit that a glance takes in: `7 s`, `12 min`, `5 h`, `3 d`. */
export function age(ms: number, words: PageWords): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 120) return `${s}\u00a0${words.unitSecond}`;
  if (s < 7200) return `${Math.floor(s / 60)}\u00a0${words.unitMinute}`;
  if (s < 172_800) return `${Math.floor(s / 3600)}\u00a0${words.unitHour}`;
  return `${Math.floor(s / 86_400)}\u00a0${words.unitDay}`;
}
