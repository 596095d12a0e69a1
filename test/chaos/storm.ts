/**
 * `--storm 5400`: all boards of a city come back within seconds after the hub was killed, each with packs that it could
 * not bring. Every one must be served, nothing lost or doubled, and the hub must stay small.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import mqtt from "mqtt-packet";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { Journal } from "../../hub/journal.js";
import { freePort } from "../rig/servers.js";
import { sealedBoard } from "../rig/sealed-board.js";
import { compareReadings } from "./compare.js";
import type { HubOrder } from "./hub-child.js";
import type { LoadBoard } from "./load.js";
import {
  entriesOf,
  MINUTE_MS,
  provision,
  say,
  seeded,
  STALE_S,
  startHubProcess,
  until,
  type HubProcess,
} from "./rig.js";

/** The boards begin to come back within so long. */
const WITHIN_MS = 10_000;
/** Packs that each board brings: one of before the kill, and those of the outage. */
const PACKS = 3;
/** Pause of a board whose connection ended, as the firmware's: at least half of it, doubled each time. */
const FIRST_PAUSE_MS = 2000;

class StormBoard {
  readonly waiting = new Map<number, string>();
  readonly acked = new Map<string, string>();
  connections = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #over = false;
  #socket: ReturnType<typeof connect> | null = null;

  constructor(
    readonly board: LoadBoard,
    readonly port: number,
    readonly random: () => number,
  ) {}

  /** Connects, and brings what waits; comes again by itself while something does. Stays connected afterwards. */
  visit(): void {
    this.connections++;
    const { name, password } = this.board;
    const socket = connect(this.port, "127.0.0.1");
    this.#socket = socket;
    const parser = mqtt.parser();
    const say = (packet: mqtt.Packet): void => void socket.write(mqtt.generate(packet));
    parser.on("error", () => socket.destroy());
    parser.on("packet", (packet) => {
      if (packet.cmd === "connack")
        for (const [messageId, payload] of [...this.waiting].reverse()) {
          const head = { cmd: "publish" as const, qos: 1 as const, dup: false, retain: false, messageId };
          say({ ...head, topic: `aryk/${name}/up`, payload });
        }
      if (packet.cmd !== "puback") return;
      const seq = packet.messageId as number;
      const line = this.waiting.get(seq);
      if (line !== undefined) this.acked.set(`${name} ${seq}`, line);
      this.waiting.delete(seq);
    });
    socket.on("data", (chunk) => parser.parse(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (this.#over) return;
      const pauseMs = this.#pauseMs * (0.5 + this.random() / 2);
      this.#pauseMs = Math.min(300_000, this.#pauseMs * 2);
      setTimeout(() => this.#over || this.visit(), pauseMs);
    });
    say({
      ...{ cmd: "connect", clientId: name, clean: true, keepalive: 300, username: name },
      password: Buffer.from(password),
    });
  }

  end(): void {
    this.#over = true;
    this.#socket?.destroy();
  }
}

/** Runs it, prints the line of JSON. @returns whether every board was served and nothing was lost */
export async function runStorm(options: { boards: number; seed: number }): Promise<boolean> {
  const dir = mkdtempSync(join(tmpdir(), "aryk-storm-"));
  const dataDir = join(dir, "data");
  mkdirSync(dataDir);
  const random = seeded(options.seed);
  const base = Date.now();
  const boards = provision(dataDir, base - 10 * MINUTE_MS, 0, options.boards);
  const brokerPort = await freePort();
  const settings = { flows: { enabled: false } };
  const order: HubOrder = { dataDir, brokerPort, base, since: base, speed: 1, staleSeconds: STALE_S, settings };
  const start = async (): Promise<HubProcess> => {
    const hub = startHubProcess(order);
    await until("the hub", 60, () => hub.ready() || hub.ended());
    return hub;
  };
  let hub = await start();
  const storm = boards.map((board) => new StormBoard(board, brokerPort, random));
  const sealed = boards.map((b) => sealedBoard(b.name, b.keyId, b.key, "0badcafe", 1));
  const measure = (): void =>
    storm.forEach(({ waiting }, i) => {
      const line = sealed[i].pack([{ property: DISTANCE, ok: true, value: 900 }], Math.round(performance.now()), null);
      waiting.set(sealed[i].lastSeq(), line);
    });
  const served = (): number => storm.filter(({ waiting }) => waiting.size === 0).length;

  measure();
  storm.forEach((board, i) => setTimeout(() => board.visit(), (i / storm.length) * WITHIN_MS));
  await until("the first pack of every board", 180, () => served() === storm.length);
  say(`${storm.length} boards are connected; the hub is killed`);
  for (let pack = 1; pack < PACKS; pack++) measure();
  const killedAt = performance.now();
  hub.child.kill("SIGKILL");
  await hub.gone;
  hub = await start();
  const upAt = performance.now();
  let rssMiB = 0;
  while (served() < storm.length && performance.now() - upAt < 300_000) {
    await sleep(200);
    rssMiB = Math.max(rssMiB, (await hub.look()).rssMiB);
  }
  const servedAt = performance.now();
  const all = served();
  storm.forEach((board) => board.end());
  hub.child.send("stop");
  await hub.gone;
  const journal = Journal.open(join(dataDir, "journal.sqlite"));
  const acked = new Map(storm.flatMap((board) => [...board.acked]));
  const { stored, lost, duplicated } = compareReadings(acked, entriesOf(journal));
  await journal.close();
  rmSync(dir, { recursive: true, force: true });
  const result = {
    boards: storm.length,
    served: all,
    acked: acked.size,
    stored,
    lost: lost.length,
    duplicated: duplicated.length,
    downMs: Math.round(upAt - killedAt),
    servedAfterMs: Math.round(servedAt - upAt),
    connections: storm.reduce((sum, { connections }) => sum + connections, 0),
    maxRssMiB: rssMiB,
  };
  console.log(JSON.stringify(result));
  return all === storm.length && acked.size === PACKS * storm.length && lost.length + duplicated.length === 0;
}
