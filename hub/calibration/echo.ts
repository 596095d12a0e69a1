/** From the echo's distance to the height of the surface: what the level models share. */
import { z } from "zod";
import { number, positive } from "./model.js";

/** How the sensor hangs, and what it makes of the air's temperature. */
export const mounting = {
  /**
   * From the sensor's face, straight down, to the zero of the level (road, tank bottom, datum), in mm. No sensor of
   * this project sees further than 10 m; 20 m leave room for a zero below the lowest water.
   */
  mountHeightMm: positive.max(20_000),
  /** Angle between the sensor's axis and the plumb line, in degrees. 10° at 2700 mm are 42 mm. */
  tiltDeg: z.number().min(0).max(45).default(0),
  /** Subtracted from every level, in mm: what a check with a staff gauge found. */
  offsetMm: number.default(0),
  /**
   * `internal`: the sensor corrects the speed of sound itself (all MaxBotix HRXL). `external`: it does not, and the
   * hub does, from the pack's temperature. Never both.
   */
  compensation: z.enum(["internal", "external"]).default("internal"),
  /** The air temperature for which an uncompensated sensor is right, in °C. */
  soundSetForC: number.default(20),
};

export interface Mounting {
  mountHeightMm: number;
  tiltDeg: number;
  offsetMm: number;
  compensation: "internal" | "external";
  soundSetForC: number;
}

/** Speed of sound in dry air, m/s, at `celsius` (ideal gas: 331.3 m/s at 0 °C). */
export function speedOfSound(celsius: number): number {
  return 331.3 * Math.sqrt(1 + celsius / 273.15);
}

/** The true distance behind one that was computed with the speed of sound at `setForC`, in air of `celsius`. */
export function compensated(distanceMm: number, celsius: number, setForC: number): number {
  return (distanceMm * speedOfSound(celsius)) / speedOfSound(setForC);
}

export function echoInputs(m: Mounting): string[] {
  return m.compensation === "external" ? ["distance", "temperature"] : ["distance"];
}

/** Height of the surface above the zero, in mm; negative below it. level = mount − d·cos(tilt) − offset. */
export function levelMm(m: Mounting, input: (property: string) => number): number {
  const seen = input("distance");
  const distance = m.compensation === "external" ? compensated(seen, input("temperature"), m.soundSetForC) : seen;
  return m.mountHeightMm - distance * Math.cos((m.tiltDeg * Math.PI) / 180) - m.offsetMm;
}
