/**
 * Every driver on the interpreter, against what its simulated part said to it in Node: it must come to the same readings.
 * Needs ESPRUINO_BIN (and takes ESPRUINO_SMALL_BIN, with a small board's memory, if it is there).
 */
import assert from "node:assert/strict";
import { SENSORS } from "../../firmware/sensors/list.js";
import type { Options } from "../../firmware/sensors/sensor.js";
import type { Simulate } from "../../firmware/sensors/sim.js";
import { buildScript } from "../../hardware/bundle.js";
import { projectRoot } from "../../hub/root.js";
import { boardFolder, interpreterFrom, startInterpreter } from "../rig/espruino.js";
import { pinOf } from "../rig/sim-pin.js";
import { talkEntry, talkOf } from "../rig/talk.js";

/** A long mean is the same as a short one, said more often. */
function short(defaults: Options): Options {
  return defaults.conversions === undefined ? defaults : { ...defaults, conversions: 2, samples: 2 };
}

for (const variable of ["ESPRUINO_BIN", "ESPRUINO_SMALL_BIN"])
  describe(`drivers on the interpreter of ${variable}`, () => {
    for (const kind of SENSORS)
      it(`${kind.name} gives what it gives in Node`, async function () {
        const bin = interpreterFrom(variable);
        if (bin === null) {
          console.log(`      skipped: ${variable} names no interpreter`);
          return this.skip();
        }
        const folder = new URL(`../../firmware/sensors/${kind.name}/sim.js`, import.meta.url).href;
        const { simulate } = (await import(folder)) as { simulate: Simulate };
        const options = short(kind.defaults);
        const { talk, lines } = talkOf(kind, options, (clock) => {
          const time = { nowMs: () => clock.steady(), after: (ms: number, fn: () => void) => clock.after(ms, fn) };
          const part = simulate(time, options);
          return { part, pin: part.pin === undefined ? null : pinOf(part.pin) };
        });
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
