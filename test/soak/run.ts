/**
 * One image on the real interpreter for many rounds, while its sensors fail, its link is cut and its power goes, each at
 * random. Held against each other afterwards: what reached the hub, what waits in flash, and what was ever numbered.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { buildImage } from "../../hardware/image.js";
import type { Build, SiteType } from "../../hardware/sites.js";
import { layBench, type Bench } from "../rig/bench.js";
import type { Interpreter } from "../rig/espruino.js";
import { typeOf } from "../rig/far-hub.js";

export interface SoakOptions {
  cycles: number;
  random: () => number;
  say(text: string): void;
}

export interface SoakResult {
  cycles: number;
  /** Numbers missing between the first and the last that was seen of a start; and those that a gap line names. */
  lost: number;
  /** Numbers that came with other bytes than before. */
  duplicated: number;
  /** Variables that a stretch without trouble had more at its end than at its beginning, beyond what numbers take. */
  leakedVars: number;
  kills: number;
  cuts: number;
  troubles: number;
}

/** Parts run so much faster than the world: the interpreter is not waited for. */
const SPEED = 8;
const BUS_FAULTS = 0.02;
/** Rounds of the stretch without trouble at the end: the first third of them is for what a start brings with it. */
const CALM_ROUNDS = 60;
/** Numbers take more room as they grow, once: over 100 rounds the least swings by four. */
const SWING_VARS = 6;
const STUCK_MS = 240_000;

interface Seen {
  bytes: Map<string, string>;
  doubled: number;
}

/** `<epoch>.<boot>.<seq>` of a line. */
const keyOf = (line: string): string => line.split(" ")[3];

function take(seen: Seen, lines: string[], from: number): number {
  for (const line of lines.slice(from)) {
    if (typeOf(line) !== "pack" && typeOf(line) !== "gap") continue;
    const before = seen.bytes.get(keyOf(line));
    if (before !== undefined && before !== line) seen.doubled++;
    seen.bytes.set(keyOf(line), line);
  }
  return lines.length;
}

/** Numbers that are missing below the highest of each start, and those that were dropped by name. */
function missing(seen: Seen): number {
  const starts = new Map<string, number[]>();
  let dropped = 0;
  for (const [key, line] of seen.bytes) {
    const dot = key.lastIndexOf(".");
    const start = key.slice(0, dot);
    starts.set(start, [...(starts.get(start) ?? []), Number(key.slice(dot + 1))]);
    if (typeOf(line) !== "gap") continue;
    const { dropped: ranges } = JSON.parse(line.split(" ")[6]) as { dropped: [string, number, number][] };
    for (const [, first, last] of ranges) dropped += last - first + 1;
  }
  let lost = dropped;
  for (const numbers of starts.values()) lost += Math.max(...numbers) - numbers.length;
  return lost;
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + STUCK_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await sleep(100);
  }
}

/** A stretch without trouble: how many variables more it has at its end. */
async function calm(running: Interpreter, packs: () => number, say: (text: string) => void): Promise<number> {
  const least: number[] = [];
  for (let i = 0; i < CALM_ROUNDS; i++) {
    const [round, from] = [packs(), running.heap().length];
    await until("the next pack", () => packs() > round && running.heap().length > from);
    least.push(
      Math.min(
        ...running
          .heap()
          .slice(from)
          .map((h) => h.usage),
      ),
    );
  }
  const third = Math.floor(CALM_ROUNDS / 3);
  const before = Math.min(...least.slice(third, 2 * third));
  const leaked = Math.max(0, Math.min(...least.slice(-third)) - before - SWING_VARS);
  if (leaked > 0) say(`variables between rounds: ${least.join(" ")}`);
  return leaked;
}

/** Runs `cycles` rounds of an image. Throws when the post stands still, or says that it is out of memory. */
export async function soakImage(type: SiteType, build: Build, bin: string, options: SoakOptions): Promise<SoakResult> {
  const { cycles, random, say } = options;
  const image = await buildImage(type.name, { build });
  const bench = await layBench(type, image, bin, { periodS: 1, pacePercent: 0, speed: SPEED, busFaults: BUS_FAULTS });
  try {
    return await torment(bench, `${type.name} ${build.uplink}`, { cycles, random, say });
  } finally {
    await bench.dispose();
  }
}

async function torment(bench: Bench, name: string, { cycles, random, say }: SoakOptions): Promise<SoakResult> {
  const seen: Seen = { bytes: new Map(), doubled: 0 };
  const troubles = bench.parts.all.filter(({ i2c }) => i2c === undefined).flatMap((part) => part.troubles);
  const counts = { kills: 0, cuts: 0, troubles: 0 };
  let taken = 0;
  const look = (): number => {
    taken = take(seen, bench.lines, taken);
    return seen.bytes.size;
  };
  const healthy = (running: Interpreter): void => {
    const found = /OUT OF MEMORY|Uncaught.*/.exec(running.output());
    if (found !== null) throw new Error(`${name}: the post says ${found[0]}`);
  };
  await bench.listen(true);
  let running = bench.power();
  await running.printed("aryk ");
  for (let progress = Date.now(), last = 0; look() < cycles;) {
    if (seen.bytes.size > last) [progress, last] = [Date.now(), seen.bytes.size];
    if (Date.now() - progress > STUCK_MS) throw new Error(`${name}: no pack for ${STUCK_MS / 1000} s`);
    await sleep(1000 + random() * 4000);
    healthy(running);
    const dice = random();
    if (dice < 0.15) {
      counts.cuts++;
      await bench.listen(false);
      await sleep(random() * 5000);
      await bench.listen(true);
    } else if (dice < 0.22) {
      counts.kills++;
      await bench.cut();
      running = bench.power();
    } else if (dice < 0.6 && troubles.length > 0) {
      counts.troubles++;
      const trouble = troubles[Math.floor(random() * troubles.length)];
      trouble.arm(true);
      await sleep(random() * 3000);
      trouble.arm(false);
    }
  }
  const leakedVars = await calm(running, look, say);
  healthy(running);
  await bench.cut();
  look();
  take(seen, bench.waiting(), 0);
  const result = { cycles: seen.bytes.size, lost: missing(seen), duplicated: seen.doubled, leakedVars, ...counts };
  say(`${name}: ${JSON.stringify(result)}`);
  return result;
}
