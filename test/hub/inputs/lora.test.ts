import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { binaryForm, onAir } from "../../../firmware/node/form-binary.js";
import { airtimeMs, FRAME_BYTES } from "../../../firmware/node/airtime.js";
import { binaryWord, KIND_ACK, KIND_PIECE, orderIn } from "../../../firmware/wire/binary.js";
import { PORT, PORT_ASKING, readArray } from "../../../firmware/wire/binary.js";
import { DISTANCE } from "../../../firmware/wire/properties.js";
import { startLora } from "../../../hub/inputs/lora.js";
import type { LoraInput } from "../../../hub/inputs/lora.js";
import type { Accept, Accepted } from "../../../hub/model.js";
import { tagWith } from "../../../hub/pipeline/tag.js";
import { VOUCHED_KEY } from "../../../hub/pipeline/vouched.js";
import { projectRoot } from "../../../hub/root.js";
import { networkServer, uplinkEvent } from "../../rig/modems/chirpstack.js";
import type { NetworkServer } from "../../rig/modems/chirpstack.js";
import { startLoraHub } from "../../rig/modems/lora-hub.js";
import { memoryDoor, POISON_MM, until } from "../../rig/sealed.js";
import type { Door } from "../../rig/sealed.js";
import { need, startMosquitto } from "../../rig/servers.js";
import type { RunningServer } from "../../rig/servers.js";

const BOARD = "up-0001";
const EPOCH = "0a0b0c0d";
const BOARD_KEY = Buffer.alloc(32, 3);
const form = binaryForm({ epoch: EPOCH, boot: 1 });
const pack = (seq: number, mm = 1000 + seq): Buffer =>
  Buffer.from(onAir(form.pack(seq, seq * 1000, form.parts([{ property: DISTANCE, ok: true, value: mm }]))), "latin1");

