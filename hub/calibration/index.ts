/**
 * Calibration: what the hub makes of raw readings, by a dated record. Raw values are never touched. One model, one
 * file; {@link MODELS} is the whole list.
 */
import { SetupError } from "../errors.js";
import { MISSING, type Flag, type Observation } from "../model.js";
import type { CalibrationRecord } from "./record.js";
import type { Hull, Model } from "./model.js";
import { levelDepth } from "./level-depth.js";
import { linear } from "./linear.js";
import { no2Cell } from "./no2-cell.js";
import { pmHumidity } from "./pm-humidity.js";
import { stageStorage } from "./stage-storage.js";
import { tankFill } from "./tank-fill.js";
import { waterLevel } from "./water-level.js";

export type { CalibrationRecord } from "./record.js";

export const MODELS: Model[] = [linear, levelDepth, waterLevel, stageStorage, tankFill, pmHumidity, no2Cell];

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

/** Properties of the hull that these inputs leave, and those that cannot be checked because the pack lacks them. */
function outsideHull(hull: Hull, inputs: Map<string, Observation>): string[] {
  const why: string[] = [];
  for (const [property, [min, max]] of Object.entries(hull)) {
    const value = inputs.get(property)?.value ?? null;
    if (value === null) why.push("hull-unchecked");
    else if (value < min || value > max) why.push("hull");
  }
  return [...new Set(why)];
}

/**
 * Derives one property from the observations of one pack (raw ones, and those derived before it).
 *
 * @returns null when there is no record, or the pack has none of a needed input; an observation with value null and
 *   flag 9 when an input is there but faulty (`why` names it) or the record cannot be used (`record`). Otherwise the
 *   worst flag of the inputs and of the formula (2 when any of them was not evaluated), and 3 outside the record's
 *   hull.
 */
export function derive(
  property: string,
  record: CalibrationRecord | undefined,
  inputs: Map<string, Observation>,
): Observation | null {
  if (record === undefined) return null;
  const none = (why: string[]): Observation => ({
    property,
    value: null,
    flag: MISSING,
    why,
    calibration: record.number,
  });
  const bound = modelNamed(record.model)?.bind(record.params) ?? null;
  if (bound === null) return none(["record"]);
  const used: Observation[] = [];
  for (const name of bound.inputs) {
    const input = inputs.get(name);
    if (input === undefined) return null;
    used.push(input);
  }
  const faulty = used.filter((o) => o.value === null);
  if (faulty.length > 0) return none(faulty.map((o) => `input:${o.property}`));
  const result = bound.compute((name) => inputs.get(name)?.value ?? NaN);
  if (!Number.isFinite(result.value)) return none(["record"]);
  const outside = outsideHull(bound.hull, inputs);
  // What was made of something unevaluated is unevaluated itself: here 1 < 2 < 3 < 4, and 9 cannot occur.
  const flags: Flag[] = [result.flag, ...used.map((o) => o.flag), ...outside.map((): Flag => 3)];
  const flag = Math.max(...flags) as Flag;
  const why = [...new Set([...used.flatMap((o) => o.why ?? []), ...result.why, ...outside])];
  const derived: Observation = { property, value: result.value, flag, calibration: record.number };
  return why.length > 0 ? { ...derived, why } : derived;
}
