/** Level, weight, tilt and place: figures of datasheets and standards, and what must be a fault rather than a number. */
import assert from "node:assert/strict";
import { kind as contact } from "../../firmware/sensors/contact/driver.js";
import { simulate as simulateContact } from "../../firmware/sensors/contact/sim.js";
import { kind as float } from "../../firmware/sensors/float/driver.js";
import { simulate as simulateFloat } from "../../firmware/sensors/float/sim.js";
import { kind as hx711 } from "../../firmware/sensors/hx711/driver.js";
import { simulate as simulateHx711 } from "../../firmware/sensors/hx711/sim.js";
import { kind as pressure } from "../../firmware/sensors/pressure/driver.js";
import { simulate as simulatePressure } from "../../firmware/sensors/pressure/sim.js";
import { kind as tilt } from "../../firmware/sensors/tilt/driver.js";
import { simulate as simulateTilt } from "../../firmware/sensors/tilt/sim.js";
import { kind as vl53l1x } from "../../firmware/sensors/vl53l1x/driver.js";
import { simulate as simulateVl53l1x } from "../../firmware/sensors/vl53l1x/sim.js";
import { i2cBus, type Simulate } from "../../firmware/sensors/sim.js";
import type { Reading } from "../../firmware/wire/pack.js";
import { decodeHx711, pulsesFor } from "../../firmware/sensors/hx711/frame.js";
import { degrees, createNmeaParser, type Place } from "../../firmware/sensors/gnss/frame.js";
import { gga, sentence } from "../../firmware/sensors/gnss/sim.js";
import { createMb7386Parser } from "../../firmware/sensors/mb7386/frame.js";
import { createA02yyuwParser } from "../../firmware/sensors/a02yyuw/frame.js";
import { decodeLoop, headMm } from "../../firmware/sensors/pressure/frame.js";
import { createRainSim } from "../../firmware/sensors/rain/sim.js";
import type { Framer } from "../../firmware/sensors/framer.js";
import type { Options, Outcome, Port, SensorKind } from "../../firmware/sensors/sensor.js";
import { decodeSupervised } from "../../firmware/sensors/switch.js";
import { decodeLis3dh, tiltDeg } from "../../firmware/sensors/tilt/frame.js";
import { BLOCK, faultOf } from "../../firmware/sensors/vl53l1x/frame.js";
import { SteppedClock } from "../../hub/clock.js";
import { pinOf } from "../rig/sim-pin.js";
import { bytes } from "./captures.js";
import { parserContract } from "./parser-contract.js";

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

describe("sentences of NMEA", () => {
  const HERE: Place = { latitudeDeg: 43.25206, longitudeDeg: 76.90535, hdop: 0.9 };

  it("reads degrees and minutes that stand without a mark between them", () => {
    near(degrees("4315.12345", 1), 43 + 15.12345 / 60, 1e-9);
    near(degrees("07654.321", -1), -(76 + 54.321 / 60), 1e-9);
    near(degrees("00000.00001", 1), 1 / 6e6, 1e-12);
    for (const bad of ["", "43", "4x15.1", "4315.1.2", "4315.1x", "4360.0"])
      assert.ok(Number.isNaN(degrees(bad, 1)), bad);
  });

  it("reads a sentence of a real receiver's form, from any system", () => {
    // The standard's own example, from GPS alone.
    const found = outcomes(
      createNmeaParser,
      "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n" + gga(HERE),
    ) as Place[];
    near(found[0].latitudeDeg, 48.1173, 1e-6);
    near(found[0].longitudeDeg, 11.516667, 1e-6);
    assert.equal(found[0].hdop, 0.9);
    near(found[1].latitudeDeg, HERE.latitudeDeg, 1e-7);
    near(found[1].longitudeDeg, HERE.longitudeDeg, 1e-7);
  });

  it("knows the south and the west", () => {
    const [found] = outcomes(createNmeaParser, gga({ latitudeDeg: -33.5, longitudeDeg: -70.25, hdop: 2 })) as Place[];
    assert.deepEqual(found, { latitudeDeg: -33.5, longitudeDeg: -70.25, hdop: 2 });
  });

  it("has no place without a fix, by hand, simulated, or with figures missing", () => {
    const of = (fix: string, latitude = "4315.12345,N") =>
      outcomes(createNmeaParser, sentence(`GNGGA,061530.00,${latitude},07654.32100,E,${fix},09,0.90,845.3,M,,M,,`));
    for (const fix of ["0", "", "6", "7", "8"]) assert.deepEqual(of(fix), ["no-fix"], fix);
    for (const fix of ["1", "2", "4", "5"]) assert.equal(typeof of(fix)[0], "object", fix);
    assert.deepEqual(of("1", ","), ["no-fix"]);
    assert.deepEqual(of("1", "4315.12345,E"), ["no-fix"]);
    assert.deepEqual(outcomes(createNmeaParser, gga(null)), ["no-fix"]);
  });

  it("skips other sentences, and says so when one is damaged", () => {
    const rmc = sentence("GNRMC,061530.00,A,4315.12345,N,07654.32100,E,0.04,,231126,,,A");
    assert.deepEqual(outcomes(createNmeaParser, rmc), []);
    assert.deepEqual(outcomes(createNmeaParser, rmc.replace("A,43", "A,44")), ["checksum"]);
  });
});

