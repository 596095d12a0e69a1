/**
 * `--outage 3`: InfluxDB is killed, and is away for hours of the city by the hub's clock, which the run moves on minute
 * by minute, as fast as the hub takes the packs. Alarms must go on, the hub must not grow; when the database is back the
 * newest readings must reach it before the backlog, all of the backlog must follow, nothing of it twice, and no alarm
 * may change by it.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt from "mqtt-packet";
import { Register } from "../../hub/alerts/register.js";
import { Journal } from "../../hub/journal.js";
import { scaledClock } from "../rig/scaled-clock.js";
import { freePort, startInfluxd } from "../rig/servers.js";
import { sealedBoard, type SealedBoard } from "../rig/sealed-board.js";
import { compareAlarms, compareReadings } from "./compare.js";
import type { HubNews, HubOrder } from "./hub-child.js";
import { readingOf, type LoadBoard } from "./load.js";
import { missingPoints } from "./points.js";
import { startProxy } from "./proxy.js";
import { entriesOf, MINUTE_MS, MOUNT_MM, provision, say, STALE_S, startHubProcess, until } from "./rig.js";

const DATABASE = "outage";
/** Underpasses of a run: their floods begin and end while the database is away. */
const UNDERPASSES = 20;
/** Minutes before the outage, in which everything settles. */
const BEFORE_MIN = 10;
/** The rules may be so many minutes of the city behind before the next one is brought. */
const BEHIND_MIN = 5;
/** The newest of what waits, which goes first (hub/outputs/drain/lanes.ts). */
const NEWEST_ENTRIES = 5000;
/** Requests that may be answered before those: both that were on their way when the database went, and the next. */
const BATCHES_AHEAD = 3;
/** What the hub's JavaScript may hold more at the end of the outage than after a third of it. */
const GROWTH_MIB = 16;

export interface OutageOptions {
  /** How long the database is away, by the hub's clock. */
  hours: number;
  boards: number;
  /** With Node-RED; else the hub's own watch judges. */
  flows: boolean;
  /** Readings in one request to the database. */
  batchLines: number;
}

export interface OutageResult {
  packs: number;
  backlog: number;
  points: number;
  /** Points of the backlog that InfluxDB was given more than once. */
  writtenTwice: number;
  /** Requests that InfluxDB took before the one with the newest readings, and what waited then. */
  batchesAhead: number;
  waitedThen: number;
  drainS: number;
  floods: number;
  transitions: number;
  /** The hub's memory: before the outage, after a third of it, at its end, and at most while the backlog was written. */
  rssMiB: [number, number, number, number];
  /** Of that what its JavaScript holds, without garbage: before the outage, after a third of it, at its end. */
  heapMiB: [number, number, number];
  /** What was not as it must be, in words. */
  faults: string[];
}

/** A board that stays connected and brings one pack at a time. */
class Post {
  readonly acked = new Map<string, string>();
  readonly sealed: SealedBoard;
  #line = "";
  #answered: () => void = () => undefined;
  readonly #socket: Socket;

