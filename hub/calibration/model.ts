/** What a calibration model is, and how one is made from its parameters' schema and its formula. */
import { z } from "zod";
import type { Flag } from "../model.js";

/** What a formula makes of its inputs. `flag` says what the formula itself has to object; the inputs' flags come on top. */
export interface Result {
  value: number;
  flag: Flag;
  why: string[];
}

export type Hull = Record<string, [number, number]>;
export interface Common {
  hull?: Hull | undefined;
}

/** A model as the rest of the hub sees it: parameters go in unchecked and are refused or used. */
export interface Model {
  name: string;
  /** Properties that it can derive; null: any. */
  properties: string[] | null;
  /**
   * Least depth of water, in mm, that it shows for certain with these parameters: a depth of 0 says no more than that there
   * is less. Null for a model of something else.
   */
  seesFromMm(params: unknown): number | null;
  /** What is wrong with these parameters, field by field; empty if nothing is. */
  problems(params: unknown): { field: string; message: string }[];
  /** The formula bound to these parameters and to what it derives, or null if the parameters are not this model's. */
  bind(
    params: unknown,
    property: string,
  ): { hull: Hull; inputs: string[]; compute(input: (property: string) => number): Result } | null;
}

/** A finite number; the schemas of all models are made of it. */
export const number = z.number();
export const positive = z.number().positive();

/** What every model takes besides its own parameters. */
export const common = {
  hull: z
    .record(
      z.string(),
      z.tuple([number, number]).refine(([min, max]) => min <= max, "min is above max"),
    )
    .optional(),
};

/**
 * Makes a model from its parts. `inputs` names the properties that the formula needs, given the parameters and, for a model
 * that derives several, the property. A result that is no finite number is a missing value; `why` then says for what reason.
 */
export function defineModel<P extends Common>(parts: {
  name: string;
  properties: string[] | null;
  schema: z.ZodType<P>;
  inputs: (params: P, property: string) => string[];
  compute: (params: P, input: (property: string) => number, property: string) => Result;
  seesFromMm?: (params: P) => number;
}): Model {
  return {
    name: parts.name,
    properties: parts.properties,
    seesFromMm(params) {
      const parsed = parts.schema.safeParse(params);
      return parsed.success && parts.seesFromMm !== undefined ? parts.seesFromMm(parsed.data) : null;
    },
    problems(params) {
      const parsed = parts.schema.safeParse(params);
      if (parsed.success) return [];
      return parsed.error.issues.map((i) => ({ field: i.path.map(String).join("."), message: i.message }));
    },
    bind(params, property) {
      const parsed = parts.schema.safeParse(params);
      if (!parsed.success) return null;
      const own = parsed.data;
      return {
        hull: own.hull ?? {},
        inputs: parts.inputs(own, property),
        compute: (input) => parts.compute(own, input, property),
      };
    },
  };
}

/** The raw property behind a derived one: of the part at the outlet of an air-cleaning unit for `…-out`. */
export function atOutlet(raw: string, derived: string): string {
  return derived.endsWith("-out") ? `${raw}-out` : raw;
}

/** A result to which the formula has no objection. */
export function fine(value: number): Result {
  return { value, flag: 1, why: [] };
}

/** A result outside of what the formula can answer for. */
export function suspect(value: number, why: string): Result {
  return { value, flag: 3, why: [why] };
}
