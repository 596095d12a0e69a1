/**
 * Feeds the hub's doors with what no good client sends, and counts: nothing may crash, nothing may grow, and every input
 * must end under a name. `npm run fuzz -- --minutes 10 --seed 1` (or --seconds); the last line is JSON, and the exit code is 1 if
 * anything was found. `--target lines --step 17 --seed 1` feeds one step again.
 */
import { parseArgs } from "node:util";
import { runFuzz } from "./run.js";
import { TARGETS } from "./targets.js";
import { startWatchdog } from "./watchdog.js";

/** The heap may differ by this much between a third of the run and its end: caches are bounded, but not all full. */
const MOST_GROWTH_MIB = 32;
/** Longest time one step may take: a reader that needs minutes for one input is as bad as one that crashes. */
const PATIENCE_S = "120";

const { values } = parseArgs({
  options: {
    seconds: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string" },
    target: { type: "string", multiple: true },
    step: { type: "string" },
    patience: { type: "string", default: PATIENCE_S },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
const seconds = Number(values.seconds ?? Number(values.minutes ?? 1) * 60);
const step = values.step === undefined ? {} : { step: Number(values.step) };
const names = values.target ?? TARGETS.map((target) => target.name);
const targets = TARGETS.filter((target) => names.includes(target.name));
if (![seed, seconds].every(Number.isFinite) || targets.length === 0) {
  console.error(
    `--minutes, --seconds and --seed are numbers; --target is one of ${TARGETS.map((target) => target.name).join(", ")}`,
  );
  process.exit(2);
}

const say = (line: string): void => void process.stderr.write(line + "\n");
// Whoever reads may go away: there is nobody left to tell then.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(2));
say(`seed ${seed}`);
const watchdog = startWatchdog(Number(values.patience) * 1000);
const result = await runFuzz({ targets, seconds, seed, ...step, say, feeding: watchdog.feeding });
watchdog.stop();
const sound = result.crashes === 0 && result.unnamed === 0 && result.heapGrowthMiB <= MOST_GROWTH_MIB;
if (result.heapGrowthMiB > MOST_GROWTH_MIB) say(`the heap grew by more than ${MOST_GROWTH_MIB} MiB`);
console.log(JSON.stringify(result));
process.exit(sound ? 0 : 1);
