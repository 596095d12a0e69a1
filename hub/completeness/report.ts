/**
 * Makes the loss ledger of the whole network, or of a part: numbers come from the journal, times from the completeness
 * file, places from the registry.
 */
import { boardLedger } from "./board.js";
import { addCounts, emptyCounts, hoursOf } from "./counts.js";
import type { LedgerQuery, LedgerReport, Shared, Sources } from "./counts.js";
import type { Told } from "./store.js";

/** Reads what all boards share. */
export function readShared({ hours, places }: Pick<Sources, "hours" | "places">, query: LedgerQuery): Shared {
  const [from, to] = hoursOf(query);
  const told = new Map<string, Told[]>();
  for (const one of hours?.told(from, to) ?? []) {
    const list = told.get(one.board);
    if (list === undefined) told.set(one.board, [one]);
    else list.push(one);
  }
  const waiting = new Map((hours?.waiting() ?? []).map((one) => [one.board, one]));
  return { told, waiting, assignments: new Map(places.boards().map((one) => [one.board, one.assignments])) };
}

/** Time between two pauses, in ms, so that a hub that reports goes on taking packs in. */
const TURN_MS = 8;

/** Makes the report. Boards that never sent anything are in it, as silent. */
export async function makeReport(sources: Sources, query: LedgerQuery): Promise<LedgerReport> {
  const shared = readShared(sources, query);
  const every = new Set([...sources.numbers.boards(), ...shared.assignments.keys()]);
  const names = query.board === undefined ? [...every].sort() : every.has(query.board) ? [query.board] : [];
  const head = sources.numbers.head();
  const placed = sources.hours?.cursor();
  const report: LedgerReport = {
    behind: placed?.epoch === head.epoch ? Math.max(0, head.id - placed.id) : head.id,
    total: { ...emptyCounts(), completeness: null, silentHours: 0 },
    ...{ strangers: {}, things: [], hours: [], hoursThere: 0, missing: [] },
  };
  const most = query.hours ?? 0;
  let begun = performance.now();
  for (const board of names) {
    if (performance.now() - begun > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      begun = performance.now();
    }
    const { things, hours, missing } = boardLedger(sources, board, query, shared);
    for (const thing of things) report.things.push(thing);
    report.hoursThere += hours.length;
    for (const hour of hours.slice(0, Math.max(0, most - report.hours.length))) report.hours.push(hour);
    for (const range of missing) report.missing.push(range);
  }
  for (const thing of report.things) {
    addCounts(report.total, thing);
    report.total.silentHours += thing.silentHours;
  }
  const { expected, received } = report.total;
  if (expected > 0) report.total.completeness = received / expected;
  if (query.board === undefined && query.site === undefined)
    for (const { name, n } of shared.told.get("") ?? []) report.strangers[name] = (report.strangers[name] ?? 0) + n;
  return report;
}
