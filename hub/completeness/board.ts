/** The ledger of one board: its numbers, placed in hours and at sites. */
import type { UnixMs } from "../model.js";
import { missingOf, place } from "./gaps.js";
import type { Piece, Point } from "./gaps.js";
import { addCounts, emptyCounts, hoursOf } from "./counts.js";
import type { BoardLedger, Counts, HourReport, LedgerQuery, MissingRange, MissingReason } from "./counts.js";
import type { Shared, Sources, ThingReport } from "./counts.js";
import { HOUR_MS } from "./store.js";
import type { HourRow } from "./read.js";
import type { Waiting } from "./store.js";

interface Cell extends Counts {
  times: ThingReport["times"];
}

const WAYS = ["node", "anchor", "received"] as const;

/** Dead letters whose number stands in an entry as well, or that have none. */
const NUMBERLESS = ["collision", "bad-number", "bad-hello"];

function reasonOf(piece: Piece, epoch: string, boot: number, said: Waiting | undefined): MissingReason {
  if (said === undefined || said.waiting <= said.come) return "unexplained";
  const earlier = epoch === said.epoch ? boot < said.boot : false;
  const same = epoch === said.epoch && boot === said.boot;
  // Measured after that hello: it says nothing of them.
  return earlier || (same && piece.before !== null && piece.before <= said.at) ? "may-wait" : "unexplained";
}

/**
 * The ledger of one board. Its hours are there only if the query asks for them: else the file adds up its rows, and those of
 * a start are looked at one by one only where numbers of it are missing.
 */
