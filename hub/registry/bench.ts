/** Sheets of bench tests, as rows of the registry: what a rig found at a board. A row is never changed; a test anew is a new one. */
import { z } from "zod";
import type { UnixMs } from "../model.js";

const text = (most: number) => z.string().max(most);
const measured = z.number().nullable();

/** One step of a sheet. */
const step = z.strictObject({
  name: text(60),
  /** What the rig did. */
  did: text(120),
  /** Bounds of what was expected, or the word that was (a fault, `ok`). */
  least: measured,
  most: measured,
  word: text(60).nullable(),
  unit: text(10),
  /** Where they come from. */
  source: text(160),
  /** What the rig itself read, in its own right; null where it read nothing. In V. */
  rigV: measured,
  /** What the board said, or the rig where the step is about a rail. */
  measured: z.union([z.number(), text(160)]).nullable(),
  result: z.enum(["pass", "fail", "not-run"]),
  why: text(200),
});

/** A sheet without what every row has; `board` and `time` are the shapes of a board's name and of a moment. */
export function benchRow<Board extends z.ZodType<string>>(board: Board, time: z.ZodNumber) {
  return z
    .strictObject({
      kind: z.literal("bench"),
      board,
      began: time,
      ended: time,
      /** Versions of this program and of what runs on the rig. */
      rig: text(120),
      /** What the board was expected to run, and the version that it said. */
      image: text(64),
      version: text(64),
      result: z.enum(["pass", "fail", "incomplete"]),
      /** Why it is no pass; empty for one. */
      why: text(300),
      steps: z.array(step).max(100),
    })
    .refine((sheet) => sheet.ended >= sheet.began, { path: ["ended"], message: "must not be before it began" })
    .refine(
      ({ result, steps }) => result !== "pass" || (steps.length > 0 && steps.every((one) => one.result === "pass")),
      { path: ["result"], message: "is a pass only when every step is one" },
    );
}

export type SheetStep = z.infer<typeof step>;

/** A sheet as the registry keeps it in memory: the row by its number has the steps. */
export interface SheetNote {
  number: number;
  began: UnixMs;
  ended: UnixMs;
  by: string;
  result: "pass" | "fail" | "incomplete";
  why: string;
}
