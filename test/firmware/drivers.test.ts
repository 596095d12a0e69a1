/** Drivers against simulated parts: bytes and registers, no stand-ins for the code under test. */
import assert from "node:assert/strict";
import type { Reading } from "../../firmware/wire/pack.js";
import { joinUart, i2cBus, inChunks, overNoise, type UartPartMaker } from "../../firmware/sensors/sim.js";
import type { I2c, SensorKind, Uart } from "../../firmware/sensors/sensor.js";
import { kind as mb7389 } from "../../firmware/sensors/mb7389/driver.js";
import { createMb7389Sim, type Scene } from "../../firmware/sensors/mb7389/sim.js";
import { kind as no2B43f } from "../../firmware/sensors/no2-b43f/driver.js";
import { createNo2B43fSim, type CellTrouble } from "../../firmware/sensors/no2-b43f/sim.js";
import { kind as pms5003 } from "../../firmware/sensors/pms5003/driver.js";
import { createPms5003Sim } from "../../firmware/sensors/pms5003/sim.js";
import { SENSORS } from "../../firmware/sensors/list.js";
import { kind as sht31 } from "../../firmware/sensors/sht31/driver.js";
import { createSht31Sim, type Sht31Trouble } from "../../firmware/sensors/sht31/sim.js";
import { SteppedClock } from "../../hub/clock.js";

/** Numbers from 0 to 1 that are the same on every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Wakes a sensor, waits its warm-up, and takes as many samples as asked. Sees to it that each calls back once, in time. */
function samples(
  clock: SteppedClock,
  kind: SensorKind,
  port: { uart: Uart | null; i2c: I2c | null },
  count: number,
): Reading[][] {
  const sensor = kind.make(kind.defaults);
  const driver = sensor.connect({ ...port, pin: null, after: (ms, fn) => clock.after(ms, fn) });
  driver.wake();
  clock.advance(sensor.warmUpMs);
  const all: Reading[][] = [];
  for (let i = 0; i < count; i++) {
    const found: Reading[][] = [];
    driver.sample((readings) => found.push(readings));
    clock.advance(sensor.sampleTimeoutMs);
    assert.equal(found.length, 1, "a sample calls back exactly once, in time");
    assert.deepEqual(
      found[0]!.map((r) => r.property),
      sensor.properties,
    );
    all.push(found[0]!);
    clock.advance(sensor.sampleEveryMs);
  }
  driver.sleep();
  clock.advance(100);
  return all;
}

const said = (readings: Reading[]): (number | string)[] => readings.map((r) => (r.ok ? r.value : r.fault));

function overUart(sensor: SensorKind, make: UartPartMaker, count: number): (number | string)[][] {
  const clock = new SteppedClock(0);
  const { uart, part } = joinUart(make, clock);
  part.power(true);
  return samples(clock, sensor, { uart, i2c: null }, count).map(said);
}

describe("the driver of the MB7389", () => {
  const run = (scene: Scene): (number | string)[] =>
    overUart(
      mb7389,
      createMb7389Sim(() => scene),
      1,
    )[0]!;

  it("gives the distance, and faults for what is none", () => {
    assert.deepEqual(run(2345), [2345]);
    assert.deepEqual(run("nothing"), ["no-echo"]);
    assert.deepEqual(run("too-near"), ["obstacle"]);
    assert.deepEqual(run("broken"), ["electrical"]);
  });

  it("reads through chunks, a banner and noise, and never makes a number of the banner", () => {
    const random = seeded(7);
    const noisy: UartPartMaker = (emit, time) =>
      createMb7389Sim(() => 2000)(inChunks(overNoise(emit, random, 0.02), random, 5), time);
    const all = overUart(mb7389, noisy, 200).map(([v]) => v);
    const good = all.filter((v) => v === 2000).length;
    assert.ok(good >= 190, `${good} of 200 right`);
  });

  it("says checksum when only damaged lines arrive, and timeout when none do", () => {
    const damaged: UartPartMaker = (emit, time) =>
      createMb7389Sim(() => 2000)((bytes) => emit(bytes.replace("0\r", "x\r")), time);
    assert.deepEqual(overUart(mb7389, damaged, 1), [["checksum"]]);
    assert.deepEqual(
      overUart(mb7389, () => ({ power() {}, receive() {} }), 1),
      [["timeout"]],
    );
  });
});

