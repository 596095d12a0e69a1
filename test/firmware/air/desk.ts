/** A board with one port for the tests of air sensors, which are sampled in rounds. */
import assert from "node:assert/strict";
import type { Reading } from "../../../firmware/wire/pack.js";
import type { Driver, I2c, Options, Port, SensorKind, Uart } from "../../../firmware/sensors/sensor.js";
import { i2cBus, joinUart, type I2cPart, type UartPartMaker } from "../../../firmware/sensors/sim.js";
import { SteppedClock } from "../../../hub/clock.js";

export type Said = (number | string)[];

const said = (readings: Reading[]): Said => readings.map((r) => (r.ok ? r.value : r.fault));

/** A board with one port, and what it sent. */
export interface Desk {
  clock: SteppedClock;
  sent: string[];
  /** A round of as many samples as asked, in the sensor's own time or (`pace` 0) without a pause. */
  round(kind: SensorKind, options?: { samples?: number; turn?: number; pace?: 0 | 1; options?: Options }): Said[];
}

export function desk(join: (clock: SteppedClock) => { uart?: Uart; i2c?: I2c }): Desk {
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

export const onUart = (make: (clock: SteppedClock) => UartPartMaker): Desk =>
  desk((clock) => {
    const { uart, part } = joinUart(make(clock), clock);
    part.power(true);
    return { uart };
  });

export const onI2c = (...make: ((clock: SteppedClock) => I2cPart)[]): Desk =>
  desk((clock) => ({ i2c: i2cBus(make.map((one) => one(clock))) }));
