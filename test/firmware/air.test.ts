/** What the drivers of air sensors promise beyond what test/firmware/sensors.test.ts asks of every sensor. */
import assert from "node:assert/strict";
import type { Reading } from "../../firmware/wire/pack.js";
import { createCellSim } from "../../firmware/sensors/ads1115/sim.js";
import { kind as bme280 } from "../../firmware/sensors/bme280/driver.js";
import { constantsOf, decodeBme280 } from "../../firmware/sensors/bme280/frame.js";
import { createBme280Sim, EXAMPLE, type Bme280Trouble } from "../../firmware/sensors/bme280/sim.js";
import { kind as dgsNo2 } from "../../firmware/sensors/dgs-no2/driver.js";
import { createDgsSim } from "../../firmware/sensors/dgs-no2/sim.js";
import { kind as mics4514 } from "../../firmware/sensors/mics4514/driver.js";
import { createMics4514Sim } from "../../firmware/sensors/mics4514/sim.js";
import { kind as no2B43f } from "../../firmware/sensors/no2-b43f/driver.js";
import { kind as oxB431 } from "../../firmware/sensors/ox-b431/driver.js";
import { kind as pms3003 } from "../../firmware/sensors/pms3003/driver.js";
import { createPms3003Sim } from "../../firmware/sensors/pms3003/sim.js";
import { kind as sds011 } from "../../firmware/sensors/sds011/driver.js";
import { COMMAND as SDS } from "../../firmware/sensors/sds011/frame.js";
import { createSds011Sim } from "../../firmware/sensors/sds011/sim.js";
import type { Driver, I2c, Options, Port, SensorKind, Uart } from "../../firmware/sensors/sensor.js";
import { i2cBus, inChunks, joinUart, overNoise, type I2cPart, type UartPartMaker } from "../../firmware/sensors/sim.js";
import { kind as sht31 } from "../../firmware/sensors/sht31/driver.js";
import { createSht31Sim } from "../../firmware/sensors/sht31/sim.js";
import { kind as sps30 } from "../../firmware/sensors/sps30/driver.js";
import { commandFrame } from "../../firmware/sensors/sps30/frame.js";
import {
  createSps30I2cSim,
  createSps30Sim,
  type Scene,
  type SimOptions,
  type Sps30Trouble,
} from "../../firmware/sensors/sps30/sim.js";
import { SteppedClock } from "../../hub/clock.js";
import { bytes } from "./captures.js";

type Said = (number | string)[];

const said = (readings: Reading[]): Said => readings.map((r) => (r.ok ? r.value : r.fault));

/** A board with one port, and what it sent. */
interface Desk {
  clock: SteppedClock;
  sent: string[];
  /** A round of as many samples as asked, in the sensor's own time or (`pace` 0) without a pause. */
  round(kind: SensorKind, options?: { samples?: number; turn?: number; pace?: 0 | 1; options?: Options }): Said[];
}

function desk(join: (clock: SteppedClock) => { uart?: Uart; i2c?: I2c }): Desk {
  const clock = new SteppedClock(0);
  const sent: string[] = [];
  const { uart, i2c } = join(clock);
  const spied: Uart | null = uart
    ? { ...uart, write: (text) => (sent.push(Buffer.from(text, "latin1").toString("hex")), uart.write(text)) }
    : null;
  return {
    clock,
    sent,
    round(kind, { samples = 1, turn, pace = 1, options = {} } = {}) {
      const sensor = kind.make({ ...kind.defaults, ...options });
      const port: Port = { uart: spied, i2c: i2c ?? null, pin: null, after: (ms, fn) => clock.after(ms, fn) };
      if (turn !== undefined) port.turn = turn;
      const driver: Driver = sensor.connect(port);
      driver.wake();
      clock.advance(pace * sensor.warmUpMs);
      const all: Said[] = [];
      for (let i = 0; i < samples; i++) {
        const before = all.length;
        driver.sample((readings) => all.push(said(readings)));
        clock.advance(sensor.sampleTimeoutMs);
        assert.equal(all.length, before + 1, "a sample calls back exactly once, in time");
        clock.advance(sensor.sampleEveryMs);
      }
      driver.sleep();
      clock.advance(100);
      return all;
    },
  };
}

