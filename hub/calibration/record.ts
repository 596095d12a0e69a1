import type { SiteId, UnixMs } from "../model.js";

/**
 * One dated calibration of one derived property at one site. Records are only ever added; the one in force at a moment
 * is the newest whose `from` is not after it. A derived value names the record that made it, so it can be recomputed.
 */
export interface CalibrationRecord {
  /** Number of the record in the registry, from 1. */
  number: number;
  site: SiteId;
  /** The derived property: `water-depth`, `pm25`, `no2` … */
  property: string;
  /** Name of a model of this folder: see {@link MODELS} in index.ts. */
  model: string;
  /**
   * The model's parameters, checked by `validateParams`. Every model also takes `hull`: for each property the range
   * [min, max] seen while it was calibrated; outside of it the derived value is suspect (flag 3, `hull`).
   */
  params: Record<string, unknown>;
  from: UnixMs;
  by: string;
  note: string;
}
