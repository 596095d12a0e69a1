/**
 * The loss ledger as points of a database: one for each hour in which a board measured at a site. They are no entries of
 * the journal but sums over them, so they have a mark in the ledger's own file instead of a cursor.
 *
 *   ledger,district=almaly,kind=underpass,site=underpass-1 board=7,expected=60,received=58,…,completeness=0.9666… <ns>
 *
 * - every field is a float, for ever
 * - the time is the start of the hour, plus the board's number in nanoseconds: two boards of one hour at one site stay
 *   two points, and an hour that is written again (because a late pack came) is the same point
 */
import type { BoardId, SiteId, UnixMs } from "../model.js";
import { writeIsolated } from "./influxdb/isolate.js";
import { createSender, type InfluxTarget } from "./influxdb/send.js";
import { pointTimeNs, seriesKey, type PointPlaces } from "./line-protocol.js";

/** Figures of one hour, as the ledger reports them. */
export interface LedgerHour {
  site: string | null;
  board: string;
  /** Start of the hour. */
  hour: UnixMs;
  expected: number;
  received: number;
  dropped: number;
  mayWait: number;
  unexplained: number;
  dead: number;
  duplicates: number;
  refused: number;
  late: number;
  clock: number;
}

interface LedgerSource {
  carry(output: string, write: (hours: LedgerHour[]) => Promise<boolean>): Promise<void>;
}

export interface LedgerPointsOptions {
  /** Name under which the mark is kept; each database has its own. */
  output: string;
  source: LedgerSource;
  places: PointPlaces;
  target: InfluxTarget;
  compression?: "none" | "gzip";
  timeoutMs?: number;
  /** Real time between two looks, in ms. */
  everyMs?: number;
  log(level: "info" | "warn", message: string, detail?: object): void;
}

/** One hour as a line; null for an hour of no known site, or without any number. */
export function ledgerLine(hour: LedgerHour, places: PointPlaces): string | null {
  const about = hour.site === null ? undefined : places.pointSite(hour.site as SiteId);
  if (about === undefined || hour.site === null) return null;
  const board = places.boardNumber(hour.board as BoardId);
  const time = pointTimeNs(hour.hour, board);
  if (time === null) return null;
  const { expected, received, dropped, mayWait, unexplained, dead, duplicates, refused, late, clock } = hour;
  const fields = {
    board,
    expected,
    received,
    dropped,
    may_wait: mayWait,
    unexplained,
    dead,
    duplicates,
    refused,
    late,
  };
  const all = { ...fields, clock, ...(expected > 0 ? { completeness: received / expected } : {}) };
  const text = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  return `${seriesKey(hour.site, { ...about, kind: "ledger" })} ${text.join(",")} ${time}`;
}

/**
 * Writes hours that are over, and again when they change, until the returned function is called. What the database does
 * not take stays, and goes out at the next look. @throws SetupError `INFLUXDB_URL`
 */
export function startLedgerPoints(options: LedgerPointsOptions): { pass(): Promise<void>; stop(): Promise<void> } {
  const { output, source, places, log } = options;
  const sender = createSender(options.target, options.timeoutMs ?? 20_000, options.compression ?? "none");
  const calledOff = new AbortController();
  let running: Promise<void> | null = null;
  let failing = false;

  async function write(hours: LedgerHour[]): Promise<boolean> {
    const lines = hours.map((hour) => ledgerLine(hour, places)).filter((line) => line !== null);
    const { rejected, kept } = await writeIsolated(lines, (some) => sender.send(some, calledOff.signal));
    for (const { detail, reason } of rejected)
      log("warn", `${output}: an hour of the ledger was refused`, { reason, detail });
    if (kept !== undefined && !failing) log("warn", `${output}: the ledger's hours wait`, { reason: kept.reason });
    failing = kept !== undefined;
    return kept === undefined;
  }

  const pass = (): Promise<void> => {
    running ??= source
      .carry(output, write)
      .catch((error: Error) =>
        log("warn", `${output}: the ledger's hours could not be read`, { reason: error.message }),
      )
      .finally(() => (running = null));
    return running;
  };
  const timer = setInterval(() => void pass(), options.everyMs ?? 300_000);
  return {
    pass,
    async stop() {
      clearInterval(timer);
      calledOff.abort();
      await running;
      sender.close();
    },
  };
}
