/**
 * Every driver on the interpreter, against what its simulated part said to it in Node: it must come to the same readings.
 * Needs ESPRUINO_BIN (and takes ESPRUINO_SMALL_BIN, with a small board's memory, if it is there).
 */
import assert from "node:assert/strict";
import { SENSORS } from "../../firmware/sensors/list.js";
import type { Options, SensorKind } from "../../firmware/sensors/sensor.js";
import type { Simulate, Simulated } from "../../firmware/sensors/sim.js";
import { kind as sps30 } from "../../firmware/sensors/sps30/driver.js";
import { createSps30I2cSim, type Scene } from "../../firmware/sensors/sps30/sim.js";
import { buildScript } from "../../hardware/bundle.js";
import { SteppedClock } from "../../hub/clock.js";
import { projectRoot } from "../../hub/root.js";
import { boardFolder, interpreterFrom, startInterpreter } from "../rig/espruino.js";
import { talkEntry, talkOf } from "../rig/talk.js";

/** A long mean is the same as a short one, said more often. */
function short(defaults: Options): Options {
  return defaults.conversions === undefined ? defaults : { ...defaults, conversions: 2, samples: 2 };
}

interface Case {
  name: string;
  kind: SensorKind;
  options: Options;
  part(clock: SteppedClock): Promise<Simulated> | Simulated;
}

/** A sensor by its folder's simulator. */
function caseOf(kind: SensorKind): Case {
  const options = short(kind.defaults);
  return {
    name: kind.name,
    kind,
    options,
    async part(clock) {
      const folder = new URL(`../../firmware/sensors/${kind.name}/sim.js`, import.meta.url).href;
      const { simulate } = (await import(folder)) as { simulate: Simulate };
      return simulate({ nowMs: () => clock.steady(), after: (ms, fn) => clock.after(ms, fn) }, options);
    },
  };
}

const AIR: Scene = { mass: [5.5, 9.5, 12.5, 13.5], number25: 50, sizeUm: 0.75 };

const CASES: Case[] = [
  ...SENSORS.map(caseOf),
  {
    name: "sps30 on I²C, with its fan cleaned",
    kind: sps30,
    options: { cleanEvery: 1 },
    part: (clock) => ({
      i2c: createSps30I2cSim(
        () => AIR,
        () => clock.steady(),
      ),
      expect: {},
      troubles: [],
    }),
  },
];

for (const variable of ["ESPRUINO_BIN", "ESPRUINO_SMALL_BIN"])
  describe(`drivers on the interpreter of ${variable}`, () => {
    for (const { name, kind, options, part } of CASES)
      it(`${name} gives what it gives in Node`, async function () {
        const bin = interpreterFrom(variable);
        if (bin === null) {
          console.log(`      skipped: ${variable} names no interpreter`);
          return this.skip();
        }
        const clock = new SteppedClock(0);
        const { talk, lines } = talkOf(kind, options, await part(clock), clock);
        assert.ok(
          lines.some((line) => /-?\d+$/.test(line)),
          lines.join(),
        );
        const code = await buildScript(kind.name, talkEntry(kind, options, talk), projectRoot(), true);
        const board = boardFolder({ ".bootcde": code });
        const interpreter = startInterpreter(bin, board.folder);
        try {
          await interpreter.printed(/@@done\r?\n/);
          const found = [...interpreter.output().matchAll(/@@(.*?)\r?\n/g)].map((m) => m[1]);
          assert.deepEqual(found, lines);
        } finally {
          await interpreter.kill();
          board.remove();
        }
      });
  });
