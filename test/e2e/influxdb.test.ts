/** The first straight line, against a real InfluxDB 1.x: sealed line → pipeline → journal → drain → query. */
import assert from "node:assert/strict";
import { pointPlaces } from "../../hub/join.js";
import type { Drain } from "../../hub/outputs/drain.js";
import { startInfluxDb, type InfluxOptions, type InfluxTarget } from "../../hub/outputs/influxdb.js";
import { need, startInfluxd, type RunningServer } from "../rig/servers.js";
import { until } from "../hub/outputs/entries.js";
import { StraightLine } from "./straight-line.js";

type Points = Map<string, Record<string, number>>;

describe("a reading's line to InfluxDB 1.x", function () {
  this.timeout(60_000);
  let server: RunningServer;
  let line: StraightLine;
  let drains: Drain[];
  let run = 0;
  let database: string;

  before(async function () {
    need(this, "influxd");
    server = await startInfluxd({ maxBodyBytes: 60_000 });
  });
  after(() => server?.dispose());

  beforeEach(async () => {
    line = new StraightLine();
    drains = [];
    database = `aryk${++run}`;
    await server.start();
    await query(`CREATE DATABASE ${database}`);
  });
  afterEach(async () => {
    await Promise.all(drains.map((drain) => drain.stop()));
    await line.close();
  });

  async function query(q: string, headers: Record<string, string> = {}): Promise<string> {
    const url = `${server.url}/query?epoch=ns&db=${database}`;
    const signal = AbortSignal.timeout(20_000);
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams({ q }), headers, signal });
    return answer.text();
  }

  function start(more: Partial<InfluxOptions> = {}, target: Partial<InfluxTarget> = {}): Drain {
    const drain = startInfluxDb({
      target: { api: "v1", url: server.url, database, ...target } as InfluxTarget,
      journal: line.journal,
      places: pointPlaces(line.registry),
      gatherMs: 0,
      firstPauseMs: 5,
      longestPauseMs: 50,
      ...more,
    });
    drains.push(drain);
    return drain;
  }

  const drained = (consumer = "influxdb") =>
    until("the drain", () => line.journal.cursor(consumer).id === line.journal.head().id);

  /** Every point of the database: `measurement site type district time` → fields. */
  async function stored(): Promise<Points> {
    // Nanoseconds do not fit a double: they are read as text.
    const text = (await query("SELECT * FROM /.*/ GROUP BY *")).replace(/([[,])(\d{19})(?=[,\]])/g, '$1"$2"');
    const { results } = JSON.parse(text) as {
      results: {
        series?: {
          name: string;
          tags: Record<string, string>;
          columns: string[];
          values: (string | number | null)[][];
        }[];
      }[];
    };
    const points: Points = new Map();
    for (const { name, tags, columns, values } of results[0].series ?? [])
      for (const row of values) {
        const fields = columns.map((column, i) => [column, row[i]] as const).slice(1);
        const key = [name, tags.site, tags.kind, tags.district ?? "", row[0]].join(" | ");
        points.set(key, Object.fromEntries(fields.filter(([, v]) => v !== null)) as Record<string, number>);
      }
    return points;
  }

  /** What the database must hold, from the journal's packs. */
  function expected(): Points {
    const points: Points = new Map();
    const kinds: Record<string, string> = { underpass: "flood", reservoir: "water", "mesh-container": "waste" };
    for (const pack of line.packs()) {
      const { type, district } = line.registry.site(pack.site)!;
      const time = (BigInt(pack.time) * 1_000_000n + BigInt(pack.seq)).toString();
      const fields: Record<string, number> = { board: line.registry.boardNumber(pack.board) };
      for (const { property, value, flag, calibration } of pack.observations) {
        const name = property.replaceAll("-", "_");
        if (value !== null) fields[name] = value;
        fields[`${name}_flag`] = flag;
        if (calibration > 0) fields[`${name}_cal`] = calibration;
      }
      points.set([kinds[type] ?? "air", pack.site, type, district, time].join(" | "), fields);
    }
    return points;
  }

  async function same(): Promise<void> {
    const [found, wanted] = [await stored(), expected()];
    assert.deepEqual([...found.keys()].sort(), [...wanted.keys()].sort());
    for (const [key, fields] of wanted) assert.deepEqual(found.get(key), fields, key);
  }

  it("finds every reading back with equal value, flag and time, two packs of one millisecond included", async () => {
    await line.rounds(60);
    await line.rounds(5, { again: true });
    start();
    await drained();
    await same();
    const flags = new Set([...expected().values()].flatMap((f) => f.distance_flag ?? []));
    assert.ok(flags.has(1) && flags.has(9) && flags.size > 2, `flags ${[...flags]}`);
    assert.ok([...expected().values()].some((f) => f.water_depth_cal > 0 && !Number.isInteger(f.water_depth)));
    assert.equal(line.journal.deadLetters().length, 0);
  });

  it("stores once what is sent twice, and what is drained twice", async () => {
    await line.rounds(20);
    start();
    await drained();
    const again = await line.send(line.lines);
    assert.ok(again.every(({ outcome }) => outcome === "duplicate"));
    start({ consumer: "influxdb-again" });
    await drained("influxdb-again");
    await same();
  });

  it("loses nothing while the database is stopped, killed and back, and writes in order", async () => {
    const order: number[] = [];
    const drain = start({ batchSize: 10, timeoutMs: 2000, inFlight: 1 });
    const watch = line.journal.onCommit(() => order.push(drain.stats().settled));
    await line.rounds(10);
    await drained();
    await server.stop();
    await line.rounds(20);
    await until("the first failures", () => drain.stats().failing > 1);
    assert.equal(drain.stats().state, "retrying");
    assert.ok(drain.stats().lag > 0);
    await server.start();
    await line.rounds(5);
    await server.kill9();
    await line.rounds(10);
    await server.start();
    await drained();
    watch();
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    await same();
    assert.equal(line.journal.deadLetters().length, 0);
  });

  it("waits for a database that hangs, and loses nothing", async () => {
    const drain = start({ batchSize: 10, timeoutMs: 200 });
    await line.rounds(4);
    await drained();
    server.freeze();
    try {
      await line.rounds(10);
      await until("the time-outs", () => drain.stats().failing > 1);
      assert.equal(drain.stats().lastError, "no answer within 200 ms");
    } finally {
      server.thaw();
    }
    await drained();
    await same();
  });

  it("lands the good lines of a batch and makes dead letters of the bad ones, with the reason", async () => {
    line.clock.advance(Date.now() - line.clock.now());
    // A field that somebody wrote as text refuses our numbers: every air point, and no other. The conflict is looked for
    // within a shard, and these minutes may lie in two.
    const spoil = [0, 3_600_000].map((later) => `air temperature="warm" ${line.clock.now() + later}000000`);
    const answer = await fetch(`${server.url}/write?db=${database}`, { method: "POST", body: spoil.join("\n") });
    assert.equal(answer.status, 204);
    await line.rounds(12);
    const drain = start();
    await drained();
    const letters = line.journal.deadLetters();
    const refused = line.packs().filter((pack) => pack.site === "eco-1");
    assert.equal(refused.length, 12);
    assert.deepEqual(
      letters.map(({ entry, line: text, consumer, reason }) => ({ entry, text, consumer, reason })),
      refused.map(({ id, line: text }) => ({
        ...{ entry: id, text, consumer: "influxdb", reason: "influxdb-type-conflict" },
      })),
    );
    assert.match(letters[0].detail ?? "", /field type conflict: input field "temperature"/);
    const landed = [...(await stored()).keys()].filter((key) => !key.startsWith("air"));
    assert.deepEqual(landed.sort(), [...expected().keys()].filter((key) => !key.startsWith("air")).sort());
    assert.equal(drain.stats().rejected, 12);
  });

  it("cuts a batch that is larger than the database allows", async () => {
    await line.rounds(110);
    start({ batchSize: 2000 });
    await drained();
    assert.equal((await stored()).size, 550);
    assert.equal(line.journal.deadLetters().length, 0);
  });

  it("waits until the database that it is to write to exists, and says so", async () => {
    await line.rounds(3);
    await query(`DROP DATABASE ${database}`);
    const drain = start();
    await until("the shout", () => drain.stats().state === "needs-person");
    assert.match(drain.stats().lastError ?? "", /^HTTP 404: database not found/);
    await query(`CREATE DATABASE ${database}`);
    await drained();
    await same();
  });

  it("gets in with name and password, and loses nothing while they are wrong", async () => {
    await server.dispose();
    server = await startInfluxd({ auth: true });
    await query("CREATE USER aryk WITH PASSWORD 'qar:lyghash' WITH ALL PRIVILEGES");
    const authorization = `Basic ${Buffer.from("aryk:qar:lyghash").toString("base64")}`;
    await query(`CREATE DATABASE ${database}`, { authorization });
    await line.rounds(3);
    const wrong = start({}, { username: "aryk", password: "boran" });
    await until("the shout", () => wrong.stats().state === "needs-person");
    assert.match(wrong.stats().lastError ?? "", /^HTTP 401/);
    await wrong.stop();
    start({}, { username: "aryk", password: "qar:lyghash" });
    await drained();
    const count = await query("SELECT count(board) FROM flood", { authorization });
    assert.match(count, /,6\]\]/);
    assert.equal(line.journal.deadLetters().length, 0);
    await server.dispose();
    server = await startInfluxd({ maxBodyBytes: 60_000 });
  });
});
