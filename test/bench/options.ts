/** What a run is told, and how long its parts last. */
import { parseArgs } from "node:util";
import type { Patience } from "./measure/level.js";
import { SUBJECTS, type SubjectName } from "./subjects.js";

/** Parts of a run: the four, and what is measured of the hub alone. */
export const ALONE = ["drain", "alarm", "things"] as const;
export type Part = SubjectName | (typeof ALONE)[number];

export interface Options {
  parts: Part[];
  things: number;
  /** Fixed rate for CPU per pack. */
  costRate: number;
  costSeconds: number;
  levelSeconds: number;
  halvings: number;
  killSeconds: number;
  outageSeconds: number;
  patience: Patience;
  backlogPacks: number;
  floods: number;
  idleSeconds: number;
  soakMinutes: number;
  thingCounts: number[];
}

const USAGE = `npm run bench:ingest -- [--quick] [--only hubEmbedded,plain] [--soak-minutes 2] [--things 5400]
parts for --only: ${[...SUBJECTS, ...ALONE].join(", ")}`;

/** Reads the command line. Ends the process with a usage line for what it does not know. */
export function readOptions(argv: string[]): Options {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        things: { type: "string", default: "5400" },
        "soak-minutes": { type: "string" },
      },
    });
    const quick = values.quick;
    const all: Part[] = [...SUBJECTS, ...ALONE];
    const asked = values.only?.split(",");
    const unknown = asked?.filter((name) => !all.includes(name as Part)) ?? [];
    if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(", ")}`);
    const number = (text: string): number => {
      const value = Number(text);
      if (!Number.isFinite(value) || value <= 0) throw new Error(`${text} is no positive number`);
      return value;
    };
    const things = number(values.things);
    return {
      parts: all.filter((part) => asked?.includes(part) ?? true),
      things,
      costRate: 10_000,
      costSeconds: quick ? 5 : 20,
      levelSeconds: quick ? 5 : 20,
      halvings: quick ? 1 : 3,
      killSeconds: quick ? 4 : 10,
      outageSeconds: quick ? 4 : 20,
      // Longest pause between retries of InfluxDB's own client: 125 s. What waits for one is late, not lost.
      patience: quick ? { mostS: 60, quietS: 12 } : { mostS: 240, quietS: 130 },
      backlogPacks: things * (quick ? 12 : 60),
      floods: quick ? 40 : 150,
      idleSeconds: quick ? 5 : 20,
      soakMinutes: number(values["soak-minutes"] ?? (quick ? "0.2" : "2")),
      thingCounts: quick ? [things, things * 10] : [things, things * 10, things * 100],
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    process.exit(2);
  }
}
