/** The sheet of a bench test while it is filled in, and as it is read. */
import type { Plan } from "../../hardware/bench/plan.js";
import type { SheetNote, SheetStep } from "../registry/bench.js";
import type { RowOf } from "../registry/rows.js";

/** Of a step, what is known before anything is measured. */
export type StepHead = Pick<SheetStep, "name" | "did" | "unit" | "source" | "rigV">;
type Wanted = { least: number; most: number } | { word: string };

export interface Sheet {
  /** Compares and writes down; true for a pass. `note` stands beside whatever comes of it. */
  judge(head: StepHead, wanted: Wanted, measured: number | string | null, note?: string): boolean;
  pass(head: StepHead, measured: string): void;
  fail(head: StepHead, measured: string, why: string): void;
  /** Every step of the plan, those too that were not run. */
  steps(): SheetStep[];
}

const DECIMALS = 3;
/** What a board says is as long as it likes; a row is not. */
const SAID_MAX = 160;

/** Names of all steps that a board of this plan must pass, in their order. */
export function namesOf(plan: Plan): string[] {
  return [
    "supply off",
    ...plan.rails.map(({ name }) => name),
    "image",
    ...(plan.tellsFlash ? ["flash"] : []),
    ...plan.sensors.map(({ name }) => name),
    ...(plan.switched ? ["switch parts on", "switch parts off"] : []),
    ...plan.rounds.flatMap(({ steps }) => steps.map(({ name }) => name)),
  ];
}

/** An empty sheet. `say` is told each step as it is written down. */
export function createSheet(plan: Plan, say: (step: SheetStep) => void): Sheet {
  const found: SheetStep[] = [];
  const put = (step: SheetStep): void => {
    found.push(step);
    say(step);
  };
  const clean = (value: number): number | null => (Number.isFinite(value) ? Number(value.toFixed(DECIMALS)) : null);
  const headOf = ({ rigV, ...head }: StepHead): StepHead => ({ ...head, rigV: rigV === null ? null : clean(rigV) });
  const free = { least: null, most: null, word: null };

  return {
    judge(head, wanted, measured, note = "") {
      const word = "word" in wanted ? wanted.word : null;
      const bounds = "word" in wanted ? { least: null, most: null } : wanted;
      const good =
        "word" in wanted
          ? measured === wanted.word
          : typeof measured === "number" && measured >= wanted.least && measured <= wanted.most;
      const why = good ? "" : measured === null ? "it said nothing of it" : "not as expected";
      put({
        ...headOf(head),
        word,
        least: bounds.least === null ? null : clean(bounds.least),
        most: bounds.most === null ? null : clean(bounds.most),
        measured: typeof measured === "number" ? clean(measured) : (measured?.slice(0, SAID_MAX) ?? null),
        result: good ? "pass" : "fail",
        why: [why, note].filter((text) => text !== "").join("; "),
      });
      return good;
    },
    pass: (head, measured) =>
      put({ ...headOf(head), ...free, measured: measured.slice(0, SAID_MAX), result: "pass", why: "" }),
    fail: (head, measured, why) =>
      put({ ...headOf(head), ...free, measured: measured.slice(0, SAID_MAX), result: "fail", why: why.slice(0, 200) }),
    steps() {
      const done = new Set(found.map(({ name }) => name));
      const left = namesOf(plan).filter((name) => !done.has(name));
      const nothing = { did: "", unit: "", source: "", rigV: null, measured: null, ...free };
      return [...found, ...left.map((name): SheetStep => ({ name, ...nothing, result: "not-run", why: "" }))];
    },
  };
}

const MARKS = { pass: "ok  ", fail: "FAIL", "not-run": "-   " };

/** Characters that a measured value may take in its column; what is longer stands behind. */
const COLUMN = 12;

/** Five digits are more than any part here has. */
const short = (value: number): string => String(Number(value.toPrecision(5)));

/** One line for a step. */
export function stepLine({ name, did, least, most, word, unit, rigV, measured, result, why }: SheetStep): string {
  const bounds = least === null || most === null ? "" : `${short(least)} … ${short(most)}`;
  const wanted = word ?? (least !== null && least === most ? short(least) : bounds);
  const found = typeof measured === "number" ? short(measured) : (measured ?? "-");
  const long = found.length > COLUMN;
  const cells = [MARKS[result], name.padEnd(28), (long ? "" : found).padStart(COLUMN), unit.padEnd(5)];
  const rig = rigV === null || unit === "V" ? "" : `rig ${short(rigV)} V`;
  const rest = [long ? found : "", wanted === "" ? "" : `expected ${wanted}`, did, rig, why];
  return [...cells, rest.filter((text) => text !== "").join(" | ")].join(" ").trimEnd();
}

/** The last lines of a sheet. */
export function verdictLines(
  { board, image, version, rig, began, ended, result, why }: RowOf<"bench">,
  by: string,
): string[] {
  const when = (at: number): string => new Date(at).toISOString().slice(0, 16) + "Z";
  return [
    `${result.toUpperCase()}  ${board}  ${image} ${version}${why === "" ? "" : `: ${why}`}`,
    `${when(began)} – ${when(ended)}, by ${by}, ${rig}`,
  ];
}

/** A whole sheet as text. */
export function sheetText(sheet: RowOf<"bench">, { by }: Pick<SheetNote, "by">): string {
  return [...sheet.steps.map(stepLine), ...verdictLines(sheet, by)].join("\n");
}
