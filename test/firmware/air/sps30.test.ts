/** What the driver of the SPS30 promises beyond what test/firmware/sensors.test.ts asks of every sensor. */
import assert from "node:assert/strict";
import { inChunks, overNoise } from "../../../firmware/sensors/sim.js";
import { kind as sps30 } from "../../../firmware/sensors/sps30/driver.js";
import { commandFrame } from "../../../firmware/sensors/sps30/frame.js";
import {
  createSps30I2cSim,
  createSps30Sim,
  type Scene,
  type SimOptions,
  type Sps30Trouble,
} from "../../../firmware/sensors/sps30/sim.js";
import { bytes } from "../captures.js";
import { onI2c, onUart } from "./desk.js";
import type { Desk } from "./desk.js";

/** Numbers from 0 to 1 that are the same on every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const AIR: Scene = { mass: [5.5, 9.5, 12.5, 13.5], number25: 50, sizeUm: 0.75 };
const AIR_SAID = [5.5, 9.5, 12.5, 13.5, 50, 0.75];

describe("the driver of the SPS30", () => {
  const uart = (options: SimOptions = {}): Desk =>
    onUart((clock) =>
      createSps30Sim(
        () => AIR,
        () => clock.now(),
        options,
      ),
    );
  const i2c = (options: SimOptions = {}): Desk =>
    onI2c((clock) =>
      createSps30I2cSim(
        () => AIR,
        () => clock.now(),
        options,
      ),
    );

  it("has the datasheet's commands", () => {
    assert.equal(commandFrame(0x00, "\x01\x03"), bytes("7e 00 00 02 01 03 f9 7e"));
    assert.equal(commandFrame(0x01, ""), bytes("7e 00 01 00 fe 7e"));
    assert.equal(commandFrame(0x03, ""), bytes("7e 00 03 00 fc 7e"));
    // Bytes that must be stuffed: command and data, and a check that is 7E.
    assert.equal(commandFrame(0x11, "\x7d"), bytes("7e 00 7d 31 01 7d 5d 70 7e"));
    assert.equal(commandFrame(0x80, "\x00"), bytes("7e 00 80 01 00 7d 5e 7e"));
  });

  it("wakes, starts, reads, stops and lets sleep, and closes the port behind it", () => {
    const on = uart();
    assert.deepEqual(on.round(sps30), [AIR_SAID]);
    const commands = on.sent.map((hex) => (hex === "ff" ? hex : hex.slice(4, 6)));
    assert.deepEqual([...new Set(commands)], ["ff", "7d", "00", "03", "01", "10"]);
  });

  it("wakes on either wire what it had put to sleep", () => {
    for (const on of [uart(), i2c()])
      for (let i = 0; i < 3; i++)
        assert.deepEqual(on.round(sps30, { samples: 3 }), Array(3).fill(AIR_SAID), `round ${i}`);
  });

  it("has the fan cleaned in the first round after a start and then once in so many", () => {
    for (const wire of [uart, i2c]) {
      let cleaned = 0;
      const on = wire({ cleaned: () => cleaned++ });
      const counts: number[] = [];
      for (const turn of [0, 1, 2, 3, 4, 5, 6, 7, 0, 1]) {
        assert.deepEqual(on.round(sps30, { turn, options: { cleanEvery: 3 } }), [AIR_SAID], `round ${turn}`);
        counts.push(cleaned);
      }
      assert.deepEqual(counts, [1, 1, 1, 2, 2, 2, 3, 3, 4, 4]);
    }
  });

  it("does without where it is told so, and where nobody counts the rounds", () => {
    let cleaned = 0;
    const on = uart({ cleaned: () => cleaned++ });
    on.round(sps30, { turn: 0, options: { cleanEvery: 0 } });
    on.round(sps30);
    assert.equal(cleaned, 0);
  });

  it("waits out a cleaning that lies in the way of a sample", () => {
    for (const wire of [uart, i2c]) {
      const on = wire();
      const driver = sps30.make({ cleanEvery: 1 });
      assert.ok(driver.sampleTimeoutMs > 10000);
      // No time to warm up: the first sample is asked for while the fan starts.
      assert.deepEqual(on.round(sps30, { turn: 0, pace: 0, samples: 2, options: { cleanEvery: 1 } }), [
        AIR_SAID,
        AIR_SAID,
      ]);
    }
  });

  it("does not take the refusal of a command that was not needed for the answer to its question", () => {
    // Awake already, it refuses to wake; here it says so while the first figures are waited for.
    const on = onUart((clock) => {
      const part = createSps30Sim(
        () => AIR,
        () => clock.now(),
      );
      return (emit, time) => part((text) => void time.after(50, () => emit(text)), time);
    });
    assert.deepEqual(on.round(sps30, { pace: 0 }), [AIR_SAID]);
  });

  it("names what is wrong on each wire", () => {
    const faults = (wire: typeof uart): unknown[] =>
      (["absent", "bad-check", "stuck-fan", "restarted"] as Sps30Trouble[]).map(
        (trouble) => wire({ trouble: () => trouble }).round(sps30)[0]![0],
      );
    assert.deepEqual(faults(uart), ["timeout", "checksum", "device", "device"]);
    assert.deepEqual(faults(i2c), ["bus", "checksum", "device", "timeout"]);
  });

  it("reads through noise, and never a wrong figure", () => {
    const random = seeded(5);
    const on = onUart((clock) => {
      const part = createSps30Sim(
        () => AIR,
        () => clock.now(),
      );
      return (emit, time) => part(inChunks(overNoise(emit, random, 0.002), random, 9), time);
    });
    const all = on.round(sps30, { samples: 100 });
    const good = all.filter((one) => one[1] === 9.5).length;
    assert.ok(good >= 60, `${good} of 100 right`);
    for (const one of all) assert.ok(one[1] === 9.5 || typeof one[1] === "string", String(one[1]));
  });
});