describe("hub/inputs/lora with a real mosquitto", function () {
  this.timeout(60_000);
  let mosquitto: RunningServer;
  let door: Door;
  let count = 0;
  let devEui = "";
  let flushed: () => Promise<void>;
  let nowMs = 0;
  let inputs: LoraInput[] = [];
  let servers: NetworkServer[] = [];

  function start(accept: Accept = door.accept): LoraInput {
    const options = { url: mosquitto.url, clientId: `lora-${count}`, backoffBaseMs: 50, backoffCapMs: 200 };
    const eui = devEui;
    const deps = {
      boardOfRadio: (asked: string) => (asked === eui ? BOARD : undefined),
      received: (board: string, epoch: string, boot: number, seq: number) =>
        door.stored.has(`${board}/${epoch}.${boot}.${seq}`),
      keyOf: () => BOARD_KEY,
      steady: () => nowMs,
      flushed: () => flushed(),
    };
    const input = startLora(options, deps, accept, pino({ level: "silent" }));
    inputs.push(input);
    return input;
  }

  async function network(): Promise<NetworkServer> {
    const server = await networkServer(mosquitto.url, devEui);
    servers.push(server);
    return server;
  }

  const connected = (input: LoraInput): Promise<void> => until("the subscription", () => input.stats().connected);

  before(async function () {
    need(this, "mosquitto");
    mosquitto = await startMosquitto(["allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 0"]);
  });

  after(() => mosquitto?.dispose());

  beforeEach(() => {
    door = memoryDoor(VOUCHED_KEY);
    flushed = () => Promise.resolve();
    count++;
    devEui = (0x70b3d57ed0000000n + BigInt(count)).toString(16);
  });

  afterEach(async () => {
    door.release();
    for (const input of inputs.splice(0)) await input.stop();
    for (const server of servers.splice(0)) await server.client.endAsync(true);
    inputs = [];
    servers = [];
  });

  it("hands a device's messages over as its board's lines, and answers the one that asks with what is on disk", async () => {
    const input = start();
    await connected(input);
    const { publish, downs } = await network();
    for (const seq of [1, 2, 4]) await publish(PORT, pack(seq));
    await publish(PORT_ASKING, pack(5));
    await until("the answer", () => downs.length > 0);
    assert.deepEqual({ ...downs[0], data: null }, { devEui, confirmed: false, fPort: 1, data: null });
    assert.deepEqual(readArray(downs[0].data.toString("latin1")), [KIND_ACK, 0x0d, 1, 5, 0b1101, 0]);
    assert.equal(downs.length, 1);
    assert.equal(input.stats().stored, 4);
    const [{ line, source, board }] = door.calls;
    assert.match(
      line,
      /^aryk1 pack up-0001 0a0b0c0d\.1\.1 1000 - \[\{"n":"distance","u":"mm","v":1001\}\] radio\.[0-9a-f]{32}$/,
    );
    assert.equal(source, `lora:${mosquitto.url}`);
    assert.equal(board, BOARD);
  });

  it("answers nothing before the commit", async () => {
    const input = start();
    await connected(input);
    const { publish, downs } = await network();
    door.hold();
    await publish(PORT_ASKING, pack(1));
    await until("the line at the door", () => door.calls.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(downs.length, 0);
    door.release();
    await until("the answer", () => downs.length === 1);
  });

  it("answers nothing before all that the answer names is on disk, and not when that fails", async () => {
    const input = start();
    await connected(input);
    const { publish, downs } = await network();
    let end: { resolve(): void; reject(error: Error): void } | undefined;
    flushed = () => new Promise<void>((resolve, reject) => (end = { resolve, reject }));
    await publish(PORT_ASKING, pack(1));
    await until("the flush", () => end !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(downs.length, 0);
    end?.reject(new Error("disk full"));
    end = undefined;
    await until("it came again", () => end !== undefined);
    assert.equal(downs.length, 0);
    assert.equal(input.stats().faults["link:commit-failed"], 1);
    end!.resolve();
    await until("the answer", () => downs.length === 1);
  });

  it("sends a command along with the answer, if it fits the rate at which the board was heard", async () => {
    const command = (body: string): string => `aryk1 command ${BOARD} ${EPOCH}.1.1 1000 - ${body} k1.${"0".repeat(32)}`;
    let body = "set,3,drySeconds=60";
    const input = start(async (line, from) => {
      const accepted: Accepted = await door.accept(line, from);
      return accepted.outcome === "refused" ? accepted : { ...accepted, command: command(body) };
    });
    await connected(input);
    const { publish, downs } = await network();
    await publish(PORT, pack(1));
    await publish(PORT_ASKING, pack(2));
    await until("answer and command", () => downs.length === 2);
    const heard = (down: { data: Buffer }): string =>
      orderIn(readArray(down.data.toString("latin1")) ?? [], BOARD, EPOCH, tagWith(BOARD_KEY));
    assert.equal(heard(downs[1]), body);
    body = "set,3,drySeconds=60,wetSeconds=30,fastSeconds=10";
    await publish(PORT_ASKING, pack(3));
    await until("both", () => downs.length === 4);
    assert.equal(heard(downs[3]), body);
    await publish(PORT_ASKING, pack(4), { dr: 0 });
    await until("the answer alone", () => downs.length === 5 && input.stats().faults["command-too-long"] === 1);
  });

  it("answers a word by what it asks for, alone, and a piece of an image only while the gateway has air time for it", async () => {
    let body = "";
    const input = start(async (line, from) => {
      const accepted: Accepted = await door.accept(line, from);
      if (accepted.outcome === "refused" || body === "") return accepted;
      const heard = / reply /.test(line) ? { outcome: "heard" as const } : {};
      return { ...accepted, ...heard, command: `aryk1 command ${BOARD} ${EPOCH}.1.0 1 - ${body} k1.00` } as Accepted;
    });
    await connected(input);
    const { publish, downs } = await network();
    const word = (at: number, dr = 5, gatewayId = "0016c001f153a14c"): Promise<void> => {
      const said = binaryWord({ epoch: EPOCH, boot: 1, seq: 0 }, 1000 * at, { verb: "piece", to: "3fa95c1e", at });
      return publish(PORT_ASKING, Buffer.from(said, "latin1"), {
        dr,
        rxInfo: [
          { gatewayId, snr: 3 },
          { gatewayId: "far", snr: -9 },
        ],
      });
    };
    const kinds = (): unknown[] => downs.map(({ data }) => readArray(data.toString("latin1"))?.[0]);
    body = `piece,3fa95c1e,0,${"x".repeat(222)}`;
    await word(0);
    await until("a piece", () => downs.length === 1);
    assert.ok(downs[0].data.length <= 222 && downs[0].data.length > 219);
    // No air time for another one by that gateway; by the other there is, at the slower rate in a smaller message.
    await word(205);
    await word(205, 0, "0016c001f153a14d");
    await until("a piece by the other", () => downs.length === 2);
    assert.ok(downs[1].data.length <= 51);
    const onAirMs = airtimeMs(5, FRAME_BYTES + downs[0].data.length);
    nowMs += 199 * onAirMs;
    await word(205);
    body = "";
    await word(206);
    await until("an ack for a word that nothing follows", () => downs.length === 3);
    body = `piece,3fa95c1e,205,${"x".repeat(222)}`;
    nowMs += onAirMs;
    await word(205);
    await until("the next piece", () => downs.length === 4);
    assert.deepEqual(kinds(), [KIND_PIECE, KIND_PIECE, KIND_ACK, KIND_PIECE]);
  });

  it("acknowledges away what is no message of a board, and counts it by name", async () => {
    const input = start();
    await connected(input);
    const { client, publish, downs } = await network();
    const topic = (eui: string): string => `application/a/device/${eui}/event/up`;
    await publish(PORT, Buffer.alloc(0));
    await publish(223, Buffer.from([0]));
    await publish(PORT, Buffer.from("nonsense"));
    await publish(PORT, pack(1), { data: "!!!" });
    await publish(PORT, pack(1), { deviceInfo: { devEui: "ffffffffffffffff" } });
    await client.publishAsync(topic("00000000000000ff"), uplinkEvent("00000000000000ff", PORT, pack(1)), { qos: 1 });
    await client.publishAsync(topic("NO_EUI"), "{}", { qos: 1 });
    await client.publishAsync(topic(devEui), "{", { qos: 1 });
    await client.publishAsync(topic(devEui), Buffer.alloc(300_000, " "), { qos: 1 });
    await publish(PORT_ASKING, pack(7));
    await until("the good one", () => downs.length === 1);
    const { faults, lines } = input.stats();
    assert.equal(lines, 1);
    assert.deepEqual(faults, {
      "no-data": 1,
      "other-port": 1,
      "radio:malformed": 1,
      "bad-event": 3,
      "unknown-radio": 1,
      "foreign-topic": 1,
      "too-long": 1,
    });
  });

  it("gets a message again whose commit failed, and answers a dead one, which must not come for ever", async () => {
    const input = start();
    await connected(input);
    const { publish, downs } = await network();
    door.fail(true);
    await publish(PORT_ASKING, pack(1));
    await until("it came back", () => (input.stats().faults["link:commit-failed"] ?? 0) >= 2);
    assert.equal(downs.length, 0);
    door.fail(false);
    await until("stored and answered", () => door.stored.size === 1 && downs.length === 1);
    await publish(PORT_ASKING, pack(2, POISON_MM));
    await until("the answer", () => downs.length === 2);
    assert.equal(input.stats().dead, 1);
  });

  it("loses nothing and doubles nothing when the hub is killed between commit and answer", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aryk-lora-"));
    try {
      const { publish, downs } = await network();
      const script = join(projectRoot(), "test/rig/modems/lora-hub.ts");
      const args = ["--import", "tsx", script, folder, mosquitto.url, devEui, BOARD, "3"];
      const child = spawn(process.execPath, args, { stdio: "inherit", cwd: projectRoot() });
      const killed = once(child, "exit");
      // Its session must stand at the broker before there is something to lose: the first message says when.
      for (let seq = 0; child.exitCode === null && child.signalCode === null && seq < 300; seq++) {
        await publish(PORT_ASKING, pack(1));
        await new Promise((resolve) => setTimeout(resolve, 100));
        if (downs.length > 0) break;
      }
      await publish(PORT_ASKING, pack(2));
      await publish(PORT_ASKING, pack(3));
      assert.deepEqual(await killed, [null, "SIGKILL"]);
      const before = downs.length;
      const hub = startLoraHub(folder, mosquitto.url, devEui, BOARD);
      await until("the answers", () => downs.length > before);
      await publish(PORT_ASKING, pack(3));
      const last = (): unknown => readArray(downs.at(-1)?.data.toString("latin1") ?? "");
      await until(
        "an answer that names all",
        () => JSON.stringify(last()) === JSON.stringify([KIND_ACK, 0x0d, 1, 3, 3, 0]),
      );
      const seqs = hub.journal.read(0, 100).flatMap((entry) => (entry.kind === "pack" ? [entry.seq] : []));
      assert.deepEqual(seqs.toSorted(), [1, 2, 3]);
      assert.ok(hub.input.stats().duplicate >= 1);
      await hub.stop();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
