/** InfluxDB as an output: journal → drain → line protocol → the database, 1.x, 2.x, 3.x or VictoriaMetrics. */
import type { Journalled, PackEntry, SiteId } from "../model.js";
import { startDrain, type Drain, type DrainOptions, type Rejection, type Write } from "./drain.js";
import { writeIsolated } from "./influxdb/isolate.js";
import { createSender, type InfluxTarget, type Sender } from "./influxdb/send.js";
import { createPackEncoder, type PointPlaces } from "./line-protocol.js";

export type { InfluxTarget } from "./influxdb/send.js";

export interface InfluxOptions extends Omit<DrainOptions, "consumer" | "write"> {
  /** Name of the cursor; each InfluxDB output has its own. */
  consumer?: string;
  target: InfluxTarget;
  places: PointPlaces;
  /** Time for one write, in ms. */
  timeoutMs?: number;
  compression?: "none" | "gzip";
}

/** So far behind, what is new does not wait for the rest: a second or two of writing, minutes of a city's readings. */
const LIVE_FIRST_ENTRIES = 20_000;

function standing(entry: Journalled): entry is PackEntry & { id: number; site: SiteId } {
  return entry.kind === "pack" && entry.site !== null;
}

/**
 * Writes batches of entries as points. Entries that are no pack, and packs of a board that stands at no site, have no
 * point: they end accepted.
 */
export function createInfluxWrite(sender: Sender, places: PointPlaces): Write {
  const encode = createPackEncoder(places);
  return async (batch, signal) => {
    const lines: string[] = [];
    const itemOf: number[] = [];
    const rejected: Rejection[] = [];
    batch.forEach((entry, index) => {
      if (!standing(entry)) return;
      const encoded = encode(entry);
      if (!encoded.ok) return void rejected.push({ index, reason: `influxdb-${encoded.reason}` });
      lines.push(encoded.line);
      itemOf.push(index);
    });
    const written = await writeIsolated(lines, (some) => sender.send(some, signal));
    const done = written.done === lines.length ? batch.length : itemOf[written.done];
    rejected.push(...written.rejected.map((r) => ({ ...r, index: itemOf[r.index] })));
    return { done, rejected: rejected.filter((r) => r.index < done), kept: written.kept };
  };
}

/**
 * Starts an InfluxDB output.
 * @throws SetupError `INFLUXDB_URL` if the address is none; whether a database answers there shows later, in the stats
 */
export function startInfluxDb(options: InfluxOptions): Drain {
  const { consumer = "influxdb", target, places, timeoutMs = 20_000, compression = "none", ...drain } = options;
  const sender = createSender(target, timeoutMs, compression);
  const running = startDrain({
    inFlight: 3,
    liveFirstEntries: LIVE_FIRST_ENTRIES,
    ...drain,
    consumer,
    write: createInfluxWrite(sender, places),
  });
  return {
    stats: running.stats,
    async stop() {
      await running.stop();
      sender.close();
    },
  };
}
