/**
 * One image on the real interpreter for many rounds, while its sensors fail, its link is cut and its power goes, each at
 * random. Held against each other afterwards: what reached the hub, what waits in flash, and what was ever numbered.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { sensorKind } from "../../firmware/sensors/list.js";
import { buildImage } from "../../hardware/image.js";
import { optionsOf } from "../../hardware/ports.js";
import { sensorsOf } from "../../hardware/sites.js";
import type { Build, SiteType } from "../../hardware/sites.js";
import { layBench, type Bench } from "../rig/bench.js";
import type { Interpreter } from "../rig/espruino.js";
import { typeOf } from "../rig/far-hub.js";
import { CALM_ROUNDS, calmFloors, leaked, METER_MS } from "./floors.js";

export interface SoakOptions {
  cycles: number;
  random: () => number;
  /** How much faster than the world the post's clock runs. */
  postSpeed: number;
  say(text: string): void;
}

export interface SoakResult {
  cycles: number;
  /** Numbers missing between the first and the last that was seen of a start; and those that a gap line names. */
  lost: number;
  /** Numbers that came with other bytes than before. */
  duplicated: number;
  /** Variables that a long start had more at its end than ever between two rounds at its beginning. */
  leakedVars: number;
  /** Most variables that were in use at once, and how many there are. */
  mostVars: number;
  heapVars: number;
  kills: number;
  cuts: number;
  troubles: number;
}

/**
 * Parts run so much faster than the post's clock: the interpreter is not waited for. Where the link is a cable, too, no
 * faster than their real UARTs could carry: the interpreter has one queue for what comes in, and whatever talks without
 * a pause would leave no room in it for the hub's answers.
 */
const SPEED = 20;
const SPEED_OF_FANS = 2;
const SPEED_BESIDE_A_CABLE = 12;
const BUS_FAULTS = 0.02;
/**
 * Rounds follow each other as fast as the link can carry them: with more, packs would wait in ever greater numbers, and
 * what is in use would tell of those that are on the air unanswered. A LoRaWAN module takes a message every two seconds.
 */
const PERIOD_S = 1;
const PERIOD_BY_LORA_S = 4;
/** A round has the board for itself: behind one that waits for a sensor to warm up the link needs a moment, too. */
const PAUSE_AFTER_WARM_UP_S = 15;
/**
 * Mishaps come so much more seldom there: at the pace of the others most rounds would be cut off before their end. So do
 * looks at the heap, or collecting garbage would be most of what the interpreter does.
 */
const RARER_AFTER_WARM_UP = 5;
const LOOKS_RARER_AFTER_WARM_UP = 10;

interface Pace {
  /** Seconds between two rounds. */
  periodS: number;
  /** How much faster than the world parts run. */
  speed: number;
  /** How much more seldom mishaps come. */
  rarer: number;
  /** Between two looks at the heap. */
  meterMs: number;
}

function paceOf(type: SiteType, build: Build, postSpeed: number): Pace {
  const warmUps = sensorsOf(type, build).map(
    (fitted) => sensorKind(fitted.sensor)?.make(optionsOf(type, fitted)).warmUpMs ?? 0,
  );
  const warmUpS = warmUps.reduce((sum, ms) => sum + ms, 0) / 1000;
  // Most of such a round is waiting, by the post's own clock, for a fan.
  if (warmUpS > PAUSE_AFTER_WARM_UP_S)
    return {
      ...{ periodS: warmUpS + PAUSE_AFTER_WARM_UP_S, speed: SPEED_OF_FANS * postSpeed },
      ...{ rarer: RARER_AFTER_WARM_UP, meterMs: METER_MS * LOOKS_RARER_AFTER_WARM_UP },
    };
  const periodS = build.uplink === "lora" ? PERIOD_BY_LORA_S : PERIOD_S;
  const speed = build.uplink === "mqtt" ? SPEED * postSpeed : SPEED_BESIDE_A_CABLE;
  return { periodS, speed, rarer: 1, meterMs: METER_MS };
}
/** Of the rounds, so many in a row are without a power cut, though not without faults: a leak has the time to show. */
const LONG_START = 0.6;
const STUCK_MS = 240_000;
/** How often it is said how far a run is, in rounds. */
const SAY_EVERY = 200;

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

