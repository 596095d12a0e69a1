/** Values of datasheets, and what must be a fault rather than a number. */
import assert from "node:assert/strict";
import { decodeElectrode } from "../../firmware/sensors/ads1115/cell.js";
import { configWord, isSaturated, millivolts, signed } from "../../firmware/sensors/ads1115/frame.js";
import { crc8 } from "../../firmware/sensors/crc8.js";
import { createDgsParser } from "../../firmware/sensors/dgs-no2/frame.js";
import { createMb7389Parser } from "../../firmware/sensors/mb7389/frame.js";
import { BANNER } from "../../firmware/sensors/mb7389/sim.js";
import { COMMAND, createPms5003Parser } from "../../firmware/sensors/pms5003/frame.js";
import { dataFrame } from "../../firmware/sensors/pms5003/sim.js";
import { withSum } from "../../firmware/sensors/plantower/frame.js";
import { createPms5003tParser } from "../../firmware/sensors/pms5003t/frame.js";
import type { Framer } from "../../firmware/sensors/framer.js";
import type { Outcome } from "../../firmware/sensors/sensor.js";
import { createSds011Parser } from "../../firmware/sensors/sds011/frame.js";
import { decodeSht31 } from "../../firmware/sensors/sht31/frame.js";
import { createSps30Parser, float32 } from "../../firmware/sensors/sps30/frame.js";
import { bytes } from "./captures.js";

function outcomes<T>(create: (on: (o: Outcome<T>) => void) => Framer, stream: string): Outcome<T>[] {
  const found: Outcome<T>[] = [];
  create((o) => found.push(o)).push(stream);
  return found;
}

const AIR = { pm1: 5, pm25: 12, pm10: 20 };

describe("frames of the PMS5003", () => {
  it("has the manual's commands", () => {
    assert.equal(COMMAND.passive, bytes("42 4d e1 00 00 01 70"));
    assert.equal(COMMAND.active, bytes("42 4d e1 00 01 01 71"));
    assert.equal(COMMAND.read, bytes("42 4d e2 00 00 01 71"));
    assert.equal(COMMAND.sleep, bytes("42 4d e4 00 00 01 73"));
    assert.equal(COMMAND.wake, bytes("42 4d e4 00 01 01 74"));
  });

  it("makes a fault of the sensor's own error byte", () => {
    assert.deepEqual(outcomes(createPms5003Parser, dataFrame(AIR, true, 4)), [{ ok: false, fault: "device" }]);
  });

  it("makes a fault of mass without a single particle", () => {
    const body = dataFrame(AIR).slice(0, 16) + "\0".repeat(12) + "\x97\0";
    assert.deepEqual(outcomes(createPms5003Parser, withSum(body)), [{ ok: false, fault: "device" }]);
  });

  it("makes a fault of the empty frames of a fan that starts", () => {
    assert.deepEqual(outcomes(createPms5003Parser, dataFrame(AIR, false)), [{ ok: false, fault: "device" }]);
  });

  it("skips answers to commands", () => {
    assert.deepEqual(outcomes(createPms5003Parser, withSum("BM\0\x04\xe1\0")), []);
  });
});

describe("frames of other counters", () => {
  it("reads the PMS5003T's frost as below zero", () => {
    const body = dataFrame(AIR).slice(0, 24) + "\xff\x38" + "\x01\xf4" + "\x97\0";
    const [outcome] = outcomes(createPms5003tParser, withSum(body));
    assert.ok(outcome?.ok);
    assert.equal(outcome.value.temperatureC, -20);
    assert.equal(outcome.value.humidityPercent, 50);
  });

  it("reads single-precision numbers as IEEE 754 writes them", () => {
    const view = new DataView(new ArrayBuffer(4));
    for (const value of [0, 1, -1, 0.1, 1e-40, 3.4e38, -123.456, Infinity, -Infinity]) {
      view.setFloat32(0, value);
      assert.equal(float32(String.fromCharCode(...new Uint8Array(view.buffer)), 0), view.getFloat32(0));
    }
    assert.ok(Number.isNaN(float32("\x7f\xc0\0\0", 0)));
  });

  it("makes a fault of the SDS011's nothing, which is how a dead laser reads", () => {
    const nothing = bytes("aa c0 00 00 00 00 58 d9 31 ab");
    assert.deepEqual(outcomes(createSds011Parser, nothing), [{ ok: false, fault: "device" }]);
  });

  it("makes a fault of a PMS5003T's frame without a single particle", () => {
    const body = dataFrame(AIR, false).slice(0, 24) + "\x00\xd4" + "\x01\xf4" + "\x97\0";
    assert.deepEqual(outcomes(createPms5003tParser, withSum(body)), [{ ok: false, fault: "device" }]);
  });

  it("tells the SPS30's refusal from a sample, and gives nothing for an empty answer", () => {
    assert.deepEqual(outcomes(createSps30Parser, bytes("7e 00 00 43 00 bc 7e")), [{ ok: false, fault: "device" }]);
    assert.deepEqual(outcomes(createSps30Parser, bytes("7e 00 03 00 00 fc 7e")), []);
    // The state's top bit: its status register names a fan or a laser.
    assert.deepEqual(outcomes(createSps30Parser, bytes("7e 00 03 80 00 7c 7e")), [{ ok: false, fault: "device" }]);
  });
});