const onUart = (make: (clock: SteppedClock) => UartPartMaker): Desk =>
  desk((clock) => {
    const { uart, part } = joinUart(make(clock), clock);
    part.power(true);
    return { uart };
  });

const onI2c = (...make: ((clock: SteppedClock) => I2cPart)[]): Desk =>
  desk((clock) => ({ i2c: i2cBus(make.map((one) => one(clock))) }));

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

describe("the driver of the SDS011", () => {
  const air = (): { pm25: number; pm10: number } => ({ pm25: 18.4, pm10: 31.5 });

  it("has the maker's commands", () => {
    assert.equal(SDS.read, bytes("aa b4 04 00 00 00 00 00 00 00 00 00 00 00 00 ff ff 02 ab"));
    assert.equal(SDS.sleep, bytes("aa b4 06 01 00 00 00 00 00 00 00 00 00 00 00 ff ff 05 ab"));
    assert.equal(SDS.work, bytes("aa b4 06 01 01 00 00 00 00 00 00 00 00 00 00 ff ff 06 ab"));
  });

  it("hears one that sends by itself, and asks one that waits", () => {
    for (const active of [true, false]) {
      const on = onUart(() => createSds011Sim(air, () => "none", active));
      for (let i = 0; i < 2; i++) assert.deepEqual(on.round(sds011, { samples: 3 }), Array(3).fill([18.4, 31.5]));
    }
  });

  it("writes nothing but work, read and sleep: its modes are kept in flash that wears", () => {
    const on = onUart(() => createSds011Sim(air));
    on.round(sds011, { samples: 2 });
    assert.deepEqual(
      on.sent.map((hex) => hex.slice(4, 10)),
      ["060101", "040000", "040000", "060100"],
    );
  });

  it("does not take the nothing of a dead laser for clean air", () => {
    assert.deepEqual(onUart(() => createSds011Sim(air, () => "laser-out")).round(sds011), [["device", "device"]]);
  });
});

describe("the driver of the PMS3003", () => {
  it("hears it without a word", () => {
    const on = onUart(() => createPms3003Sim(() => ({ pm1: 5, pm25: 9, pm10: 12 })));
    assert.deepEqual(on.round(pms3003, { samples: 2 }), Array(2).fill([5, 9, 12, 5, 9, 12]));
    assert.deepEqual(on.sent, []);
  });
});

describe("the driver of the DGS-NO2", () => {
  it("takes both kinds of line, and a figure below zero as it is", () => {
    for (const short of [false, true])
      assert.deepEqual(onUart(() => createDgsSim(() => -17, undefined, short)).round(dgsNo2, { samples: 2 }), [
        [-17],
        [-17],
      ]);
  });

  it("says range for what it says before it has settled", () => {
    assert.deepEqual(
      onUart(() =>
        createDgsSim(
          () => 20,
          () => "unsettled",
        ),
      ).round(dgsNo2),
      [["range"]],
    );
  });
});

