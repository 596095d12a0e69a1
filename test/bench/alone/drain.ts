/**
 * Draining a backlog against the raw limit: the hub carries an hour of packs to a database that has come back; then the
 * very same lines, made beforehand, are posted to the same database by a bare HTTP client.
 */
import { Agent, request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { realClock } from "../../../hub/clock.js";
import { Journal } from "../../../hub/journal.js";
import { pointPlaces } from "../../../hub/join.js";
import type { PackEntry, SiteId } from "../../../hub/model.js";
import { createPackEncoder } from "../../../hub/outputs/line-protocol.js";
import { Registry } from "../../../hub/registry.js";
import type { Ends } from "../ends.js";
import { startInflux, type Influx } from "../influx.js";
import { startLoad } from "../load/start.js";
import { whole } from "../measure/level.js";
import { startSubject } from "../subjects.js";
import { say, until } from "../wait.js";

/** How the bare client writes: what one InfluxDB of this age takes fastest on two cores. */
const BATCH_LINES = 5000;
const CONNECTIONS = 2;
/** At this rate the backlog is brought in; the hub takes it into the journal at its own pace. */
const FEED_RATE = 10_000;

/** The newest `count` packs of a stopped hub's journal as lines of InfluxDB, in batches as they are posted. */
function rawBatches(dataDir: string, count: number): { body: Buffer; lines: number }[] {
  const registry = Registry.open(join(dataDir, "registry.sqlite"), realClock);
  const encode = createPackEncoder(pointPlaces(registry));
  const journal = Journal.open(join(dataDir, "journal.sqlite"));
  const lines: string[] = [];
  for (let after = 0; ;) {
    const entries = journal.read(after, 5000);
    if (entries.length === 0) break;
    after = entries[entries.length - 1].id;
    for (const entry of entries) {
      if (entry.kind !== "pack" || entry.site === null) continue;
      const encoded = encode(entry as PackEntry & { site: SiteId });
      if (encoded.ok) lines.push(encoded.line);
    }
  }
  void journal.close();
  registry.close();
  const newest = lines.slice(-count);
  const batches: { body: Buffer; lines: number }[] = [];
  for (let i = 0; i < newest.length; i += BATCH_LINES) {
    const some = newest.slice(i, i + BATCH_LINES);
    batches.push({ body: Buffer.from(some.join("\n") + "\n"), lines: some.length });
  }
  return batches;
}

function post(agent: Agent, url: URL, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "text/plain; charset=utf-8", "content-length": body.length };
    const sent = request(url, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      if (answer.statusCode === 204) answer.once("end", () => resolve());
      else reject(new Error(`InfluxDB answered ${answer.statusCode}`));
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

/** Lines a second of the bare client, into a database in which every series is known already, as for the hub. */
async function rawRate(influx: Influx, name: string, batches: { body: Buffer; lines: number }[]): Promise<number> {
  await influx.createDatabase(name);
  const url = new URL(`/write?db=${name}&precision=ns`, influx.server.url);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const warm = 2;
  for (const { body } of batches.slice(0, warm)) await post(agent, url, body);
  const rest = batches.slice(warm);
  const lines = rest.reduce((sum, batch) => sum + batch.lines, 0);
  const began = performance.now();
  const worker = async (): Promise<void> => {
    for (let batch = rest.shift(); batch !== undefined; batch = rest.shift()) await post(agent, url, batch.body);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return lines / seconds;
}

/** Packs a second of the hub's own drain, from the first point that arrives to the last. */
async function drainRate(influx: Influx, backlog: number): Promise<number> {
  let first = { at: 0, stored: 0 };
  // The hub may have paused as long as it pauses at most: a minute.
  await until("the hub to write again", 150, async () => {
    first = { at: performance.now(), stored: await influx.written() };
    return first.stored > 0;
  });
  let last = first;
  await until("the end of the backlog", 600, async () => {
    last = { at: performance.now(), stored: await influx.written() };
    return last.stored >= backlog;
  });
  return ((last.stored - first.stored) * 1000) / (last.at - first.at);
}

/** drainRatio: the hub's drain over the raw limit, for `backlog` packs of `things` things. */
export async function measureDrain(ends: Ends, things: number, backlog: number): Promise<number> {
  const influx = await startInflux(ends);
  const subject = await startSubject("hubEmbedded", { ends, influx, things });
  const { form, port, login, dataDir } = subject;
  const load = await startLoad(ends, { port, things, form, connections: things, login });
  const bench = { subject, load, influx };
  await whole(bench, await load.run(3000, 4), 120);
  await influx.server.stop();
  const stretch = await load.run(FEED_RATE, backlog / FEED_RATE);
  await until("the backlog to be acknowledged", 600, async () => {
    const { sent, acked } = await load.report();
    await sleep(200);
    return Date.now() > stretch.endMs && acked >= sent;
  });
  await influx.server.start();
  const drain = await drainRate(influx, stretch.total);
  await until("a query to find the whole backlog", 30, async () => {
    return (await influx.count(subject.database, stretch.fromMs, stretch.toMs)) === stretch.total;
  });
  await load.stop();
  await subject.kill9();
  const batches = rawBatches(dataDir as string, stretch.total);
  const raw = Math.max(await rawRate(influx, "raw1", batches), await rawRate(influx, "raw2", batches));
  say(`drain: ${stretch.total} packs at ${Math.round(drain)}/s; raw limit ${Math.round(raw)} lines/s`);
  return drain / raw;
}
