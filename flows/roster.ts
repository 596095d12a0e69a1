/** Who is told of what: a list that a person can read, and a pure function over it. */
import { siteType } from "../hardware/sites.js";
import type { Evaluation, Language, NoticeRequest } from "../hub/alerts/protocol.js";
import type { AlarmKind, Level, RuleSite } from "../hub/alerts/rule.js";

/** One line of the roster. An empty list means "any". */
export interface RosterLine {
  kinds: AlarmKind[];
  districts: string[];
  /** Names of site types: `underpass`, `mesh-container` … */
  types: string[];
  /** Least level that is told; kinds without levels (suspect, unknown, silent, sensor, tilt, level, overflow) have level 0. */
  minLevel: Level;
  /** A channel of the hub, one that a notice node claims, or `*`: every channel that the hub itself serves. */
  channel: string;
  to: string;
  language: Language;
  /** Waits so long before it is due: the next person in an escalation. */
  afterMinutes: number;
  /** Falls away when the alarm has been acknowledged, or is gone, before it is due. */
  unlessAcked: boolean;
}

const KINDS: AlarmKind[] = [
  "flood",
  "overflow",
  "suspect",
  "unknown",
  "silent",
  "sensor",
  "tilt",
  "level",
  "level-rate",
];
const LANGUAGES: Language[] = ["kk", "ru", "en"];

/**
 * Wishes for every event of a batch, one for each line of the roster that speaks of it. The register turns them into
 * notices only where its alarm really changed, so nothing is lost or sent twice by asking too often.
 */
export function route(
  evaluations: Evaluation[],
  siteOf: (id: string) => RuleSite | undefined,
  roster: RosterLine[],
  hubChannels: string[],
): NoticeRequest[] {
  const lines = roster.flatMap((line) =>
    line.channel === "*" ? hubChannels.map((channel) => ({ ...line, channel })) : [line],
  );
  const found = new Map<string, NoticeRequest>();
  for (const { site, events } of evaluations)
    for (const { kind } of events)
      for (const line of lines) {
        if (!speaksOf(line, kind, siteOf(site))) continue;
        const { channel, to, language, minLevel, afterMinutes, unlessAcked } = line;
        // A line that waits, or may fall away, must not stand in the way of one that does not.
        const key = [site, kind, channel, to, afterMinutes, unlessAcked].join("\n");
        const before = found.get(key);
        if (before !== undefined && before.minLevel <= minLevel) continue;
        found.set(key, {
          ...{ site, kind, channel, to, language, minLevel },
          ...(afterMinutes > 0 ? { afterMs: Math.round(afterMinutes * 60_000) } : {}),
          ...(unlessAcked ? { unlessAcked } : {}),
        });
      }
  // The register keeps the first wish for one address and revision: the soonest, and among equals one without conditions.
  const soonest = (a: NoticeRequest, b: NoticeRequest): number =>
    (a.afterMs ?? 0) - (b.afterMs ?? 0) || Number(a.unlessAcked ?? false) - Number(b.unlessAcked ?? false);
  return [...found.values()].sort(soonest);
}

/** A site that is unknown here matches only lines for any district and type: its alarm is still told. */
function speaksOf(line: RosterLine, kind: AlarmKind, site: RuleSite | undefined): boolean {
  const fits = (list: string[], value: string | undefined) =>
    list.length === 0 || (value !== undefined && list.includes(value));
  return fits(line.kinds, kind) && fits(line.districts, site?.district) && fits(line.types, site?.type);
}

/**
 * Reads a roster as the editor saved it.
 * @throws Error with the number of the line and what is wrong with it
 */
export function readRoster(saved: unknown): RosterLine[] {
  if (!Array.isArray(saved)) throw new Error("The roster is no list.");
  return saved.map((line: unknown, i) => {
    const bad = (what: string) => new Error(`Line ${i + 1} of the roster: ${what}.`);
    if (typeof line !== "object" || line === null) throw bad("not a line");
    const given = line as Record<string, unknown>;
    const list = (name: string): string[] => {
      const value = given[name] ?? [];
      if (Array.isArray(value) && value.every((v) => typeof v === "string")) return value;
      throw bad(`${name} is no list of words`);
    };
    const kinds = list("kinds");
    const wrong = kinds.find((kind) => !KINDS.some((k) => k === kind));
    if (wrong !== undefined) throw bad(`kind ${wrong} is none of ${KINDS.join(", ")}`);
    const types = list("types");
    const noType = types.find((type) => siteType(type) === undefined);
    if (noType !== undefined) throw bad(`there is no site type ${noType}`);
    const channel = given["channel"];
    if (typeof channel !== "string" || channel === "") throw bad("the channel is missing");
    const language = LANGUAGES.find((l) => l === given["language"]);
    if (language === undefined) throw bad(`the language is none of ${LANGUAGES.join(", ")}`);
    const minLevel = Number(given["minLevel"] ?? 0);
    if (![0, 1, 2, 3, 4].includes(minLevel)) throw bad("the least level is none of 0 to 4");
    const afterMinutes = Number(given["afterMinutes"] ?? 0);
    if (!(afterMinutes >= 0 && afterMinutes <= 24 * 60)) throw bad("the delay is not between 0 and 1440 minutes");
    return {
      ...{ kinds: kinds as AlarmKind[], districts: list("districts"), types, minLevel: minLevel as Level },
      ...{ channel, to: String(given["to"] ?? ""), language, afterMinutes, unlessAcked: given["unlessAcked"] === true },
    };
  });
}
