/** The sensors of `index.ts` as a list, for those who look them up by name: image builder, sheets, tests. */
import * as kinds from "./index.js";
import type { SensorKind } from "./sensor.js";

const byExport: { [name: string]: SensorKind } = kinds;

export const SENSORS: SensorKind[] = Object.keys(byExport).map((name) => byExport[name]);

/** The sensor of that name (its folder's), or undefined. */
export function sensorKind(name: string): SensorKind | undefined {
  return SENSORS.find((kind) => kind.name === name);
}
