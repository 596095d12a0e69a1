/**
 * The message catalogue: one file per language, the same keys in each. What it says of an alarm is made here once, for
 * every channel and for CAP.
 */
import type { Language, Telling } from "../alerts/protocol.js";
import { en, type AlertWords } from "./alert.en.js";
import { kk } from "./alert.kk.js";
import { ru } from "./alert.ru.js";

/** Whether native speakers of the trade have checked a language's texts. The one mark that a checker changes. */
export const CHECKED: Record<Language, boolean> = { kk: false, ru: false, en: true };

/** Almaty's districts by the slug that the map and the sites carry, in every language. */
export const DISTRICTS: Record<string, Record<Language, string>> = {
  alatau: { kk: "Алатау", ru: "Алатауский", en: "Alatau" },
  almaly: { kk: "Алмалы", ru: "Алмалинский", en: "Almaly" },
  auezov: { kk: "Әуезов", ru: "Ауэзовский", en: "Auezov" },
  bostandyq: { kk: "Бостандық", ru: "Бостандыкский", en: "Bostandyk" },
  jetisu: { kk: "Жетісу", ru: "Жетысуский", en: "Zhetysu" },
  medeu: { kk: "Медеу", ru: "Медеуский", en: "Medeu" },
  nauryzbai: { kk: "Наурызбай", ru: "Наурызбайский", en: "Nauryzbay" },
  turksib: { kk: "Түрксіб", ru: "Турксибский", en: "Turksib" },
};

const CATALOGUE: Record<Language, AlertWords> = { kk, ru, en };
const ALMATY_MS = 5 * 3_600_000;

/** A number as the language writes it: decimal comma in Kazakh and Russian. @param decimals most decimals, zeros cut */
export function numberText(language: Language, value: number, decimals = 0): string {
  const text = String(Number(value.toFixed(decimals)));
  return language === "en" ? text : text.replace(".", ",");
}

/** Time of day in Almaty (UTC+5 all year since 2024-03-01), 24 hours: `18:04`. */
export function timeText(unixMs: number): string {
  return new Date(unixMs + ALMATY_MS).toISOString().slice(11, 16);
}

/** The district's name in a language, found by its slug or by its name in any; as it stands if it is none of Almaty's. */
export function districtName(language: Language, district: string): string {
  const wanted = district.trim().toLowerCase();
  const found = Object.entries(DISTRICTS).find(
    ([slug, names]) => slug === wanted || Object.values(names).some((name) => name.toLowerCase() === wanted),
  );
  return found === undefined ? district : found[1][language];
}

/** A text with its figures filled in. A `{name}` without a figure stays, so that it is seen in a test. */
export function text(language: Language, key: keyof AlertWords, figures: Record<string, string | number> = {}): string {
  return CATALOGUE[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = figures[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? numberText(language, value, 1) : value;
  });
}

/** What an alert's text is made of. */
export type AlertFacts = Pick<Telling, "kind" | "step" | "level" | "peak" | "why" | "figures" | "time" | "renewal">;

function floodKey(facts: AlertFacts): keyof AlertWords {
  if (facts.renewal !== undefined) return facts.level >= 4 ? "flood4stands" : "flood3stands";
  if (facts.level === 2 && facts.figures.etaMinutes !== undefined) return "flood2eta";
  return (["flood1", "flood1", "flood2", "flood3", "flood4"] as const)[facts.level];
}

function keyOf(facts: AlertFacts): keyof AlertWords {
  const clear = facts.step === "clear" || facts.step === "reset";
  switch (facts.kind) {
    case "flood":
      if (facts.step === "reset") return "floodReset";
      if (clear && /-denied$/.test(facts.why) && facts.peak >= 3) return "floodDoubted";
      return clear ? (facts.peak >= 3 ? "floodClearClosed" : "floodClear") : floodKey(facts);
    case "overflow":
      return clear ? "overflowClear" : "overflow";
    case "suspect":
      if (clear) return facts.why.endsWith("moves-like-water") ? "suspectWater" : "suspectClear";
      return facts.why.endsWith("snow") ? "suspectSnow" : "suspect";
    case "unknown":
      if (clear) return "unknownClear";
      return facts.figures.depthMm === undefined ? "unknownBare" : "unknown";
    case "silent":
      return clear ? "silentClear" : "silent";
    case "sensor":
      if (clear) return "sensorClear";
      return facts.why.endsWith("-missing") ? "sensorMissing" : "sensorContradicts";
    case "tilt":
      return clear ? "tiltClear" : "tilt";
    case "level":
      return clear ? "levelClear" : facts.why === "low" ? "levelLow" : "levelHigh";
    case "level-rate":
      return clear ? "levelRateClear" : facts.why === "falling" ? "levelFalls" : "levelRises";
  }
}

/** The sensor that a reason of the flood rule begins with, `stale:` or not. */
function partOf(why: string): "Echo" | "Float" | "Head" | null {
  const [, name] = /^(?:stale:)?(echo|float|head)-/.exec(why) ?? [];
  return name === "echo" ? "Echo" : name === "float" ? "Float" : name === "head" ? "Head" : null;
}

/** Which principle saw the water, where it was not the echo alone; "" else. */
function witness(language: Language, { kind, step, why, renewal }: AlertFacts): string {
  if (kind !== "flood" || step === "clear" || step === "reset" || renewal !== undefined) return "";
  const part = partOf(why);
  if (part === "Float" || part === "Head") return " " + text(language, `by${part}`);
  return why.endsWith("together") ? " " + text(language, "byBoth") : "";
}

/** One to three sentences about an alarm: the place and what to do come first. */
export function alertText(language: Language, place: string, facts: AlertFacts): string {
  const { depthMm, belowMm, rateMmPerMin, etaMinutes, ageMinutes, fillPercent, leanDeg, limitDeg } = facts.figures;
  const { levelMm, limitMm } = facts.figures;
  const known: Record<string, string | number> = { place, since: timeText(facts.time) };
  if (depthMm !== undefined) known.depth = Math.max(0, Math.round(depthMm / 10));
  if (belowMm !== undefined) known.below = belowMm / 10;
  if (etaMinutes !== undefined) known.eta = etaMinutes;
  if (ageMinutes !== undefined) known.age = ageMinutes;
  if (fillPercent !== undefined) known.fill = Math.round(fillPercent);
  if (leanDeg !== undefined) known.lean = leanDeg;
  if (limitDeg !== undefined) known.limit = limitDeg;
  if (levelMm !== undefined) known.level = numberText(language, levelMm / 1000, 2);
  if (limitMm !== undefined) known.limit = numberText(language, limitMm / 1000, 2);
  if (rateMmPerMin !== undefined) known.rate = numberText(language, Math.abs(rateMmPerMin) / 10, 1);
  const rises = rateMmPerMin !== undefined && rateMmPerMin >= 1;
  known.rise = rises ? text(language, "rise", { rate: numberText(language, rateMmPerMin / 10, 1) }) : "";
  const part = partOf(facts.why);
  known.part = text(language, `part${part ?? "Any"}`);
  const said = text(language, keyOf(facts), known) + witness(language, facts);
  // An age belongs to the text of UNKNOWN and silence; elsewhere it marks stale evidence (a renewal names no figures).
  const stale = facts.why.startsWith("stale:") && ageMinutes !== undefined && facts.renewal === undefined;
  return stale ? `${said} ${text(language, "measured", { age: ageMinutes })}` : said;
}