describe("lines of the DGS-NO2", () => {
  const line = "040217020156, 38, 21, 43, 32806, 25312, 29876, 3, 14, 7, 59\r\n";

  it("reads its figure, below zero too", () => {
    assert.deepEqual(outcomes(createDgsParser, line), [{ ok: true, value: { serial: "040217020156", ppb: 38 } }]);
    const [below] = outcomes(createDgsParser, line.replace(" 38", " -12"));
    assert.ok(below?.ok && below.value.ppb === -12);
  });

  it("takes no line of which a number is none, or one is missing", () => {
    const spoilt = [
      line.replace("21", "2x"),
      line.replace(", 43", ""),
      line.replace("43", ""),
      line.replace("38", "-"),
    ];
    for (const wrong of [...spoilt, line.slice(1), line.replace(",", ";")]) {
      const found = outcomes(createDgsParser, wrong);
      assert.ok(found.length > 0 && found.every((o) => !o.ok && o.fault === "checksum"), wrong);
    }
  });
});

describe("lines of the MB7389", () => {
  const values = (stream: string): Outcome<number>[] => outcomes(createMb7389Parser, stream);

  it("names the faults that stand behind its codes", () => {
    assert.deepEqual(values("R0000\r"), [{ ok: false, fault: "electrical" }]);
    assert.deepEqual(values("R0300\r"), [{ ok: false, fault: "obstacle" }]);
    for (const line of ["R5000\r", "R9999\r", "R10000\r"])
      assert.deepEqual(values(line), [{ ok: false, fault: "no-echo" }], line);
  });

  it("reads the numbers beside its codes as numbers", () => {
    for (const mm of [301, 1000, 4999])
      assert.deepEqual(values("R" + String(mm).padStart(4, "0") + "\r"), [{ ok: true, value: mm }]);
  });

  it("finds nothing in the banner, and the reading behind it", () => {
    assert.deepEqual(values(BANNER), []);
    assert.deepEqual(values(BANNER + "R1234\r"), [{ ok: true, value: 1234 }]);
  });

  it("drops the stray FF between lines", () => {
    assert.deepEqual(values("\xffR1234\r\xff\xffR1235\r"), [
      { ok: true, value: 1234 },
      { ok: true, value: 1235 },
    ]);
  });
});

describe("words of the SHT31", () => {
  it("has the datasheet's CRC", () => {
    assert.equal(crc8(0xbe, 0xef), 0x92);
    assert.equal(crc8(0, 0), 0x81);
    assert.equal(crc8(0x66, 0x66), 0x93);
    assert.equal(crc8(0x80, 0), 0xa2);
  });

  it("turns words into degrees and percent", () => {
    const outcome = decodeSht31(Uint8Array.of(0x66, 0x66, 0x93, 0x80, 0x00, 0xa2));
    assert.ok(outcome.ok);
    assert.equal(outcome.value.temperatureC.toFixed(2), "25.00");
    assert.equal(outcome.value.humidityPercent.toFixed(4), "50.0008");
  });

  it("refuses every single flipped bit", () => {
    const good = [0x66, 0x66, 0x93, 0x80, 0x00, 0xa2];
    for (let bit = 0; bit < 48; bit++) {
      const bad = good.slice();
      bad[bit >> 3]! ^= 1 << (bit & 7);
      assert.deepEqual(decodeSht31(Uint8Array.from(bad)), { ok: false, fault: "checksum" }, `bit ${bit}`);
    }
    assert.deepEqual(decodeSht31(Uint8Array.from(good.slice(0, 5))), { ok: false, fault: "checksum" });
  });
});

describe("words of the ADS1115", () => {
  it("makes the config word of the datasheet's example", () => {
    assert.equal(configWord(0, 1, 4), 0xc383);
    assert.equal(configWord(0, 2, 4), 0xc583);
    assert.equal(configWord(1, 2, 4), 0xd583);
  });

  it("gives 62.5 µV a step at ±2.048 V, with its sign", () => {
    assert.equal(millivolts(1, 2), 0.0625);
    assert.equal(millivolts(signed(0xff, 0xff), 2), -0.0625);
    assert.equal(millivolts(4800, 1), 600);
  });

  it("knows both ends of its scale", () => {
    assert.deepEqual([32767, -32768, 32766, -32767].map(isSaturated), [true, true, false, false]);
  });
});

describe("electrodes of a cell", () => {
  it("calls a voltage that the board cannot give electrical", () => {
    for (const mv of [0, 1.5, -10, 2047.9, NaN])
      assert.deepEqual(decodeElectrode(mv), { ok: false, fault: "electrical" }, String(mv));
    assert.deepEqual(decodeElectrode(226.4), { ok: true, value: 226.4 });
  });
});
