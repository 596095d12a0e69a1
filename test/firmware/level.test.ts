/** Level, weight and tilt: figures of datasheets and standards, and what must be a fault rather than a number. */
import assert from "node:assert/strict";
import { decodeHx711, pulsesFor } from "../../firmware/sensors/hx711/frame.js";
import { createMb7386Parser } from "../../firmware/sensors/mb7386/frame.js";
import { createA02yyuwParser } from "../../firmware/sensors/a02yyuw/frame.js";
import { decodeLoop, headMm } from "../../firmware/sensors/pressure/frame.js";
import type { Framer } from "../../firmware/sensors/framer.js";
import type { Outcome } from "../../firmware/sensors/sensor.js";
import { decodeSupervised } from "../../firmware/sensors/switch.js";
import { decodeLis3dh, tiltDeg } from "../../firmware/sensors/tilt/frame.js";
import { BLOCK, faultOf } from "../../firmware/sensors/vl53l1x/frame.js";
import { bytes } from "./captures.js";

function outcomes<T>(create: (on: (o: Outcome<T>) => void) => Framer, stream: string): (T | string)[] {
  const found: (T | string)[] = [];
  create((o) => found.push(o.ok ? o.value : o.fault)).push(stream);
  return found;
}

const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

describe("lines of the MB7386", () => {
  it("takes 5000 for a distance, 500 for an obstacle and 9999 for no echo", () => {
    assert.deepEqual(outcomes(createMb7386Parser, "R5000\rR0500\rR9999\rR10000\rR0000\rR0300\r"), [
      5000,
      "obstacle",
      "no-echo",
      "no-echo",
      "electrical",
      300,
    ]);
  });
});

describe("frames of the A02YYUW", () => {
  it("reads the maker's example", () => assert.deepEqual(outcomes(createA02yyuwParser, bytes("ff 07 a1 a7")), [1953]));

  it("knows its numbers that are no distance", () => {
    const stream = bytes("ff 00 00 ff") + bytes("ff 00 1e 1d") + bytes("ff ff fd fb") + bytes("ff ff fe fc");
    assert.deepEqual(outcomes(createA02yyuwParser, stream), ["no-echo", "obstacle", "no-echo", "device"]);
    // 5500 mm, as users have seen it in the open.
    assert.deepEqual(outcomes(createA02yyuwParser, bytes("ff 15 7c 90")), ["no-echo"]);
  });

  it("does not take the sum of the AJ-SR04M, which leaves the FF out", () => {
    assert.deepEqual(outcomes(createA02yyuwParser, bytes("ff 07 a1 a8") + "\0"), ["checksum"]);
  });
});

describe("the pressure probe's loop", () => {
  it("reads 4, 12 and 20 mA over 150 ohms as nothing, half and all of its range", () => {
    for (const [mv, mm] of [
      [600, 0],
      [1800, 2500],
      [3000, 5000],
    ]) {
      const loop = decodeLoop(mv, 150);
      assert.ok(loop.ok);
      assert.deepEqual(headMm(loop.value, 5000), { ok: true, value: mm });
    }
  });

  it("keeps to the limits of NAMUR NE 43", () => {
    const said = (mA: number): string => {
      const loop = decodeLoop(mA * 150, 150);
      if (!loop.ok) return loop.fault;
      const head = headMm(loop.value, 5000);
      return head.ok ? "value" : head.fault;
    };
    const all = [0, 3.59, 3.7, 3.81, 4, 20.49, 20.6, 21.1, 22, NaN].map(said);
    const [low, high] = [
      ["electrical", "electrical", "range"],
      ["range", "electrical", "electrical", "electrical"],
    ];
    assert.deepEqual(all, [...low, "value", "value", "value", ...high]);
  });

  it("lets an empty tube be a little less than nothing", () => {
    const head = headMm(3.98, 5000);
    assert.ok(head.ok);
    near(head.value, -6.25, 1e-9);
  });
});