describe("the driver of the BME280", () => {
  const run = (trouble: Bme280Trouble, raw = EXAMPLE): Said =>
    onI2c((clock) =>
      createBme280Sim(
        () => raw,
        () => clock.now(),
        () => trouble,
      ),
    ).round(bme280)[0]!;

  it("gives what the datasheet's example gives", () => {
    const [temperature, humidity, pressure] = run("none") as [number, number, number];
    assert.equal(temperature.toFixed(2), "25.08");
    assert.equal(pressure.toFixed(4), "1006.5327");
    // The datasheet's other formula, in integers, gives 54.997 for the same figures.
    assert.ok(Math.abs(humidity - 54.997) < 0.01, String(humidity));
  });

  it("reads frost as below zero and holds humidity within what there is", () => {
    const [temperature] = run("none", { ...EXAMPLE, temperature: 380000 }) as [number];
    assert.ok(temperature < -10 && temperature > -40, String(temperature));
    assert.equal(run("none", { ...EXAMPLE, humidity: 50000 })[1], 100);
    assert.equal(run("none", { ...EXAMPLE, humidity: 1 })[1], 0);
  });

  it("does not call a temperature that it cannot measure a reading", () => {
    assert.equal(run("none", { ...EXAMPLE, temperature: 900000 })[0], "range");
  });

  it("tells its sister, which knows no humidity, from an open bus", () => {
    assert.deepEqual(run("bmp280"), ["device", "device", "device"]);
    for (const byte of [0x00, 0xff]) {
      const open: I2c = { write: () => true, read: (_address, count) => new Uint8Array(count).fill(byte) };
      assert.deepEqual(desk(() => ({ i2c: open })).round(bme280), [["bus", "bus", "bus"]]);
    }
  });

  it("takes the four bits that two constants share apart, with their signs", () => {
    const first = new Uint8Array(26);
    first[25] = 75;
    const { h } = constantsOf(first, Uint8Array.of(0x6a, 0x01, 0, 0xff, 0x21, 0xff, 0xe2));
    assert.deepEqual(h, [75, 362, 0, -15, -14, -30]);
  });

  it("has no answer for constants of nothing, and for an answer of the wrong length", () => {
    const nothing = constantsOf(new Uint8Array(26), new Uint8Array(7));
    assert.deepEqual(decodeBme280(new Uint8Array(8), nothing), { ok: false, fault: "device" });
    assert.deepEqual(decodeBme280(new Uint8Array(7), nothing), { ok: false, fault: "checksum" });
  });
});

describe("the driver of the MiCS-4514", () => {
  it("switches its heaters on, reports the round in which they were off as a fault, and leaves them on", () => {
    const on = onI2c(() => createMics4514Sim(() => ({ ox: 240, red: 610 })));
    assert.deepEqual(on.round(mics4514, { samples: 2 }), Array(2).fill(["device", "device"]));
    assert.deepEqual(on.round(mics4514, { samples: 2 }), Array(2).fill([240, 610]));
  });
});

describe("cells behind one converter", () => {
  const cell = (options: Options, weMv: number, aeMv: number) => (clock: SteppedClock) =>
    createCellSim(
      options,
      () => ({ weMv, aeMv }),
      () => clock.now(),
    );

  it("are told apart by their inputs", () => {
    const on = onI2c(cell(no2B43f.defaults, 255, 235), cell(oxB431.defaults, 262.5, 240));
    assert.deepEqual(on.round(no2B43f), [[255, 235]]);
    assert.deepEqual(on.round(oxB431), [[262.5, 240]]);
  });

  it("or stand behind another by its address", () => {
    const outlet = { ...no2B43f.defaults, address: 0x49 };
    const on = onI2c(cell(no2B43f.defaults, 255, 235), cell(outlet, 230, 234));
    assert.deepEqual(on.round(no2B43f), [[255, 235]]);
    assert.deepEqual(on.round(no2B43f, { options: { address: 0x49 } }), [[230, 234]]);
    assert.deepEqual(on.round(no2B43f, { options: { address: 0x4a } }), [["bus", "bus"]]);
  });

  it("are converted and sampled as often as the site says", () => {
    const few = no2B43f.make({ ...no2B43f.defaults, conversions: 2, samples: 3 });
    const usual = no2B43f.make(no2B43f.defaults);
    assert.equal(few.samples, 3);
    assert.ok(few.sampleTimeoutMs < usual.sampleTimeoutMs);
    const on = onI2c(cell(no2B43f.defaults, 255, 235));
    assert.deepEqual(on.round(no2B43f, { options: { conversions: 2 } }), [[255, 235]]);
  });
});

describe("the driver of the SHT31", () => {
  it("finds a second one by its address", () => {
    const air = (temperatureC: number) => () => ({ temperatureC, humidityPercent: 50 });
    const on = onI2c(
      (clock) => createSht31Sim(air(20), () => clock.now()),
      (clock) =>
        createSht31Sim(
          air(-20),
          () => clock.now(),
          () => "none",
          0x45,
        ),
    );
    assert.ok(Math.abs((on.round(sht31)[0]![0] as number) - 20) < 0.01);
    assert.ok(Math.abs((on.round(sht31, { options: { address: 0x45 } })[0]![0] as number) + 20) < 0.01);
  });
});