export function boardLedger(sources: Sources, board: string, query: LedgerQuery, shared: Shared): BoardLedger {
  const { places } = sources;
  const [first, end] = hoursOf(query).map((hour) => hour * HOUR_MS);
  const whole = query.from === undefined && query.to === undefined;
  const inside = (hour: UnixMs | null): boolean => (hour === null ? whole : hour >= first && hour < end);
  const wanted = (site: string | null): boolean => query.site === undefined || site === query.site;
  const siteAt = (at: UnixMs): string | null => places.siteOf(board, at)?.id ?? null;
  const cells = new Map<string | null, Map<UnixMs | null, Cell>>();
  const cellOf = (site: string | null, hour: UnixMs | null): Cell => {
    let hours = cells.get(site);
    if (hours === undefined) cells.set(site, (hours = new Map<UnixMs | null, Cell>()));
    let cell = hours.get(hour);
    if (cell === undefined) hours.set(hour, (cell = { ...emptyCounts(), times: { node: 0, anchor: 0, received: 0 } }));
    return cell;
  };

  const points = new Map<string, Point[]>();
  /** Nobody asks for the hours: the file adds up its own. */
  const sums = query.hours === undefined ? (sources.hours?.sums(board, ...hoursOf(query)) ?? null) : null;
  if (sums === null) for (const row of sources.hours?.rows(board, ...hoursOf(query)) ?? []) takeRow(row);
  const pointsOf = ({ epoch, boot }: { epoch: string; boot: number }): Point[] =>
    sums === null
      ? (points.get(`${epoch}.${boot}`) ?? [])
      : sources.hours!.points(board, epoch, boot).sort((a, b) => a.seq - b.seq);
  function takeRow(row: HourRow): void {
    const stream = `${row.epoch}.${row.boot}`;
    const list = points.get(stream) ?? [];
    points.set(stream, list);
    list.push({ seq: row.first, at: row.firstAt });
    if (row.last !== row.first) list.push({ seq: row.last, at: row.lastAt });
    const hour = row.hour * HOUR_MS;
    if (!inside(hour) || !wanted(row.site)) return;
    const cell = cellOf(row.site, hour);
    cell.received += row.packs;
    cell.expected += row.packs;
    cell.late += row.late;
    cell.clock += row.clock;
    for (const way of WAYS) cell.times[way] += row.from[way];
  }
  for (const list of points.values()) list.sort((a, b) => a.seq - b.seq);

  const missing: MissingRange[] = [];
  const said = shared.waiting.get(board);
  for (const numbers of sources.numbers.starts(board)) {
    const { epoch, boot } = numbers;
    const { dropped, unexplained } = missingOf(numbers);
    if (dropped.length + unexplained.length === 0) continue;
    const known = pointsOf(numbers);
    const take = (piece: Piece, reason: MissingReason): void => {
      const site = siteAt(piece.at ?? piece.before ?? piece.after ?? query.now);
      if (!inside(piece.hour) || !wanted(site)) return;
      missing.push({ ...piece, site, board, epoch, boot, reason });
      const cell = cellOf(site, piece.hour);
      const count = piece.last - piece.first + 1;
      cell.expected += count;
      cell[reason === "may-wait" ? "mayWait" : reason] += count;
    };
    for (const range of dropped) for (const piece of place(range, known)) take(piece, "dropped");
    for (const range of unexplained)
      for (const piece of place(range, known)) take(piece, reasonOf(piece, epoch, boot, said));
  }

  const named = new Map<string | null, Pick<ThingReport, "deadBy" | "refusedBy">>();
  for (const one of shared.told.get(board) ?? []) {
    const hour = one.hour * HOUR_MS;
    const site = siteAt(hour + HOUR_MS - 1);
    if (!inside(hour) || !wanted(site)) continue;
    const cell = cellOf(site, hour);
    const by = named.get(site) ?? { deadBy: {}, refusedBy: {} };
    named.set(site, by);
    if (one.kind === "duplicate") cell.duplicates += one.n;
    else if (one.kind === "refused") {
      cell.refused += one.n;
      by.refusedBy[one.name] = (by.refusedBy[one.name] ?? 0) + one.n;
    } else {
      cell.dead += one.n;
      if (!NUMBERLESS.includes(one.name)) cell.expected += one.n;
      by.deadBy[one.name] = (by.deadBy[one.name] ?? 0) + one.n;
    }
  }

  const oldest = sources.hours?.since() ?? query.now;
  const silent = new Map<string | null, { count: number; hours: UnixMs[] }>();
  for (const { site, begin, end } of stretches(shared.assignments.get(board) ?? [], oldest, query)) {
    if (!wanted(site)) continue;
    const quiet = silent.get(site) ?? { count: 0, hours: [] };
    silent.set(site, quiet);
    const own = cells.get(site);
    if (sums !== null) {
      const busy = (from: UnixMs, to: UnixMs): number => sources.hours!.busy(board, site, from / HOUR_MS, to / HOUR_MS);
      quiet.count += (end - begin) / HOUR_MS - busy(begin, end);
      // Hours of which only missing or dead numbers say something.
      for (const [hour, { expected }] of own ?? [])
        if (hour !== null && hour >= begin && hour < end && expected > 0 && busy(hour, hour + HOUR_MS) === 0)
          quiet.count--;
      continue;
    }
    for (let hour = begin; hour < end; hour += HOUR_MS)
      if ((own?.get(hour)?.expected ?? 0) === 0) quiet.hours.push(hour);
    quiet.count = quiet.hours.length;
  }
  for (const site of [...silent.keys(), ...(sums ?? []).map((one) => one.site).filter(wanted)])
    if (!cells.has(site)) cells.set(site, new Map());
  const left = said === undefined ? null : { lines: Math.max(0, said.waiting - said.come), at: said.at };
  const things: ThingReport[] = [];
  const hours: HourReport[] = [];
  for (const [site, own] of cells) {
    const sum = { ...emptyCounts(), times: { node: 0, anchor: 0, received: 0 } };
    for (const { packs, late, clock, from } of (sums ?? []).filter((one) => one.site === site)) {
      addCounts(sum, { ...emptyCounts(), expected: packs, received: packs, late, clock });
      for (const way of WAYS) sum.times[way] += from[way];
    }
    for (const [hour, cell] of own) {
      addCounts(sum, cell);
      for (const way of WAYS) sum.times[way] += cell.times[way];
      if (hour === null || sums !== null) continue;
      const counts = emptyCounts();
      addCounts(counts, cell);
      const state = counts.expected === 0 ? "silent" : counts.received === counts.expected ? "complete" : "incomplete";
      hours.push({ site, board, hour, state, ...counts });
    }
    const quiet = silent.get(site) ?? { count: 0, hours: [] };
    for (const hour of quiet.hours)
      if (!own.has(hour)) hours.push({ site, board, hour, state: "silent", ...emptyCounts() });
    const completeness = sum.expected === 0 ? null : sum.received / sum.expected;
    const by = named.get(site) ?? { deadBy: {}, refusedBy: {} };
    things.push({ site, board, ...sum, completeness, silentHours: quiet.count, ...by, waiting: left });
  }
  hours.sort((a, b) => a.hour - b.hour);
  return { things, hours, missing };
}

/** Whole hours that are over, in which the board hung at a site: at most those of a year. */
function* stretches(
  assignments: { site: string | null; from: UnixMs }[],
  since: UnixMs,
  { from, to, now }: LedgerQuery,
): Generator<{ site: string; begin: UnixMs; end: UnixMs }> {
  const oldest = Math.max(Math.floor((from ?? 0) / HOUR_MS) * HOUR_MS, since, now - 366 * 24 * HOUR_MS);
  for (const [i, { site, from: begun }] of assignments.entries()) {
    if (site === null) continue;
    const ended = Math.min(assignments[i + 1]?.from ?? Infinity, Math.ceil((to ?? now) / HOUR_MS) * HOUR_MS, now);
    const begin = Math.ceil(Math.max(begun, oldest) / HOUR_MS) * HOUR_MS;
    yield { site, begin, end: Math.max(begin, Math.floor(ended / HOUR_MS) * HOUR_MS) };
  }
}