/** Runs `cycles` rounds of an image. Throws when the post stands still, or says that it is out of memory. */
export async function soakImage(type: SiteType, build: Build, bin: string, options: SoakOptions): Promise<SoakResult> {
  const { postSpeed } = options;
  const image = await buildImage(type.name, { build });
  const { rarer, ...pace } = paceOf(type, build, postSpeed);
  const bench = await layBench(type, image, bin, {
    ...{ pacePercent: 0, busFaults: BUS_FAULTS, postSpeed },
    ...pace,
  });
  try {
    return await torment(bench, rarer, options);
  } finally {
    await bench.dispose();
  }
}

async function torment(bench: Bench, rarer: number, options: SoakOptions): Promise<SoakResult> {
  const { cycles, random, postSpeed, say } = options;
  const seen: Seen = { bytes: new Map(), doubled: 0 };
  const troubles = bench.parts.all.filter(({ i2c }) => i2c === undefined).flatMap((part) => part.troubles);
  const counts = { kills: 0, cuts: 0, troubles: 0 };
  const pause = (ms: number): Promise<void> => sleep(ms / postSpeed);
  let taken = 0;
  const look = (): number => {
    taken = take(seen, bench.lines, taken);
    return seen.bytes.size;
  };
  let running: Interpreter;
  const healthy = (): void => {
    const found = /OUT OF MEMORY|Uncaught.*/.exec(running.output());
    if (found !== null) throw new Error(`the post says ${found[0]}`);
  };
  /** Until so many packs were seen: faults at random, power cuts among them or not. */
  const trouble = async (until: number, powerCuts: boolean): Promise<void> => {
    for (let progress = Date.now(), last = 0; look() < until;) {
      const size = seen.bytes.size;
      if (Math.floor(size / SAY_EVERY) > Math.floor(last / SAY_EVERY)) say(`${size} of ${cycles}`);
      if (size > last) [progress, last] = [Date.now(), size];
      if (Date.now() - progress > STUCK_MS) {
        await bench.cut();
        const said = running.output().replace(/^.*heap \d+ of.*\r?\n/gm, "");
        throw new Error(
          `no pack for ${STUCK_MS / 1000} s; ${bench.waiting().length} wait in flash; it said: ${said.slice(-1500)}`,
        );
      }
      await pause((1000 + random() * 4000) * rarer);
      healthy();
      const dice = random();
      if (dice < 0.15) {
        counts.cuts++;
        await bench.listen(false);
        await pause(random() * 5000);
        await bench.listen(true);
      } else if (dice < 0.22) {
        if (!powerCuts) continue;
        counts.kills++;
        await bench.cut();
        running = bench.power();
      } else if (dice < 0.6 && troubles.length > 0) {
        counts.troubles++;
        const one = troubles[Math.floor(random() * troubles.length)];
        one.arm(true);
        await pause(random() * 3000);
        one.arm(false);
      }
    }
  };
  /** What is in use while nothing is in the way, once all that waited has gone. */
  const calm = async (): Promise<number[]> => {
    for (const end = Date.now() + STUCK_MS; look(), missing(seen) > 0; await sleep(50))
      if (Date.now() > end)
        throw new Error(`${missing(seen)} packs still wait ${STUCK_MS / 1000} s after the last fault`);
    return calmFloors(running, look, STUCK_MS);
  };

  await bench.listen(true);
  running = bench.power();
  await running.printed("aryk ");
  await trouble(cycles * (1 - LONG_START), true);
  const before = await calm();
  await trouble(cycles - CALM_ROUNDS, false);
  const after = await calm();
  healthy();
  const leakedVars = leaked(before, after);
  if (leakedVars > 0) say(`least in use, before ${before.join(" ")}; after ${after.join(" ")}`);
  const heap = running.heap();
  await bench.cut();
  look();
  take(seen, bench.waiting(), 0);
  const result: SoakResult = {
    cycles: seen.bytes.size,
    lost: missing(seen),
    duplicated: seen.doubled,
    leakedVars,
    mostVars: heap.reduce((most, { usage }) => Math.max(most, usage), 0),
    heapVars: heap[heap.length - 1].total,
    ...counts,
  };
  say(JSON.stringify(result));
  return result;
}
