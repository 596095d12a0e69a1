/** Feeds every target for its share of a time, and counts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { hash, Random } from "./random.js";
import type { Report, Running, Target } from "./target.js";

export interface FuzzOptions {
  targets: Target[];
  seconds: number;
  seed: number;
  /** Feed only this step of each target: to have a finding again. */
  step?: number;
  say(line: string): void;
  /** Told before each input, for a watchdog. */
  feeding?(target: string, input: string | Uint8Array): void;
}

export interface FuzzResult {
  seconds: number;
  seed: number;
  inputs: Record<string, number>;
  /** Inputs that did what good ones do. */
  fine: Record<string, number>;
  faults: Record<string, number>;
  crashes: number;
  unnamed: number;
  heapGrowthMiB: number;
}

/** Share of the time after which the heap is looked at for the first time: caches are warm then. */
const WARM = 0.3;
const MIB = 1 << 20;
const SHOWN = 4000;

/** Bytes held on the heap and by buffers, after everything unreachable is gone. */
function held(): number {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function shown(input: string | Uint8Array): string {
  if (typeof input !== "string") return `base64 ${Buffer.from(input).toString("base64").slice(0, SHOWN)}`;
  return /^[\x20-\x7e]*$/.test(input)
    ? `text ${input.slice(0, SHOWN)}`
    : `utf-8 in base64 ${Buffer.from(input).toString("base64").slice(0, SHOWN)}`;
}

interface Tally {
  inputs: number;
  fine: number;
  faults: Map<string, number>;
  steps: number;
  /** Time had, in ms, over the share. */
  spent: number;
  slowestMs: number;
}

/** Runs all targets. Findings are said as they come, with the input that made them. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { targets, seconds, seed, say } = options;
  const dir = mkdtempSync(join(tmpdir(), "aryk-fuzz-"));
  let crashes = 0;
  let unnamed = 0;
  let now = "start";
  const last: (string | Uint8Array)[] = [];

  const crash = (what: string, input?: string | Uint8Array): void => {
    crashes++;
    say(`CRASH ${now}: ${what}`);
    for (const one of input === undefined ? last.slice(-5) : [input]) say(`  input: ${shown(one)}`);
  };
  const uncaught = (error: unknown): void => crash(`uncaught: ${text(error)}`);
  process.on("uncaughtException", uncaught);
  process.on("unhandledRejection", uncaught);

  const tallies = targets.map((): Tally => ({
    inputs: 0,
    fine: 0,
    faults: new Map(),
    steps: 0,
    spent: 0,
    slowestMs: 0,
  }));
  const reportOf = (name: string, tally: Tally): Report => ({
    feed(input) {
      tally.inputs++;
      last.push(input);
      if (last.length > 64) last.shift();
      options.feeding?.(name, input);
    },
    fine: () => void tally.fine++,
    fault: (fault) => void tally.faults.set(fault, (tally.faults.get(fault) ?? 0) + 1),
    unnamed(what, input) {
      unnamed++;
      tally.faults.set("unnamed", (tally.faults.get("unnamed") ?? 0) + 1);
      say(`UNNAMED ${now}: ${what}\n  input: ${shown(input)}`);
    },
    broken: crash,
    note: (text) => say(`${name}: ${text}`),
  });

  const clean = Reflect.ownKeys(Object.prototype);
  const running: Running[] = [];
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1000;
  let before = 0;
  try {
    for (const [i, target] of targets.entries())
      running.push(await target.start(reportOf(target.name, tallies[i]!), mkdtempSync(join(dir, `${target.name}-`))));
    let warm = false;
    do {
      const least = Math.min(...tallies.map((tally) => tally.spent));
      for (const [i, target] of targets.entries()) {
        const tally = tallies[i]!;
        // Whoever has had more than the others waits for them.
        if (tally.spent > least) continue;
        const step = options.step ?? tally.steps;
        tally.steps++;
        now = `${target.name}, step ${step} of seed ${seed}`;
        const at = performance.now();
        try {
          await running[i]!.step(new Random(hash(`${seed}/${target.name}/${step}`)));
        } catch (error) {
          crash(text(error));
        }
        const marks = Reflect.ownKeys(Object.prototype).filter((key) => !clean.includes(key));
        if (marks.length > 0) crash(`Object.prototype was given ${marks.map(String).join(", ")}`);
        const spentMs = performance.now() - at;
        tally.spent += spentMs / target.share;
        tally.slowestMs = Math.max(tally.slowestMs, spentMs);
      }
      if (!warm && elapsed() >= seconds * WARM) {
        warm = true;
        before = held();
      }
    } while (elapsed() < seconds && options.step === undefined);
    for (const [i, target] of targets.entries()) {
      now = `${target.name}, last check`;
      try {
        await running[i]!.check();
      } catch (error) {
        crash(text(error));
      }
    }
    const heapGrowthMiB = options.step === undefined ? (held() - before) / MIB : 0;
    const inputs: Record<string, number> = {};
    const fine: Record<string, number> = {};
    const faults: Record<string, number> = {};
    for (const [i, { name }] of targets.entries()) {
      const tally = tallies[i]!;
      let sum = tally.fine;
      inputs[name] = tally.inputs;
      fine[name] = tally.fine;
      for (const [fault, count] of [...tally.faults].sort()) {
        faults[`${name}:${fault}`] = count;
        sum += count;
      }
      now = name;
      if (sum !== tally.inputs) crash(`${tally.inputs} inputs, but ${sum} outcomes`, "");
      say(`${name}: ${tally.steps} steps, ${tally.inputs} inputs, slowest step ${tally.slowestMs.toFixed(0)} ms`);
    }
    const rounded = Math.round(heapGrowthMiB * 10) / 10;
    return { seconds: Math.round(elapsed()), seed, inputs, fine, faults, crashes, unnamed, heapGrowthMiB: rounded };
  } finally {
    for (const one of running.reverse()) await one.stop();
    process.off("uncaughtException", uncaught);
    process.off("unhandledRejection", uncaught);
    rmSync(dir, { recursive: true, force: true });
  }
}

function text(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
