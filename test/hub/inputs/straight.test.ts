/** Inputs before the real pipeline, registry and journal: what a board may believe when it sees its acknowledgement. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MqttClient } from "mqtt";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import { DISTANCE } from "../../../firmware/wire/properties.js";
import { siteType } from "../../../hardware/sites.js";
import { derive } from "../../../hub/calibration/index.js";
import { realClock } from "../../../hub/clock.js";
import type { Broker } from "../../../hub/inputs/broker.js";
import { startBroker } from "../../../hub/inputs/broker.js";
import { startRecording } from "../../../hub/inputs/record.js";
import { startReplay } from "../../../hub/inputs/replay.js";
import { Journal } from "../../../hub/journal.js";
import type { Accept } from "../../../hub/model.js";
import { createPipeline } from "../../../hub/pipeline.js";
import { createQuality } from "../../../hub/quality/index.js";
import { Registry } from "../../../hub/registry.js";
import type { SealedBoard } from "../../rig/sealed-board.js";
import { macWith, sealedBoard } from "../../rig/sealed-board.js";
import { until } from "../../rig/sealed.js";

const log = pino({ level: "silent" });
const BOARD = "post-1";
const UP = `aryk/${BOARD}/up`;

describe("hub/inputs before the real pipeline and journal", () => {
  let dir: string;
  let journal: Journal;
  let registry: Registry;
  let accept: Accept;
  let broker: Broker;
  let board: SealedBoard;
  let password: string;
  let client: MqttClient | undefined;

  function openHub(): void {
    journal = Journal.open(join(dir, "journal.sqlite"));
    const derivedOf = (type: string): string[] => siteType(type)?.derived ?? [];
    accept = createPipeline({
      clock: realClock,
      journal,
      registry,
      quality: createQuality(),
      derive,
      derivedOf,
    }).accept;
  }

  async function listen(door: Accept): Promise<void> {
    const authenticate = (name: string, word: string): boolean => name === BOARD && word === password;
    broker = await startBroker({ host: "127.0.0.1", port: 0, authenticate, stopBoundMs: 50 }, door, log);
  }

  async function connect(): Promise<MqttClient> {
    const url = `mqtt://127.0.0.1:${broker.port}`;
    client = await connectAsync(url, { username: BOARD, password, clientId: BOARD, reconnectPeriod: 0 });
    client.on("error", () => undefined);
    return client;
  }

  const pack = (mm: number): string => board.pack([{ property: DISTANCE, ok: true, value: mm }], 1000 * mm, null);
  const stored = (): string[] =>
    journal.read(0, 10_000).flatMap((entry) => (entry.kind === "pack" ? [entry.line] : []));

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-inputs-"));
    registry = Registry.open(join(dir, "registry.sqlite"), realClock);
    const { keyId, key } = registry.addBoard(BOARD, "test");
    password = macWith(key)("password");
    board = sealedBoard(BOARD, keyId, key, "0badcafe", 1);
    openHub();
  });

  afterEach(async () => {
    await client?.endAsync(true);
    client = undefined;
    await broker?.stop();
    await journal.close();
    registry.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it("has every line on disk, once and in order, by the time its PUBACK is seen", async () => {
    await listen(accept);
    const publisher = await connect();
    const lines: string[] = [];
    for (let mm = 1; mm <= 200; mm++) lines.push(pack(mm));
    await Promise.all(
      lines.map(async (line, i) => {
        await publisher.publishAsync(UP, line, { qos: 1 });
        const parts = line.split(" ")[3].split(".");
        assert.ok(journal.received(BOARD, parts[0], Number(parts[1]), Number(parts[2])), `line ${i} is in the ledger`);
      }),
    );
    assert.deepEqual(stored(), lines);
    await publisher.publishAsync(UP, lines[7], { qos: 1 });
    assert.equal(stored().length, 200);
    assert.equal(broker.stats().duplicate, 1);
  });

  it("loses and doubles nothing when the hub dies between the commit and the PUBACK", async () => {
    let committed = 0;
    // The commit happens, and its answer never comes back: as if the process had died at that very point.
    await listen(async (line, from) => {
      await accept(line, from);
      committed++;
      return new Promise(() => undefined);
    });
    const line = pack(500);
    let acknowledged = false;
    const first = await connect();
    first.publishAsync(UP, line, { qos: 1 }).then(
      () => (acknowledged = true),
      () => undefined,
    );
    await until("the commit", () => committed === 1);
    await broker.stop();
    await journal.close();
    assert.equal(acknowledged, false);
    await first.endAsync(true);

    openHub();
    await listen(accept);
    await (await connect()).publishAsync(UP, line, { qos: 1 });
    assert.deepEqual(stored(), [line]);
    assert.deepEqual([broker.stats().stored, broker.stats().duplicate], [0, 1]);
  });

  it("keeps a poison pack as a dead letter and does not get it again", async () => {
    await listen(accept);
    const publisher = await connect();
    await publisher.publishAsync(UP, board.line("pack", 1, 5, "-", '[{"n":"fill","u":"%","v":1.0}]'), { qos: 1 });
    await publisher.publishAsync(UP, board.line("pack", 2, 6, "-", "not-json"), { qos: 1 });
    assert.equal(journal.deadLetters().length, 2);
    assert.equal(broker.stats().dead, 2);
    assert.equal(stored().length, 0);
    assert.equal(publisher.connected, true);
  });

  it("refuses a line of another board under a board's own name", async () => {
    await listen(accept);
    const { keyId, key } = registry.addBoard("post-2", "test");
    const publisher = await connect();
    const foreign = sealedBoard("post-2", keyId, key, "0badcafe", 1);
    void publisher.publishAsync(UP, foreign.pack([], 1, null), { qos: 1 }).catch(() => undefined);
    await until("the refusal", () => broker.stats().faults["wrong-topic"] === 1);
    assert.equal(journal.counts().entries, 0);
  });

  it("stores a recording again as duplicates only", async () => {
    const file = join(dir, "day.tsv");
    const recording = await startRecording(file, realClock);
    await listen(recording.wrap(accept));
    const publisher = await connect();
    for (let mm = 1; mm <= 20; mm++) await publisher.publishAsync(UP, pack(mm), { qos: 1 });
    await recording.stop();
    const replay = await startReplay({ file, pace: "fast", clock: realClock }, accept, log);
    await replay.done;
    assert.equal(replay.stats().duplicate, 20);
    assert.equal(stored().length, 20);
  });
});