describe("the rain gauge", () => {
  it("closes once for each tip", () => {
    const clock = new SteppedClock(0);
    const { pin, tip } = createRainSim(clock);
    const levels: boolean[] = [];
    pin.onChange?.(() => levels.push(pin.level?.() ?? true));
    for (let i = 0; i < 3; i++) {
      tip();
      clock.advance(400);
    }
    assert.deepEqual(levels, [false, true, false, true, false, true]);
  });
});

/** Options with which a sensor is another one, beside its defaults. */
const VARIANTS: [kind: SensorKind, simulate: Simulate, options: Options][] = [
  [float, simulateFloat, { supervised: 1 }],
  [float, simulateFloat, { whenClosed: 0 }],
  [contact, simulateContact, { supervised: 1 }],
  [vl53l1x, simulateVl53l1x, { mode: 1 }],
  [tilt, simulateTilt, { axis: -1, address: 0x18 }],
  [hx711, simulateHx711, { gain: 64 }],
  [hx711, simulateHx711, { gain: 32 }],
  [pressure, simulatePressure, { fullMm: 10_000, ohms: 120, channel: 3, address: 0x4a }],
];

describe("options of the level sensors", () => {
  for (const [kind, simulate, some] of VARIANTS)
    it(`reads ${kind.name} with ${JSON.stringify(some)}, and names what goes wrong with it`, () => {
      const clock = new SteppedClock(0);
      const options = { ...kind.defaults, ...some };
      const time = { nowMs: () => clock.steady(), after: (ms: number, fn: () => void) => clock.after(ms, fn) };
      const { i2c, pin, expect, troubles } = simulate(time, options);
      const port: Port = {
        uart: null,
        i2c: i2c === undefined ? null : i2cBus([i2c]),
        pin: pin === undefined ? null : pinOf(pin),
        after: time.after,
      };
      const sample = (): Record<string, number | string> => {
        const sensor = kind.make(options);
        const driver = sensor.connect(port);
        const found: Reading[] = [];
        driver.wake();
        clock.advance(sensor.warmUpMs);
        driver.sample((readings) => found.push(...readings));
        clock.advance(sensor.sampleTimeoutMs);
        driver.sleep();
        clock.advance(200);
        return Object.fromEntries(found.map((r) => [r.property.name, r.ok ? r.value : r.fault]));
      };
      const sound = (): void => {
        for (const [name, value] of Object.entries(sample())) near(value as number, expect[name], 0.1);
      };
      sound();
      for (const { name, fault, arm } of troubles) {
        arm(true);
        assert.ok(Object.values(sample()).includes(fault), name);
        arm(false);
        sound();
      }
    });
});

parserContract("the MB7386", {
  create: createMb7386Parser,
  frames: ["R5000\r", "R0777\r", "R9998\r"],
  startInside: "RR0620\r",
  maxBytes: 7,
  noise: "RoHS\rR12\xffRR",
  checked: false,
});

parserContract("the A02YYUW", {
  create: createA02yyuwParser,
  frames: [bytes("ff 07 a1 a7"), bytes("ff 03 e8 ea")],
  startInside: bytes("ff 03 ff 01"),
  maxBytes: 4,
  noise: "\xff\xff\x07\xff",
  checked: true,
});

parserContract("the GNSS receiver", {
  create: createNmeaParser,
  frames: [
    gga({ latitudeDeg: 43.25206, longitudeDeg: 76.90535, hdop: 0.9 }),
    gga({ latitudeDeg: 43.3, longitudeDeg: 76.85, hdop: 12.5 }),
  ],
  // The start byte cannot stand inside a sentence; the nearest thing is one that was sent twice.
  startInside: "$" + gga({ latitudeDeg: 43.1, longitudeDeg: 77, hdop: 1 }),
  maxBytes: 100,
  noise: "$GNGGA,\r\n$$G*00\r\n",
  checked: true,
});
