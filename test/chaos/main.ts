/**
 * Real parts, real faults, and then what was promised held against what is on disk. The last line is JSON.
 *
 *   npm run chaos -- --kills 20 --seed 1      SIGKILL of hub and Node-RED under load
 *   npm run chaos -- --minutes 30 --seed 1    every fault at random: see faults.ts
 *   npm run chaos -- --storm 5400             every board comes back within seconds after a kill
 *   npm run chaos -- --outage 3               the database is away for hours of the city, and comes back
 */
import { parseArgs } from "node:util";
import { runKills } from "./kills.js";
import { runMinutes } from "./minutes.js";
import { runOutage } from "./outage.js";
import { runStorm } from "./storm.js";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    minutes: { type: "string" },
    storm: { type: "string" },
    outage: { type: "string" },
    seed: { type: "string", default: "1" },
    boards: { type: "string" },
    only: { type: "string" },
  },
});
const common = { seed: Number(values.seed), boards: Number(values.boards ?? 120) };

async function run(): Promise<boolean> {
  const { kills, minutes, storm, outage, only } = values;
  if (storm !== undefined) return runStorm({ seed: common.seed, boards: Number(storm) });
  if (outage !== undefined) {
    const city = { boards: Number(values.boards ?? 1800), flows: true, batchLines: 5000 };
    const result = await runOutage({ hours: Number(outage), ...city });
    console.log(JSON.stringify(result));
    return result.faults.length === 0;
  }
  if (minutes === undefined) return runKills({ ...common, kills: Number(kills) });
  return runMinutes({ ...common, minutes: Number(minutes), only: only?.split(",") ?? null });
}

process.exit((await run()) ? 0 : 1);