describe("the driver of the PMS5003", () => {
  const air = (): { pm1: number; pm25: number; pm10: number } => ({ pm1: 21, pm25: 60, pm10: 75 });

  it("puts it into passive mode and asks for every sample", () => {
    const sent: string[] = [];
    const spied: UartPartMaker = (emit, time) => {
      const part = createPms5003Sim(air)(emit, time);
      return {
        power: part.power,
        receive: (bytes) => (sent.push(Buffer.from(bytes, "latin1").toString("hex")), part.receive(bytes)),
      };
    };
    assert.deepEqual(overUart(pms5003, spied, 2), Array(2).fill([21, 60, 75, 21, 40, 50, 9630]));
    assert.deepEqual(
      sent.map((c) => c.slice(4, 10)),
      ["e40001", "e10000", "e20000", "e20000", "e40000"],
    );
  });

  it("wakes a sensor that it had put to sleep", () => {
    const clock = new SteppedClock(0);
    const { uart, part } = joinUart(createPms5003Sim(air), clock);
    part.power(true);
    clock.advance(5000);
    for (let round = 0; round < 2; round++)
      assert.equal(said(samples(clock, pms5003, { uart, i2c: null }, 1)[0]!)[1], 60, `round ${round}`);
  });

  it("keeps the port open until its last command is out, and opens it once for each round", () => {
    const clock = new SteppedClock(0);
    const log: string[] = [];
    const uart: Uart = {
      open: () => log.push(`open ${clock.now()}`),
      write: () => undefined,
      close: () => log.push(`close ${clock.now()}`),
    };
    const driver = pms5003.make({}).connect({ uart, i2c: null, pin: null, after: (ms, fn) => clock.after(ms, fn) });
    driver.wake();
    clock.advance(100);
    driver.sleep();
    clock.advance(100);
    driver.wake();
    driver.sleep();
    driver.wake();
    clock.advance(5000);
    assert.deepEqual(log, ["open 0", "close 120", "open 200", "close 200", "open 200"]);
  });

  it("reads a sensor that stays in active mode", () => {
    const deaf: UartPartMaker = (emit, time) => ({ ...createPms5003Sim(air)(emit, time), receive() {} });
    assert.equal(overUart(pms5003, deaf, 1)[0]![1], 60);
  });

  it("passes on the sensor's own error as a fault of every property", () => {
    assert.deepEqual(
      overUart(
        pms5003,
        createPms5003Sim(air, () => 1),
        1,
      ),
      [Array(7).fill("device")],
    );
  });

  it("reads most samples through noise, and never a wrong one", () => {
    const random = seeded(3);
    const noisy: UartPartMaker = (emit, time) =>
      createPms5003Sim(air)(inChunks(overNoise(emit, random, 0.005), random, 9), time);
    const all = overUart(pms5003, noisy, 100);
    const good = all.filter((v) => v[1] === 60).length;
    assert.ok(good >= 70, `${good} of 100 right`);
    for (const v of all) assert.ok(v[1] === 60 || v[1] === "checksum" || v[1] === "timeout", String(v[1]));
  });

  it("says timeout when the sensor has no supply", () => {
    const clock = new SteppedClock(0);
    const { uart } = joinUart(createPms5003Sim(air), clock);
    assert.deepEqual(said(samples(clock, pms5003, { uart, i2c: null }, 1)[0]!), Array(7).fill("timeout"));
  });
});

describe("the driver of the SHT31", () => {
  const run = (trouble: Sht31Trouble, temperatureC = -12.5): (number | string)[] => {
    const clock = new SteppedClock(0);
    const part = createSht31Sim(
      () => ({ temperatureC, humidityPercent: 71 }),
      () => clock.now(),
      () => trouble,
    );
    return said(samples(clock, sht31, { uart: null, i2c: i2cBus([part]) }, 1)[0]!);
  };

  it("gives temperature and humidity", () => {
    const [temperature, humidity] = run("none") as [number, number];
    assert.ok(Math.abs(temperature + 12.5) < 0.002 && Math.abs(humidity - 71) < 0.001);
  });

  it("names what is wrong", () => {
    assert.deepEqual(run("absent"), ["bus", "bus"]);
    assert.deepEqual(run("never-ready"), ["bus", "bus"]);
    assert.deepEqual(run("bad-crc"), ["checksum", "checksum"]);
  });

  it("does not call a temperature that it cannot measure a reading", () => {
    assert.equal(run("none", 129)[0], "range");
  });
});

describe("the driver of the NO2-B43F", () => {
  const run = (trouble: CellTrouble, no2Ppb = 100): (number | string)[] => {
    const clock = new SteppedClock(0);
    const part = createNo2B43fSim(
      () => no2Ppb,
      () => clock.now(),
      { trouble: () => trouble },
    );
    return said(samples(clock, no2B43f, { uart: null, i2c: i2cBus([part]) }, 1)[0]!);
  };

  it("gives both electrodes in millivolts", () => {
    assert.deepEqual(run("none"), [255, 235]);
  });

  it("does not take an open bus for a voltage", () => {
    for (const byte of [0xff, 0x00, 0x12]) {
      const clock = new SteppedClock(0);
      const open: I2c = { write: () => true, read: (_address, count) => new Uint8Array(count).fill(byte) };
      assert.deepEqual(said(samples(clock, no2B43f, { uart: null, i2c: open }, 1)[0]!), ["bus", "bus"]);
    }
  });

  it("averages the noise of single conversions away", () => {
    const clock = new SteppedClock(0);
    const random = seeded(11);
    const noise = (): number => 20 * (random() - 0.5);
    const part = createNo2B43fSim(
      () => 0,
      () => clock.now(),
      { drift: noise },
    );
    const all = samples(clock, no2B43f, { uart: null, i2c: i2cBus([part]) }, 20).map((r) => said(r)[0] as number);
    const worst = Math.max(...all.map((mv) => Math.abs(mv - 225)));
    assert.ok(worst < 4, `single conversions are up to 10 mV off, the worst mean ${worst.toFixed(2)} mV`);
  });

  it("names what is wrong", () => {
    assert.deepEqual(run("absent"), ["bus", "bus"]);
    assert.deepEqual(run("wire-off"), ["electrical", "electrical"]);
    assert.deepEqual(run("at-rail"), ["electrical", "electrical"]);
  });
});

describe("all sensors", () => {
  it("answer with faults, once and in time, when their port is missing", () => {
    for (const sensor of SENSORS) {
      const [readings] = samples(new SteppedClock(0), sensor, { uart: null, i2c: null }, 1);
      assert.ok(
        readings!.every((r) => !r.ok),
        sensor.name,
      );
    }
  });

  it("have limits for every property, and no name twice", () => {
    for (const { make, defaults } of SENSORS) {
      const { properties, limits } = make(defaults);
      for (const p of properties) assert.ok(limits[p.name], p.name);
    }
    assert.equal(new Set(SENSORS.map((s) => s.name)).size, SENSORS.length);
  });
});
