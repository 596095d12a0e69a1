/**
 * Every sensor of the list, whatever it is: its folder is whole, its driver reads its own simulated part as a round of
 * measuring does, and each thing that can go wrong with it has its name.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sampleAll, type Fitted } from "../../firmware/node/sampler.js";
import type { Figure, SensorFacts } from "../../firmware/sensors/facts-of.js";
import { SENSORS } from "../../firmware/sensors/list.js";
import type { Port, SensorKind } from "../../firmware/sensors/sensor.js";
import { i2cBus, joinUart, type Simulate, type Simulated } from "../../firmware/sensors/sim.js";
import { FAULTS, type Reading } from "../../firmware/wire/pack.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { buildScript } from "../../hardware/bundle.js";
import { SteppedClock } from "../../hub/clock.js";
import { LIMITS } from "../../hub/quality/limits.js";
import { projectRoot } from "../../hub/root.js";
import { pinOf } from "../rig/sim-pin.js";

const FOLDERS = join(projectRoot(), "firmware/sensors");

async function load<T>(kind: SensorKind, file: string): Promise<T> {
  return (await import(new URL(`../../firmware/sensors/${kind.name}/${file}`, import.meta.url).href)) as T;
}

type Wires = { [wire in "uart" | "i2c" | "pin"]: Simulated[wire] | undefined };

function portOf(part: Wires, clock: SteppedClock): Port {
  let uart: Port["uart"] = null;
  if (part.uart !== undefined) {
    const joined = joinUart(part.uart, clock);
    joined.part.power(true);
    uart = joined.uart;
  }
  return {
    uart,
    i2c: part.i2c === undefined ? null : i2cBus([part.i2c]),
    pin: part.pin === undefined ? null : pinOf(part.pin),
    after: (ms, fn) => clock.after(ms, fn),
  };
}

/** One round of measuring, as the node has it. Sees to it that it ends. */
function round(kind: SensorKind, port: Port, clock: SteppedClock): Reading[] {
  const fitted: Fitted = { maker: () => kind.make, options: kind.defaults, port: "p" };
  const readings: Reading[] = [];
  let ended = false;
  sampleAll(
    { fitted: [fitted], portOf: () => port, power: () => undefined, pacePercent: 100, after: port.after },
    (some) => readings.push(...some),
    () => (ended = true),
  );
  const sensor = kind.make(kind.defaults);
  const longestMs = sensor.warmUpMs + sensor.samples * (sensor.sampleTimeoutMs + sensor.sampleEveryMs + 1000) + 1000;
  clock.advance(longestMs);
  assert.ok(ended, "the round ends");
  return readings;
}

/** A round says what the part was made to say. */
function healthy(kind: SensorKind, part: Simulated, port: Port, clock: SteppedClock): void {
  const readings = round(kind, port, clock);
  for (const [name, expected] of Object.entries(part.expect)) {
    const reading = readings.find((one) => one.property.name === name);
    assert.ok(reading?.ok, `${name} is ${JSON.stringify(reading)}`);
    const step = 10 ** -reading.property.decimals;
    assert.ok(Math.abs(reading.value - expected) <= step, `${name} is ${reading.value}`);
  }
}

function figuresOf(facts: SensorFacts): Figure[] {
  const { sleep, warmUp, sample, peak } = facts.phases;
  const { years, runHours } = facts.life;
  return [sleep, warmUp, sample, peak, years, runHours].filter((figure) => figure !== undefined);
}

