/**
 * Calibration: what the hub makes of raw readings, by a dated record. Raw values are never touched. One model, one
 * file; {@link MODELS} is the whole list.
 */
import { SetupError } from "../errors.js";
import { MISSING, type Flag, type Observation } from "../model.js";
import type { CalibrationRecord } from "./record.js";
import type { Model } from "./model.js";
import { floatDepth } from "./float.js";
import { headDepth, headLevel } from "./head.js";
import { levelDepth } from "./level-depth.js";
import { linear } from "./linear.js";
import { loadCell } from "./load-cell.js";
import { no2Cell } from "./no2-cell.js";
import { oxCell } from "./ox-cell.js";
import { pmHumidity } from "./pm-humidity.js";
import { removal } from "./removal.js";
import { stageStorage } from "./stage-storage.js";
import { tankFill } from "./tank-fill.js";
import { waterLevel } from "./water-level.js";

export type { CalibrationRecord } from "./record.js";

export const MODELS: Model[] = [
  linear,
  levelDepth,
  headDepth,
  floatDepth,
  waterLevel,
  headLevel,
  stageStorage,
  tankFill,
  loadCell,
  pmHumidity,
  no2Cell,
  oxCell,
  removal,
];

function modelNamed(name: string): Model | undefined {
  return MODELS.find((m) => m.name === name);
}

/** Which models can derive this property. */
export function modelsFor(property: string): string[] {
  return MODELS.filter((m) => m.properties === null || m.properties.includes(property)).map((m) => m.name);
}

/**
 * Checks a record before it is added.
 * @param property  the property to be derived, if known: the model must be able to derive it
 * @throws SetupError CALIBRATION_MODEL for an unknown or unfit model, CALIBRATION_PARAMS naming the first bad field
 */
export function validateParams(model: string, params: unknown, property?: string): void {
  const found = modelNamed(model);
  if (found === undefined) {
    const known = MODELS.map((m) => m.name).join(", ");
    throw new SetupError("CALIBRATION_MODEL", `no calibration model "${model}"`, `use one of: ${known}`);
  }
  if (property !== undefined && found.properties !== null && !found.properties.includes(property)) {
    const able = modelsFor(property).join(", ");
    throw new SetupError("CALIBRATION_MODEL", `model "${model}" does not derive "${property}"`, `use one of: ${able}`);
  }
  const problems = found.problems(params);
  if (problems.length === 0) return;
  const list = problems.map((p) => (p.field === "" ? p.message : `${p.field}: ${p.message}`));
  throw new SetupError(
    "CALIBRATION_PARAMS",
    `parameters of model "${model}": ${list[0]}`,
    list.length > 1 ? `mend ${list.join("; ")}` : `mend the field and add the record again`,
  );
}

/** Least depth that a record shows for certain, in mm: see {@link Model.seesFromMm}. */
export function seesFromMm({ model, params }: Pick<CalibrationRecord, "model" | "params">): number | null {
  return modelNamed(model)?.seesFromMm(params) ?? null;
}

/** The observations of one pack by their property: a Map, or anything that answers like one. */
export interface Inputs {
  get(property: string): Observation | undefined;
}

/** A record's formula, ready for use; null if the record cannot be used. */
type Bound = { hull: [property: string, min: number, max: number][] } & Pick<
  NonNullable<ReturnType<Model["bind"]>>,
  "inputs" | "compute"
>;

function bind(record: CalibrationRecord): Bound | null {
  const bound = modelNamed(record.model)?.bind(record.params, record.property) ?? null;
  if (bound === null) return null;
  const hull = Object.entries(bound.hull).map(([property, [min, max]]): Bound["hull"][number] => [property, min, max]);
  return { hull, inputs: bound.inputs, compute: bound.compute };
}

/** Properties of the hull that these inputs leave, and those that cannot be checked because the pack lacks them. */
function outsideHull(hull: Bound["hull"], inputs: Inputs): string[] {
  let [outside, unchecked] = [false, false];
  for (const [property, min, max] of hull) {
    const value = inputs.get(property)?.value ?? null;
    if (value === null) unchecked = true;
    else if (value < min || value > max) outside = true;
  }
  const why: string[] = [];
  if (outside) why.push("hull");
  if (unchecked) why.push("hull-unchecked");
  return why;
}

/**
 * Derives one property from the observations of one pack (raw ones, and those derived before it).
 *
 * @returns null when there is no record, or the pack has none of a needed input; an observation with value null and
 *   flag 9 when an input is there but faulty (`why` names it), the formula has no answer (it says why) or the record
 *   cannot be used (`record`). Otherwise the
 *   worst flag of the inputs and of the formula (2 when any of them was not evaluated), and 3 outside the record's
 *   hull.
 */
export function derive(property: string, record: CalibrationRecord | undefined, inputs: Inputs): Observation | null {
  return record === undefined ? null : compute(property, record.number, bind(record), inputs);
}

/** {@link derive} for the hot path: a record's parameters are checked when it is first used, and not for every pack. */
export function createDerive(): typeof derive {
  const known = new Map<CalibrationRecord, Bound | null>();
  return (property, record, inputs) => {
    if (record === undefined) return null;
    let bound = known.get(record);
    if (bound === undefined) known.set(record, (bound = bind(record)));
    return compute(property, record.number, bound, inputs);
  };
}

function missing(property: string, why: string[], calibration: number): Observation {
  return { property, value: null, flag: MISSING, why, calibration };
}

function compute(property: string, calibration: number, bound: Bound | null, inputs: Inputs): Observation | null {
  if (bound === null) return missing(property, ["record"], calibration);
  let flag: Flag = 1;
  let why: string[] | null = null;
  let faulty: string[] | null = null;
  const hear = (words: string[]): void => {
    for (const word of words) if (!(why ??= []).includes(word)) why.push(word);
  };
  for (const name of bound.inputs) {
    const input = inputs.get(name);
    if (input === undefined) return null;
    if (input.value === null) (faulty ??= []).push(`input:${input.property}`);
    // What was made of something unevaluated is unevaluated itself: here 1 < 2 < 3 < 4, and 9 cannot occur.
    if (input.flag > flag) flag = input.flag;
    if (input.why !== undefined) hear(input.why);
  }
  if (faulty !== null) return missing(property, faulty, calibration);
  const result = bound.compute((name) => inputs.get(name)?.value ?? NaN);
  if (!Number.isFinite(result.value)) {
    return missing(property, result.why.length > 0 ? result.why : ["record"], calibration);
  }
  if (result.flag > flag) flag = result.flag;
  hear(result.why);
  const outside = outsideHull(bound.hull, inputs);
  if (outside.length > 0 && flag < 3) flag = 3;
  hear(outside);
  const derived: Observation = { property, value: result.value, flag, calibration };
  if (why !== null) derived.why = why;
  return derived;
}
