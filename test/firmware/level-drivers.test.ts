/** Drivers of level sensors where their options make them others, and what the loop over all sensors cannot ask. */
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
import { createVl53l1xSim, simulate as simulateVl53l1x } from "../../firmware/sensors/vl53l1x/sim.js";
import { i2cBus, type Simulate } from "../../firmware/sensors/sim.js";
import type { Reading } from "../../firmware/wire/pack.js";
import { kind as rain } from "../../firmware/sensors/rain/driver.js";
import { createRainSim } from "../../firmware/sensors/rain/sim.js";
import type { Options, Port, SensorKind } from "../../firmware/sensors/sensor.js";
import { SteppedClock } from "../../hub/clock.js";
import { pinOf } from "../rig/sim-pin.js";

const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

describe("the driver of the VL53L1X", () => {
  /** Samples in a mode, each of its own sight. */
  function samples(mode: number, sights: number[]): (number | string)[] {
    const clock = new SteppedClock(0);
    let mm = 0;
    const part = createVl53l1xSim(
      0x29,
      () => ({ mm }),
      () => clock.steady(),
    );
    const sensor = vl53l1x.make({ ...vl53l1x.defaults, mode });
    const after = (ms: number, fn: () => void) => clock.after(ms, fn);
    const driver = sensor.connect({ uart: null, i2c: i2cBus([part]), pin: null, after });
    driver.wake();
    clock.advance(sensor.warmUpMs);
    return sights.map((next) => {
      let said: number | string = "nothing";
      // Something it has measured already, and nobody has asked for.
      clock.advance(500);
      mm = next;
      driver.sample(([reading]) => (said = reading.ok ? reading.value : reading.fault));
      clock.advance(sensor.sampleTimeoutMs);
      return said;
    });
  }

  it("says what is there now, and not what it has measured before", () => {
    assert.deepEqual(samples(2, [900, 450, 2200]), [900, 450, 2200]);
  });

  it("sets the mode that it was asked for: short does not see far", () => {
    assert.deepEqual(samples(1, [700, 1500]), [700, "no-echo"]);
    assert.deepEqual(samples(2, [700, 1500, 4500]), [700, 1500, "no-echo"]);
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

  it("is read as the tips since the board started, asleep or awake", () => {
    const clock = new SteppedClock(0);
    const { pin, tip } = createRainSim(clock);
    const port = { uart: null, i2c: null, pin: pinOf(pin), after: (ms: number, fn: () => void) => clock.after(ms, fn) };
    const count = (): number => {
      let said = NaN;
      const driver = rain.make({}).connect(port);
      driver.wake();
      driver.sample(([reading]) => (said = reading.ok ? reading.value : NaN));
      driver.sleep();
      return said;
    };
    for (const tips of [0, 1, 2, 3]) {
      assert.equal(count(), tips);
      tip();
      clock.advance(400);
    }
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