describe("every sensor", () => {
  it("has a name, its folder's, of its own", () => {
    assert.equal(new Set(SENSORS.map((kind) => kind.name)).size, SENSORS.length);
    for (const { name } of SENSORS) assert.ok(existsSync(join(FOLDERS, name, "driver.ts")), name);
  });

  for (const kind of SENSORS)
    describe(kind.name, () => {
      it("is explained: a README, and facts that say where each figure stands", async () => {
        assert.match(readFileSync(join(FOLDERS, kind.name, "README.md"), "utf8"), /\bSources?\b[^.]*:/);
        const { FACTS: facts } = await load<{ FACTS: SensorFacts }>(kind, "facts.js");
        for (const figure of figuresOf(facts)) {
          assert.ok(Number.isFinite(figure.value) && figure.value >= 0, `figure ${figure.value}`);
          const { document, page } = figure.source;
          assert.ok(document.length > 5 && page !== "" && !page.includes("?"), `${document}, ${page}`);
        }
        assert.match(facts.label.en, /^[A-Za-z]/);
        assert.match(facts.label.ru, /[а-яё]/i);
        assert.match(facts.label.kk, /[а-яәғқңөұүһі]/i);
        assert.ok(facts.pins.length > 0 && facts.life.note !== "" && facts.range !== "");
        assert.ok(facts.supplyV[0] <= facts.supplyV[1] && facts.temperatureC[0] < facts.temperatureC[1]);
        for (const line of facts.faults) assert.ok(FAULTS.includes(line.fault), line.fault);
      });

      it("gives properties that exist, within limits that the hub knows too", () => {
        const sensor = kind.make(kind.defaults);
        assert.ok(kind.ports.length > 0 && sensor.samples > 0);
        const given = sensor.spread === null ? sensor.properties : [...sensor.properties, sensor.spread.as];
        for (const property of given) {
          assert.ok(PROPERTIES.includes(property) && property.from === "node", property.name);
          assert.ok(LIMITS[property.name], `hub/quality/limits.ts: ${property.name}`);
        }
        if (kind.ports.includes("i2c")) assert.ok((kind.defaults.address ?? kind.address ?? 0) > 0, "an address");
        for (const property of sensor.properties) assert.ok(sensor.limits[property.name], property.name);
      });

      it("reads its own part by each of its wires, and has a name for all that goes wrong with it", async () => {
        const { simulate } = await load<{ simulate: Simulate }>(kind, "sim.js");
        const { FACTS: facts } = await load<{ FACTS: SensorFacts }>(kind, "facts.js");
        const card = facts.faults.map((line) => line.fault);
        let wires = 0;
        for (const wire of ["uart", "i2c", "pin"] as const) {
          const clock = new SteppedClock(0);
          const time = { nowMs: () => clock.steady(), after: (ms: number, fn: () => void) => clock.after(ms, fn) };
          const part = simulate(time, kind.defaults);
          if (part[wire] === undefined) continue;
          wires += 1;
          if (wire === "i2c") assert.equal(part.i2c?.address, kind.defaults.address ?? kind.address);
          const port = portOf({ uart: undefined, i2c: undefined, pin: undefined, [wire]: part[wire] }, clock);
          healthy(kind, part, port, clock);
          for (const trouble of part.troubles) {
            trouble.arm(true);
            const readings = round(kind, port, clock);
            const faults = readings.flatMap((one) => (one.ok ? [] : [one.fault]));
            assert.ok(faults.length > 0, `${trouble.name}: no fault, but ${JSON.stringify(readings)}`);
            for (const fault of faults) assert.equal(fault, trouble.fault, `${trouble.name} by ${wire}`);
            assert.ok(card.includes(trouble.fault), `${trouble.fault} is missing on the failure card`);
            trouble.arm(false);
          }
          if (part.troubles.length > 0) healthy(kind, part, port, clock);
        }
        assert.ok(wires > 0, "a part that is joined by something");
      });

      it("says faults, once and in time, when there is nothing at its port", () => {
        const clock = new SteppedClock(0);
        const nothing: Port = { uart: null, i2c: null, pin: null, after: (ms, fn) => clock.after(ms, fn) };
        const readings = round(kind, nothing, clock);
        assert.ok(readings.length > 0 && readings.every((one) => !one.ok), JSON.stringify(readings));
      });
    });

  it("leaves what is only known of it out of the images", async () => {
    const imports = SENSORS.map(
      ({ name }, i) => `import { make as m${i} } from "./firmware/sensors/${name}/driver.js";`,
    );
    const entry = [...imports, `print([${SENSORS.map((_, i) => `m${i}`).join(", ")}]);`].join("\n");
    const code = await buildScript("sensors", entry, projectRoot(), false);
    for (const word of ["costClass", "looksLike", "temperatureC: ["]) assert.ok(!code.includes(word), word);
  });
});
