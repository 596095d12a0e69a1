import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { parseLine, UPLINK_MAX } from "../../../firmware/wire/line.js";
import { realClock } from "../../../hub/clock.js";
import type { FirmataInput, FirmataOptions } from "../../../hub/inputs/firmata.js";
import { startFirmata } from "../../../hub/inputs/firmata.js";
import type { FirmataBoard } from "../../rig/firmata-board.js";
import { startFirmataBoard } from "../../rig/firmata-board.js";
import { standardFirmata } from "../../rig/firmata-hex.js";
import { needSocat } from "../../rig/pty.js";
import type { Door } from "../../rig/sealed.js";
import { KEY, memoryDoor, until } from "../../rig/sealed.js";

const log = pino({ level: "silent" });
const RELAY = 7;
/** Volts of the full scale as millimetres: 5 V → 5000 mm. */
const MM = 5000 / 1023;

describe("hub/inputs/firmata on real Firmata firmware in a simulated Uno", function () {
  this.timeout(120_000);
  let uno: FirmataBoard;
  let input: FirmataInput | undefined;
  let door: Door;

  function options(more: Partial<FirmataOptions> = {}): FirmataOptions {
    const pins = [
      { channel: 0, property: "distance", scale: MM },
      { channel: 2, property: "temperature", scale: 100 / 1023, offset: -50 },
    ];
    const times = {
      clock: realClock,
      periodMs: 100,
      sampleMs: 40,
      staleMs: 1000,
      backoffBaseMs: 20,
      backoffCapMs: 100,
    };
    return { path: uno.path, board: "bench-1", keyId: "k1", key: KEY, pins, ...times, ...more };
  }

  /** The readings of a stored line, and its number. */
  function read(line: string): {
    seq: number;
    time: string;
    records: { n: string; u?: string; v?: number; vs?: string }[];
  } {
    const parsed = parseLine(line, false, UPLINK_MAX);
    assert.ok(parsed.ok);
    return { seq: parsed.line.seq, time: parsed.line.time, records: JSON.parse(parsed.line.body) };
  }
  const last = (): ReturnType<typeof read>["records"] => read([...door.stored.values()].at(-1) ?? "").records;
  const near = (mm: number): boolean => door.stored.size > 0 && Math.abs((last()[0].v ?? NaN) - mm) <= 10;

  async function start(more: Partial<FirmataOptions> = {}): Promise<FirmataInput> {
    input = await startFirmata(options(more), door.accept, log);
    return input;
  }

  before(async function () {
    needSocat(this);
    const firmware = await standardFirmata();
    if (!firmware.ok) {
      if (process.env.CI) throw new Error(firmware.reason);
      console.log(`      skipped: ${firmware.reason}`);
      this.skip();
    }
    uno = await startFirmataBoard(firmware.file);
  });

  after(() => uno?.dispose());

  beforeEach(() => {
    door = memoryDoor();
  });

  afterEach(async () => {
    door.release();
    await input?.stop();
    input = undefined;
    await uno.freeze(false);
    await uno.unplug();
  });

  it("makes sealed packs of a registered board from analog pins", async () => {
    uno.volts(0, 2.5);
    uno.volts(2, 3.75);
    await uno.plug();
    const bench = await start();
    await until("a reading", () => near(2500), 60_000);
    let both = last();
    await until("both pins in one pack", () => (both = last()).every((record) => record.v !== undefined), 60_000);
    assert.deepEqual(
      both.map((record) => [record.n, record.u]),
      [
        ["distance", "mm"],
        ["temperature", "Cel"],
      ],
    );
    assert.ok(Math.abs((both[1].v ?? NaN) - 25) < 0.2, `temperature ${both[1].v}`);
    uno.volts(0, 1);
    await until("the new voltage", () => near(1000), 60_000);
    const lines = [...door.stored.values()].map(read);
    assert.deepEqual(
      lines.map((line) => line.seq),
      lines.map((_, i) => i + 1),
    );
    assert.match(lines[0].time, /^\d{13}\/h0$/);
    assert.equal(door.calls[0].source, "firmata:" + uno.path);
    assert.equal(bench.stats().refused, 0);
  });

  it("leaves it to the hub what happens at Ctrl-C", async () => {
    await uno.plug();
    const before = process.listenerCount("SIGINT");
    const bench = await start();
    await until("ready", () => bench.stats().ready, 60_000);
    assert.equal(process.listenerCount("SIGINT"), before);
  });

  it("switches a relay, seen at the pin", async () => {
    await uno.plug();
    const bench = await start();
    await until("ready", () => bench.stats().ready, 60_000);
    assert.deepEqual(bench.setRelay(RELAY, true), { ok: true });
    await until("the pin is high", () => uno.high(RELAY), 60_000);
    assert.deepEqual(bench.setRelay(RELAY, false), { ok: true });
    await until("the pin is low", () => !uno.high(RELAY), 60_000);
  });

  it("gives no reading and switches nothing while the board is unplugged, and goes on after a replug", async () => {
    const bench = await start();
    await until("an attempt on a port that is not there", () => bench.stats().faults["link:absent"] >= 1);
    uno.volts(0, 4);
    for (let round = 1; round <= 2; round++) {
      await uno.plug();
      await until("a reading", () => bench.stats().links === round && near(4000), 60_000);
      await uno.unplug();
      await until("the loss is seen", () => !bench.stats().ready);
      const before = bench.stats();
      assert.deepEqual(bench.setRelay(RELAY, true), { ok: false, fault: "link-down" });
      uno.volts(0, 4);
      await new Promise((resolve) => setTimeout(resolve, 250));
      assert.equal(bench.stats().lines, before.lines);
      door.stored.clear();
    }
    await uno.plug();
    await until("ready", () => bench.stats().links === 3 && bench.stats().ready, 60_000);
    await until("a reading", () => near(4000), 60_000);
    assert.equal(uno.high(RELAY), false, "the refused order must not arrive later");
  });

  it("gives no stale reading when the board falls silent with its port still there", async () => {
    uno.volts(0, 3);
    await uno.plug();
    const bench = await start();
    await until("a reading", () => near(3000), 60_000);
    await uno.freeze(true);
    const alive = bench.stats().lines;
    uno.volts(0, 1);
    await until("the silence is seen", () => bench.stats().faults["link:silent"] === 1);
    const frozen = bench.stats().lines;
    assert.ok(frozen - alive <= 4, `${frozen - alive} packs after the last byte, of some 10 periods`);
    assert.deepEqual(bench.setRelay(RELAY, true), { ok: false, fault: "link-down" });
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.equal(bench.stats().lines, frozen);
    door.stored.clear();
    await uno.freeze(false);
    await until("the board is back", () => near(1000), 60_000);
    for (const line of door.stored.values()) assert.notEqual(Math.round((read(line).records[0].v ?? 1000) / 1000), 3);
  });

  it("keeps packs that could not be committed, and sends them in order", async () => {
    await uno.plug();
    door.fail(true);
    const bench = await start({ epoch: randomBytes(4).toString("hex"), boot: 7 });
    await until("failures", () => bench.stats().failed >= 3, 60_000);
    door.fail(false);
    await until("commits", () => door.stored.size >= 5, 60_000);
    const lines = [...door.stored.values()].map(read);
    assert.deepEqual(
      lines.map((line) => line.seq),
      lines.map((_, i) => i + 1),
    );
  });

  it("refuses a set-up that cannot work", async () => {
    const pin = { channel: 0, property: "distance", scale: 1 };
    const wrong: Partial<FirmataOptions>[] = [
      { path: "" },
      { board: "NO NAME" },
      { pins: [] },
      { pins: [{ ...pin, property: "fill" }] },
      { pins: [{ ...pin, channel: 99 }] },
      { periodMs: 50 },
    ];
    for (const more of wrong) await assert.rejects(start(more), { code: "FIRMATA_SETUP" });
  });
});
