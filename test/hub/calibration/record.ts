import type { CalibrationRecord } from "../../../hub/calibration/record.js";
import type { Flag, Observation, SiteId } from "../../../hub/model.js";

/** A record of these parameters, number 7. */
export function record(property: string, model: string, params: Record<string, unknown>): CalibrationRecord {
  return { number: 7, site: "S-1" as SiteId, property, model, params, from: 0, by: "test", note: "" };
}

/** Raw observations of one pack; null stands for a sensor's fault. */
export function inputs(values: Record<string, number | null>, flag: Flag = 1): Map<string, Observation> {
  return new Map(
    Object.entries(values).map(([property, value]): [string, Observation] => [
      property,
      value === null
        ? { property, value, flag: 9, why: ["timeout"], calibration: 0 }
        : { property, value, flag, calibration: 0 },
    ]),
  );
}
