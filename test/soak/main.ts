/**
 * Every image of every site type on the real interpreter, tormented. The last line is JSON.
 *
 *   ESPRUINO_BIN=… npm run soak:firmware -- --cycles 1000 --jobs 2 --seed 1
 *   … --images underpass,reservoir:lora                          these site types, or builds of them, alone
 *   … --speed 4                                                  with a clock that runs faster (Debian: libfaketime)
 *
 * A part that listens at its pseudo-terminal keeps a thread of Node's pool for itself: the script in package.json asks for
 * more of them than the usual four, which two posts take.
 *
 * Each image runs on two heaps: that of ESPRUINO_BIN, and that of ESPRUINO_BOARD_BIN, which is a board's own (see
 * firmware/README.md). Without an interpreter there is nothing to run: it says so, and ends with 1.
 */
import { parseArgs } from "node:util";
import { SITE_TYPES } from "../../hardware/sites.js";
import type { Build, SiteType } from "../../hardware/sites.js";
import { interpreterFrom } from "../rig/espruino.js";
import { soakImage, type SoakResult } from "./run.js";

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "1000" },
    jobs: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    images: { type: "string" },
    speed: { type: "string", default: "1" },
  },
});

/** Numbers from 0 to 1 that are the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const HEAPS = ["ESPRUINO_BIN", "ESPRUINO_BOARD_BIN"];

interface Job {
  type: SiteType;
  build: Build;
  bin: string;
  name: string;
  random: () => number;
}

function jobs(): Job[] {
  const wanted = values.images?.split(",");
  const isWanted = (type: SiteType, build: Build): boolean =>
    wanted === undefined || wanted.includes(type.name) || wanted.includes(`${type.name}:${build.uplink}`);
  const found = HEAPS.flatMap((variable) => {
    const bin = interpreterFrom(variable);
    if (bin === null) return [];
    return SITE_TYPES.flatMap((type) =>
      type.builds
        .filter((build) => isWanted(type, build))
        .map((build) => ({ type, build, bin, name: `${type.name}:${build.uplink} on ${variable}` })),
    );
  });
  return found.map((job, i) => ({ ...job, random: seeded(Number(values.seed) * 1000 + i) }));
}

const say = (text: string): void => void process.stderr.write(text + "\n");
const waiting = jobs();
const total = { images: 0, cycles: 0, lost: 0, duplicated: 0, leakedVars: 0 };
let failed = waiting.length === 0;
if (failed) say("ESPRUINO_BIN does not name an Espruino interpreter (see firmware/README.md)");

function add(result: SoakResult): void {
  total.images++;
  total.cycles += result.cycles;
  total.lost += result.lost;
  total.duplicated += result.duplicated;
  total.leakedVars += result.leakedVars;
}

async function worker(): Promise<void> {
  for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
    const { type, build, bin, name, random } = job;
    say(`${name} begins (${waiting.length} wait)`);
    try {
      add(
        await soakImage(type, build, bin, {
          cycles: Number(values.cycles),
          random,
          postSpeed: Number(values.speed),
          say: (text) => say(`${name}: ${text}`),
        }),
      );
    } catch (error) {
      failed = true;
      say(`${name} FAILED: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
console.log(JSON.stringify(total));
process.exit(failed || total.lost + total.duplicated + total.leakedVars > 0 ? 1 : 0);
