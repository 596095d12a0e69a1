/**
 * Real parts, real faults, and then what was promised held against what is on disk. The last line is JSON.
 *
 *   npm run chaos -- --kills 20 --seed 1      SIGKILL of hub and Node-RED under load
 *   npm run chaos -- --minutes 30 --seed 1    every fault at random: see faults.ts
 */
import { parseArgs } from "node:util";
import { runKills } from "./kills.js";
import { runMinutes } from "./minutes.js";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    minutes: { type: "string" },
    seed: { type: "string", default: "1" },
    boards: { type: "string", default: "120" },
    only: { type: "string" },
  },
});
const common = { seed: Number(values.seed), boards: Number(values.boards) };
const sound =
  values.minutes === undefined
    ? await runKills({ ...common, kills: Number(values.kills) })
    : await runMinutes({ ...common, minutes: Number(values.minutes), only: values.only?.split(",") ?? null });
process.exit(sound ? 0 : 1);