  private constructor(
    readonly board: LoadBoard,
    index: number,
    port: number,
    connected: () => void,
  ) {
    this.sealed = sealedBoard(board.name, board.keyId, board.key, (0x10000000 + index).toString(16), 1);
    this.#socket = connect(port, "127.0.0.1");
    const parser = mqtt.parser();
    parser.on("packet", ({ cmd }) => {
      if (cmd === "connack") connected();
      if (cmd !== "puback") return;
      this.acked.set(`${board.name} ${this.sealed.lastSeq()}`, this.#line);
      this.#answered();
    });
    this.#socket.on("data", (chunk) => parser.parse(chunk));
    this.#socket.on("error", () => undefined);
    const password = Buffer.from(board.password);
    this.#say({ cmd: "connect", clientId: board.name, clean: true, keepalive: 0, username: board.name, password });
  }

  static open(board: LoadBoard, index: number, port: number): Promise<Post> {
    return new Promise((resolve) => {
      const post: Post = new Post(board, index, port, () => resolve(post));
    });
  }

  /** Measures, and waits for the PUBACK. */
  bring(minute: number, time: number): Promise<void> {
    this.#line = this.sealed.pack([readingOf(this.board, MOUNT_MM, minute)], minute * MINUTE_MS, time);
    const head = { cmd: "publish" as const, qos: 1 as const, dup: false, retain: false, messageId: 1 };
    this.#say({ ...head, topic: `aryk/${this.board.name}/up`, payload: this.#line });
    return new Promise((resolve) => (this.#answered = resolve));
  }

  end(): void {
    this.#socket.destroy();
  }

  #say(packet: mqtt.Packet): void {
    this.#socket.write(mqtt.generate(packet));
  }
}

/** Runs it. Needs influxd. */
export async function runOutage({ hours, boards, flows, batchLines }: OutageOptions): Promise<OutageResult> {
  const dir = mkdtempSync(join(tmpdir(), "aryk-outage-"));
  const dataDir = join(dir, "data");
  mkdirSync(dataDir);
  const base = Date.now() - 30 * 86_400_000;
  const all = provision(dataDir, base - 86_400_000, UNDERPASSES, boards - UNDERPASSES);
  const influx = await startInfluxd();
  const create = (): Promise<Response> =>
    fetch(`${influx.url}/query?q=${encodeURIComponent(`CREATE DATABASE ${DATABASE}`)}`, { method: "POST" });
  await create();
  /** What the database took since it came back: lines of each request. */
  let taken: string[][] | null = null;
  const proxy = await startProxy(influx.port, (body, status) => {
    const points = body.split("\n").filter((line) => line !== "" && !line.startsWith("ledger,"));
    if (status === 204 && points.length > 0) taken?.push(points);
  });
  const settings = {
    inputs: { packsPerSecond: 10_000 },
    outputs: { influxdb: [{ version: "1", url: proxy.url, database: DATABASE, batchLines }] },
    flows: { enabled: flows },
  };
  // Without flows there is nothing to wait for: the hub's watch judges from the start.
  const staleSeconds = flows ? STALE_S : 0.1;
  const order: HubOrder = {
    ...{ dataDir, brokerPort: await freePort(), base, since: base, speed: 0, staleSeconds, settings },
  };
  const hub = startHubProcess(order);
  let posts: Post[] = [];
  const faults: string[] = [];
  try {
    await until("the hub", 60, () => hub.ready() || hub.ended());
    if (flows) await until("the flows", 120, () => hub.flows().state === "running");
    posts = await Promise.all(all.map((board, i) => Post.open(board, i, order.brokerPort)));
    let minute = 0;
    /** One minute of the city. */
    const round = async (): Promise<HubNews & { type: "look" }> => {
      minute++;
      hub.child.send({ advanceMs: MINUTE_MS });
      await hub.look();
      await Promise.all(posts.map((post) => post.bring(minute, base + minute * MINUTE_MS)));
      let news = await hub.look();
      if (flows)
        await until("the rules", 120, async () => {
          news = await hub.look();
          return news.head - news.judgedTo <= BEHIND_MIN * boards;
        });
      return news;
    };
    const judged = (): Promise<void> =>
      until("the rules to have judged everything", 120, async () => {
        const { head, judgedTo } = await hub.look();
        return head === judgedTo;
      });
    while (minute < BEFORE_MIN) await round();
    await judged();
    await until("the database", 60, async () => (await hub.look()).lag === 0);
    const held = async (): Promise<HubNews & { type: "look" }> => {
      hub.child.send("collect");
      return hub.look();
    };
    const before = await held();
    await influx.kill9();

    const minutes = hours * 60;
    let third = before;
    const startedAt = performance.now();
    while (minute < BEFORE_MIN + minutes) {
      const { rssMiB } = await round();
      if (minute === BEFORE_MIN + Math.floor(minutes / 3)) third = await held();
      if (flows && minute % 30 === 0)
        say(`minute ${minute}: ${rssMiB} MiB, ${Math.round(performance.now() - startedAt)} ms`);
    }
    await judged();
    const end = await held();
    const backlog = end.head - before.head;

    const newest = String(base + minute * MINUTE_MS);
    taken = [];
    const back = taken;
    const backAt = performance.now();
    await influx.start();
    await round();
    await judged();
    const { acts } = await hub.look();
    const fresh = (): number => back.findIndex((lines) => lines.some((line) => line.includes(` ${newest}`)));
    let drainRss = 0;
    let waitedThen = -1;
    await until("the backlog", 900, async () => {
      const { lag, rssMiB } = await hub.look();
      drainRss = Math.max(drainRss, rssMiB);
      if (waitedThen < 0 && fresh() >= 0) waitedThen = lag;
      return lag === 0;
    });
    const drainS = (performance.now() - backAt) / 1000;
    const batchesAhead = fresh();
    await judged();
    const after = await hub.look();
    hub.child.send("stop");
    await hub.gone;

    const journal = Journal.open(join(dataDir, "journal.sqlite"));
    const register = Register.open(join(dataDir, "register.sqlite"), scaledClock(base, Date.now(), 1));
    const readings = compareReadings(new Map(posts.flatMap(({ acked }) => [...acked])), entriesOf(journal));
    const { points, missing } = await missingPoints(influx.url, DATABASE, entriesOf(journal));
    const floods = all.filter((b) => b.floods).map(({ site, offsetMin }) => ({ id: site, offsetMin }));
    const alarms = compareAlarms(register.transitions(0, 1_000_000), floods, base, minute);
    register.close();
    await journal.close();
    const written = back.reduce((sum, lines) => sum + lines.length, 0);
    const expect = (what: string, holds: boolean): void => void (holds || faults.push(what));
    for (const one of [...readings.lost, ...missing]) faults.push(`lost: ${one}`);
    for (const one of readings.duplicated) faults.push(`twice in the journal: ${one}`);
    for (const one of [...alarms.lost, ...alarms.repeated]) faults.push(`alarm: ${one}`);
    expect(`${points} points for ${readings.stored} packs`, points === readings.stored);
    expect(`${written} points written for a backlog of ${backlog + boards}`, written === backlog + boards);
    const most = BATCHES_AHEAD + Math.ceil(NEWEST_ENTRIES / batchLines);
    expect(`${batchesAhead} requests before the newest readings`, batchesAhead >= 0 && batchesAhead <= most);
    expect(`${waitedThen} waited when the newest were written`, waitedThen > backlog / 4);
    expect(`no flood was to be told of`, alarms.floods > 0);
    expect(`${after.acts - acts} transitions while the backlog was written`, after.acts === acts);
    expect(`the heap grew from ${third.heapMiB} to ${end.heapMiB} MiB`, end.heapMiB - third.heapMiB <= GROWTH_MIB);
    return {
      ...{
        packs: readings.stored,
        backlog,
        points,
        writtenTwice: written - backlog - boards,
        batchesAhead,
        waitedThen,
      },
      ...{ drainS: Math.round(drainS * 10) / 10, floods: alarms.floods, transitions: alarms.transitions },
      rssMiB: [before.rssMiB, third.rssMiB, end.rssMiB, drainRss],
      heapMiB: [before.heapMiB, third.heapMiB, end.heapMiB],
      faults: faults.slice(0, 20),
    };
  } finally {
    for (const post of posts) post.end();
    if (!hub.ended()) {
      hub.child.kill("SIGKILL");
      await hub.gone;
    }
    await proxy.stop();
    await influx.dispose();
    rmSync(dir, { recursive: true, force: true });
  }
}