describe("a supervised contact", () => {
  it("tells closed, open, cut and shorted apart", () => {
    const parallel = (mv: number) => decodeSupervised(mv);
    // 10 kΩ from 3.3 V; 2.2 kΩ closed, 4.4 kΩ open.
    assert.deepEqual(parallel((3300 * 2.2) / 12.2), { ok: true, value: true });
    assert.deepEqual(parallel((3300 * 4.4) / 14.4), { ok: true, value: false });
    for (const mv of [0, 3300, NaN]) assert.deepEqual(parallel(mv), { ok: false, fault: "electrical" });
  });
});

describe("the HX711", () => {
  const answer = (word: number, pulses: number, tail = 2 ** (pulses - 24) - 1) => word * 2 ** (pulses - 24) + tail;

  it("asks with 25, 26 or 27 pulses", () => assert.deepEqual([128, 32, 64].map(pulsesFor), [25, 26, 27]));

  it("reads two's complement behind any number of pulses", () => {
    for (const pulses of [25, 26, 27]) {
      assert.deepEqual(decodeHx711(answer(0, pulses), pulses), { ok: true, value: 0 });
      assert.deepEqual(decodeHx711(answer(0x7ffffe, pulses), pulses), { ok: true, value: 8388606 });
      assert.deepEqual(decodeHx711(answer(0xffffff, pulses), pulses), { ok: true, value: -1 });
      assert.deepEqual(decodeHx711(answer(0x800001, pulses), pulses), { ok: true, value: -8388607 });
    }
  });

  it("makes faults of both ends of its scale, and of a wire that stays low", () => {
    assert.deepEqual(decodeHx711(answer(0x7fffff, 25), 25), { ok: false, fault: "electrical" });
    assert.deepEqual(decodeHx711(answer(0x800000, 25), 25), { ok: false, fault: "electrical" });
    assert.deepEqual(decodeHx711(0, 25), { ok: false, fault: "device" });
    assert.deepEqual(decodeHx711(answer(5, 27, 3), 27), { ok: false, fault: "device" });
  });
});

describe("the LIS3DH", () => {
  const lean = (x: number, y: number, z: number, axis: number): number | string => {
    const found = tiltDeg([x, y, z], axis);
    return found.ok ? found.value : found.fault;
  };

  it("reads left-justified words, low byte first", () => {
    assert.deepEqual(decodeLis3dh(Uint8Array.from([0x80, 0x3e, 0x00, 0x00, 0x80, 0xc1])), {
      ok: true,
      value: [1000, 0, -1000],
    });
  });

  it("gives the angle of any axis to the plumb line", () => {
    assert.equal(lean(0, 0, 1000, 3), 0);
    assert.equal(lean(0, 0, -1000, 3), 180);
    assert.equal(lean(0, 0, -1000, -3), 0);
    assert.equal(lean(1000, 0, 0, 3), 90);
    near(lean(500, 0, 866, 3) as number, 30, 0.01);
    near(lean(17, 0, 1000, 3) as number, 0.97, 0.01);
    near(lean(0, 980, 174, -2) as number, 169.9, 0.1);
  });

  it("does not call shaking or a dead part a tilt", () => {
    assert.equal(lean(0, 0, 0, 3), "range");
    assert.equal(lean(900, 900, 900, 3), "range");
    assert.equal(lean(NaN, 0, 1000, 3), "range");
  });
});

describe("the VL53L1X", () => {
  it("has all of its 91 registers", () => {
    assert.equal(BLOCK.length, 2 * (0x87 - 0x2d + 1));
    assert.match(BLOCK, /^[0-9a-f]+$/);
  });

  it("gives every status its fault, by ST's numbers", () => {
    // Raw status → ST's number (STSW-IMG009).
    const numbers = [255, 255, 255, 5, 2, 4, 1, 7, 3, 0, 255, 255, 9, 13, 255, 255, 255, 255, 10, 6, 255, 255, 11, 12];
    const fault: Record<number, string | null> = { 0: null, 6: null, 11: null, 3: "obstacle", 9: "obstacle" };
    Object.assign(fault, { 13: "obstacle", 5: "device", 10: "device" });
    for (let raw = 0; raw < 32; raw++) {
      const number = numbers[raw] ?? 255;
      assert.equal(faultOf(raw), number in fault ? fault[number] : "no-echo", `status ${raw}`);
    }
  });
});
