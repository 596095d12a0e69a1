/**
 * An I²C bus for the real interpreter, which has none on Linux. Its answers are those that the simulated parts gave when
 * every sensor of the bus was read in Node: a table by what was written last and by the last order, a write of three bytes
 * and more (what a converter says depends on which input it was told to convert), in a script for `.boot0` that takes the
 * place of the bus's two calls.
 */
import type { I2c, SensorKind } from "../../firmware/sensors/sensor.js";
import { sensorKind } from "../../firmware/sensors/list.js";
import { optionsOf } from "../../hardware/ports.js";
import type { SiteType } from "../../hardware/sites.js";
import { SteppedClock } from "../../hub/clock.js";
import { partsOf } from "./parts.js";

/** Answers in bytes, by `<address>:<last order>|<last write>/<count>`. */
type Answers = Map<string, number[]>;

const ORDER_BYTES = 3;

/** A bus that notes what it answers. What answers later (a conversion that is ready) stands. */
function recorded(bus: I2c, answers: Answers): I2c {
  const last = new Map<number, [order: string, write: string]>();
  return {
    write(address, bytes) {
      const [order] = last.get(address) ?? ["", ""];
      last.set(address, [bytes.length >= ORDER_BYTES ? bytes.join() : order, bytes.join()]);
      return bus.write(address, bytes);
    },
    read(address, count) {
      const found = bus.read(address, count);
      const [order, write] = last.get(address) ?? ["", ""];
      if (found !== null) answers.set(`${address}:${order}|${write}/${count}`, Array.from(found));
      return found;
    },
  };
}

/** Reads a sensor as a round of measuring does: every sample of it. */
function readOnce(kind: SensorKind, options: Record<string, number>, i2c: I2c, clock: SteppedClock): void {
  const sensor = kind.make(options);
  const driver = sensor.connect({ uart: null, i2c, pin: null, after: (ms, fn) => clock.after(ms, fn) });
  driver.wake();
  clock.advance(sensor.warmUpMs);
  for (let i = 0; i < sensor.samples; i++) {
    driver.sample(() => undefined);
    clock.advance(sensor.sampleTimeoutMs + sensor.sampleEveryMs);
  }
  driver.sleep();
  clock.advance(1000);
}

/**
 * The script of a site type's buses; empty where it has none. `device` names the interpreter's object of each port;
 * `faults` is the share of readings that nobody answers.
 */
export async function i2cScript(type: SiteType, device: (port: string) => string, faults = 0): Promise<string> {
  const clock = new SteppedClock(0);
  const parts = await partsOf(type, clock);
  const scripts: string[] = [];
  for (const [port, bus] of Object.entries(parts.i2cs)) {
    const answers: Answers = new Map();
    const i2c = recorded(bus, answers);
    for (const { fitted } of parts.all.filter((part) => part.fitted.port === port)) {
      const kind = sensorKind(fitted.sensor);
      // Twice: in the second round its first question follows what put it to sleep.
      for (let i = 0; i < 2 && kind !== undefined; i++) readOnce(kind, optionsOf(type, fitted), i2c, clock);
    }
    scripts.push(script(device(port), answers, faults));
  }
  return scripts.join("\n");
}

function script(device: string, answers: Answers, faults: number): string {
  return [
    `(function(){`,
    `var T=${JSON.stringify(Object.fromEntries(answers))},p={},w={};`,
    `${device}.setup=function(){};`,
    `${device}.writeTo=function(a,b){w[a]=b.join();if(b.length>=${ORDER_BYTES})p[a]=w[a];};`,
    `${device}.readFrom=function(a,n){var r=T[a+":"+(p[a]||"")+"|"+(w[a]||"")+"/"+n];`,
    `if(!r||Math.random()<${faults})throw new Error("nobody");return new Uint8Array(r);};`,
    `})();`,
  ].join("\n");
}
