/** The simulated parts of a site type, from the folders of its sensors: joined to the ports that it gives them. */
import {
  i2cBus,
  type I2cPart,
  type Simulate,
  type SimPin,
  type Simulated,
  type UartPartMaker,
} from "../../firmware/sensors/sim.js";
import type { I2c } from "../../firmware/sensors/sensor.js";
import { boardOf } from "../../hardware/boards.js";
import { optionsOf, portKind } from "../../hardware/ports.js";
import { sensorsOf } from "../../hardware/sites.js";
import type { Build, SensorOnPort, SiteType } from "../../hardware/sites.js";
import type { Clock } from "../../hub/clock.js";

export interface FittedPart extends Simulated {
  fitted: SensorOnPort;
}

export interface Parts {
  all: FittedPart[];
  uarts: Record<string, UartPartMaker>;
  i2cs: Record<string, I2c>;
  pins: Record<string, SimPin>;
  /** What a pack must then say, by property. */
  expect: Record<string, number>;
}

/** Makes the parts anew. */
export async function partsOf(
  type: SiteType,
  clock: Pick<Clock, "steady" | "after">,
  build: Build = type.builds[0],
): Promise<Parts> {
  const time = { nowMs: () => clock.steady(), after: (ms: number, fn: () => void) => clock.after(ms, fn) };
  const all: FittedPart[] = [];
  for (const fitted of sensorsOf(type, build)) {
    const folder = new URL(`../../firmware/sensors/${fitted.sensor}/sim.js`, import.meta.url).href;
    const { simulate } = (await import(folder)) as { simulate: Simulate };
    all.push({ ...simulate(time, optionsOf(type, fitted)), fitted });
  }
  const parts: Parts = { all, uarts: {}, i2cs: {}, pins: {}, expect: {} };
  const onBus = new Map<string, I2cPart[]>();
  const board = boardOf(build.board);
  for (const { fitted, uart, i2c, pin, expect } of all) {
    const { port, suffix = "" } = fitted;
    // Some parts speak by either wire: the port decides.
    const onI2c = board !== undefined && portKind(board, port) === "i2c";
    if (uart !== undefined && !onI2c) parts.uarts[port] = uart;
    if (i2c !== undefined && onI2c) onBus.set(port, [...(onBus.get(port) ?? []), i2c]);
    if (pin !== undefined) parts.pins[port] = pin;
    for (const [name, value] of Object.entries(expect)) parts.expect[name + suffix] = value;
  }
  for (const [port, some] of onBus) parts.i2cs[port] = i2cBus(some);
  return parts;
}
