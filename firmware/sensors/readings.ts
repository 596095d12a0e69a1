/** The readings that a driver hands to the node: each a value within its limits, or the fault in its place. */
import type { Fault, Reading } from "../wire/pack.js";
import type { Property } from "../wire/properties.js";

/** The same fault for every property. */
export function faulty(properties: Property[], fault: Fault): Reading[] {
  return properties.map(function (property): Reading {
    return { property: property, ok: false, fault: fault };
  });
}

/** A value as a reading; outside of its limits (or not a number) it is the fault `range`. */
export function bounded(property: Property, limits: { [property: string]: [number, number] }, value: number): Reading {
  const limit = limits[property.name];
  const within = !isNaN(value) && (!limit || (value >= limit[0] && value <= limit[1]));
  return within ? { property: property, ok: true, value: value } : { property: property, ok: false, fault: "range" };
}
